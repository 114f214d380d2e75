"""MNIST from the package's own files: read once, verified, shared and never mutated."""

import gzip
import hashlib
import zlib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock

import torch
from torch import Tensor

from mnistgrad.common.arguments import one_of, truth, whole_number
from mnistgrad.common.data_files import unusable
from mnistgrad.common.tensors import FLOAT32, plain
from mnistgrad.network.batch import Batch as Batch
from mnistgrad.network.losses import MSE
from mnistgrad.network.presets import DEFAULT_PRESET, PRESETS
from mnistgrad.network.presets import PIXELS as PIXELS
from mnistgrad.network.presets import SIDE as SIDE
from mnistgrad.network.sets.image_set import LEVELS as LEVELS
from mnistgrad.network.sets.image_set import TRAINING_IMAGES as TRAINING_IMAGES
from mnistgrad.network.sets.image_set import ImageSet as ImageSet
from mnistgrad.network.sets.kinds import KINDS, MNIST, OF_MNIST, Kind

FOLDER = Path(__file__).parent / "mnist"

_reading = Lock()


@dataclass(frozen=True)
class IdxFile:
    """An IDX file as it must be: its name, the header's magic number and sizes, and the SHA-256 of all its bytes."""

    name: str
    magic: int
    sizes: tuple[int, ...]
    sha256: str


# Magic numbers and sizes: the IDX format of the MNIST distribution, big-endian 32-bit words.
IMAGES = IdxFile(
    "train-images-idx3-ubyte.gz", 0x803, (60_000, SIDE, SIDE), "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
)
LABELS = IdxFile(
    "train-labels-idx1-ubyte.gz", 0x801, (60_000,), "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
)


def read_idx(expected: IdxFile, folder: Path = FOLDER) -> Tensor:
    """The file's bytes as a uint8 tensor of its sizes.

    Raises DataFileError where the file is missing, not gzip, cut, or has another header, size or checksum.
    """
    path = folder / expected.name
    try:
        content = gzip.decompress(path.read_bytes())
    except FileNotFoundError:
        raise unusable(path, "is missing") from None
    except OSError as error:
        raise unusable(path, "cannot be read", error) from error
    except (EOFError, zlib.error) as error:
        raise unusable(path, "is cut or damaged", error) from error
    header = b"".join(word.to_bytes(4, "big") for word in (expected.magic, *expected.sizes))
    if not content.startswith(header):
        raise unusable(path, f"does not begin with the header of {expected.sizes} bytes")
    body = content[len(header) :]
    if len(body) != torch.Size(expected.sizes).numel():
        raise unusable(path, f"holds {len(body):,} bytes after the header instead of {torch.Size(expected.sizes).numel():,}")
    if hashlib.sha256(content).hexdigest() != expected.sha256:
        raise unusable(path, "has another checksum than the original")
    return torch.frombuffer(bytearray(body), dtype=torch.uint8).view(expected.sizes)


@lru_cache(maxsize=1)
@plain()
def _read_mnist() -> ImageSet:
    return ImageSet(MNIST, read_idx(IMAGES), read_idx(LABELS), KINDS[MNIST])


def mnist() -> ImageSet:
    """The data, read at the first call and shared by every later one. Raises DataFileError."""
    with _reading:
        return _read_mnist()


@dataclass(frozen=True, repr=False, eq=False)
class MnistBatch(Batch):
    """The first n images of a set, made here and so not checked again.

    inp (n, 784) float32, targ (n,) float32, images (n, 28, 28) uint8, labels (n,) int64. preset: whose pixels inp holds, by
    its name; None where somebody chose whether they are normalised.
    """

    images: Tensor
    labels: Tensor
    preset: str | None = None
    loss: str = field(default=MSE, kw_only=True)
    kind: Kind = field(default=OF_MNIST, kw_only=True, repr=False)

    def on(self, device: torch.device) -> "MnistBatch":
        """The same on a device."""
        moved = {name: getattr(self, name).to(device) for name in ("inp", "targ", "images", "labels")}
        return replace(self, **moved)

    def first(self, n: int) -> "MnistBatch":
        n = whole_number("n", n, 1, len(self))
        return MnistBatch(self.inp[:n], self.targ[:n], self.images[:n], self.labels[:n], self.preset, kind=self.kind)


@plain()
def load_batch(n: int, normalise: bool | None = None, preset: str = DEFAULT_PRESET, images: str | ImageSet = MNIST) -> MnistBatch:
    """The first n training images of a set, in memory of their own.

    `inp` (n, 784) is pixel / 256, from 0 to 255/256; normalised it is that less the mean of the set's training images, in their
    standard deviations. `targ` (n,) is the label as a float.

    Args:
        n: How many images, 1 to 50,000 or as many as the set has.
        normalise: Whether the pixels are; a choice of your own, which goes with any weights. The preset's unless given.
        preset: "lesson-2019" unless given, which normalises, or "lesson-2022", which does not. Weights of another kind of
            preset are refused by what takes both.
        images: MNIST unless given, which the package has; another set by its name, as in `load_images`, or what that read.

    Returns:
        A batch that also has `images` (n, 28, 28), uint8, and `labels` (n,), int64.

    Raises:
        TypeError: Where n is no whole number, or normalise neither True nor False.
        ValueError: For an n out of range, another preset, or another set.
        DataFileError: Where the package's own files are missing or altered.
        UnusableSet: Where another set is not there.
    """
    preset = one_of("preset", preset, PRESETS)
    source = images if isinstance(images, ImageSet) else named_set(images)
    n = whole_number("n", n, 1, source.most)
    own, labels = source.images[:n].clone(), source.labels[:n]
    if normalise is None:
        return replace(_batch(source, own, labels, PRESETS[preset].normalise), preset=preset)
    return _batch(source, own, labels, truth("normalise", normalise))


@plain()
def shared_batch(source: ImageSet, n: int, normalise: bool) -> MnistBatch:
    """The first n images of the set, with `images` and `labels` that are the set's own and must not be changed."""
    n = whole_number("n", n, 1, source.most)
    return _batch(source, source.images[:n], source.labels[:n], truth("normalise", normalise))


@plain()
def validation_batch(normalise: bool = True, source: ImageSet | None = None) -> MnistBatch:
    """The images that no training sees, of MNIST the last 10,000; `inp` as in `load_batch`. Raises DataFileError."""
    source = source or mnist()
    first = len(source.images) - source.held_back
    return _batch(source, source.images[first:], source.labels[first:], normalise)


def named_set(images: str) -> ImageSet:
    """MNIST, or another set by its name, where it is on this machine. Raises DataFileError, UnusableSet."""
    if images == MNIST:
        return mnist()
    from mnistgrad.network.sets.loading import load_images  # which takes a third of a second more

    return load_images(images)


def moments(source: ImageSet, normalise: bool = True) -> tuple[float, float]:
    """The mean and deviation that make `inp` of pixel / 256; 0 and 1 where it is not normalised."""
    return (source.mean, source.std) if normalise else (0.0, 1.0)


@plain()
def inp_of_levels(source: ImageSet, normalise: bool) -> Tensor:
    """What `inp` holds (256,), float32, for a pixel of each level."""
    return _inp(source, torch.arange(LEVELS, **FLOAT32), normalise)


def inp_of(images: Tensor, mean: float, std: float) -> Tensor:
    """inp (m, 784) float32 of images (m, 28, 28) uint8: (pixel / 256 - mean) / std."""
    return _pixels(images.reshape(-1, PIXELS)).sub_(mean).div_(std)


def _pixels(levels: Tensor) -> Tensor:
    return levels.float().div_(LEVELS)


def _inp(source: ImageSet, levels: Tensor, normalise: bool) -> Tensor:
    inp = _pixels(levels)
    if normalise:
        mean, std = moments(source)
        inp.sub_(mean).div_(std)
    return inp


def _batch(source: ImageSet, images: Tensor, labels: Tensor, normalise: bool) -> MnistBatch:
    return MnistBatch(
        _inp(source, images.reshape(-1, PIXELS), normalise), labels.float(), images, labels.long(), kind=source.kind
    )
