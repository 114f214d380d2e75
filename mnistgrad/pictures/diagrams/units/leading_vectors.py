"""The two vectors of the best outer product, beside the mean image and the bias gradient."""

import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.gradient.outer_product import LeadingVectors
from mnistgrad.network.data import SIDE
from mnistgrad.pictures.diagrams.pixel_grid import PixelGrid
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import FloatArray, Palette

WIDTH, HEIGHT, LEAST = 1_100.0, 316.0, 760.0
CELL, TOP, PAD = 8.5, 44.0, 2.0
MAPS_APART = 34.0
BARS_LEFT, BARS_TALL, BEFORE = 580.0, 104.0, 20.0  # px; of the gap before the bars
TITLE, NOTE = 13.5, 12.5
GAP = 0.22  # of a bar's room
DIGITS = 4  # of a cosine


def leading_vectors_diagram(found: LeadingVectors, b_g: FloatArray, palette: Palette) -> Diagram:
    """For w1: vectors over the pixels as maps, vectors over the hidden units as bars, each on a scale of its own."""
    phone = palette.room < BARS_LEFT  # one part below the other
    drawing = Drawing(
        WIDTH if palette.room >= WIDTH else BARS_LEFT + min(palette.room, WIDTH - BARS_LEFT) - BEFORE, HEIGHT, palette
    )
    rows, columns, mean_inp = found.rows.numpy(), found.columns.numpy(), found.mean_inp.numpy()
    edge = SIDE * CELL
    for x, title, values in (
        (PAD, "left vector: a factor for each pixel i", rows),
        (PAD + edge + MAPS_APART, "mean image, as inp holds it", mean_inp),
    ):
        _map(drawing, x, title, values)
    second = PAD + edge + MAPS_APART
    _cosine(drawing, second + edge / 2 if phone else second - MAPS_APART / 2, TOP + edge + 20, found.row_cosine)
    bars_low = TOP + edge - BARS_TALL
    for y, title, values in ((TOP, "right vector: a factor for each unit j", columns), (bars_low, "bias gradient b1.g", b_g)):
        _bars(drawing, y, title, values)
    _cosine(drawing, (BARS_LEFT + drawing.width) / 2, TOP + edge + 20, found.column_cosine)
    description = (
        f"The best outer product of w1.g, {numbers.significant(found.size)} times two vectors of length 1. The one over the "
        f"pixels has a cosine of {numbers.fixed(found.row_cosine, DIGITS)} with the mean image, the one over the hidden units a "
        f"cosine of {numbers.fixed(found.column_cosine, DIGITS)} with the bias gradient."
    )
    cuts = [second - MAPS_APART / 2] * phone + [BARS_LEFT - BEFORE]
    return drawing.finished("leading-vectors", description, _frame(rows, mean_inp, columns, b_g), LEAST, cuts)


def _map(drawing: Drawing, x: float, title: str, values: FloatArray) -> None:
    palette = drawing.palette
    drawing.text(x, 12, title, palette.axis_text["i"], TITLE, 600, "left")
    limit = float(np.abs(values).max())
    drawing.text(x, 31, _scale(limit), palette.muted, NOTE, align="left")
    grid = PixelGrid(drawing, x, TOP, CELL)
    grid.paint_values(values, limit)
    grid.border()


def _bars(drawing: Drawing, y: float, title: str, values: FloatArray) -> None:
    """Up for positive, down for negative, around the middle of their room."""
    palette = drawing.palette
    limit = float(np.abs(values).max())
    top = y - 32 if y == TOP else y - 26
    drawing.text(BARS_LEFT, top, title, palette.axis_text["j"], TITLE, 600, "left")
    drawing.text(drawing.width - 4, top, _scale(limit), palette.muted, NOTE, align="right")
    middle, step = y + BARS_TALL / 2, (drawing.width - 4 - BARS_LEFT) / len(values)
    heights = values / (limit or 1) * BARS_TALL / 2
    for colour, shown in ((palette.values[-2], heights > 0), (palette.values[1], heights < 0)):
        bars = (
            f"M{BARS_LEFT + (unit + GAP / 2) * step:.1f} {middle:g}v{-heights[unit]:.1f}h{(1 - GAP) * step:.1f}V{middle:g}z"
            for unit in np.flatnonzero(shown)
        )
        drawing.add("path", dict(d="".join(bars), fill=colour))
    drawing.line([(BARS_LEFT, middle), (drawing.width - 4, middle)], palette.faint)


def _cosine(drawing: Drawing, x: float, y: float, cosine: float) -> None:
    drawing.text(x, y, f"cosine of the two: {numbers.fixed(cosine, DIGITS)}", drawing.palette.ink, TITLE, 600)


def _scale(limit: float) -> str:
    return f"scale: {numbers.MINUS}{numbers.significant(limit)} to +{numbers.significant(limit)}"


def _frame(rows: FloatArray, mean_inp: FloatArray, columns: FloatArray, b_g: FloatArray) -> pd.DataFrame:
    pixels = dict(over="pixel", index=np.arange(len(rows)), leading_vector=rows, compared_with="mean_inp", other=mean_inp)
    units = dict(over="unit", index=np.arange(len(columns)), leading_vector=columns, compared_with="b1.g", other=b_g)
    return pd.concat([pd.DataFrame(pixels), pd.DataFrame(units)], ignore_index=True)
