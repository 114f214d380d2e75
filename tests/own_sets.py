"""Made-up sets of images, each with something that MNIST has not; read as a reader's own files."""

import io
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mnistgrad.network.data import mnist
from mnistgrad.network.sets.files import OwnFile, read_files
from mnistgrad.network.sets.image_set import ImageSet

Bytes = NDArray[np.uint8]


def npz(images: Bytes, labels: Bytes) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, images=images, labels=labels)
    return file.getvalue()


def _mnist(count: int) -> tuple[Bytes, Bytes]:
    return mnist().images[:count].numpy(), mnist().labels[:count].numpy()


def _noise(count: int, classes: int) -> tuple[Bytes, Bytes]:
    """Every pixel is lit, the corners too, each image by its own."""
    drawn = np.random.default_rng(0)
    return drawn.integers(1, 256, (count, 28, 28), np.uint8), drawn.integers(0, classes, count).astype(np.uint8)


def _flat() -> tuple[Bytes, Bytes]:
    """One brightness in all pixels of an image."""
    levels = np.array([60, 60, 200], np.uint8)
    return np.broadcast_to(levels[:, None, None], (3, 28, 28)).copy(), np.array([0, 1, 2], np.uint8)


@cache
def arrays() -> dict[str, tuple[Bytes, Bytes]]:
    images, labels = _mnist(120)
    return {
        "lit corners": _noise(90, 4),
        "on white": (255 - images, labels),  # the corners are lit, and the same in every image
        "one class": (images[:70], np.full(70, 3, np.uint8)),
        "five images": _mnist(5),
        "one image": _mnist(1),
        "flat": _flat(),
        "many classes": (images, (np.arange(120) % 62).astype(np.uint8)),
    }


@cache
def contents() -> dict[str, bytes]:
    return {name: npz(*both) for name, both in arrays().items()}


@cache
def own_set(name: str) -> ImageSet:
    return read_files([OwnFile(f"{name}.npz", contents()[name])])
