"""The sets of images that states name, for all sessions; a reader's own as long as their session holds it.

What was made of a reader's own images is kept by their content's digest, and goes with them.
"""

from functools import lru_cache
from threading import Lock, Timer
from weakref import WeakValueDictionary, finalize

from mnistgrad.app.keeping import forget
from mnistgrad.network.data import ImageSet, mnist
from mnistgrad.network.sets.kinds import KINDS, MNIST, Kind
from mnistgrad.network.sets.sources import UnusableSet, find, read_root

KEPT = 2  # sets that were fetched, 47 MB each
_own: WeakValueDictionary[str, ImageSet] = WeakValueDictionary()
_reading = Lock()


def image_set(images: str) -> ImageSet:
    """Raises DataFileError, or UnusableSet where it is not on this machine, cannot be read, or was a reader's who has gone."""
    if images == MNIST:
        return mnist()
    if (own := _own.get(images)) is not None:
        return own
    if images not in KINDS:
        raise UnusableSet("These images were a reader's own, and are gone with their session.")
    with _reading:
        return _read(images)


def kind_of(images: str) -> Kind:
    """The words for a set that is shown."""
    return KINDS[images] if images in KINDS else image_set(images).kind


def shown_instead(images: str) -> str:
    """The set itself, if it is there; else the package's own."""
    try:
        image_set(images)
    except UnusableSet:
        return MNIST
    return images


def hold(found: ImageSet) -> ImageSet:
    """A reader's own set, for states to name as long as somebody holds what this returns."""
    held = _own.get(found.key)
    if held is None:
        _own[found.key] = held = found
        finalize(found, _forget_soon, found.key).atexit = False
    return held


def _forget_soon(images: str) -> None:
    """Not here, where a cache may be at work on itself."""
    timer = Timer(0, _forget, [images])
    timer.daemon = True
    timer.start()


def _forget(images: str) -> None:
    if images not in _own:
        forget(images)


@lru_cache(maxsize=KEPT)
def _read(images: str) -> ImageSet:
    root = find(images)
    if root is None:
        raise UnusableSet(f"{KINDS[images].title} is not on this machine yet.")
    return read_root(images, root)
