"""Where in a matrix the numbers of a print stand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistgrad.gradient.prints.reading import Array, Print
from mnistgrad.gradient.statistics import EDGE_ITEMS

HALF = 0.6  # of the last digit, with a little for sums that were added up in another order
ROUNDING = 2e-6  # of the largest entry

Indices = tuple[int, ...]
Fits = NDArray[np.bool_]  # (rows of the print, rows of the matrix)


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


def locate(printed: Print, matrix: Array) -> Place | None:
    """The first place in the matrix (r, c) where all numbers of the print stand."""
    count, width = printed.shape
    if count > matrix.shape[0] or width > matrix.shape[1]:
        return None
    values, allowed = printed.values, HALF * printed.steps + ROUNDING * np.abs(matrix).max()
    low = np.where(np.isnan(values), -np.inf, values - allowed)
    high = np.where(np.isnan(values), np.inf, values + allowed)
    windows, columns = _windows(printed, matrix)
    clear = int((~np.isnan(values)).sum(1).argmax())  # a row that was not cut
    hits = ((windows >= low[clear]) & (windows <= high[clear])).all(2)  # (rows of the matrix, windows)
    for place in np.flatnonzero(hits.any(0)).tolist():
        there = windows[:, place]
        fits = np.stack([((there >= low[row]) & (there <= high[row])).all(1) for row in range(count)])
        if fits.any(1).all() and (found := _rows(printed, fits)):
            return Place(found[0], columns[place], len(found))
    return None


def _windows(printed: Print, matrix: Array) -> tuple[Array, list[Indices]]:
    """Every choice of columns that the print can have, side by side (r, choices, width), and which they are."""
    width, size = printed.shape[1], matrix.shape[1]
    if known := edges(width, printed.column_gap, size):
        return matrix[:, None, list(known)], [known]
    if printed.column_gap is not None:
        return matrix[:, None, :0].repeat(width, 2)[:, :0], []
    starts = range(size - width + 1)
    return np.lib.stride_tricks.sliding_window_view(matrix, width, 1), [tuple(range(at, at + width)) for at in starts]


def _rows(printed: Print, fits: Fits) -> list[Indices]:
    """Every way in which the rows of the print follow each other in the matrix."""
    count, size = fits.shape
    known = None if printed.flat else edges(count, printed.row_gap, size, printed.begun, printed.ended)
    if known and fits[range(count), known].all():
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


def _starts(fits: Fits) -> list[int]:
    """From which rows of the matrix on the rows of the print fit one after another."""
    count, size = fits.shape
    windows = [fits[place, place : size - count + 1 + place] for place in range(count)]
    return np.flatnonzero(np.all(windows, axis=0)).tolist()


def _apart(fits: Fits) -> list[Indices]:
    """Rows that stand by themselves, each after the one before: of a step, or of a list of rows."""
    found, last = [], -1
    for row in fits:
        later = np.flatnonzero(row[last + 1 :])
        if not len(later):
            return []
        last += 1 + int(later[0])
        found.append(last)
    return [tuple(found)]
