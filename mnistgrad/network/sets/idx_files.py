"""IDX, the form of MNIST's own files: a header with the type and the sizes, then the bytes."""

import math

import numpy as np

from mnistgrad.common import numbers
from mnistgrad.network.presets import SIDE
from mnistgrad.network.sets.parts import Array, Part, images_in, labels_in, unusable

BYTES = 0x08  # the type of MNIST's numbers
TYPES = {0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E}
MOST_AXES = 4


def is_idx(content: bytes) -> bool:
    """Two zeros, a type and a number of axes."""
    return len(content) >= 4 and content[:2] == b"\0\0" and content[2] in TYPES and 1 <= content[3] <= MOST_AXES


def read_idx(name: str, content: bytes) -> Part:
    """Images (m, 28, 28) or labels (m,). Raises UnusableFile."""
    kind, axes = content[2], content[3]
    start = 4 + 4 * axes
    if kind != BYTES:
        raise unusable(name, f"holds numbers of IDX type 0x{kind:02X}", "bytes, type 0x08.")
    if len(content) < start:
        raise unusable(name, "ends within its header", "whole IDX files.")
    sizes = tuple(int.from_bytes(content[at : at + 4], "big") for at in range(4, start, 4))
    if len(sizes) not in (1, 3) or (len(sizes) == 3 and sizes[1:] != (SIDE, SIDE)):
        raise unusable(name, f"holds {numbers.shape(sizes)} bytes", "(m, 28, 28) for images and (m,) for labels.")
    if (there := len(content) - start) != math.prod(sizes):
        promised = f"promises {numbers.count(math.prod(sizes))} bytes in its header and holds {numbers.count(there)}"
        raise unusable(name, promised, "IDX files that hold as many as they promise.")
    array = np.frombuffer(content, np.uint8, offset=start).reshape(sizes)
    return Part(images_in(name, array), None) if len(sizes) == 3 else Part(None, labels_in(name, array))


def idx_of(array: Array) -> bytes:
    """The same form, of an array of bytes."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, BYTES, array.ndim]) + sizes + array.tobytes()
