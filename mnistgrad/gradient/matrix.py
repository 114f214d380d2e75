"""One layer's weight gradient, the two factors it is the sum of, and the groups its rows fall into.

Axes here: i the rows of the gradient, j its columns. For w1 they are pixels and hidden units, for w2 hidden units and the output.
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from mnistgrad.common.arguments import one_of
from mnistgrad.gradient.examination import Examination
from mnistgrad.gradient.statistics import Spectrum, equality_tolerance, pixel_rows, spectrum, unit_rows, units_off
from mnistgrad.network.data import Batch
from mnistgrad.network.gradients import Layers, run_layers
from mnistgrad.network.presets import Weights

LAYERS = ("w1", "w2")
AXES = {"w1": ("i", "j"), "w2": ("j", "k")}


@dataclass(frozen=True)
class Matrix:
    """A weight gradient g (i, j) = inp.t() @ out_g over n images.

    layer: "w1" or "w2". inp (n, i), out_g (n, j), float32: pixels and l1.g for w1; l2 and out.g for w2. g (i, j) and
    b_g (j,), the bias gradient, float64. groups: masks (i,) of rows by what inp holds there. For w1: "printed",
    "black" (in every image), "constant" (black included), "lit", "all". For w2: "off" (the unit is off for every image),
    "on", "all". background: what inp holds where nothing is: a black pixel, or a unit that is off.
    off: mask (j,) of the columns whose out_g is 0 for every image.
    """

    layer: str
    inp: Tensor
    out_g: Tensor
    g: Tensor
    b_g: Tensor
    groups: dict[str, Tensor]
    background: float
    off: Tensor
    spectrum: Spectrum

    @property
    def n(self) -> int:
        return len(self.inp)

    @property
    def rows(self) -> int:
        return self.g.shape[0]

    @property
    def columns(self) -> int:
        return self.g.shape[1]

    @property
    def axes(self) -> tuple[str, str]:
        """The axis letters of the rows and the columns."""
        return AXES[self.layer]

    @cached_property
    def tolerance(self) -> float:
        """How far two entries may lie apart and still count as equal."""
        return equality_tolerance(self.g)

    @cached_property
    def copies(self) -> Tensor:
        """Mask (i,) of the rows that are the background times the bias gradient."""
        return self.groups["black" if self.layer == "w1" else "off"]

    @cached_property
    def is_zero(self) -> bool:
        return not self.g.any()

    @cached_property
    def varying_columns(self) -> int:
        """How many columns vary from row to row."""
        return int((self.g.var(0, correction=0) > self.tolerance**2).sum())

    @cached_property
    def liveliest_column(self) -> int:
        """The column that varies most from row to row, among those that the first image adds to if there are any."""
        variances, moved = self.g.var(0, correction=0), self.out_g[0] != 0
        return int((variances * moved if moved.any() else variances).argmax())

    def largest_row(self, column: int) -> int:
        """The row of the column's largest entry, by size."""
        return int(self.g[:, column].abs().argmax())


def matrix_of(layer: str, batch: Batch, weights: Weights, found: Examination, layers: Layers | None = None) -> Matrix:
    """The gradient of one layer, "w1" or "w2", over the batch that `found` examined.

    layers: the batch's, where they are known already. Raises ValueError for another layer.
    """
    one_of("layer", layer, LAYERS)
    layers = layers or run_layers(batch.inp, batch.targ, weights, len(batch))
    if layer == "w1":
        groups, b_g = pixel_rows(found.groups), _sum(layers.l1_g)
        return Matrix(layer, batch.inp, layers.l1_g, found.w1_exact, b_g, groups, found.black, found.off, found.spectrum)
    g = layers.l2.t().double() @ layers.out_g.double()
    rows = unit_rows((layers.l1 > 0).any(0))
    background, off = 0.0 - weights.preset.relu_shift, units_off(layers.out_g)
    return Matrix(layer, layers.l2, layers.out_g, g, _sum(layers.out_g), rows, background, off, spectrum(g))


def _sum(out_g: Tensor) -> Tensor:
    return out_g.sum(0, dtype=torch.float64)
