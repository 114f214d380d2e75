"""A weight gradient over the first images alone, and what becomes of it as more are added."""

from collections.abc import Sequence

import torch

from mnistgrad.common.arguments import whole_number
from mnistgrad.common.tensors import plain
from mnistgrad.gradient.statistics import pixel_groups, pixel_rows, unit_rows
from mnistgrad.gradient.sweep import COUNTS, SweepPoint, sweep_point
from mnistgrad.gradient.weight_gradient import WeightGradient, product


@plain()
def first_images(found: WeightGradient, n: int) -> WeightGradient:
    """The gradient that the first n images have as a batch of their own: the loss is a mean, so out_g grows as n shrinks."""
    n = whole_number("n", n, 1, found.n)
    inp, out_g = found.inp[:n], found.out_g[:n] * (found.n / n)
    rows = pixel_rows(pixel_groups(inp)) if found.layer == "w1" else unit_rows((inp != found.background).any(0))
    b_g = out_g.sum(0, dtype=torch.float64)
    return WeightGradient(found.layer, product(inp, out_g), rows, inp, out_g, b_g, found.background)


def growth(found: WeightGradient, counts: Sequence[int] = COUNTS) -> list[SweepPoint]:
    """What is true of it at each of the counts that the batch has, and at the whole batch, which is the last."""
    held = sorted({*(count for count in counts if count < found.n), found.n})
    return [sweep_point(first_images(found, count), found.g) for count in held]
