"""Both weight gradients over more and more images in one pass: a gradient is a sum, so each count goes on from the last."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

from mnistgrad.common.arguments import truth, whole_number
from mnistgrad.common.devices import CPU
from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import plain
from mnistgrad.gradient.statistics import PixelGroups, distinct_rows, pixel_rows, unit_rows
from mnistgrad.gradient.weight_gradient import LAYERS, SummedGradient, WeightGradient
from mnistgrad.network.data import LEVELS, PIXELS, ImageSet, mnist, moments
from mnistgrad.network.gradients import BLOCK, run_layers
from mnistgrad.network.presets import Weights

COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
CACHE_LINE = 16  # float32; products are faster where each image begins on one
EXACT = 500  # images that are computed in float64


@dataclass(frozen=True)
class Distance:
    """From a gradient to that of the full batch.

    angle: in degrees; None where one of the two is 0. norm: of the difference, over the norm of the full batch's.
    largest: the largest difference of one entry, over the largest entry of the full batch's.
    """

    angle: float | None
    norm: float
    largest: float


@dataclass(frozen=True)
class SweepPoint:
    """What is true of one layer's weight gradient over the first n images, in numbers.

    distinct, sizes: as in `WeightGradient`; so are variances, but mean over the columns. rank, first_share, copied_row_share:
    as in `Spectrum`. away: how far from the full batch; None where that is not known, or 0 itself.
    """

    n: int
    columns: int
    distinct: int
    rank: int
    first_share: float
    copied_row_share: float
    sizes: dict[str, int]
    variances: dict[str, float]
    away: Distance | None = None


@dataclass(frozen=True, repr=False)
class LitPixels(Brief):
    """The images of a sweep, less pixels that are black in all of them; no weight has a part in it.

    above: pixel / 256 (n, m) float32 of m pixels, all the lit ones and a few black, so that m is a multiple of 16.
    chosen: mask (784,) of those pixels.
    targ: (n,) float32. groups: the groups of all 784 pixels at each count of images; the last count is n. source: the set
    that says how pixels are normalised.
    """

    above: Tensor
    chosen: Tensor
    targ: Tensor
    groups: dict[int, PixelGroups]
    source: ImageSet


@dataclass(frozen=True, repr=False)
class Sweep(Brief):
    """A point for each count, and the gradient (r, c) of the last, the full batch, in float64."""

    points: tuple[SweepPoint, ...]
    full: Tensor


@dataclass(frozen=True, repr=False)
class Reach(Brief):
    """The brightest and the darkest that each pixel is in some images (784,), uint8."""

    brightest: Tensor
    darkest: Tensor

    @classmethod
    def of(cls, images: Tensor) -> "Reach":
        """Of images (m, 28, 28) or (m, 784) uint8; of none what no other is beyond."""
        flat = images.flatten(1)
        if not len(flat):
            return cls(flat.new_zeros(flat.shape[1]), flat.new_full(flat.shape[1:], LEVELS - 1))
        return cls(flat.amax(0), flat.amin(0))

    def joined(self, other: "Reach") -> "Reach":
        """Of the images of both."""
        return Reach(self.brightest.maximum(other.brightest), self.darkest.minimum(other.darkest))

    @property
    def groups(self) -> PixelGroups:
        black = self.brightest == 0
        return PixelGroups(black, self.brightest == self.darkest, ~black)


@plain()
def lit_pixels(images: Tensor, labels: Tensor, counts: Sequence[int] = COUNTS, source: ImageSet | None = None) -> LitPixels:
    """Of the images (n, 28, 28) uint8 and labels (n,) up to the last of the counts, which are ascending, from 1 to n.

    source: the set that they are of; MNIST unless given. Raises TypeError or ValueError for other counts.
    """
    check_counts(counts, len(images))
    reach, groups = Reach.of(images[:0]), {}
    for start, n in zip((0, *counts), counts, strict=False):
        reach = reach.joined(Reach.of(images[start:n]))
        groups[n] = reach.groups
    chosen, last = chosen_pixels(groups[counts[-1]]), counts[-1]
    return LitPixels(above(images[:last], chosen), chosen, labels[:last].float(), groups, source or mnist())


def counts_to(n: int) -> list[int]:
    """1, 2, 5, 10 and so on, and n, which is the last."""
    series = (step * 10**power for power in range(len(str(n))) for step in (1, 2, 5))
    return [*(count for count in series if count < n), n]


def check_counts(counts: Sequence[int], most: int) -> None:
    """Raises TypeError or ValueError unless they are ascending, from 1 to `most`."""
    for n in counts:
        whole_number("counts", n, 1, most)
    if not counts or list(counts) != sorted(set(counts)):
        raise ValueError(f"counts is {list(counts)}; allowed are ascending numbers, at least one")


def chosen_pixels(groups: PixelGroups) -> Tensor:
    """Mask (784,) of the pixels that are multiplied, as `LitPixels` has it."""
    chosen = groups.lit.clone()
    lit = int(chosen.sum())
    spare = -lit % CACHE_LINE if lit else CACHE_LINE
    chosen[groups.black.nonzero()[:spare]] = True
    return chosen


def above(images: Tensor, chosen: Tensor) -> Tensor:
    """pixel / 256 (n, m) float32 of the chosen pixels of images (n, 28, 28) uint8."""
    return images.flatten(1)[:, chosen].float().div_(LEVELS)


@plain()
def sweep(
    pixels: LitPixels,
    weights: Weights,
    normalise: bool | None = None,
    go_on: Callable[[], None] = lambda: None,
    device: torch.device = CPU,
) -> dict[str, Sweep]:
    """For "w1" and "w2", the points at each count and the gradient at the last one, which counts as the full batch.

    normalise: whether inp is, as in `load_batch`; None: as the preset of the weights says. go_on: called before each count; what
    it raises ends the sweep. device: that adds up.

    One pass over the images. The first 500 are computed in float64: there copies are to be told from rows that differ,
    and a rank below the units that are on. Beyond, float32 products of blocks are added up in float64, and of inp only what
    it holds above black is multiplied. So a black pixel's part is exactly 0; other pixels that can still be alike are lit so
    rarely that what float32 rounds of their part is far below the tolerance. A rank counts columns that are not 0 there,
    which is right unless two units are on for one and the same single image. The pass takes no longer than one unblocked
    gradient of the last count.
    """
    normalise = weights.preset.normalise if normalise is None else truth("normalise", normalise)
    added = Added(pixels.chosen, weights.on(device), *moments(pixels.source, normalise))
    sums, done, found = added.nothing(), 0, []
    for n, groups in pixels.groups.items():
        go_on()
        for block in blocks(done, n):
            added.add(sums, pixels.above[block].to(device), pixels.targ[block].to(device), block.stop <= EXACT)
        done = n
        found.append(added.counted(sums, n, groups))
    return {layer: _measured([each[layer] for each in found]) for layer in LAYERS}


def sweep_point(found: WeightGradient, full: Tensor | None = None) -> SweepPoint:
    """The gradient's point at its own n; with its distance from the full batch, where that one's gradient (r, c) is known."""
    point = _point(found.n, found)
    return point if full is None else replace(point, away=distances(found.g.unsqueeze(0), full)[0])


def distances(g: Tensor, full: Tensor) -> list[Distance | None]:
    """From each of the gradients g (m, r, c) to full (r, c); None where full is 0."""
    full_norm = full.norm()
    if not full_norm:
        return [None] * len(g)
    # By the chord between two directions: the cosine of a small angle is 1 to rounding. What is 0 has no direction.
    chords = torch.linalg.matrix_norm(g / torch.linalg.matrix_norm(g, keepdim=True) - full / full_norm)
    angles = (2 * (chords / 2).clamp(max=1).asin()).rad2deg()
    norms, largest = torch.linalg.matrix_norm(g - full) / full_norm, (g - full).abs().amax((1, 2)) / full.abs().max()
    return [
        Distance(None if math.isnan(angle) else angle, norm, entry)
        for angle, norm, entry in torch.stack([angles, norms, largest], 1).tolist()
    ]


@dataclass(frozen=True)
class Counted(SummedGradient):
    """A gradient over n images. differing (r, c): its part in which the rows differ, all that tells one row from another."""

    n: int
    differing: Tensor

    @cached_property
    def distinct(self) -> int:
        return distinct_rows(self.differing, self.g)


def _measured(found: list[Counted]) -> Sweep:
    full = found[-1].g
    away = distances(torch.stack([each.g for each in found]), full)
    points = [replace(_point(each.n, each), away=distance) for each, distance in zip(found, away, strict=True)]
    return Sweep(tuple(points), full)


def counted_point(found: Counted, full: Tensor) -> SweepPoint:
    """As `sweep_point`."""
    return replace(_point(found.n, found), away=distances(found.g.unsqueeze(0), full)[0])


def _point(n: int, found: SummedGradient) -> SweepPoint:
    values, variances = found.spectrum, {name: of.mean().item() for name, of in found.variances.items()}
    shares = values.first_share, values.copied_row_share
    return SweepPoint(n, found.columns, found.distinct, values.rank, *shares, found.sizes, variances)


@dataclass(frozen=True, repr=False)
class Sums(Brief):
    """Sums over images in float64, without the 1/n; of w1's gradient (m, nh) what pixel / 256 is above black, b1's (nh,), w2's
    (nh, 1). on (nh,): 1 for each unit that passes anything on.
    """

    w1: Tensor
    b1: Tensor
    w2: Tensor
    on: Tensor

    def on_device(self, device: torch.device) -> "Sums":
        """A copy there."""
        return Sums(*(tensor.to(device, copy=True) for tensor in vars(self).values()))

    def add(self, other: "Sums") -> None:
        """What other images add, in place."""
        for name in ("w1", "b1", "w2"):
            getattr(self, name).add_(getattr(other, name))
        self.on.copy_(self.on.maximum(other.on))


class Added:
    """Adds blocks of images to sums, and tells what these are at a count.

    inp is (pixel / 256 - mean) / std, so the first layer takes pixel / 256 with weights w1 / std and the rest as its bias.
    """

    def __init__(self, chosen: Tensor, weights: Weights, mean: float, std: float) -> None:
        self.chosen, self.std = chosen, std
        self.black = -mean / std
        bias = weights.b1 + self.black * weights.w1.sum(0)
        self.weights = replace(weights, w1=weights.w1[chosen.to(bias.device)] / std, b1=bias)
        self.exact = self.weights.to(torch.float64)

    def nothing(self) -> Sums:
        """Of no image."""
        wide = self.exact
        return Sums(*map(torch.zeros_like, (wide.w1, wide.b1, wide.w2, wide.b1)))

    def add(self, sums: Sums, above: Tensor, targ: Tensor, exact: bool) -> None:
        """A block of images, above (b, m) and targ (b,), in place; exact: whether all is computed in float64."""
        weights = self.exact if exact else self.weights
        kind = weights.w1.dtype
        layers = run_layers(above.to(kind), targ.to(kind), weights, 1)
        sums.w1.add_(layers.inp.t() @ layers.l1_g)
        sums.b1.add_(layers.l1_g.sum(0, dtype=torch.float64))
        sums.w2.add_(layers.l2.t().double() @ layers.out_g.double())
        if not sums.on.all() and len(above):
            sums.on.copy_(sums.on.maximum(layers.l1.amax(0) > 0))

    def counted(self, sums: Sums, n: int, groups: PixelGroups) -> dict[str, Counted]:
        """Both layers, where the sums are those over n images; on the CPU."""
        sums = sums.on_device(self.chosen.device)
        lit = sums.w1.new_zeros(PIXELS, len(sums.b1))
        lit[self.chosen] = sums.w1 / (n * self.std)
        w1 = lit + self.black * sums.b1 / n
        w2 = sums.w2 / n
        return {
            "w1": Counted("w1", w1, pixel_rows(groups), n, lit),
            "w2": Counted("w2", w2, unit_rows(sums.on > 0), n, w2),
        }


def blocks(start: int, end: int) -> Iterator[slice]:
    """From start to end, those up to 500 apart; as long as each other, so that none is so short that it rounds otherwise."""
    while start < end:
        last = min(end, EXACT) if start < EXACT else end
        parts = -(-(last - start) // BLOCK)
        for part in range(parts):
            yield slice(start + (last - start) * part // parts, start + (last - start) * (part + 1) // parts)
        start = last
