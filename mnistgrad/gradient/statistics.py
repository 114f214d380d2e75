"""What a weight gradient looks like: its rows grouped by their pixels, the variance of its columns, its rank.

Everything here takes a gradient g of shape (r, c); variances are population variances over rows. Rows that are copies
agree to rounding only, so equality is by a tolerance scaled to the matrix, and a float64 gradient is expected.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from mnistgrad.common.arguments import float_tensors
from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import plain

EDGE_ITEMS = 3  # torch prints this many rows and columns at each end of a long tensor
EQUAL = 1e-9  # of the largest entry; copies of a float64 row differ by about 1e-16


def printed_indices(size: int) -> list[int]:
    """The rows or columns that print shows of an axis: all of a short one, else three at each end."""
    if size <= 2 * EDGE_ITEMS:
        return list(range(size))
    return [*range(EDGE_ITEMS), *range(size - EDGE_ITEMS, size)]


@plain()
def column_variance(g: Tensor, rows: Tensor | Sequence[int] | None = None) -> Tensor:
    """The population variance (columns,) of each column of g, in the square of g's unit; of equal rows exactly 0.

    Args:
        g: (rows, columns), float32 or float64.
        rows: Which rows count: their numbers (m,), or a mask (rows,). All unless given.

    Raises:
        TypeError: For what is no tensor of float32 or float64, or no numbers of rows.
        ValueError: Where no row is chosen, a row is not there, or g is not a matrix.
    """
    float_tensors(g=g)
    if g.ndim != 2:
        raise ValueError(f"g has shape {tuple(g.shape)}; allowed is (rows, columns)")
    if not len(g):
        raise ValueError(f"g has shape {tuple(g.shape)}; allowed is (rows, columns), with a row at least")
    chosen = g if rows is None else g[chosen_rows(rows, g)]
    if not len(chosen):
        raise ValueError("rows chooses no row; at least one is needed")
    about = chosen - chosen[0]  # copies become exactly 0, which a rounded mean would not leave
    return (about - about.mean(0)).square().mean(0)


def chosen_rows(rows: Tensor | Sequence[int], g: Tensor) -> Tensor:
    """Indices (m,) or a mask (r,) of rows of g (r, c), as a tensor beside it. Raises TypeError or ValueError."""
    allowed = f"allowed are whole numbers from {-len(g)} to {len(g) - 1}, or a mask of {len(g)}"
    try:
        found = torch.as_tensor(rows, device=g.device)
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(f"rows is of type {type(rows).__name__}, and no list of numbers; {allowed}") from None
    if found.ndim != 1:
        raise ValueError(f"rows has shape {tuple(found.shape)}; {allowed}")
    if not len(found):
        return found.to(torch.int64)
    if found.is_floating_point() or found.is_complex():
        raise TypeError(f"rows has dtype {found.dtype}; {allowed}")
    if found.dtype == torch.bool:
        if len(found) != len(g):
            raise ValueError(f"rows is a mask of {len(found)}; {allowed}")
        return found
    found = found.to(torch.int64)
    if len(g) <= found.max() or found.min() < -len(g):
        raise ValueError(f"rows has numbers from {found.min()} to {found.max()}; {allowed}")
    return found


@dataclass(frozen=True, repr=False)
class PixelGroups(Brief):
    """Masks (pixels,) by what the batch's images hold there.

    black: the darkest value of the batch, in every image. constant: one value in every image, black included. lit: not black.
    """

    black: Tensor
    constant: Tensor
    lit: Tensor


def pixel_groups(images: Tensor) -> PixelGroups:
    """Of images (n, ...), as bytes or as inp holds them. Where no pixel stays black, none is."""
    flat = images.flatten(1)
    brightest, darkest = flat.amax(0), flat.amin(0)
    black = brightest == darkest.min()
    return PixelGroups(black, brightest == darkest, ~black)


def pixel_rows(groups: PixelGroups) -> dict[str, Tensor]:
    """Masks (pixels,) of the rows of w1.g, by their pixel: "printed", "black", "constant", "lit" and "all"."""
    printed = torch.zeros_like(groups.black)
    printed[printed_indices(len(printed))] = True
    every = torch.ones_like(printed)
    return {"printed": printed, "black": groups.black, "constant": groups.constant, "lit": groups.lit, "all": every}


def unit_rows(on: Tensor) -> dict[str, Tensor]:
    """Masks (nh,) of the rows of w2.g: of units that are "off" for every image, of those that are "on", and of "all"."""
    return {"off": ~on, "on": on, "all": torch.ones_like(on)}


def equality_tolerance(g: Tensor) -> float:
    """How far two entries of g may lie apart and still count as equal."""
    return EQUAL * g.abs().max().item()


def without_rounding(variance: Tensor, g: Tensor) -> Tensor:
    """Variances of entries of g, exactly 0 where equal entries could have left them."""
    return variance.where(variance > equality_tolerance(g) ** 2, 0.0)


def row_kinds(g: Tensor, matrix: Tensor | None = None) -> Tensor:
    """A number (r,), int64, for each row of g, from 0; rows that are the same have the same one.

    They are the same within the tolerance of g, or of the `matrix` that it is a part of.
    """
    # Copies have the same projection on any direction, so sorting by one brings them side by side. On this one no two rows of
    # whole numbers fall together: the cosines of 1, 2, ... have no sum of multiples that is 0.
    direction = torch.arange(1, g.shape[1] + 1, dtype=g.dtype, device=g.device).cos()
    order = (g @ direction).argsort()
    steps = g[order].diff(dim=0).abs().amax(1) > equality_tolerance(g if matrix is None else matrix)
    kinds = torch.zeros_like(order)
    kinds[order[1:]] = steps.cumsum(0)
    return kinds


def distinct_rows(g: Tensor, matrix: Tensor | None = None) -> int:
    """How many different rows g has, as `row_kinds` tells them apart."""
    return 1 + int(row_kinds(g, matrix).max())


@dataclass(frozen=True, repr=False)
class Spectrum(Brief):
    """How the size of a gradient g (rows, columns) is shared out. The shares are 0 where g is all zero.

    Attributes:
        values: Singular values, largest first, (the smaller of rows and columns,), in g's unit.
        rank: By `torch.linalg.matrix_rank`'s rule for the dtype.
        first_share: Of the squared norm, 0 to 1, in the best outer product.
        copied_row_share: The same in the best matrix whose rows are all the same (each row the mean row).
    """

    values: Tensor
    rank: int
    first_share: float
    copied_row_share: float


def spectrum(g: Tensor) -> Spectrum:
    values = torch.linalg.svdvals(g)
    squared = values.square()
    total = squared.sum().item()
    threshold = values.max() * max(g.shape) * torch.finfo(g.dtype).eps
    rank = int((values > threshold).sum())
    if not total:
        return Spectrum(values, rank, 0.0, 0.0)
    copied = g.shape[0] * g.mean(0).square().sum().item()
    return Spectrum(values, rank, squared[0].item() / total, copied / total)


def units_off(out_g: Tensor) -> Tensor:
    """Mask (c,) of the columns of out_g (n, c) that are 0 for every image: as of units that are off."""
    return out_g.count_nonzero(0) == 0


def colour_limit(g: Tensor) -> float:
    """The end of a colour scale of g: nearly its largest entry, so that a few do not bleach the rest."""
    sizes = g.abs().flatten()
    return sizes.quantile(0.985).item() or sizes.max().item()
