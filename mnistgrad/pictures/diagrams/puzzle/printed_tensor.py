"""What print shows of a gradient, its cells tinted by value and each row named with its pixel."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.common.tensors import printed
from mnistgrad.gradient.statistics import EDGE_ITEMS, printed_indices
from mnistgrad.network.data import SIDE
from mnistgrad.pictures.diagrams.svg import MONO_WIDTH, Diagram, Drawing, Rows
from mnistgrad.pictures.palette import Palette, hex_colour, ink_on, value_colours

SIZE, LINE = 13.0, 20.0
ADVANCE = SIZE * MONO_WIDTH
WIDTH, LEAST_SHARE = 724.0, 0.8
NAME = 180.0  # room for a row's name
PRINTS_ALL = 1_000  # torch shortens a tensor of more elements than this
NUMBER = re.compile(r" ?-?\d+\.\d*(?:e[+-]\d+)?")


def print_of_rows(g: Tensor, rows: Sequence[int]) -> str:
    """torch's print of some rows of g, shortened to the edge columns as the whole matrix is."""
    chosen = g[list(rows)]
    if g.shape[1] <= 2 * EDGE_ITEMS:
        return printed(chosen)
    unseen = chosen.new_zeros(len(chosen), PRINTS_ALL)  # torch never looks at what it leaves out
    return printed(torch.cat([chosen[:, :EDGE_ITEMS], unseen, chosen[:, -EDGE_ITEMS:]], 1))


class PrintedCell(NamedTuple):
    """One printed number of the gradient: where it stands in w1.g, its value and its colour."""

    row: int
    column: int
    value: float
    fill: str


def printed_cells(g: Tensor, rows: Sequence[int], limit: float, palette: Palette) -> list[PrintedCell]:
    """What print shows of `rows` of g, in reading order."""
    columns = printed_indices(g.shape[1])
    shown = g[list(rows)][:, columns]
    places = ((row, column) for row in rows for column in columns)
    fills = map(hex_colour, value_colours(shown.numpy(), limit, palette).reshape(-1, 3))
    return [PrintedCell(*place, value, fill) for place, value, fill in zip(places, shown.flatten().tolist(), fills, strict=True)]


def printed_tensor(name: str, command: str, text: str, g: Tensor, rows: Sequence[int], limit: float, palette: Palette) -> Diagram:
    """torch's own text of `rows` of g (784, nh), as `print(w1.g)` or `print_of_rows` give it.

    limit: the value at the end of the colour scale.
    """
    lines = text.split("\n")
    width = max(WIDTH, _x(max(map(len, lines))) + NAME)
    drawing = Drawing(width, LINE * (len(lines) + 1) + 22, palette)
    drawing.rect(0, 0, width, drawing.height, palette.panel, rx=6)
    drawing.runs(14, 20, [(f">>> {command}", palette.muted)], SIZE, align="left")
    cells = printed_cells(g, rows, limit, palette)
    unread = iter(cells)
    named: set[int] = set()
    for place, line in enumerate(lines):
        y = 20 + LINE * (place + 1)
        past = 0
        for match in NUMBER.finditer(line):
            cell = next(unread)
            _plain(drawing, line[past : match.start()], past, y)
            _tinted(drawing, match.group(), match.start(), y, cell)
            past = match.end()
            if cell.row not in named:
                named.add(cell.row)
                drawing.text(width - 14, y, _row_name(cell.row), palette.axis_text["i"], 12, align="right")
        _plain(drawing, line[past:], past, y)
    columns = ", ".join(map(str, printed_indices(g.shape[1])))
    description = f"{command} shows rows {', '.join(map(str, rows))} and columns {columns} of w1.g."
    return drawing.finished(name, description, _rows(cells), width * LEAST_SHARE)


def _row_name(row: int) -> str:
    return f"row {row} · pixel ({row // SIDE}, {row % SIDE})"


def _rows(cells: Sequence[PrintedCell]) -> Rows:
    return [dict(row=c.row, pixel_row=c.row // SIDE, pixel_column=c.row % SIDE, unit=c.column, gradient=c.value) for c in cells]


def _x(column: int) -> float:
    return 14 + column * ADVANCE


def _plain(drawing: Drawing, text: str, column: int, y: float) -> None:
    drawing.runs(_x(column), y, [(text, drawing.palette.ink)], SIZE, align="left")


def _tinted(drawing: Drawing, text: str, column: int, y: float, cell: PrintedCell) -> None:
    tip = f"w1.g[{cell.row}, {cell.column}] = {numbers.significant(cell.value, 5)}"
    drawing.rect(_x(column), y - LINE / 2, len(text) * ADVANCE, LINE, cell.fill, tip=tip)
    drawing.runs(_x(column), y, [(text, ink_on(cell.fill))], SIZE, align="left")
