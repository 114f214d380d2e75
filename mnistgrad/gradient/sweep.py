"""Both weight gradients over more and more images in one pass: a gradient is a sum, so each count goes on from the last."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

from mnistgrad.common.arguments import truth, whole_number
from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import FLOAT64, TRUTH, plain
from mnistgrad.gradient.statistics import PixelGroups, distinct_rows, pixel_rows, unit_rows
from mnistgrad.gradient.weight_gradient import LAYERS, SummedGradient, WeightGradient
from mnistgrad.network.data import LEVELS, PIXELS, ImageSet, mnist, moments
from mnistgrad.network.gradients import BLOCK, run_layers
from mnistgrad.network.presets import Weights

COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
CACHE_LINE = 16  # float32; products are faster where each image begins on one
EXACT = 500  # images whose products are formed in float64


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


@plain()
def lit_pixels(images: Tensor, labels: Tensor, counts: Sequence[int] = COUNTS, source: ImageSet | None = None) -> LitPixels:
    """Of the images (n, 28, 28) uint8 and labels (n,) up to the last of the counts, which are ascending, from 1 to n.

    source: the set that they are of; MNIST unless given. Raises TypeError or ValueError for other counts.
    """
    groups, last = _groups_at(images, counts), counts[-1]
    chosen = groups[last].lit.clone()
    spare = -int(chosen.sum()) % CACHE_LINE
    chosen[groups[last].black.nonzero()[:spare]] = True
    above = images[:last].flatten(1)[:, chosen].float().div_(LEVELS)
    return LitPixels(above, chosen, labels[:last].float(), groups, source or mnist())


def _groups_at(images: Tensor, counts: Sequence[int]) -> dict[int, PixelGroups]:
    for n in counts:
        whole_number("counts", n, 1, len(images))
    if not counts or list(counts) != sorted(set(counts)):
        raise ValueError(f"counts is {list(counts)}; allowed are ascending numbers, at least one")
    flat, found = images.flatten(1), {}
    brightest = darkest = flat[0]
    for start, n in zip((0, *counts), counts, strict=False):
        brightest = brightest.maximum(flat[start:n].amax(0))
        darkest = darkest.minimum(flat[start:n].amin(0))
        black = brightest == 0
        found[n] = PixelGroups(black, brightest == darkest, ~black)
    return found


@plain()
def sweep(
    pixels: LitPixels, weights: Weights, normalise: bool | None = None, go_on: Callable[[], None] = lambda: None
) -> dict[str, Sweep]:
    """For "w1" and "w2", the points at each count and the gradient at the last one, which counts as the full batch.

    normalise: whether inp is, as in `load_batch`; None: as the preset of the weights says. go_on: called before each count; what
    it raises ends the sweep.

    One pass over the images. The first 500 are multiplied in float64: there copies are to be told from rows that differ,
    and a rank below the units that are on. Beyond, float32 products of blocks are added up in float64, and of inp only what
    it holds above black is multiplied. So a black pixel's part is exactly 0; other pixels that can still be alike are lit so
    rarely that what float32 rounds of their part is far below the tolerance. A rank counts columns that are not 0 there,
    which is right unless two units are on for one and the same single image. The pass takes no longer than one unblocked
    gradient of the last count.
    """
    normalise = weights.preset.normalise if normalise is None else truth("normalise", normalise)
    sums = _Sums(pixels, weights, *moments(pixels.source, normalise))
    found = []
    for n in pixels.groups:
        go_on()
        found.append(sums.at(n))
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
class _Counted(SummedGradient):
    """A gradient over n images. differing (r, c): its part in which the rows differ, all that tells one row from another."""

    n: int
    differing: Tensor

    @cached_property
    def distinct(self) -> int:
        return distinct_rows(self.differing, self.g)


def _measured(found: list[_Counted]) -> Sweep:
    full = found[-1].g
    away = distances(torch.stack([each.g for each in found]), full)
    points = [replace(_point(each.n, each), away=distance) for each, distance in zip(found, away, strict=True)]
    return Sweep(tuple(points), full)


def _point(n: int, found: SummedGradient) -> SweepPoint:
    values, variances = found.spectrum, {name: of.mean().item() for name, of in found.variances.items()}
    shares = values.first_share, values.copied_row_share
    return SweepPoint(n, found.columns, found.distinct, values.rank, *shares, found.sizes, variances)


class _Sums:
    """Sums over the images so far, in float64 and without the 1/n; w1 (m, nh) of what pixel / 256 is above black.

    inp is (pixel / 256 - mean) / std, so the first layer takes pixel / 256 with weights w1 / std and the rest as its bias.
    """

    def __init__(self, pixels: LitPixels, weights: Weights, mean: float, std: float) -> None:
        nh = weights.w1.shape[1]
        self.pixels, self.n, self.std = pixels, 0, std
        self.black = -mean / std
        bias = weights.b1 + self.black * weights.w1.sum(0)
        self.weights = replace(weights, w1=weights.w1[pixels.chosen] / std, b1=bias)
        self.w1 = torch.zeros(pixels.above.shape[1], nh, **FLOAT64)
        self.b1 = torch.zeros(nh, **FLOAT64)
        self.w2 = torch.zeros(nh, 1, **FLOAT64)
        self.on = torch.zeros(nh, **TRUTH)

    def at(self, n: int) -> dict[str, _Counted]:
        """Both layers at n images, from the count before."""
        for block in _blocks(self.n, n):
            self._add(block)
        self.n = n
        above = self.w1.new_zeros(PIXELS, len(self.b1))
        above[self.pixels.chosen] = self.w1 / (n * self.std)
        w1 = above + self.black * self.b1 / n
        w2 = self.w2 / n
        return {
            "w1": _Counted("w1", w1, pixel_rows(self.pixels.groups[n]), n, above),
            "w2": _Counted("w2", w2, unit_rows(self.on), n, w2),
        }

    def _add(self, block: slice) -> None:
        layers = run_layers(self.pixels.above[block], self.pixels.targ[block], self.weights, 1)
        kind = torch.float64 if block.stop <= EXACT else torch.float32
        self.w1 += layers.inp.to(kind).t() @ layers.l1_g.to(kind)
        self.b1 += layers.l1_g.sum(0, dtype=torch.float64)
        self.w2 += layers.l2.t().double() @ layers.out_g.double()
        if not self.on.all():
            self.on = self.on | (layers.l1.amax(0) > 0)


def _blocks(start: int, end: int) -> Iterator[slice]:
    while start < end:
        stop = min(start + BLOCK, end, EXACT if start < EXACT else end)
        yield slice(start, stop)
        start = stop
