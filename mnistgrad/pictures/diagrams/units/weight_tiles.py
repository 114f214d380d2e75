"""The first hidden units' weights as tiles of 28 × 28 pixels: at the start, and what each way to train makes of them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.network.data import PIXELS, SIDE
from mnistgrad.pictures.diagrams.mosaic import mosaic, tile_colours
from mnistgrad.pictures.diagrams.pixel_grid import sharp_image
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import FloatArray, Palette

CELL = 2.6
GAP = 3  # pixels of the picture between tiles
LEFT, TOP, DOWN = 176.0, 24.0, 12.0  # px: for the names of the rows, of the units, and between rows
SHADES = 24  # of colour from 0 to the end of the scale: a third of the bytes, and no eye sees it on a tile
TEXT = 13
LEAST = 720.0


def weight_tiles(name: str, rows: Mapping[str, FloatArray], limits: Mapping[str, float], palette: Palette) -> Diagram:
    """rows: by its name, weights (784, units). limits: the end of each row's colour scale."""
    units = next(iter(rows.values())).shape[1]
    edge, across = SIDE * CELL, (SIDE + GAP) * CELL
    drawing = Drawing(LEFT + units * across, TOP + len(rows) * (edge + DOWN), palette)
    for unit in range(units):
        drawing.text(LEFT + unit * across + edge / 2, TOP - 12, f"unit {unit}", palette.axis_text["j"], TEXT)
    for place, (label, weights) in enumerate(rows.items()):
        y = TOP + place * (edge + DOWN)
        drawing.text(0, y + edge / 2 - 9, label, palette.ink, TEXT + 0.5, 600, "left")
        drawing.text(0, y + edge / 2 + 9, _scale(limits[label]), palette.muted, TEXT - 0.5, align="left")
        tip = f"{label}: {_range(weights)}"
        tiles = mosaic(tile_colours(weights, limits[label], SHADES, palette), units, GAP, 0, palette)
        sharp_image(drawing, LEFT, y, units * across, edge, tiles, tip)
    says = "; ".join(f"{label}, {_range(weights)}" for label, weights in rows.items())
    description = f"Weights of the first {numbers.count(units, 'hidden unit')} on the 28 × 28 pixels. {says}."
    return drawing.finished(name, description, _frame(rows), min(LEAST, drawing.width))


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
