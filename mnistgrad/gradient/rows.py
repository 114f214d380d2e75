"""How far each row of a weight gradient is from a copied row, and where a row is the bias gradient times one number."""

from dataclasses import dataclass

import torch
from torch import Tensor

from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import plain
from mnistgrad.gradient.weight_gradient import WeightGradient

FEW = 64  # images that tell most inputs from constant ones


@dataclass(frozen=True, repr=False)
class Rows(Brief):
    """What is true of the rows of a gradient g (r, c).

    distances (r,): Euclidean, from background * b_g, the row of a pixel that is black in every image or of a unit that is
    off; 0 where it is that row. constant: mask (r,) of the rows whose inp is one value v in every image, and values: how
    many different v there are. difference: the largest entry, by size, of row - v * b_g among those rows; 0 where there are
    none. largest: the largest entry of g by size, to hold it against.
    """

    distances: Tensor
    constant: Tensor
    values: int
    difference: float
    largest: float

    @property
    def copied(self) -> Tensor:
        """Mask (r,) of the rows that are the background's row, within the matrix's tolerance."""
        return self.distances == 0


@plain()
def rows_of(found: WeightGradient) -> Rows:
    """The rows of `found`. A constant inp[:, r] = v comes out of the sum over the images: row r is v * b_g."""
    away = found.g - found.background * found.b_g
    copied = away.abs().amax(1) <= found.tolerance
    constant = found.groups["constant"] if "constant" in found.groups else _constant(found.inp)
    held = found.inp[0, constant].double()
    left = (found.g[constant] - held.unsqueeze(1) * found.b_g).abs()
    return Rows(
        torch.where(copied, 0.0, away.norm(dim=1)),
        constant,
        len(held.unique()),
        left.max().item() if len(held) else 0.0,
        found.g.abs().max().item(),
    )


def _constant(inp: Tensor) -> Tensor:
    """Mask (r,) of the columns of inp (n, r) that hold one value; the whole batch is read only where the first few agree."""
    constant = (inp[:FEW] == inp[0]).all(0)
    constant[constant.clone()] = (inp[:, constant] == inp[0, constant]).all(0)
    return constant
