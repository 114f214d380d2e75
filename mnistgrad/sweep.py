"""Both weight gradients over more and more images in one pass: a gradient is a sum, so each count goes on from the last."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from mnistgrad.analysis import (
    PixelGroups,
    column_variance,
    distinct_rows,
    pixel_rows,
    spectrum,
    unit_rows,
    without_rounding,
)
from mnistgrad.checked import whole_number
from mnistgrad.data import PIXELS, Batch
from mnistgrad.examination import Examination
from mnistgrad.gradients import BLOCK, run_layers
from mnistgrad.matrix import Matrix
from mnistgrad.presets import LARGEST_SEED, Weights

COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
MOST_SEEDS = 10
EXACT = 2_000  # images whose products are formed in float64


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
class Point:
    """What is true of one layer's weight gradient over the first n images.

    distinct: how many different rows. rank, first_share, copied_row_share: as in `Spectrum`. sizes: the rows in each group,
    named as in `Matrix.groups`. variances: for each group that has rows, the variance of a column over them, mean over the
    columns. away: how far from the full batch; None where that is not known, or 0 itself.
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


@dataclass(frozen=True)
class Sweep:
    """A point for each count, and the gradient (i, j) of the last, the full batch, in float64."""

    points: tuple[Point, ...]
    full: Tensor


def groups_at(images: Tensor, counts: Sequence[int] = COUNTS) -> dict[int, PixelGroups]:
    """The groups of pixels in the first n of images (n, 28, 28) uint8, for each n of the counts; no weight has a part in them.

    counts: ascending, 1 to the number of images; else TypeError or ValueError.
    """
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


def sweep(batch: Batch, weights: Weights, groups: Mapping[int, PixelGroups]) -> dict[str, Sweep]:
    """For "w1" and "w2", the points at each count and the gradient at the last one, which counts as the full batch.

    groups: what `groups_at` finds in the batch's images; its counts are the sweep's.

    One pass over the images. The first 2,000 are multiplied in float64: there copies are to be told from rows that differ,
    and a rank below the units that are on. Beyond, float32 products of blocks are added up in float64, and of inp only what
    it holds above black is multiplied. So a black pixel's part is exactly 0; other pixels that can still be alike are lit so
    rarely that what float32 rounds of their part is far below the tolerance. A rank counts columns that are not 0 there,
    which is right unless two units are on for one and the same single image. The pass takes about as long as one
    unblocked gradient of the last count; in float64 throughout it would take 1.7 times as long.
    """
    sums = _Sums(batch, weights)
    found = [sums.at(n, groups[n]) for n in groups]
    return {layer: _measured([each[layer] for each in found]) for layer in ("w1", "w2")}


def seeds_from(seed: int, count: int) -> list[int]:
    """The seed and those after it, or before it where the last is reached: `count` of them, 1 to 10."""
    whole_number("count", count, 1, MOST_SEEDS)
    first = min(whole_number("seed", seed, 0, LARGEST_SEED), LARGEST_SEED - count + 1)
    return [seed, *(other for other in range(first, first + count) if other != seed)]


def examined_point(found: Examination) -> Point:
    """w1.g's point at the examination's n."""
    return _point(found.n, found.w1_exact, pixel_rows(found.groups), found.distinct)


def matrix_point(matrix: Matrix) -> Point:
    """A layer's point at the matrix's n."""
    return _point(matrix.n, matrix.g, matrix.groups, distinct_rows(matrix.g))


def compared(point: Point, g: Tensor, full: Tensor) -> Point:
    """The point with its distance from the full batch; g (i, j) is its gradient."""
    return replace(point, away=distance(g, full))


def distance(g: Tensor, full: Tensor) -> Distance | None:
    """From g (i, j) to full (i, j); None where full is 0."""
    size, full_size = g.norm().item(), full.norm().item()
    if not full_size:
        return None
    # By the chord between the two directions: the cosine of a small angle is 1 to rounding.
    chord = (g / size - full / full_size).norm().item() if size else 0.0
    angle = math.degrees(2 * math.asin(min(chord / 2, 1.0))) if size else None
    return Distance(angle, (g - full).norm().item() / full_size, ((g - full).abs().max() / full.abs().max()).item())


@dataclass(frozen=True)
class _Found:
    """A gradient on the way: its point still lacks the distance from the full batch."""

    point: Point
    g: Tensor


def _measured(found: list[_Found]) -> Sweep:
    full = found[-1].g
    return Sweep(tuple(compared(each.point, each.g, full) for each in found), full)


class _Sums:
    """Sums over the images so far, in float64 and without the 1/n; w1 of what inp holds above black."""

    def __init__(self, batch: Batch, weights: Weights) -> None:
        nh = weights.w1.shape[1]
        self.batch, self.weights, self.n = batch, weights, 0
        self.black = batch.inp[0].min().item()
        self.w1 = torch.zeros(PIXELS, nh, dtype=torch.float64)
        self.b1 = torch.zeros(nh, dtype=torch.float64)
        self.w2 = torch.zeros(nh, 1, dtype=torch.float64)
        self.on = torch.zeros(nh, dtype=torch.bool)
        self._above = {kind: torch.empty(BLOCK, PIXELS, dtype=kind) for kind in (torch.float32, torch.float64)}

    def at(self, n: int, groups: PixelGroups) -> dict[str, _Found]:
        """Both layers at n images, from the count before."""
        for block in _blocks(self.n, n):
            self._add(block)
        self.n = n
        above = self.w1 / n
        w1 = above + self.black * self.b1 / n
        w2 = self.w2 / n
        return {
            "w1": _Found(_point(n, w1, pixel_rows(groups), distinct_rows(above, w1)), w1),
            "w2": _Found(_point(n, w2, unit_rows(self.on), distinct_rows(w2)), w2),
        }

    def _add(self, block: slice) -> None:
        layers = run_layers(self.batch.inp[block], self.batch.targ[block], self.weights, 1)
        kind = torch.float64 if block.stop <= EXACT else torch.float32
        above = torch.sub(layers.inp.to(kind), self.black, out=self._above[kind][: len(layers.inp)])
        self.w1 += above.t() @ layers.l1_g.to(kind)
        self.b1 += layers.l1_g.sum(0, dtype=torch.float64)
        self.w2 += layers.l2.t().double() @ layers.out_g.double()
        self.on |= layers.l1.amax(0) > 0


def _blocks(start: int, end: int) -> Iterator[slice]:
    for first in range(start, end, BLOCK):
        yield slice(first, min(first + BLOCK, end))


def _point(n: int, g: Tensor, groups: dict[str, Tensor], distinct: int) -> Point:
    sizes = {name: int(rows.sum()) for name, rows in groups.items()}
    variances = {name: _mean_variance(g, groups[name]) for name, size in sizes.items() if size}
    values = spectrum(g)
    return Point(n, g.shape[1], distinct, values.rank, values.first_share, values.copied_row_share, sizes, variances)


def _mean_variance(g: Tensor, rows: Tensor) -> float:
    return without_rounding(column_variance(g, rows), g).mean().item()
