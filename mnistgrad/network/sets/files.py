"""A reader's own files as a set of images: what each is by its content, and what all must hold."""

import gzip
import hashlib
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from mnistgrad.common import numbers
from mnistgrad.common.tensors import plain
from mnistgrad.network.sets import csv_files, digit_pictures, idx_files, npz_files
from mnistgrad.network.sets.image_set import ImageSet
from mnistgrad.network.sets.kinds import OWN, kind_of_classes, kind_of_pictures
from mnistgrad.network.sets.parts import ALLOWED, Part, UnusableFile, unusable

MB = 1_000_000
MOST_BYTES = 20 * MB  # of all files together, as they come
MOST_UNPACKED = 128 * MB  # of one that is packed: 60,000 images as CSV are 110 MB
GZIP, ZIP = b"\x1f\x8b", b"PK"
READ = 1 << 20  # bytes at a time


@dataclass(frozen=True)
class OwnFile:
    """A file as it was handed over. name: for sentences, and for the digit that a picture shows."""

    name: str
    content: bytes


@plain()
def read_files(files: Sequence[OwnFile], labels: Sequence[int] | None = None) -> ImageSet:
    """The set that the files hold together: pictures of digits; or one file of images with their labels; or IDX images in one
    file and their labels in another.

    labels: what each picture shows, in their order; where they are not given, the digit in its file's name. Raises UnusableFile
    with one sentence that says what is allowed. Nothing in a file is ever run.
    """
    if not files:
        raise UnusableFile(f"No file was chosen; allowed are {ALLOWED}")
    if (size := sum(len(file.content) for file in files)) > MOST_BYTES:
        raise UnusableFile(f"{numbers.byte_count(size)} are too much; allowed are {ALLOWED}")
    are_pictures = [digit_pictures.is_picture(file.content) for file in files]
    if all(are_pictures):
        return _set_of(digit_pictures.read_pictures([(file.name, file.content) for file in files], labels), are_digits=True)
    if any(are_pictures):
        raise UnusableFile(f"Pictures and other files do not go together; allowed are {ALLOWED}")
    return _set_of(_joined(files[0].name, [_part_of(file) for file in files]), are_digits=False)


def read_paths(paths: Sequence[Path], labels: Sequence[int] | None = None) -> ImageSet:
    """The same of files on this machine. Raises OSError too."""
    if (size := sum(path.stat().st_size for path in paths)) > MOST_BYTES:
        raise UnusableFile(f"{numbers.byte_count(size)} are too much; allowed are {ALLOWED}")
    return read_files([OwnFile(path.name, path.read_bytes()) for path in paths], labels)


def _part_of(file: OwnFile) -> Part:
    content = _unpacked(file)
    if content.startswith(ZIP):
        return npz_files.read_npz(file.name, content, MOST_UNPACKED)
    if idx_files.is_idx(content):
        return idx_files.read_idx(file.name, content)
    if csv_files.is_csv(content):
        return csv_files.read_csv(file.name, content)
    raise unusable(file.name, "is something else" if content else "is empty")


def _unpacked(file: OwnFile) -> bytes:
    """What a gzip file holds, any other file as it is."""
    if not file.content.startswith(GZIP):
        return file.content
    found = bytearray()
    try:
        with gzip.open(io.BytesIO(file.content)) as packed:
            while part := packed.read(READ):
                found += part
                if len(found) > MOST_UNPACKED:
                    most = numbers.byte_count(MOST_UNPACKED)
                    raise unusable(file.name, f"unpacks to more than {most}", f"at most {most}.")
    except (OSError, EOFError, zlib.error):
        raise unusable(file.name, "is cut or damaged", "whole gzip files.") from None
    return bytes(found)


def _joined(name: str, parts: Sequence[Part]) -> Part:
    """Images and labels, as many of either."""
    images = [part.images for part in parts if part.images is not None]
    labels = [part.labels for part in parts if part.labels is not None]
    if len(images) != 1 or len(labels) != 1:
        held = f"{numbers.count(len(images), 'file')} of images and {len(labels)} of labels"
        raise unusable(
            name, f"and what came with it are {held}", "one of each, such as IDX images and IDX labels chosen together."
        )
    if len(images[0]) != len(labels[0]):
        counted = f"has {numbers.count(len(images[0]), 'image')} and {numbers.count(len(labels[0]), 'label')}"
        raise unusable(name, counted, "as many labels as images.")
    return Part(images[0], labels[0])


def _set_of(part: Part, are_digits: bool) -> ImageSet:
    assert part.images is not None and part.labels is not None
    images, labels = torch.from_numpy(part.images.copy()), torch.from_numpy(part.labels.copy())
    content = part.images.tobytes() + part.labels.tobytes()
    digest = hashlib.blake2b(content, digest_size=10, salt=b"digits" if are_digits else b"")
    kind = kind_of_pictures() if are_digits else kind_of_classes(int(labels.max()) + 1)
    return ImageSet(OWN + digest.hexdigest(), images, labels, kind, part.told)
