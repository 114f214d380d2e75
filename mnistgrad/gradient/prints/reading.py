"""Prints as torch, NumPy and Python write them, with their dots and cut anyhow, as rows of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite, log10

import numpy as np
from numpy.typing import NDArray

from mnistgrad.common import numbers
from mnistgrad.gradient.prints.numbers_in import Number, Piece, pieces_of
from mnistgrad.gradient.prints.rules import LONGEST, MOST_PRINTS, unreadable

Array = NDArray[np.float64]
NOTHING = "No print is seen here; paste what `print(w1.g)` wrote, from `tensor(` to its last bracket, or a part of it."
ENOUGH = 8.0  # digits of different numbers together, from which a print tells one gradient from others


@dataclass(frozen=True)
class Print:
    """rows: of numbers, all of one length, None where they were cut off. flat: it has one axis or none, and one row here.

    row_gap, column_gap: the row and the column before which dots stand. begun, ended: whether its first and last brackets are
    there.
    """

    rows: tuple[tuple[Number | None, ...], ...]
    flat: bool
    row_gap: int | None
    column_gap: int | None
    begun: bool
    ended: bool

    @cached_property
    def values(self) -> Array:
        """(rows, columns); nan where the print was cut, or says so."""
        return np.array([[np.nan if each is None else each.value for each in row] for row in self.rows])

    @cached_property
    def steps(self) -> Array:
        """(rows, columns), of the last digit: what a number may be off by half of."""
        plain = [each.decimals for each in self._numbers if each.power is None and isfinite(each.value)]
        decimals = max(plain, default=0)  # NumPy leaves zeros out at the end, and torch prints whole numbers as they are
        return np.array([[0.0 if each is None else _step(each, decimals) for each in row] for row in self.rows])

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])

    @cached_property
    def turned(self) -> "Print":
        """Its rows as columns."""
        across = tuple(zip(*self.rows, strict=True))
        return Print(across, self.flat, self.column_gap, self.row_gap, self.begun, self.ended)

    @property
    def finite(self) -> bool:
        return all(isfinite(each.value) for each in self._numbers)

    @property
    def zero(self) -> bool:
        """Whether every number is."""
        return not any(each.value for each in self._numbers)

    @property
    def tells(self) -> bool:
        """Whether its numbers have digits enough to be those of one gradient alone."""
        seen = {abs(each.value): step for each, step in zip(self._numbers, self.steps[self._known], strict=True) if each.value}
        return sum(log10(value / max(step, value * 1e-6)) for value, step in seen.items() if isfinite(value)) >= ENOUGH

    @property
    def _known(self) -> NDArray[np.bool_]:
        return np.array([[each is not None for each in row] for row in self.rows])

    @property
    def _numbers(self) -> list[Number]:
        return [each for row in self.rows for each in row if each is not None]


def _step(number: Number, decimals: int) -> float:
    if number.power is not None:
        return 0.0 if not number.value else 10.0 ** (number.power - number.decimals)
    return 10.0**-decimals if decimals else 0.0


def read_prints(text: str) -> list[Print]:
    """Every print in the text, the first few. Raises UnreadPrint, which says what cannot be read."""
    if len(text) > LONGEST:
        unreadable(f"These are {numbers.count(len(text))} characters; at most {numbers.count(LONGEST)} are read.")
    pieces, lost = pieces_of(text)
    bare = not lost and not any(piece.kind == "open" for piece in pieces)
    groups = _bare(pieces) if bare else _bracketed(pieces, lost)
    found = [group for group in groups if any(row.numbers for row in group.rows)]
    if not found:
        unreadable(NOTHING)
    if len(found) > MOST_PRINTS:
        unreadable(f"These are {len(found)} prints; at most {MOST_PRINTS} are read at a time.")
    return [_print(group) for group in found]


@dataclass
class _Row:
    """begun, ended: whether its brackets are there."""

    numbers: list[Number] = field(default_factory=list)
    gap: int | None = None
    begun: bool = True
    ended: bool = True


@dataclass
class _Group:
    """The rows of one print as they are collected. depth: of its brackets. joined: whether a row may follow behind its end."""

    rows: list[_Row] = field(default_factory=list)
    gap: int | None = None
    depth: int = 0
    begun: bool = True
    ended: bool = True
    joined: bool = False


def _bracketed(pieces: Sequence[Piece], lost: int) -> list[_Group]:
    """What stands in brackets. Rows that follow each other are one print, though the brackets around them were left behind."""
    groups: list[_Group] = []
    depth = lost
    group, row = _Group(depth=lost, begun=not lost), _Row(begun=not lost)
    for piece in pieces:
        if piece.kind == "open":
            depth += 1
            if row.numbers:
                unreadable("A bracket opens inside of a row of numbers; rows of equal length are read.")
            group.depth, row = max(group.depth, depth), _Row()
        elif depth:
            closed = piece.kind == "close"
            depth -= closed
            if closed and (row.numbers or row.gap is not None):
                group.rows.append(row)
                row = _Row()
            elif piece.kind == "dots" and group.rows and not row.numbers:
                group.gap = _once(group.gap, len(group.rows))
            elif piece.kind == "dots":
                row.gap = _once(row.gap, len(row.numbers))
            elif piece.number:
                row.numbers.append(piece.number)
            if not depth:
                groups = _with(groups, group)
                group = _Group()
        elif groups:
            _between(groups[-1], piece)
    if depth and row.numbers:
        row.ended = False
        group.rows.append(row)
    if group.rows:
        group.ended = not depth
        groups = _with(groups, group)
    return groups


def _once(known: int | None, here: int) -> int:
    if known not in (None, here):
        unreadable("Dots stand twice in one row or column; torch leaves out one part of each.")
    return here


def _with(groups: list[_Group], group: _Group) -> list[_Group]:
    """The group by itself, or its row as one more of the print before."""
    if groups and groups[-1].joined and group.depth == 1:
        before = groups[-1]
        before.rows, before.depth, before.begun, before.ended = before.rows + group.rows, 2, False, False
        before.joined = False
        return groups
    return [*groups, group]


def _between(group: _Group, piece: Piece) -> None:
    """What stands behind the end of a print: a comma, dots or an indented line say that its rows go on."""
    rows_alone = group.depth == 1 or (group.depth == 2 and not group.ended)
    if piece.kind == "dots" and rows_alone:
        group.gap = _once(group.gap, len(group.rows))
    goes_on = piece.kind in ("comma", "dots") or (piece.kind == "line" and piece.indent > 0)
    group.joined = rows_alone and (goes_on or (group.joined and piece.kind == "line"))


def _bare(pieces: Sequence[Piece]) -> list[_Group]:
    """Numbers without a bracket: a scalar, or lines of numbers alone, the first and the last perhaps cut."""
    found = [piece.number for piece in pieces if piece.number]
    if any(piece.kind == "else" for piece in pieces):
        scalar = found[:1] if pieces[0].kind == "else" and len(pieces) > 2 and pieces[2].number else []
        return [_Group([_Row(scalar)])]
    rows = [_Row()]
    for piece in pieces:
        if piece.kind == "line":
            rows.append(_Row())
        elif piece.kind == "dots":
            rows[-1].gap = _once(rows[-1].gap, len(rows[-1].numbers))
        elif piece.number:
            rows[-1].numbers.append(piece.number)
    lines = [row for row in rows if row.numbers]
    if len({(len(row.numbers), row.gap) for row in lines}) == 1 and len(found) > len(lines) > 1:
        return [_Group(lines, depth=2, begun=False, ended=False)]
    gap = next((sum(len(row.numbers) for row in rows[:at]) + row.gap for at, row in enumerate(rows) if row.gap is not None), None)
    usual = max((number.decimals for number in found), default=0)
    first, last = (int(len(found) > 2 and found[end].decimals != usual) for end in (0, -1))
    gap = gap and gap - first
    return [_Group([_Row(found[first : len(found) - last], gap)], depth=1, begun=False, ended=False)]


def _print(group: _Group) -> Print:
    """Its rows side by side; those cut at an end have None where numbers are missing."""
    if group.depth > 2:
        unreadable(f"This print has {group.depth} axes; a gradient of weights has two, one of biases one.")
    rows = [row for row in group.rows if row.numbers]
    if not rows:
        unreadable(NOTHING)
    whole = [row for row in rows if row.begun and row.ended]
    if not whole:  # nothing says which columns a row that is cut has
        rows = whole = [max(rows, key=lambda row: len(row.numbers))]
    length, gap = len(whole[0].numbers), whole[0].gap
    for number, row in enumerate(rows, 1):
        if len(row.numbers) > length or (row in whole and (len(row.numbers), row.gap) != (length, gap)):
            lengths = f"{len(row.numbers)} numbers and another has {length}"
            unreadable(f"Row {number} has {lengths}, or its dots stand elsewhere; rows of equal length are read.")
    return Print(tuple(_filled(row, length, gap) for row in rows), group.depth < 2, group.gap, gap, group.begun, group.ended)


def _filled(row: _Row, length: int, gap: int | None) -> tuple[Number | None, ...]:
    missing = [None] * (length - len(row.numbers))
    return (*row.numbers, *missing) if row.begun else (*missing, *row.numbers)
