"""The sets that torchvision knows: where their files are, what they must be, and the folders that may hold them already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from mnistgrad.network.presets import SIDE
from mnistgrad.network.sets.image_set import MOST_IMAGES, ImageSet
from mnistgrad.network.sets.kinds import KINDS, MNIST

MB = 1_000_000


class UnusableSet(Exception):
    """A set that is not where it is looked for, or not as it should be; the message says what to do.

    told: the same for readers of a page, to whom no path of this machine is told.
    """

    def __init__(self, message: str, told: str = "") -> None:
        super().__init__(message)
        self.told = told or message


@dataclass(frozen=True)
class Remote:
    """A file to fetch: its name, the addresses that it may be had from, and its MD5 there."""

    name: str
    addresses: tuple[str, ...]
    md5: str


@dataclass(frozen=True)
class Source:
    """A set as torchvision has it. folder: of its files in a root. options: of its data set there. download, unpacked: bytes."""

    key: str
    folder: str
    options: Mapping[str, Any]
    download: int
    unpacked: int
    wanted: str = ""  # what the name of an unpacked file begins with, where an archive holds more

    @property
    def title(self) -> str:
        return KINDS[self.key].title


SOURCES = {
    "fashion": Source("fashion", "FashionMNIST", {}, 31 * MB, 55 * MB),
    "kmnist": Source("kmnist", "KMNIST", {}, 22 * MB, 55 * MB),
    "qmnist": Source("qmnist", "QMNIST", {"what": "train"}, 11 * MB, 50 * MB),
    "emnist": Source("emnist", "EMNIST", {"split": "letters"}, 562 * MB, 120 * MB, "emnist-letters-"),
}
IN_ROOT = SOURCES | {MNIST: Source(MNIST, "MNIST", {}, 0, 0)}  # MNIST itself may be read from a root too, and is never fetched


def cache_folder() -> Path:
    """The user's cache folder for mnistgrad, a root as torchvision lays it out; it need not be there yet."""
    return user_cache_path("mnistgrad", appauthor=False)


def roots() -> tuple[Path, ...]:
    """Where sets are looked for: the cache folder, then `data` where the process was started, torchvision's usual root."""
    return cache_folder(), Path("data")


def remotes(source: Source) -> tuple[Remote, ...]:
    """What torchvision would fetch. Takes 3 s the first time."""
    found = _torchvision(source)
    if hasattr(found, "url"):  # EMNIST: one archive of all its splits
        return (Remote(found.url.rpartition("/")[2], (found.url,), found.md5),)
    if isinstance(found.resources, Mapping):  # QMNIST: whole addresses, by what is wanted
        return tuple(Remote(url.rpartition("/")[2], (url,), md5) for url, md5 in found.resources[source.options["what"]])
    return tuple(Remote(name, tuple(mirror + name for mirror in found.mirrors), md5) for name, md5 in found.resources)


def find(key: str, folders: Sequence[Path] | None = None) -> Path | None:
    """The first root that has the files of the set; None where none does. Looks for names alone."""
    folders = roots() if folders is None else folders
    return next((root for root in folders if _is_there(IN_ROOT[key], root)), None)


def _is_there(source: Source, root: Path) -> bool:
    try:
        names = {path.name for path in (root / source.folder / "raw").iterdir()}
    except OSError:
        return False
    prefix = source.wanted or ("qmnist-" if source.key == "qmnist" else "")
    return any(name.startswith(f"{prefix}train-images") and not name.endswith(".gz") for name in names)


def read_root(key: str, root: Path) -> ImageSet:
    """The set's training images, at most the first 60,000, from a root as torchvision lays it out. Takes 3 s the first time.

    Raises UnusableSet where a file is missing, cut or something else.
    """
    source, kind = IN_ROOT[key], KINDS[key]
    place = root / source.folder / "raw"
    try:
        found = _torchvision(source)(str(root), train=True, **source.options)
        images, labels = found.data[:MOST_IMAGES], found.targets[:MOST_IMAGES]
    except (OSError, RuntimeError, ValueError, TypeError, AssertionError, KeyError) as error:
        raise _unusable(source, place, "cannot be read", _reason(error)) from error
    labels = labels[:, 0] if labels.ndim == 2 else labels  # QMNIST tells more of each digit
    if key == "emnist":  # stored column by column, and its letters count from 1
        images, labels = images.transpose(1, 2).contiguous(), labels - 1
    if images.shape[1:] != (SIDE, SIDE) or len(images) != len(labels) or not len(images):
        raise _unusable(source, place, f"has images of shape {tuple(images.shape)} and {len(labels):,} labels")
    if labels.min() < 0 or labels.max() >= len(kind.names):
        raise _unusable(source, place, f"has labels that are none of its {len(kind.names)} classes")
    return ImageSet(key, images, labels.byte(), kind)


def _unusable(source: Source, place: Path, reason: str, why: str = "") -> UnusableSet:
    """why: another's words, not for readers."""
    told = f"{source.title} on this machine {reason}. Once its folder is deleted, it can be fetched again."
    whole = f"{reason}: {why}" if why else reason
    return UnusableSet(f"{source.title} in {place} {whole}. Delete that folder, and it can be fetched again.", told)


def _reason(error: BaseException) -> str:
    says = " ".join(str(error).split()).rstrip(".")
    return says or "its header and its size do not agree"


def _torchvision(source: Source) -> Any:
    from torchvision import datasets

    return getattr(datasets, source.folder)
