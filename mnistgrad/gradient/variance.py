"""How a weight gradient varies: each row over the columns, and each weight over the images.

The latter from two matrix products and no image's own matrix. The gradient of a batch is the mean of its images' own
gradients. Image n's own, of its own squared error, is inp[n, r] * out_g[n, c] * n: out_g carries the 1/n of the mean. The
square of a product is the product of the squares, so the mean of the squares over images is
(inp ** 2).t() @ (n * out_g) ** 2 / n.
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import plain
from mnistgrad.gradient.statistics import column_variance, without_rounding
from mnistgrad.gradient.weight_gradient import BLOCK, WeightGradient

ROUNDING = 1e-12  # of the mean square; a variance below it is rounding


def row_variances(found: WeightGradient) -> Tensor:
    """The population variance (r,) of each row over the columns; exactly 0 below rounding."""
    return without_rounding(column_variance(found.g.t()), found.g)


@dataclass(frozen=True, repr=False)
class ImageVariance(Brief):
    """Of the images' own gradients of each weight, all float64 (r, c).

    n: images. mean: the gradient of the batch. variance: the population variance over images; exactly 0 where all images
    agree to rounding.
    """

    n: int
    mean: Tensor
    variance: Tensor

    @cached_property
    def deviation(self) -> Tensor:
        """The standard deviation over images (r, c)."""
        return self.variance.sqrt()

    @cached_property
    def signal_to_noise(self) -> Tensor:
        """|mean| / standard deviation over images (r, c); nan where the images do not differ.

        Times the root of n - 1 it is the size of the t statistic, the mean in its standard errors: the population
        deviation over the root of n - 1 is the standard error of a mean.
        """
        return torch.where(self.variance > 0, self.mean.abs() / self.deviation, torch.nan)

    @cached_property
    def varies(self) -> Tensor:
        """Mask (r, c) of the weights whose gradient is not the same for every image."""
        return self.variance > 0


@plain()
def image_variance(found: WeightGradient) -> ImageVariance:
    """Of the images' own gradients; about as much work as the gradient itself, in float64."""
    squares = torch.zeros_like(found.g.t())  # in the order that is added up fastest
    for inp, out_g in zip(found.inp.split(BLOCK), found.out_g.split(BLOCK), strict=True):
        squares.addmm_((out_g.double() * found.n).square_().t(), inp.double().square_())
    mean_square = squares.t() / found.n
    variance = mean_square - found.g.square()
    return ImageVariance(found.n, found.g, variance.where(variance > ROUNDING * mean_square, 0.0))
