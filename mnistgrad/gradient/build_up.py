"""A weight gradient built up image by image: every image's outer product, and the sum so far.

Axes are n images, and the rows r and columns c of the gradient.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from mnistgrad.common.arguments import whole_number
from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import plain
from mnistgrad.gradient.statistics import distinct_rows, spectrum
from mnistgrad.gradient.weight_gradient import WeightGradient

DIGITS = tuple(range(10))
ONE_BY_ONE = 10  # so many images are added singly; then the count goes on in steps of 1, 2, 5
MOST_OFF = 50  # images that can be switched off one by one
NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")  # "1,000" is no list of 1 and 0


@plain()
def images_on(labels: Tensor, digits: Collection[int], off: Collection[int]) -> Tensor:
    """Indices (m,) of the images, labels (n,), that are handwritten `digits` and not among `off`; in order, int64."""
    on = torch.isin(labels, torch.tensor(sorted(digits), dtype=labels.dtype, device=labels.device))
    on[list(off)] = False
    return on.nonzero().squeeze(-1)


def next_count(added: int, last: int) -> int:
    """How many images are in after one more step of play: 1, 2, ... 10, then 20, 50, 100, ..., at most `last`."""
    if added < ONE_BY_ONE:
        return min(added + 1, last)
    power = 10 ** (len(str(added)) - 1)
    return min(next(step * power for step in (2, 5, 10) if step * power > added), last)


def read_images(text: str, n: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The images, 0 to n - 1, that a list such as "3, 7" names, in order and once each; and the parts that name none.

    Of more than 50 images the first 50 count, and the others are among the parts left out.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    named = list(dict.fromkeys(int(part) for part in parts if NUMBER.fullmatch(part) and int(part) < n))[:MOST_OFF]
    left_out = [part for part in parts if not NUMBER.fullmatch(part) or int(part) not in named]
    return tuple(sorted(named)), tuple(left_out)


@plain()
def sum_over(gradient: WeightGradient, images: Tensor) -> Tensor:
    """The outer products of the images (m,) added up, (r, c), in float64; 0 for none."""
    inp, out_g = gradient.inp[images].double(), gradient.out_g[images].double()
    return inp.t() @ out_g


@dataclass(frozen=True, repr=False)
class SumSoFar(Brief):
    """The outer products of the `images` (added,) that are in, at least one, added up to `total` (r, c), float64.

    images: in the order in which they were added. possible: how many images of the batch are switched on.
    """

    gradient: WeightGradient
    possible: int
    images: Tensor
    total: Tensor

    @property
    def added(self) -> int:
        return len(self.images)

    @property
    def image(self) -> int:
        """The image added last."""
        return int(self.images[-1])

    @property
    def inp(self) -> Tensor:
        """Its row of inp (r,), float64."""
        return self.gradient.inp[self.image].double()

    @property
    def out_g(self) -> Tensor:
        """Its row of out.g (c,), float64."""
        return self.gradient.out_g[self.image].double()

    @cached_property
    def part(self) -> Tensor:
        """The outer product (r, c) of the two."""
        return torch.outer(self.inp, self.out_g)

    @property
    def is_all(self) -> bool:
        """Every image of the batch is in."""
        return self.added == self.gradient.n

    @property
    def is_last(self) -> bool:
        """Every image that is switched on is in."""
        return self.added == self.possible

    @cached_property
    def rank(self) -> int:
        """Of the sum, in float64."""
        return spectrum(self.total).rank

    @cached_property
    def distinct(self) -> int:
        """Different rows of the sum, to within rounding."""
        return distinct_rows(self.total)

    @cached_property
    def distance(self) -> float | None:
        """Frobenius norm of what the sum lacks of the gradient, as a share of the gradient's own; None where that is 0."""
        size = self.gradient.g.norm().item()
        return (self.gradient.g - self.total).norm().item() / size if size else None

    @cached_property
    def difference(self) -> float:
        """The largest difference of an entry from the gradient's."""
        return (self.gradient.g - self.total).abs().max().item()


def sum_so_far(gradient: WeightGradient, images: Tensor, added: int, total: Tensor) -> SumSoFar:
    """The first `added` of the images (m,) that are on; their outer products add up to `total` (r, c).

    Raises ValueError for fewer than 1 or more than m.
    """
    whole_number("added", added, 1, len(images))
    return SumSoFar(gradient, len(images), images[:added], total)
