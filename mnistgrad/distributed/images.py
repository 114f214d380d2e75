"""Images that workers take their shares of: a set in memory, or files of any size, of which a block at a time is read."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.lib import format as npy
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.network.presets import SIDE
from mnistgrad.network.sets.idx_files import BYTES, is_idx
from mnistgrad.network.sets.image_set import HELD_BACK_SHARE, ImageSet
from mnistgrad.network.sets.parts import MOST_CLASSES, SHAPES, UnusableFile

HEADER = 1_024  # bytes that begin a file, its own header among them
NPY_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
ALLOWED = "uncompressed IDX or npy files of bytes: images (m, 28, 28) or (m, 784), and labels (m,)"
Block = tuple[Tensor, Tensor]  # images (b, 28, 28) and labels (b,), both uint8


class Images(Protocol):
    """name: of the set. most: how many of the first images a sum can be over. held_back: how many at the end are to test with."""

    @property
    def name(self) -> str: ...

    @property
    def most(self) -> int: ...

    @property
    def held_back(self) -> int: ...

    def __len__(self) -> int: ...

    def read(self, chosen: slice | Tensor) -> Block:
        """Images by their numbers. Raises UnusableFile."""


@dataclass(frozen=True)
class InMemory:
    """A set as `load_images` gives it."""

    source: ImageSet

    @property
    def name(self) -> str:
        return self.source.key

    @property
    def most(self) -> int:
        return self.source.most

    @property
    def held_back(self) -> int:
        return self.source.held_back

    def __len__(self) -> int:
        return len(self.source.images)

    def read(self, chosen: slice | Tensor) -> Block:
        return self.source.images[chosen], self.source.labels[chosen]


@dataclass(frozen=True)
class BytesFile:
    """Rows of so many bytes that follow a header of `start` bytes in a file."""

    path: Path
    start: int
    shape: tuple[int, ...]

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def row(self) -> int:
        """Bytes of one."""
        return math.prod(self.shape[1:])

    def read(self, chosen: slice | Tensor) -> Tensor:
        """Rows (b, row) uint8 by their numbers. Nothing else of the file is kept in memory."""
        if isinstance(chosen, slice):
            runs: Sequence[tuple[int, int]] = [(chosen.start, chosen.stop - chosen.start)]
        else:
            runs = [(image, 1) for image in chosen.tolist()]
        found = np.empty((sum(count for _, count in runs), self.row), np.uint8)
        at = 0
        with _told(self.path), self.path.open("rb") as file:
            for first, count in runs:
                file.seek(self.start + first * self.row)
                if file.readinto(found[at : at + count].data) != count * self.row:
                    raise _unusable(self.path, "became shorter while it was read")
                at += count
        return torch.from_numpy(found)


@dataclass(frozen=True)
class Streamed:
    """Images and labels in two files of any size."""

    images: BytesFile
    labels: BytesFile

    @property
    def name(self) -> str:
        return f"files of {numbers.count(len(self), 'image')}"

    @property
    def most(self) -> int:
        return len(self.images)

    @property
    def held_back(self) -> int:
        return len(self.images) // HELD_BACK_SHARE

    def __len__(self) -> int:
        return len(self.images)

    def read(self, chosen: slice | Tensor) -> Block:
        labels = self.labels.read(chosen).flatten()
        if len(labels) and int(labels.max()) >= MOST_CLASSES:
            raise _unusable(self.labels.path, f"has a label {int(labels.max())}; allowed are 0 to {MOST_CLASSES - 1}")
        return self.images.read(chosen).view(-1, SIDE, SIDE), labels


def streamed(images: Path, labels: Path) -> Streamed:
    """The set in two files. Raises UnusableFile for others, and where there is not one label for each image."""
    found = Streamed(_opened(images), _opened(labels))
    if found.images.shape[1:] not in SHAPES or not len(found.images):
        raise _unusable(images, f"holds an array of shape {numbers.shape(found.images.shape)}")
    if found.labels.row != 1:
        raise _unusable(labels, f"holds an array of shape {numbers.shape(found.labels.shape)}")
    if len(found.labels) != len(found.images):
        raise _unusable(labels, f"has {len(found.labels):,} labels for {len(found.images):,} images")
    return found


def _opened(path: Path) -> BytesFile:
    """What a file says of itself, if its size bears that out."""
    with _told(path), path.open("rb") as file:
        head = file.read(HEADER)
        file.seek(0)
        if head.startswith(b"\x93NUMPY"):
            try:
                shape, by_columns, kind = NPY_HEADERS[npy.read_magic(file)](file)
            except (ValueError, KeyError):
                raise _unusable(path, "has a header that cannot be read") from None
            if kind != np.uint8 or by_columns or not shape:
                raise _unusable(path, f"holds an array of {kind}")
            start = file.tell()
        elif is_idx(head) and len(head) >= 4 + 4 * head[3] and head[2] == BYTES:
            start = 4 + 4 * head[3]
            shape = tuple(int.from_bytes(head[at : at + 4], "big") for at in range(4, start, 4))
        else:
            raise _unusable(path, "is neither")
    there = path.stat().st_size - start
    if there != math.prod(shape):
        raise _unusable(path, f"promises {math.prod(shape):,} bytes in its header and holds {there:,}")
    return BytesFile(path, start, tuple(shape))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the system refuses becomes an UnusableFile."""
    try:
        yield
    except OSError as error:
        raise _unusable(path, f"cannot be read: {error.strerror}") from None


def _unusable(path: Path, what: str) -> UnusableFile:
    return UnusableFile(f"{path} {what}; allowed are {ALLOWED}.")
