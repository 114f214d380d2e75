"""What a reader's file holds, checked: images as bytes, labels as whole numbers; and the sentence where either is none."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnistgrad.common import numbers
from mnistgrad.common.reading import code, literal
from mnistgrad.network.presets import PIXELS, SIDE
from mnistgrad.network.sets.image_set import LEVELS, MOST_IMAGES

MOST_CLASSES = 62  # as many as EMNIST has
SHOWN_NAME = 40  # characters
ALLOWED = (
    "pictures of a digit (PNG or JPEG), or images of 28 × 28 pixels with their labels in an IDX, npz or CSV file, at most 20 MB "
    "together."
)
SHAPES = ((SIDE, SIDE), (PIXELS,), (1, SIDE, SIDE), (SIDE, SIDE, 1))  # of one image

Array = NDArray[Any]


class UnusableFile(Exception):
    """A file of a reader that cannot be used; one sentence that says what is allowed."""


@dataclass(frozen=True)
class Part:
    """images (m, 28, 28) and labels (m,), both uint8; None where the file does not have them. told: how they were made."""

    images: NDArray[np.uint8] | None
    labels: NDArray[np.uint8] | None
    told: str = ""


def unusable(name: str, what: str, allowed: str = ALLOWED) -> UnusableFile:
    return UnusableFile(f"{code(name, SHOWN_NAME)} {what}; allowed are {allowed}")


def is_of_images(shape: tuple[int, ...]) -> bool:
    return shape[1:] in SHAPES


def is_of_labels(shape: tuple[int, ...]) -> bool:
    return len(shape) == 1 or (len(shape) == 2 and shape[1] == 1)


def images_in(name: str, array: Array) -> NDArray[np.uint8]:
    """Pixels from 0 to 255, or fractions from 0 to 1, as bytes (m, 28, 28)."""
    if not is_of_images(array.shape):
        raise unusable(name, f"has images of shape {numbers.shape(array.shape)}", "28 × 28 pixels for each.")
    if not 1 <= len(array) <= MOST_IMAGES:
        raise unusable(name, f"has {numbers.count(len(array), 'image')}", f"1 to {numbers.count(MOST_IMAGES)}.")
    pixels = _numbers(name, "pixels", array).reshape(-1, SIDE, SIDE)
    if pixels.dtype == np.uint8:
        return pixels
    low, high = pixels.min(), pixels.max()
    if low < 0 or high > LEVELS - 1:
        reach = " to ".join(numbers.significant(float(end)) for end in (low, high))
        raise unusable(name, f"has pixels from {reach}", "0 to 255.")
    whole = pixels * (LEVELS - 1) if pixels.dtype.kind in "fb" and high <= 1 else pixels
    return np.rint(whole).astype(np.uint8)


def labels_in(name: str, array: Array) -> NDArray[np.uint8]:
    """Whole numbers from 0 on as bytes (m,)."""
    labels = _numbers(name, "labels", array).reshape(-1)
    odd = labels[(labels < 0) | (labels >= MOST_CLASSES) | (labels != np.rint(labels))]
    if len(odd):
        allowed = f"whole numbers from 0 to {MOST_CLASSES - 1}."
        raise unusable(name, f"has a label {numbers.significant(float(odd[0]))}", allowed)
    return labels.astype(np.uint8)


def _numbers(name: str, what: str, array: Array) -> Array:
    """The array, if it holds real numbers that are finite."""
    if array.dtype.kind not in "buif":
        raise unusable(name, f"has {what} of type {literal(str(array.dtype))}", "real numbers.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise unusable(name, f"has {what} that are no numbers (NaN or infinite)", "0 to 255.")
    return array
