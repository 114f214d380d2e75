"""A reader's own print, its rows joined to their pixels on the map."""

import math
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import pandas as pd
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.gradient.prints.telling import Told
from mnistgrad.network.data import SIDE
from mnistgrad.pictures.diagrams.pixel_grid import PixelGrid
from mnistgrad.pictures.diagrams.svg import MONO_WIDTH, Diagram, Drawing
from mnistgrad.pictures.palette import Palette, brightness_colours, hex_colour, ink_on, value_colours

SIZE, LINE, LONGEST = 12.0, 20.0, 11  # px, px and characters of a number
ADVANCE = SIZE * MONO_WIDTH
EDGE, FEWER = 3, 2  # numbers at each end of a long row, of long numbers
MOST_ROWS, FEW_ROWS = 12, 6  # rows that are shown, and on a slide
LONG = 8  # characters of a number: of longer ones fewer fit on a phone
CELL, LITTLE, PAD, TOP = 10.0, 7.0, 12.0, 40.0  # LITTLE, NEAR: where there is little room
NAMES, DOTS, BETWEEN, NEAR = 40.0, 18.0, 90.0, 54.0  # px for the numbers of rows, for dots, and between the print and the map


def pasted_print(number: int, told: Told, mean_image: Tensor, black: Tensor, palette: Palette) -> Diagram:
    """number: of the print among those pasted. mean_image (784,): of the batch, 0 to 255. black (784,): where all of it is."""
    printed = told.printed
    wide = max(len(_text(told, row, column)) for row in range(printed.shape[0]) for column in range(printed.shape[1]))
    edge = EDGE if wide <= LONG else FEWER
    most, cell, between = (MOST_ROWS, CELL, BETWEEN) if palette.tall == math.inf else (FEW_ROWS, LITTLE, NEAR)
    columns, rows = _shown(printed.shape[1], 2 * edge, printed.column_gap), _shown(printed.shape[0], most, printed.row_gap)
    steps = [(wide + 0.6) * ADVANCE if column is not None else DOTS for column in columns]
    rights = [PAD + right for right in accumulate(steps)]
    has_map, named = told.of_pixels, bool(told.rows) and not printed.flat
    width, panel = rights[-1] + (NAMES if named or has_map else PAD), TOP + LINE * len(rows) + PAD
    map_edge = SIDE * cell
    height = max(panel, map_edge + 2 * PAD if has_map else 0.0)
    drawing = Drawing(width + (between + map_edge + PAD if has_map else 0.0), height, palette)
    drawing.rect(0, 0, width, panel, palette.panel, rx=6)
    _columns(drawing, told, columns, rights)
    limit = float(np.nanmax(np.abs(np.where(np.isfinite(printed.values), printed.values, 0.0)))) or 1.0
    ends = []
    for line, row in enumerate(rows):
        y = TOP + LINE * (line + 0.5)
        for place, column in enumerate(columns):
            _cell(drawing, told, row, column, (rights[place], y), limit)
        if row is not None and (named or has_map):
            drawing.text(width - 10, y, str(told.rows[row]), palette.axis_text["i" if has_map else "j"], 12.5, 600, align="right")
            ends.append((told.rows[row], (width, y)))
    if has_map:
        _map(drawing, width + between, cell, ends, mean_image, black)
    cuts = (width + 4,) if has_map else ()
    least = drawing.width * 0.7 if drawing.width <= palette.room else drawing.width
    return drawing.finished(f"pasted-print-{number}", _description(told), _frame(told), least, cuts)


def _shown(count: int, most: int, gap: int | None) -> list[int | None]:
    """Which are drawn, with None where dots stand."""
    if count <= most:
        return [each for at in range(count) for each in ([None, at] if at == gap else [at])]
    half = most // 2
    return [*range(half), None, *range(count - half, count)]


def _text(told: Told, row: int, column: int) -> str:
    number = told.printed.rows[row][column]
    text = "" if number is None else number.text
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _columns(drawing: Drawing, told: Told, columns: Sequence[int | None], rights: Sequence[float]) -> None:
    for right, column in zip(rights, columns, strict=True):
        if column is not None and told.columns:
            name = str(told.columns[column])
            drawing.text(right, TOP - LINE * 0.7, name, drawing.palette.axis_text["j"], 12.5, 600, align="right")


def _cell(drawing: Drawing, told: Told, row: int | None, column: int | None, end: tuple[float, float], limit: float) -> None:
    """A number as it was printed, on its colour; dots where some are left out."""
    x, y = end
    if row is None or column is None:
        drawing.runs(x, y, [("…", drawing.palette.muted)], SIZE, align="right")
        return
    number, text = told.printed.rows[row][column], _text(told, row, column)
    if number is None:
        return
    value = number.value if np.isfinite(number.value) else 0.0
    fill = hex_colour(value_colours(np.array([value]), limit, drawing.palette)[0])
    wide = len(text) * ADVANCE + 2
    drawing.rect(x - wide + 1, y - LINE / 2 + 0.5, wide, LINE - 1, fill)
    drawing.runs(x, y, [(text, ink_on(fill))], SIZE, align="right")


def _map(
    drawing: Drawing, left: float, cell: float, ends: Sequence[tuple[int, tuple[float, float]]], mean_image: Tensor, black: Tensor
) -> None:
    palette, mean = drawing.palette, mean_image.numpy()
    grid = PixelGrid(drawing, left, PAD, cell)
    grid.paint(brightness_colours(mean, (float(mean.max()) or 1.0) * 1.1, palette))
    grid.hatch(black.numpy(), palette.faint)
    grid.border()
    for pixel, (x, y) in ends:
        across, down = grid.corner(pixel)
        middle = (across + cell / 2, down + cell / 2)
        drawing.line([(x, y), (x + 22, y), middle], palette.axis["i"], 1.3, opacity=0.75)
    for pixel, _ in ends:
        grid.frame([pixel])


def _description(told: Told) -> str:
    of = told.found.tensor if told.found else "w1.g" if told.rows else "a gradient"
    rows = f" Its rows are {', '.join(map(str, told.rows[:MOST_ROWS]))}." if told.rows else ""
    shape = " by ".join(numbers.count(size) for size in told.printed.shape)
    return f"Your print of {of}, {shape} numbers.{rows}"


def _frame(told: Told) -> pd.DataFrame:
    return pd.DataFrame(
        [
            dict(
                row=told.rows[row] if told.rows else row,
                column=told.columns[column] if told.columns else column,
                printed=told.printed.values[row, column],
            )
            for row in range(told.printed.shape[0])
            for column in range(told.printed.shape[1])
        ]
    )
