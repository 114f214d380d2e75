"""The sign of a value without its colour: a fine minus on all that is seen to be negative.

A cell that is too small for a minus of its own shares one with its neighbours, where all of them are negative.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mnistgrad.pictures.diagrams.svg import Drawing
from mnistgrad.pictures.palette import FloatArray, Palette, value_colours

LEAST = 6.0  # px across or down of a cell that carries a minus of its own
SHARED = 9.0  # px at least of those that share one
LENGTH = 0.4  # of that
THICK, THINNEST = 0.09, 0.9  # of that, and px
FAINT = 0.1  # of the scale's end: what is nearer to 0 is seen as 0
BRIGHTNESS = (0.299, 0.587, 0.114)  # of red, green and blue


def minus_signs(drawing: Drawing, x: float, y: float, width: float, height: float, values: FloatArray, limit: float) -> None:
    """On the cells of values (rows, columns) that an image from x, y shows, in a tone that is seen on their colours."""
    down, across = _sharing(height / values.shape[0]), _sharing(width / values.shape[1])
    blocks = _blocks(values, down, across)
    negative, light = blocks.max((1, 3)) < -FAINT * limit, _is_light(blocks, limit, drawing.palette)
    scale = width / values.shape[1] * across, height / values.shape[0] * down
    thick = max(THICK, THINNEST / scale[1]) if down > 1 else THICK
    upright = negative.shape[0] > negative.shape[1]
    place = f"translate({x:g} {y:g}) scale({scale[0]:g} {scale[1]:g}) translate({(1 - LENGTH) / 2:g} .5)"
    stroke, dash = (LENGTH, thick) if upright else (thick, LENGTH)
    for ink, cells in (("#000000", negative & light), ("#ffffff", negative & ~light)):
        lines = _upright(cells, thick) if upright else _level(cells)
        if lines:  # a run of cells is one dashed line
            look = dict(class_="minus", stroke=ink, stroke_width=stroke, stroke_dasharray=f"{dash:g} {1 - dash:g}", opacity=0.6)
            drawing.add("path", look | dict(d=lines, transform=place))


def _sharing(cell: float) -> int:
    """How many cells of so many px share a minus."""
    return 1 if cell >= LEAST else math.ceil(SHARED / cell)


def _blocks(values: FloatArray, down: int, across: int) -> FloatArray:
    """(rows, down, columns, across): whole blocks of values (r, c) alone."""
    rows, columns = values.shape[0] // down, values.shape[1] // across
    return values[: rows * down, : columns * across].reshape(rows, down, columns, across)


def _is_light(blocks: FloatArray, limit: float, palette: Palette) -> NDArray[np.bool_]:
    return value_colours(blocks.mean((1, 3)), limit, palette) @ np.array(BRIGHTNESS) > 127


def _level(cells: NDArray[np.bool_]) -> str:
    return "".join(f"M{first} {row}h{last - first + LENGTH:g}" for row, first, last in _runs(cells))


def _upright(cells: NDArray[np.bool_], thick: float) -> str:
    """The same minuses, one below the other: the dashes of lines as wide as they are long."""
    return "".join(
        f"M{column + LENGTH / 2:g} {first - thick / 2:g}v{last - first + thick:g}" for column, first, last in _runs(cells.T)
    )


def _runs(cells: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Line, first and last place of all neighbours in a line."""
    edges = np.diff(np.pad(cells, ((0, 0), (1, 1))).astype(int))
    ends = np.argwhere(edges < 0)[:, 1].tolist()
    return [(line, first, end - 1) for (line, first), end in zip(np.argwhere(edges > 0).tolist(), ends, strict=True)]
