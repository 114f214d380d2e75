"""A set of images by its name or from files, for code of one's own."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from mnistgrad.common.arguments import one_of
from mnistgrad.network.sets.fetching import fetch
from mnistgrad.network.sets.files import read_paths
from mnistgrad.network.sets.image_set import ImageSet
from mnistgrad.network.sets.sources import IN_ROOT, SOURCES, UnusableSet, cache_folder, find, read_root

AnyPath = str | PathLike[str]


def load_images(
    source: str | PathLike[str] | Sequence[PathLike[str]],
    root: AnyPath | None = None,
    download: bool = False,
    labels: Sequence[int] | None = None,
) -> ImageSet:
    """A set of images (m, 28, 28) with their labels (m,), for `load_batch(n, images=...)`.

    Pixels are bytes, 0 black and 255 white.

    Args:
        source: "mnist", "fashion", "kmnist", "qmnist" or "emnist" (its letters), as torchvision keeps them; or the Path of a
            file of your own (IDX, npz or CSV, plain or gzip; PNG or JPEG of a digit), or of several: IDX images and their
            labels, or pictures.
        root: The folder that torchvision keeps sets in: the user's cache folder, then "data", unless given.
        download: Whether to fetch a set that is not there; MNIST itself is in the package.
        labels: What each picture shows (m,), where that is not in its name.

    Raises:
        ValueError: For another name.
        UnusableSet: Where a set is not there, cannot be fetched or read.
        UnusableFile: For another file.
        OSError: Where a file cannot be read.
    """
    if not isinstance(source, str):
        paths = [source] if isinstance(source, PathLike) else source
        return read_paths([Path(path) for path in paths], labels)
    key = one_of("source", source, IN_ROOT)
    place = find(key, None if root is None else [Path(root)])
    if place is None:
        if not download or key not in SOURCES:
            what = "`download=True` fetches it" if key in SOURCES else "the package's own needs no root"
            raise UnusableSet(f"{IN_ROOT[key].title} is not in {root or cache_folder()}; {what}.")
        place = Path(root) if root else cache_folder()
        fetch(SOURCES[key], place, lambda come: None)
    return read_root(key, place)
