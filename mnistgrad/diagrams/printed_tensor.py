"""What print shows of a gradient, its cells tinted by value and each row named with its pixel."""

import re
from collections.abc import Sequence

import pandas as pd
import torch
from torch import Tensor

from mnistgrad import numbers
from mnistgrad.analysis import EDGE_ITEMS, printed_indices
from mnistgrad.data import SIDE
from mnistgrad.diagrams.svg import MONO_WIDTH, Diagram, Drawing
from mnistgrad.palette import Palette, hex_colour, ink_on, value_colours

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
        return str(chosen)
    unseen = chosen.new_zeros(len(chosen), PRINTS_ALL)  # torch never looks at what it leaves out
    return str(torch.cat([chosen[:, :EDGE_ITEMS], unseen, chosen[:, -EDGE_ITEMS:]], 1))


def printed_tensor(name: str, command: str, text: str, g: Tensor, rows: Sequence[int], limit: float, palette: Palette) -> Diagram:
    """torch's own text of `rows` of g (784, nh), as `print(w1.g)` or `print_of_rows` give it.

    limit: the value at the end of the colour scale.
    """
    lines = text.split("\n")
    width = max(WIDTH, _x(max(map(len, lines))) + NAME)
    drawing = Drawing(width, LINE * (len(lines) + 1) + 22, palette)
    drawing.rect(0, 0, width, drawing.height, palette.panel, rx=6)
    drawing.runs(14, 20, [(f">>> {command}", palette.muted)], SIZE, align="left")
    columns = printed_indices(g.shape[1])
    cells = iter([(row, column) for row in rows for column in columns])
    values = {
        cell: value for row in rows for cell, value in zip(((row, c) for c in columns), g[row, columns].tolist(), strict=True)
    }
    named: set[int] = set()
    records = []
    for place, line in enumerate(lines):
        y = 20 + LINE * (place + 1)
        past = 0
        for match in NUMBER.finditer(line):
            row, column = next(cells)
            value = values[row, column]
            _plain(drawing, line[past : match.start()], past, y)
            _tinted(
                drawing, match.group(), match.start(), y, value, limit, f"w1.g[{row}, {column}] = {numbers.significant(value, 5)}"
            )
            records.append(dict(row=row, pixel_row=row // SIDE, pixel_column=row % SIDE, unit=column, gradient=value))
            past = match.end()
            if row not in named:
                named.add(row)
                drawing.text(
                    width - 14, y, f"row {row} · pixel ({row // SIDE}, {row % SIDE})", palette.axis_text["i"], 12, align="right"
                )
        _plain(drawing, line[past:], past, y)
    description = f"{command} shows rows {', '.join(map(str, rows))} and columns {', '.join(map(str, columns))} of w1.g."
    return drawing.finished(name, description, pd.DataFrame(records), width * LEAST_SHARE)


def _x(column: int) -> float:
    return 14 + column * ADVANCE


def _plain(drawing: Drawing, text: str, column: int, y: float) -> None:
    drawing.runs(_x(column), y, [(text, drawing.palette.ink)], SIZE, align="left")


def _tinted(drawing: Drawing, text: str, column: int, y: float, value: float, limit: float, tip: str) -> None:
    fill = hex_colour(value_colours(torch.tensor(value).numpy(), limit, drawing.palette))
    drawing.rect(_x(column), y - LINE / 2, len(text) * ADVANCE, LINE, fill, tip=tip)
    drawing.runs(_x(column), y, [(text, ink_on(fill))], SIZE, align="left")
