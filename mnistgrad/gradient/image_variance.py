"""The variance over images of each weight's gradient, from two matrix products and no image's own matrix.

The gradient of a batch is the mean of its images' own gradients. Image n's own, of its own squared error, is
inp[n, i] * out_g[n, j] * n: out_g carries the 1/n of the mean. The square of a product is the product of the squares, so the
mean of the squares over images is (inp ** 2).t() @ (n * out_g) ** 2 / n.
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from mnistgrad.gradient.matrix import Matrix

BLOCK = 512  # images whose squares stay in cache
ROUNDING = 1e-12  # of the mean square; a variance below it is rounding


@dataclass(frozen=True)
class ImageVariance:
    """Of the images' own gradients of each weight, all float64 (i, j).

    n: images. mean: the gradient of the batch. variance: the population variance over images; exactly 0 where all images
    agree to rounding.
    """

    n: int
    mean: Tensor
    variance: Tensor

    @cached_property
    def deviation(self) -> Tensor:
        """The standard deviation over images (i, j)."""
        return self.variance.sqrt()

    @cached_property
    def signal_to_noise(self) -> Tensor:
        """|mean| / standard deviation over images (i, j); nan where the images do not differ.

        Times the root of n - 1 it is the size of the t statistic, the mean in its standard errors: the population
        deviation over the root of n - 1 is the standard error of a mean.
        """
        return torch.where(self.variance > 0, self.mean.abs() / self.deviation, torch.nan)

    @cached_property
    def varies(self) -> Tensor:
        """Mask (i, j) of the weights whose gradient is not the same for every image."""
        return self.variance > 0


def image_variance(matrix: Matrix) -> ImageVariance:
    """Of one layer's gradient; about as much work as the gradient itself, in float64."""
    squares = torch.zeros_like(matrix.g.t())  # in the order that is added up fastest
    for inp, out_g in zip(matrix.inp.split(BLOCK), matrix.out_g.split(BLOCK), strict=True):
        squares.addmm_((out_g.double() * matrix.n).square_().t(), inp.double().square_())
    mean_square = squares.t() / matrix.n
    variance = mean_square - matrix.g.square()
    return ImageVariance(matrix.n, matrix.g, variance.where(variance > ROUNDING * mean_square, 0.0))
