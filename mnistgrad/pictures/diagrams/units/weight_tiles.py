"""The first hidden units' weights as tiles of 28 × 28 pixels: at the start, and what each way to train makes of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from mnistgrad.common import numbers
from mnistgrad.network.data import PIXELS, SIDE
from mnistgrad.pictures.diagrams.minus_signs import minus_signs
from mnistgrad.pictures.diagrams.mosaic import mosaic, tile_values
from mnistgrad.pictures.diagrams.pixel_grid import sharp_image
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import FloatArray, Palette, rgb, value_colours

CELL = 2.6  # px of a pixel, at the most
GAP = 3  # pixels of the picture between tiles
LEFT, LEAST_LEFT, TOP, DOWN = 176.0, 150.0, 24.0, 12.0  # px: for the names of the rows, of the units, and between rows
NAMES = 44.0  # px that the name of a row takes above it on a phone, where its tiles go on in a second line
UNIT_ROOM = 48.0  # px that "unit 11" needs
SHADES = 24  # of colour from 0 to the end of the scale: a third of the bytes, and no eye sees it on a tile
TEXT = 13
LEAST = 720.0


def weight_tiles(name: str, rows: Mapping[str, FloatArray], limits: Mapping[str, float], palette: Palette) -> Diagram:
    """rows: by its name, weights (784, units). limits: the end of each row's colour scale."""
    units = next(iter(rows.values())).shape[1]
    lines = 1 if palette.room > 2 * LEAST_LEFT + units * UNIT_ROOM / 2 else 2
    columns, above = -(-units // lines), 0.0 if lines == 1 else NAMES
    left = 0.0 if above else min(LEFT, max(LEAST_LEFT, palette.room - columns * (SIDE + GAP) * CELL))
    cell = min(CELL, (palette.room - left) / (columns * (SIDE + GAP)))
    edge, across = SIDE * cell, (SIDE + GAP) * cell
    tall = above + edge + (lines - 1) * across
    drawing = Drawing(left + columns * across, TOP + len(rows) * (tall + DOWN), palette)
    _name_units(drawing, left, across, edge, columns, units)
    for place, (label, weights) in enumerate(rows.items()):
        y = TOP + place * (tall + DOWN)
        middle = y + (above or edge) / 2
        drawing.text(0, middle - 10.5, label, palette.ink, TEXT + 0.5, 600, "left")
        drawing.text(0, middle + 10.5, _scale(limits[label]), palette.muted, TEXT - 0.5, align="left")
        tip = f"{label}: {_range(weights)}"
        values = tile_values(weights, limits[label], SHADES)
        whole = _apart(
            mosaic(value_colours(values, SHADES, palette), columns, GAP, 0, rgb(palette.paper)), lines, rgb(palette.paper)
        )
        signed = _apart(mosaic(values, columns, GAP, 0, 0), lines, 0)
        room = (left, y + above, columns * across, tall - above)
        sharp_image(drawing, *room, whole, tip)
        minus_signs(drawing, *room, signed, SHADES)
    says = "; ".join(f"{label}, {_range(weights)}" for label, weights in rows.items())
    description = f"Weights of the first {numbers.count(units, 'hidden unit')} on the 28 × 28 pixels. {says}."
    return drawing.finished(name, description, _frame(rows), min(LEAST, drawing.width))


def _apart(tiles: NDArray[Any], lines: int, between: ArrayLike) -> NDArray[Any]:
    """With a gap below the first line where there are two."""
    return np.insert(tiles, [SIDE] * GAP, between, axis=0) if lines > 1 else tiles


def _name_units(drawing: Drawing, left: float, across: float, edge: float, columns: int, units: int) -> None:
    """Above the columns; of two lines in words."""
    colour = drawing.palette.axis_text["j"]
    if columns < units:
        says = f"units 0 to {columns - 1}, below them {columns} to {units - 1}"
        drawing.text(0, TOP - 12, says, colour, TEXT, align="left")
        return
    for unit in range(units):
        name = f"unit {unit}" if across >= UNIT_ROOM or not unit else str(unit)
        drawing.text(left + unit * across + edge / 2, TOP - 12, name, colour, TEXT)


def _scale(limit: float) -> str:
    return f"colours to ±{numbers.significant(limit, 2)}" if limit else "all exactly 0"


def _range(weights: FloatArray) -> str:
    low, high = float(weights.min()), float(weights.max())
    return "all 0" if low == high == 0 else f"from {numbers.significant(low, 2)} to {numbers.significant(high, 2)}"


def _frame(rows: Mapping[str, FloatArray]) -> pd.DataFrame:
    parts = []
    for label, weights in rows.items():
        pixels, units = np.divmod(np.arange(weights.size), weights.shape[1])
        parts.append(pd.DataFrame(dict(row=label, pixel=pixels % PIXELS, unit=units, weight=weights.flatten())))
    return pd.concat(parts, ignore_index=True)
