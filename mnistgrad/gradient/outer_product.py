"""The one outer product that comes closest to a weight gradient, held against the mean input and the bias gradient.

Were out_g the same for every image, the gradient would be exactly the mean of inp times the bias gradient.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import plain
from mnistgrad.gradient.weight_gradient import WeightGradient


@dataclass(frozen=True, repr=False)
class LeadingVectors(Brief):
    """The first singular vectors of g (r, c): `size` * rows (r, 1) * columns (1, c) is the best outer product.

    rows (r,) and columns (c,), float64, of length 1; they share one sign, chosen so that rows points the way of mean_inp.
    mean_inp (r,): the mean of inp over the images. row_cosine: of rows with mean_inp; column_cosine: of columns with b_g.
    """

    size: float
    rows: Tensor
    columns: Tensor
    mean_inp: Tensor
    row_cosine: float
    column_cosine: float


@plain()
def leading_vectors(found: WeightGradient) -> LeadingVectors:
    """From g.t() @ g, (c, c): six times as fast as the whole decomposition. Raises ValueError where g is all zero."""
    if not found.spectrum.rank:
        raise ValueError("found has a gradient of zeros; allowed is one of rank 1 or more")
    largest = found.g.abs().max()
    scaled = found.g / largest  # squares of very small entries would vanish
    columns = torch.linalg.eigh(scaled.t() @ scaled).eigenvectors[:, -1]
    rows = scaled @ columns
    mean_inp = found.inp.mean(0).double()
    if rows @ mean_inp < 0:
        rows, columns = -rows, -columns
    length = rows.norm()
    rows = rows / length
    size = (length * largest).item()
    return LeadingVectors(size, rows, columns, mean_inp, _cosine(rows, mean_inp), _cosine(columns, found.b_g))


def rank_limit(found: WeightGradient, dtype: torch.dtype) -> float:
    """The singular value up to which `torch.linalg.matrix_rank` counts a value as 0 in a matrix of this dtype."""
    return found.spectrum.values.max().item() * max(found.g.shape) * torch.finfo(dtype).eps


def _cosine(one: Tensor, other: Tensor) -> float:
    """0 where one of them is all zero."""
    lengths = (one.norm() * other.norm()).item()
    return (one @ other).item() / lengths if lengths else 0.0
