"""Everything a page says about one gradient, found in one pass over the batch."""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from mnistgrad.gradient.statistics import (
    PixelGroups,
    Spectrum,
    column_variance,
    distinct_rows,
    equality_tolerance,
    pixel_groups,
    pixel_rows,
    spectrum,
    units_off,
)
from mnistgrad.network.data import Batch
from mnistgrad.network.gradients import Gradients, Layers, add_block, block_gradients, run_layers
from mnistgrad.network.presets import Weights

BLOCK = 512  # images whose inp stays in cache in float64


@dataclass(frozen=True)
class Examination:
    """The gradients of a batch and what is true of w1.g (784, nh).

    black: what inp holds for a black pixel; 0 for raw pixels.
    w1_exact: w1.g with its products added in float64, for ranks and equality. variances: by group of rows, each
    (nh,). off: mask (nh,) of units that are off for every image.
    """

    n: int
    black: float
    grads: Gradients
    w1_exact: Tensor
    groups: PixelGroups
    variances: dict[str, Tensor]
    zero_variance: float
    off: Tensor
    distinct: int
    spectrum: Spectrum

    @property
    def rows(self) -> int:
        return self.w1_exact.shape[0]

    @property
    def columns(self) -> int:
        return self.w1_exact.shape[1]

    @property
    def black_pixels(self) -> int:
        return int(self.groups.black.sum())

    @cached_property
    def colour_limit(self) -> float:
        """The end of the colour scale of w1.g: nearly its largest entry, so that a few do not bleach the rest."""
        sizes = self.grads.w1.abs().flatten()
        return sizes.quantile(0.985).item() or sizes.max().item()

    @property
    def is_zero(self) -> bool:
        """No unit is on for any image, so w1.g is 0 everywhere."""
        return bool(self.off.all())


def examine(batch: Batch, weights: Weights, layers: Layers | None = None, groups: PixelGroups | None = None) -> Examination:
    """All of it in one pass over the images. layers and groups: the batch's, where they are known already."""
    n = len(batch)
    layers = layers or run_layers(batch.inp, batch.targ, weights, n)
    exact = torch.zeros_like(weights.w1, dtype=torch.float64)
    grads: Gradients | None = None
    wide = torch.empty(min(n, BLOCK), exact.shape[0], dtype=torch.float64)  # one block of inp, used again for each
    for start in range(0, n, BLOCK):
        block = layers.of(slice(start, start + BLOCK))
        if grads is None:
            grads = block_gradients(block, n)
        else:
            add_block(grads, block, n)
        inp = wide[: len(block.inp)].copy_(block.inp)
        exact.addmm_(inp.t(), block.l1_g.double())
    assert grads is not None  # a batch has at least one image
    groups = groups or pixel_groups(batch.images)
    black = batch.inp[0, groups.black][0].item()
    return Examination(
        n,
        black,
        grads,
        exact,
        groups,
        {name: column_variance(exact, rows) for name, rows in pixel_rows(groups).items() if rows.any()},
        equality_tolerance(exact) ** 2,
        units_off(layers.l1_g),
        distinct_rows(exact),
        spectrum(exact),
    )
