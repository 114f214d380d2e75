"""Every column of w1.g as a tile of 28 × 28 pixels."""

import math

import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.network.data import SIDE
from mnistgrad.pictures.diagrams.minus_signs import minus_signs
from mnistgrad.pictures.diagrams.mosaic import mosaic, tile_values
from mnistgrad.pictures.diagrams.pixel_grid import Mask, sharp_image
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import FloatArray, Palette, rgb, value_colours

COLUMNS, FEW = 10, 4  # side by side, where there is room and on a phone
CELL = 3.5  # px of a pixel, at the most
GAP, LABEL = 4, 7  # pixels of the picture, between tiles and above each
STEPS = 32  # of colour from 0 to the end of a scale: half the bytes of all of them, and no eye sees it on a tile
TEXT, LARGE = 12.5, 17.0  # the many side by side are seen at two thirds of their size
LEAST_ROOM = 500.0  # for as many
LEAST = 660.0


def unit_tiles(g: FloatArray, off: Mask, chosen: int, limit: float | None, palette: Palette) -> Diagram:
    """g (784, nh); units that are off (nh,) are flat. limit: the end of the one scale; None gives each tile its own."""
    units = g.shape[1]
    most = COLUMNS if palette.room > LEAST_ROOM else FEW
    columns, cell = min(most, units), min(CELL, palette.room / (most * (SIDE + GAP)))
    size = LARGE if most == COLUMNS else TEXT
    across, edge, label = (SIDE + GAP) * cell, SIDE * cell, max(LABEL, math.ceil(1.4 * size / cell))
    down = (SIDE + label) * cell
    drawing = Drawing(across * columns, down * -(-units // columns) + GAP, palette)
    values = tile_values(g, np.abs(g).max(0) if limit is None else limit, STEPS)
    tiles = value_colours(values, STEPS, palette)
    tiles[off] = rgb(palette.panel)
    whole = mosaic(tiles, columns, GAP, label, rgb(palette.paper))[:, :-GAP]
    place = (2, 0, cell * whole.shape[1], cell * whole.shape[0])
    sharp_image(drawing, *place, whole)
    minus_signs(drawing, *place, mosaic(values, columns, GAP, label, 0)[:, :-GAP], STEPS)
    names, places = [], []
    for unit in range(units):
        x, y = 2 + across * (unit % columns), down * (unit // columns) + label * cell
        if off[unit]:
            drawing.text(x + edge / 2, y + edge / 2, "off", palette.muted, 13)
        if unit == chosen:
            drawing.rect(x, y, edge, edge, stroke=palette.axis["j"], stroke_width=3)
            drawing.text(x, y - 5 - 0.35 * size, f"unit {unit}", palette.axis_text["j"], size, 600, "left")
        else:
            names.append(f"<text x='{x:g}' y='{y - 5:g}'>unit {unit}</text>")
        places.append((unit, f"M{x:g} {y:g}h{edge:g}v{edge:g}h-{edge:g}z", _tip(unit, g[:, unit], bool(off[unit]))))
    drawing.add("g", dict(fill=palette.muted, font_size=size), "".join(names))
    drawing.areas(places)
    scale = "each with a scale of its own" if limit is None else f"on one scale, that ends at {numbers.significant(limit)}"
    description = (
        f"{numbers.count(units, 'column')} of w1.g as {'a tile' if units == 1 else 'tiles'}, {scale}; "
        f"{numbers.count(int(off.sum()), 'unit')} off, unit {chosen} chosen."
    )
    return drawing.finished("units", description, _frame(g), min(LEAST, drawing.width))


def _tip(unit: int, column: FloatArray, off: bool) -> str:
    low, high = (numbers.significant(float(end), 2) for end in (column.min(), column.max()))
    return f"unit {unit}: {'off' if off else f'from {low} to {high}'}"


def _frame(g: FloatArray) -> pd.DataFrame:
    """One row a pixel, one column a unit; it holds the gradient itself, since there is a picture for each unit chosen."""
    frame = pd.DataFrame(g, columns=[f"unit_{unit}" for unit in range(g.shape[1])], copy=False)
    frame.insert(0, "row", range(len(g)))
    return frame
