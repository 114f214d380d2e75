"""The whole matrix w1.g, its rows running down as they are printed, with the printed ones and six others marked."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.gradient.statistics import printed_indices
from mnistgrad.network.data import SIDE
from mnistgrad.pictures.diagrams.matrix_grid import APART, TALL, MatrixGrid
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette, value_colours

WIDTH, LEFT, TOP, ACROSS = 410.0, 60.0, 24.0, 250.0
LEAST = 300.0


def matrix_strip(g: Tensor, rows: Sequence[int], limit: float, palette: Palette) -> Diagram:
    """g (784, nh), with the printed rows and the moved `rows` marked. limit: the end of the colour scale."""
    drawing = Drawing(WIDTH, TOP + TALL + 6, palette)
    grid = MatrixGrid(drawing, LEFT, TOP, ACROSS, g.shape[1])
    grid.paint(value_colours(g.numpy(), limit, palette))
    grid.number_rows()
    grid.name_columns()
    printed = printed_indices(len(g))
    half = len(printed) // 2
    ends = (printed[0], printed[half - 1]), (printed[half], printed[-1])
    for first, last in (*ends, (rows[0], rows[-1])):
        grid.frame_rows(first, last)
    for first, last in ends:
        grid.name_rows(first, last)
    grid.name_rows(rows[0], rows[-1], APART + 2, TALL - APART - 2)
    grid.rows_that_say(_tips(g))
    description = (
        f"The whole matrix w1.g, {numbers.count(g.numel())} numbers: {len(g)} rows from top to bottom, one for each pixel, "
        f"{g.shape[1]} hidden units from left to right. The print shows rows {ends[0][0]} to {ends[0][1]} and {ends[1][0]} to "
        f"{ends[1][1]}."
    )
    return drawing.finished("matrix", description, _frame(g), LEAST)


def _tips(g: Tensor) -> list[str]:
    smallest, largest = g.amin(1).tolist(), g.amax(1).tolist()
    return [
        f"row {row} · pixel ({row // SIDE}, {row % SIDE}) · {numbers.significant(low)} to {numbers.significant(high)}"
        for row, (low, high) in enumerate(zip(smallest, largest, strict=True))
    ]


def _frame(g: Tensor) -> pd.DataFrame:
    pixels, units = np.divmod(np.arange(g.numel()), g.shape[1])
    return pd.DataFrame(dict(row=pixels, unit=units, gradient=g.flatten().numpy()))
