"""How a weight gradient varies inside: each row over the columns, and one column over groups of rows."""

from torch import Tensor

from mnistgrad.gradient.matrix import Matrix
from mnistgrad.gradient.statistics import column_variance, without_rounding


def row_variances(matrix: Matrix) -> Tensor:
    """The population variance (i,) of each row over the columns; exactly 0 below rounding."""
    return without_rounding(column_variance(matrix.g.t()), matrix.g)


def group_variances(matrix: Matrix, column: int) -> dict[str, float]:
    """The population variance of one column over each group of rows that is not empty; exactly 0 below rounding."""
    chosen = matrix.g[:, column : column + 1]
    rows = {name: mask for name, mask in matrix.groups.items() if mask.any()}
    return {name: without_rounding(column_variance(chosen, mask), matrix.g).item() for name, mask in rows.items()}
