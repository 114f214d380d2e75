"""What the numbers of a print say by themselves, whatever they are of."""

from dataclasses import dataclass

import numpy as np

from mnistgrad.gradient.prints.finding import Found
from mnistgrad.gradient.prints.locating import Indices, edges
from mnistgrad.gradient.prints.reading import Print
from mnistgrad.network.presets import PIXELS

ROUNDING = 1e-6  # of the largest number
LARGE = 20.0  # numbers of raw pixels and plain weights reach hundreds, those of the 2019 lesson a few


@dataclass(frozen=True)
class Told:
    """A print with its rows as pixels, where it has any: turned where it was printed the other way round.

    kinds: a number for each row, the same for equal ones. rows, columns: which they are; none where that is not known. found:
    what it is of; None where rows and columns are taken from torch's rules alone. preset: which it looks like.
    """

    printed: Print
    kinds: tuple[int, ...]
    rows: Indices
    columns: Indices
    found: Found | None
    preset: str | None

    @property
    def of_pixels(self) -> bool:
        return bool(self.rows) and (self.found is None or self.found.tensor not in ("b1.g", "b2.g", "w2.g", "w2.g[:, j]", "loss"))

    @property
    def copies(self) -> bool:
        return len(self.kinds) > 1 and len(set(self.kinds)) == 1


TURNED = ("l1.weight.grad", "l2.weight.grad", "w1.g[:, j]", "w2.g[:, j]")


def tell(printed: Print, found: Found | None, nh: int) -> Told:
    """nh: of the reader's state, for a print whose columns say no more than that some are left out."""
    if found:
        rows, columns = found.place.rows, found.place.columns
        if found.tensor in TURNED:
            printed, rows, columns = printed.turned, columns, rows
        return Told(printed, row_kinds(printed), rows, columns, found, found.setting.preset)
    across = printed.turned
    if not printed.flat and len(set(row_kinds(across))) == 1 < len(set(row_kinds(printed))) and printed.shape[1] > 1:
        printed = across
    known = edges(printed.shape[0], printed.row_gap, PIXELS, printed.begun, printed.ended)
    rows = () if printed.flat or known is None else known
    columns = (rows and edges(printed.shape[1], printed.column_gap, nh)) or ()
    return Told(printed, row_kinds(printed), rows, columns, None, _preset(printed, bool(rows)))


def row_kinds(printed: Print) -> tuple[int, ...]:
    """Rows are equal where their numbers are, to the last digit that was printed."""
    values, steps = printed.values, printed.steps
    allowed = np.maximum(steps, ROUNDING * np.nanmax(np.abs(values), initial=0.0))
    firsts: list[int] = []
    kinds = []
    for row in range(len(values)):
        same = (place for place in firsts if (~(np.abs(values[row] - values[place]) > allowed[row])).all())
        first = next(same, row)
        if first == row:
            firsts.append(row)
        kinds.append(firsts.index(first))
    return tuple(kinds)


def _preset(printed: Print, corner: bool) -> str | None:
    """By what black pixels give, or else by the size of the numbers."""
    if not printed.finite:
        return None
    if printed.zero:
        return "lesson-2022" if corner else None
    if corner and len(set(row_kinds(printed))) == 1:
        return "lesson-2019"
    return "lesson-2022" if np.nanmax(np.abs(printed.values)) > LARGE else "lesson-2019"
