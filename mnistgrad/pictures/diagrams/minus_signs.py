"""The sign of a value without its colour: a fine minus on every cell that is seen to be negative."""

import numpy as np

from mnistgrad.pictures.diagrams.svg import Drawing
from mnistgrad.pictures.palette import FloatArray, value_colours

LENGTH = 0.4  # of a cell
THICK = 0.09
FAINT = 0.1  # of the scale's end: what is nearer to 0 is seen as 0
BRIGHTNESS = (0.299, 0.587, 0.114)  # of red, green and blue


def minus_signs(drawing: Drawing, x: float, y: float, width: float, height: float, values: FloatArray, limit: float) -> None:
    """On the cells of values (rows, columns) that an image from x, y shows, in a tone that is seen on their colours."""
    rows, columns = values.shape
    negative = values < -FAINT * limit
    light = value_colours(values, limit, drawing.palette) @ np.array(BRIGHTNESS) > 127
    place = f"translate({x:g} {y:g}) scale({width / columns:g} {height / rows:g}) translate({(1 - LENGTH) / 2:g} .5)"
    for ink, cells in (("#000000", negative & light), ("#ffffff", negative & ~light)):
        edges = np.diff(np.pad(cells, ((0, 0), (1, 1))).astype(int))
        runs = zip(np.argwhere(edges > 0).tolist(), np.argwhere(edges < 0)[:, 1].tolist(), strict=True)
        lines = "".join(f"M{column} {row}h{end - column - 1 + LENGTH:g}" for (row, column), end in runs)
        if lines:  # a run of cells is one dashed line
            look = dict(
                class_="minus", stroke=ink, stroke_width=THICK, stroke_dasharray=f"{LENGTH:g} {1 - LENGTH:g}", opacity=0.6
            )
            drawing.add("path", look | dict(d=lines, transform=place))
