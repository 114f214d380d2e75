"""One layer's weight gradient and what is true of it.

A matrix g (r, c): for w1 a row is a pixel and a column a hidden unit; for w2 a row is a hidden unit and a column an output, of
which the lesson has one.
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.common.arguments import one_of
from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import plain
from mnistgrad.gradient.statistics import (
    PixelGroups,
    Spectrum,
    column_variance,
    distinct_rows,
    equality_tolerance,
    pixel_groups,
    pixel_rows,
    spectrum,
    unit_rows,
    units_off,
    without_rounding,
)
from mnistgrad.network.data import Batch
from mnistgrad.network.gradients import Layers, check_pair, run_layers
from mnistgrad.network.presets import Weights

LAYERS = ("w1", "w2")
LAYER_AXES = {"w1": ("i", "j"), "w2": ("j", "k")}
BLOCK = 512  # images whose inp stays in cache in float64


@dataclass(frozen=True, repr=False, eq=False)
class SummedGradient(Brief):
    """A weight gradient g (rows, columns), added up in float64, and the groups its rows fall into.

    Attributes:
        layer: "w1" or "w2".
        g: (rows, columns), float64, in loss per unit of the weight.
        groups: Masks (rows,) by what inp holds there. For w1: "printed", "black" (in every image), "constant" (black
            included), "lit", "all". For w2: "off" (the unit is off for every image), "on", "all".
    """

    layer: str
    g: Tensor
    groups: dict[str, Tensor]

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.g.shape[0]

    @property
    def columns(self) -> int:
        """How many there are."""
        return self.g.shape[1]

    @property
    def axes(self) -> tuple[str, str]:
        """The axis letters of the rows and the columns."""
        return LAYER_AXES[self.layer]

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How many rows each group has."""
        return {name: int(rows.sum()) for name, rows in self.groups.items()}

    @property
    def copies(self) -> Tensor:
        """Mask (rows,) of the rows that are the background times the bias gradient."""
        return self.groups["black" if self.layer == "w1" else "off"]

    @cached_property
    def tolerance(self) -> float:
        """How far two entries may lie apart and still count as equal, in g's unit."""
        return equality_tolerance(self.g)

    @cached_property
    def is_zero(self) -> bool:
        """Whether every entry is 0."""
        return not self.g.any()

    @cached_property
    def distinct(self) -> int:
        """How many different rows there are."""
        return distinct_rows(self.g)

    @cached_property
    def spectrum(self) -> Spectrum:
        """Its singular values, and how much of its size is in the largest alone."""
        return spectrum(self.g)

    @cached_property
    def variances(self) -> dict[str, Tensor]:
        """For each group that has rows, the variance (columns,) of each column over them, in g's unit squared.

        Exactly 0 where nothing but rounding is left.
        """
        present = {name: rows for name, rows in self.groups.items() if self.sizes[name]}
        return {name: without_rounding(column_variance(self.g, rows), self.g) for name, rows in present.items()}

    @cached_property
    def varying_in_print(self) -> int:
        """How many columns of w1.g vary among the rows that print shows."""
        return int((self.variances["printed"] > 0).sum())

    @cached_property
    def varying_columns(self) -> int:
        """How many columns vary from row to row."""
        return int((self.variances["all"] > 0).sum())


@dataclass(frozen=True, repr=False, eq=False)
class WeightGradient(SummedGradient):
    """What `examine` gives: a weight gradient with its factors, g = inp.t() @ out_g over n images, and what is true of it.

    Attributes:
        layer: "w1", whose rows are pixels and columns hidden units, or "w2": hidden units and outputs.
        g: (rows, columns), float64, in loss per unit of the weight.
        groups: Masks (rows,) by what inp holds there. For w1: "printed", "black" (in every image), "constant" (black
            included), "lit", "all". For w2: "off" (the unit is off for every image), "on", "all".
        inp: (n, rows): the pixels, or l2.
        out_g: (n, columns): l1.g, or out.g.
        b_g: (columns,), float64, the gradient of the bias.
        background: What inp holds where nothing is: a black pixel, the darkest there is, or a unit that is off.
    """

    inp: Tensor
    out_g: Tensor
    b_g: Tensor
    background: float

    @property
    def n(self) -> int:
        """How many images it is the sum of."""
        return len(self.inp)

    @property
    def rank(self) -> int:
        """How many independent rows it has, at most the smaller of rows and columns."""
        return self.spectrum.rank

    def __repr__(self) -> str:
        count, variances = numbers.count, [(name, of.mean().item()) for name, of in self.variances.items()]
        best, copied = map(numbers.percent, (self.spectrum.first_share, self.spectrum.copied_row_share))
        same, what = (self.sizes["constant"], "pixel is") if self.layer == "w1" else (self.sizes["off"], "unit is off,")
        copies = f"; in {count(same)} the {what} the same in every image, so each is that times the bias gradient" if same else ""
        return "\n  ".join(
            [
                f"WeightGradient of {self.layer}, shape {(self.rows, self.columns)}, over {count(self.n, 'image')}",
                f"rank {count(self.rank)} of at most {count(min(self.g.shape))}; of its square {best} is in one outer product, "
                f"{copied} in one copied row",
                f"rows: {count(self.distinct)} differ{copies}",
                f"columns: {count(self.varying_columns)} vary from row to row; {count(int(self.off.sum()))} are off throughout",
                "variance of a column over rows, mean of the columns: "
                + "; ".join(f"{name} ({count(self.sizes[name])}) {numbers.significant(of)}" for name, of in variances),
            ]
        )

    @cached_property
    def off(self) -> Tensor:
        """Mask (columns,) of the columns whose out_g is 0 for every image."""
        return units_off(self.out_g)

    @cached_property
    def liveliest_column(self) -> int:
        """The column that varies most from row to row, among those that the first image adds to if there are any."""
        variances, moved = self.variances["all"], self.out_g[0] != 0
        return int((variances * moved if moved.any() else variances).argmax())

    def largest_row(self, column: int) -> int:
        """The row of the column's largest entry, by size.

        Args:
            column: 0 to columns - 1.
        """
        return int(self.g[:, column].abs().argmax())


@plain()
def weight_gradient_of(
    layer: str, batch: Batch, weights: Weights, layers: Layers | None = None, groups: PixelGroups | None = None
) -> WeightGradient:
    """Of one layer, "w1" or "w2", over the batch; one pass over the images.

    layers and groups: the batch's, where they are known already. Raises ValueError for another layer, and as `check_pair` does.
    """
    layer = one_of("layer", layer, LAYERS)
    check_pair(batch, weights)
    layers = layers or run_layers(batch.inp, batch.targ, weights, len(batch))
    if layer == "w1":
        inp, out_g, rows = batch.inp, layers.l1_g, pixel_rows(groups or pixel_groups(batch.inp))
        background = inp[0, rows["black"]][0].item() if rows["black"].any() else inp.min().item()
    else:
        inp, out_g, rows = layers.l2, layers.out_g, unit_rows((layers.l1 > 0).any(0))
        background = 0.0 - weights.preset.relu_shift
    return WeightGradient(layer, product(inp, out_g), rows, inp, out_g, out_g.sum(0, dtype=torch.float64), background)


def product(inp: Tensor, out_g: Tensor) -> Tensor:
    """inp.t() @ out_g (r, c) in float64, in blocks that stay in cache."""
    total = inp.new_zeros(inp.shape[1], out_g.shape[1], dtype=torch.float64)
    wide = inp.new_empty(min(len(inp), BLOCK), inp.shape[1], dtype=torch.float64)  # one block of inp, used again for each
    for some, gradients in zip(inp.split(BLOCK), out_g.split(BLOCK), strict=True):
        total.addmm_(wide[: len(some)].copy_(some).t(), gradients.double())
    return total
