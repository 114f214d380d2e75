"""Every column of w1.g as a tile of 28 × 28 pixels."""

import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.network.data import SIDE
from mnistgrad.pictures.diagrams.pixel_grid import Mask, sharp_image
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Colours, FloatArray, Palette, rgb, value_colours

COLUMNS = 10
CELL = 3.5
GAP, LABEL = 4, 7  # pixels of the picture, between tiles and above each
STEPS = 32  # of colour from 0 to the end of a scale: half the bytes of all of them, and no eye sees it on a tile
TEXT = 12.5
LEAST = 660.0

ACROSS, DOWN, EDGE = (SIDE + GAP) * CELL, (SIDE + LABEL) * CELL, SIDE * CELL


def unit_tiles(g: FloatArray, off: Mask, chosen: int, limit: float | None, palette: Palette) -> Diagram:
    """g (784, nh); units that are off (nh,) are flat. limit: the end of the one scale; None gives each tile its own."""
    units = g.shape[1]
    columns = min(COLUMNS, units)
    drawing = Drawing(ACROSS * columns, DOWN * -(-units // columns) + GAP, palette)
    sharp_image(drawing, 2, 0, drawing.width, drawing.height - GAP, _mosaic(g, off, columns, limit, palette))
    names, tiles = [], []
    for unit in range(units):
        x, y = 2 + ACROSS * (unit % columns), DOWN * (unit // columns) + LABEL * CELL
        if off[unit]:
            drawing.text(x + EDGE / 2, y + EDGE / 2, "off", palette.muted, 13)
        if unit == chosen:
            drawing.rect(x, y, EDGE, EDGE, stroke=palette.axis["j"], stroke_width=3)
            drawing.text(x, y - 5 - 0.35 * TEXT, f"unit {unit}", palette.axis_text["j"], TEXT, 600, "left")
        else:
            names.append(f"<text x='{x:g}' y='{y - 5:g}'>unit {unit}</text>")
        tiles.append(f"<path data-row='{unit}' d='M{x:g} {y:g}h{EDGE:g}v{EDGE:g}h-{EDGE:g}z'/>")
    drawing.add("g", dict(fill=palette.muted, font_size=TEXT), "".join(names))
    drawing.add("g", dict(fill="transparent"), "".join(tiles))
    scale = "each with a scale of its own" if limit is None else f"on one scale, that ends at {numbers.significant(limit)}"
    description = (
        f"{numbers.count(units, 'column')} of w1.g as {'a tile' if units == 1 else 'tiles'}, {scale}; "
        f"{numbers.count(int(off.sum()), 'unit')} off, unit {chosen} chosen."
    )
    return drawing.finished("units", description, _frame(g), min(LEAST, drawing.width))


def _mosaic(g: FloatArray, off: Mask, columns: int, limit: float | None, palette: Palette) -> Colours:
    """All tiles in one picture, with room above each for its name."""
    units = g.shape[1]
    largest = np.abs(g).max(0)
    shares = np.clip(g / np.where(largest > 0, largest, 1) if limit is None else g / (limit or 1), -1, 1)
    colours = value_colours((shares * STEPS).round().T.reshape(units, SIDE, SIDE), STEPS, palette)
    colours[off] = rgb(palette.panel)
    room = np.full((-(-units // columns) * columns, SIDE + LABEL, SIDE + GAP, 3), rgb(palette.paper), np.uint8)
    room[:units, LABEL:, :SIDE] = colours
    rows = room.reshape(-1, columns, *room.shape[1:]).swapaxes(1, 2)
    return rows.reshape(rows.shape[0] * rows.shape[1], -1, 3)


def _frame(g: FloatArray) -> pd.DataFrame:
    """One row a pixel, one column a unit; it holds the gradient itself, since there is a picture for each unit chosen."""
    frame = pd.DataFrame(g, columns=[f"unit_{unit}" for unit in range(g.shape[1])], copy=False)
    frame.insert(0, "row", range(len(g)))
    return frame
