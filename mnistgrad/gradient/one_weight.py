"""One entry of a weight gradient, taken apart into the terms that it is the sum of: one for each image."""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from mnistgrad.common.arguments import whole_number
from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import WHOLE, plain
from mnistgrad.gradient.weight_gradient import WeightGradient

STRONGEST = 10  # images named on each side


@dataclass(frozen=True, repr=False)
class OneWeight(Brief):
    """w.g[row, column] = Σₙ inp[n, row] · out_g[n, column], over n images.

    layer: "w1" or "w2". inp and out_g (n,): the two factors, float64. terms (n,): their products, in the order of the
    images; a term is exactly 0 only where a factor is. order (n,): the images by their term, smallest first.
    running (n,): the sum of the first 1, 2, ... n terms. background: what inp holds for a black pixel, or for a hidden
    unit that is off.
    """

    layer: str
    row: int
    column: int
    inp: Tensor
    out_g: Tensor
    terms: Tensor
    order: Tensor
    running: Tensor
    background: float

    @property
    def n(self) -> int:
        return len(self.terms)

    @property
    def entry(self) -> str:
        """As Python writes it: "w1.g[406, 12]"."""
        return f"{self.layer}.g[{self.row}, {self.column}]"

    @property
    def gradient(self) -> float:
        """The sum of all terms."""
        return self.running[-1].item()

    @cached_property
    def ups(self) -> int:
        """How many terms are above 0."""
        return int((self.terms > 0).sum())

    @cached_property
    def downs(self) -> int:
        """How many terms are below 0."""
        return int((self.terms < 0).sum())

    @cached_property
    def without_out_g(self) -> int:
        """How many terms are 0 because out_g is, whatever inp is."""
        return int((self.out_g == 0).sum())

    @cached_property
    def without_inp(self) -> int:
        """How many terms are 0 because inp alone is."""
        return int(((self.inp == 0) & (self.out_g != 0)).sum())

    @property
    def zeros(self) -> int:
        return self.without_out_g + self.without_inp

    @cached_property
    def in_background(self) -> Tensor:
        """Mask (n,) of the images where inp is the background: the pixel is black, or the hidden unit off."""
        return self.inp == self.background

    @cached_property
    def strongest_down(self) -> list[int]:
        """The images with the most negative terms, at most ten, the strongest first."""
        return self.order[: min(self.downs, STRONGEST)].tolist()

    @cached_property
    def strongest_up(self) -> list[int]:
        """The images with the largest positive terms, at most ten, the strongest first."""
        return self.order.flip(0)[: min(self.ups, STRONGEST)].tolist()

    @cached_property
    def alone(self) -> Tensor:
        """(n,): the gradient that the first 1, 2, ... n images have as a batch of their own.

        mse_grad puts 1/n into out.g, so m images alone have n/m times their part in the sum.
        """
        return self.running * self.n / torch.arange(1, self.n + 1, **WHOLE)

    def settled(self, share: float) -> int:
        """From how many images on `alone` stays within this share of the gradient."""
        apart = (self.alone - self.gradient).abs() > share * abs(self.gradient)
        outside = apart.nonzero().flatten()
        return int(outside[-1]) + 2 if len(outside) else 1


@plain()
def one_weight(found: WeightGradient, row: int, column: int) -> OneWeight:
    """The entry of a gradient at this row and column. Raises TypeError or ValueError where it has no such entry."""
    row = whole_number("row", row, 0, found.rows - 1)
    column = whole_number("column", column, 0, found.columns - 1)
    inp, out_g = found.inp[:, row].double(), found.out_g[:, column].double()
    terms = inp * out_g  # exact: a product of two float32 has no more digits than a float64
    order = torch.from_numpy(terms.numpy().argsort(kind="stable"))  # three times as fast as torch's
    return OneWeight(found.layer, row, column, inp, out_g, terms, order, terms.cumsum(0), found.background)
