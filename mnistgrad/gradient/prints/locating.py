"""Where in a tensor the numbers of a print stand."""

from dataclasses import dataclass

import torch
from torch import Tensor

from mnistgrad.gradient.prints.reading import Print
from mnistgrad.gradient.statistics import EDGE_ITEMS

HALF = 0.6  # of the last digit, with a little for sums that were added up in another order
ROUNDING = 2e-6  # of the largest entry

Indices = tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """rows, columns: which the print shows. many: at how many places these rows could stand as well as here."""

    rows: Indices
    columns: Indices
    many: int = 1


def edges(count: int, gap: int | None, size: int, begun: bool = True, ended: bool = True) -> Indices | None:
    """Which `count` indices of an axis torch prints, with dots before the one at `gap`; None where only a search tells."""
    if gap is None:
        return tuple(range(size)) if count == size else None
    after = count - gap
    first = 0 if begun else max(EDGE_ITEMS - gap, 0)
    last = size - (after if ended else max(EDGE_ITEMS, after))
    return (*range(first, first + gap), *range(last, last + after)) if 0 <= first + gap <= last else None


def locate(printed: Print, tensor: Tensor) -> Place | None:
    """The first place in the tensor (r, c), float64, where all numbers of the print stand."""
    count, width = printed.shape
    if count > tensor.shape[0] or width > tensor.shape[1]:
        return None
    values = torch.from_numpy(printed.values)
    allowed = HALF * torch.from_numpy(printed.steps) + ROUNDING * tensor.abs().max()
    missing = values.isnan()
    windows, columns = _windows(printed, tensor)
    if windows is None:
        return None
    clear = int((~missing).sum(1).argmax())  # a row that was not cut
    hits = (((windows - values[clear]).abs() <= allowed[clear]) | missing[clear]).all(2)  # (rows of the tensor, windows)
    for place in hits.any(0).nonzero().flatten().tolist():
        apart = (windows[:, place] - values.unsqueeze(1)).abs()
        fits = ((apart <= allowed.unsqueeze(1)) | missing.unsqueeze(1)).all(2)  # (rows of the print, rows of the tensor)
        if found := _rows(printed, fits):
            return Place(found[0], columns[place], len(found))
    return None


def _windows(printed: Print, tensor: Tensor) -> tuple[Tensor | None, list[Indices]]:
    """Every choice of columns that the print can have, side by side (r, choices, width), and which they are."""
    width, size = printed.shape[1], tensor.shape[1]
    if known := edges(width, printed.column_gap, size):
        return tensor[:, list(known)].unsqueeze(1), [known]
    if printed.column_gap is not None:
        return None, []
    return tensor.unfold(1, width, 1), [tuple(range(start, start + width)) for start in range(size - width + 1)]


def _rows(printed: Print, fits: Tensor) -> list[Indices]:
    """Every way in which the rows of the print follow each other in the tensor."""
    count, size = fits.shape
    at = torch.arange(count)
    known = None if printed.flat else edges(count, printed.row_gap, size, printed.begun, printed.ended)
    if known and bool(fits[at, list(known)].all()):
        return [known]
    if printed.row_gap is None:
        return [tuple(range(start, start + count)) for start in _starts(fits)] or _apart(fits)
    head, tail = _starts(fits[: printed.row_gap]), _starts(fits[printed.row_gap :])
    after = count - printed.row_gap
    return [  # of a long slice
        (*range(start, start + printed.row_gap), *range(end, end + after))
        for start in head[:1]
        for end in tail[-1:]
        if end >= start + printed.row_gap
    ]


def _starts(fits: Tensor) -> list[int]:
    """From which rows of the tensor on the rows of the print fit one after another."""
    count, size = fits.shape
    windows = torch.stack([fits[place, place : size - count + 1 + place] for place in range(count)])
    return windows.all(0).nonzero().flatten().tolist()


def _apart(fits: Tensor) -> list[Indices]:
    """Rows that stand by themselves, each after the one before: of a step, or of a list of rows."""
    found, last = [], -1
    for row in fits:
        later = [place for place in row.nonzero().flatten().tolist() if place > last]
        if not later:
            return []
        last = later[0]
        found.append(last)
    return [tuple(found)]
