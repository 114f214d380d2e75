"""One column of w1.g laid back onto the image: a gradient for each of the 28 × 28 pixels."""

import math

import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.network.data import PIXELS, SIDE
from mnistgrad.pictures.diagrams.pixel_grid import Mask, PixelGrid
from mnistgrad.pictures.diagrams.scale_bar import HEIGHT, scale_bar
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import LEVELS, FloatArray, Palette, value_colours

CELL, PAD, GAP = 12.0, 2.0, 14.0
LEAST = 280.0
LABEL_ROOM = 88.0  # half of the chosen pixel's label


def unit_map(column: FloatArray, unit: int, row: int, copied: Mask, palette: Palette) -> Diagram:
    """The column (784,) of w1.g that belongs to the hidden unit; rows that are copies of one another hatched, `row` framed."""
    limit = float(np.abs(column).max())
    drawing, grid = map_drawing(palette)
    grid.paint_values(column, limit, copied)
    mark_copies(grid, copied, palette.muted)
    grid.frame([row])
    if limit:
        label_chosen(grid, row, f"row {row}: {numbers.significant(float(column[row]), sign=True)}")
        end = numbers.significant(limit)
        ramp = value_colours(np.linspace(-1, 1, LEVELS), 1, palette)
        scale_bar(drawing, PAD, PAD + grid.edge + GAP, grid.edge, ramp, [f"{numbers.MINUS}{end}", "0", f"+{end}"])
    else:
        middle = PAD + grid.edge / 2
        drawing.text(middle, middle, "off: 0 everywhere", palette.ink, 15, 600, halo=palette.paper)
    copy = f"a copy: {numbers.significant(float(column[copied][0]), sign=True)}" if copied.any() else ""
    add_cells(grid, column, copied, copy, sign=True)
    frame = map_frame().assign(gradient=column, copy=copied, chosen=np.arange(PIXELS) == row)
    description = (
        f"Column {unit} of w1.g as a map of the 28 × 28 pixels, from {numbers.significant(float(column.min()))} to "
        f"{numbers.significant(float(column.max()))}; {numbers.count(int(copied.sum()), 'row')} hatched. Row {row} is framed: "
        f"{numbers.significant(float(column[row]))}."
    )
    return drawing.finished(f"unit-{unit}", description, frame, LEAST)


def add_cells(grid: PixelGrid, values: FloatArray, copied: Mask, copy: str, sign: bool) -> None:
    """Cells to click that tell about a hundredth of the largest: pixels that say the same share one tip; `copy` is that of the
    copies. A click tells the exact value.
    """
    limit = float(np.abs(values).max())
    digits = max(1 - math.floor(math.log10(limit)), 0) if limit else 0
    tips = [f"about {numbers.fixed(value, digits, sign=sign)}" for value in values.tolist()]
    grid.cells(copy if is_copy else tip for tip, is_copy in zip(tips, copied.tolist(), strict=True))


def map_drawing(palette: Palette) -> tuple[Drawing, PixelGrid]:
    """A map with a scale below it."""
    edge = SIDE * CELL
    drawing = Drawing(edge + 2 * PAD, edge + GAP + HEIGHT + 2 * PAD, palette)
    return drawing, PixelGrid(drawing, PAD, PAD, CELL)


def mark_copies(grid: PixelGrid, copied: Mask, colour: str) -> None:
    grid.hatch(copied, colour)
    grid.contour(copied, colour)
    grid.border()


def label_chosen(grid: PixelGrid, row: int, text: str) -> None:
    """Above the framed pixel, or below where the top is near; kept inside the map."""
    x, y = grid.corner(row)
    x = min(max(x + grid.cell / 2, grid.left + LABEL_ROOM), grid.left + grid.edge - LABEL_ROOM)
    y += 2 * grid.cell + 1 if row < 2 * SIDE else -grid.cell - 1
    palette = grid.drawing.palette
    grid.drawing.text(x, y, text, palette.ink, 13, 600, halo=palette.paper)


def map_frame() -> pd.DataFrame:
    """The columns that every table of pixels begins with."""
    pixels = np.arange(PIXELS)
    return pd.DataFrame(dict(row=pixels, pixel_row=pixels // SIDE, pixel_column=pixels % SIDE))
