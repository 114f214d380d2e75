"""npz, NumPy's archive of arrays: only the one of images and the one of their labels are read, and nothing is unpickled."""

import io
import math
import zipfile
import zlib
from collections.abc import Sequence
from typing import IO

import numpy as np
from numpy.lib import format as npy

from mnistgrad.common import numbers
from mnistgrad.common.reading import code
from mnistgrad.network.sets.parts import Array, Part, images_in, is_of_images, is_of_labels, labels_in, unusable

PREFERRED = "train"  # where a file has several of either, as Keras's mnist.npz
MOST_ARRAYS = 100
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # as NumPy does; others take memory before they are unpacked
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, TypeError, ArithmeticError, RuntimeError, LookupError)
ONE_OF_EACH = "one array of images (m, 28, 28) or (m, 784), and one of labels (m,)."


def read_npz(name: str, content: bytes, most: int) -> Part:
    """most: bytes that all its arrays may have together. Raises UnusableFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(name, archive, most)
    except BROKEN:
        raise unusable(name, "is cut or damaged", "whole npz files.") from None


def _read(name: str, archive: zipfile.ZipFile, most: int) -> Part:
    members = [member for member in archive.infolist() if member.filename.endswith(".npy")]
    if any(member.compress_type not in PACKED for member in members):
        raise unusable(name, "is packed in another way than npz files are", "whole npz files.")
    size = sum(member.file_size for member in members)  # a member is never read beyond what it promises here
    if size > most:
        raise unusable(name, f"unpacks to {numbers.byte_count(size)}", f"at most {numbers.byte_count(most)}.")
    shapes = {member: _shape(name, archive, member) for member in members[:MOST_ARRAYS]}
    of_images = _one([member for member, shape in shapes.items() if is_of_images(shape)])
    count = shapes[of_images][0] if of_images else -1
    others = [member for member in shapes if member is not of_images]
    of_labels = _one([member for member in others if is_of_labels(shapes[member]) and shapes[member][0] == count])
    if not of_images or not of_labels:
        held = ", ".join(numbers.shape(shape) for shape in list(shapes.values())[:4])
        raise unusable(name, f"holds {f'arrays of shape {held}' if held else 'no array'}", ONE_OF_EACH)
    return Part(images_in(name, _array(archive, of_images)), labels_in(name, _array(archive, of_labels)))


def _one(found: Sequence[zipfile.ZipInfo]) -> zipfile.ZipInfo | None:
    """The only one, or the only one to train with."""
    preferred = [member for member in found if PREFERRED in member.filename.lower()] or found
    return preferred[0] if len(preferred) == 1 else None


def _shape(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[int, ...]:
    """As its header says, if its bytes bear that out."""
    with archive.open(member) as file:
        shape, _, dtype = _header(file)
        promised, there = math.prod(shape) * dtype.itemsize, member.file_size - file.tell()
    if dtype.hasobject:
        raise unusable(name, f"holds Python objects in {code(member.filename)}", "arrays of numbers.")
    if promised != there:
        header = f"the header of {code(member.filename)}"
        text = f"promises {numbers.count(promised)} bytes in {header} and holds {numbers.count(there)}"
        raise unusable(name, text, "arrays that hold as many as they promise.")
    return shape


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Array:
    with archive.open(member) as file:
        shape, by_columns, dtype = _header(file)
        flat = np.frombuffer(file.read(), dtype)
    return flat.reshape(shape, order="F" if by_columns else "C")


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
    return HEADERS[npy.read_magic(file)](file)
