"""Every column of w1.g as a tile of 28 × 28 pixels."""

import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.network.data import SIDE
from mnistgrad.pictures.diagrams.mosaic import mosaic, tile_colours
from mnistgrad.pictures.diagrams.pixel_grid import Mask, sharp_image
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import FloatArray, Palette, rgb

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
    tiles = tile_colours(g, np.abs(g).max(0) if limit is None else limit, STEPS, palette)
    tiles[off] = rgb(palette.panel)
    whole = mosaic(tiles, columns, GAP, LABEL, palette)[:, :-GAP]
    sharp_image(drawing, 2, 0, CELL * whole.shape[1], CELL * whole.shape[0], whole)
    names, places = [], []
    for unit in range(units):
        x, y = 2 + ACROSS * (unit % columns), DOWN * (unit // columns) + LABEL * CELL
        if off[unit]:
            drawing.text(x + EDGE / 2, y + EDGE / 2, "off", palette.muted, 13)
        if unit == chosen:
            drawing.rect(x, y, EDGE, EDGE, stroke=palette.axis["j"], stroke_width=3)
            drawing.text(x, y - 5 - 0.35 * TEXT, f"unit {unit}", palette.axis_text["j"], TEXT, 600, "left")
        else:
            names.append(f"<text x='{x:g}' y='{y - 5:g}'>unit {unit}</text>")
        places.append((unit, f"M{x:g} {y:g}h{EDGE:g}v{EDGE:g}h-{EDGE:g}z", ""))
    drawing.add("g", dict(fill=palette.muted, font_size=TEXT), "".join(names))
    drawing.areas(places)
    scale = "each with a scale of its own" if limit is None else f"on one scale, that ends at {numbers.significant(limit)}"
    description = (
        f"{numbers.count(units, 'column')} of w1.g as {'a tile' if units == 1 else 'tiles'}, {scale}; "
        f"{numbers.count(int(off.sum()), 'unit')} off, unit {chosen} chosen."
    )
    return drawing.finished("units", description, _frame(g), min(LEAST, drawing.width))


def _frame(g: FloatArray) -> pd.DataFrame:
    """One row a pixel, one column a unit; it holds the gradient itself, since there is a picture for each unit chosen."""
    frame = pd.DataFrame(g, columns=[f"unit_{unit}" for unit in range(g.shape[1])], copy=False)
    frame.insert(0, "row", range(len(g)))
    return frame
