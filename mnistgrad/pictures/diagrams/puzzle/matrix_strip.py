"""The whole matrix w1.g as one strip: a thin vertical line for each pixel, a band for each hidden unit."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.gradient.statistics import printed_indices
from mnistgrad.network.data import SIDE
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette, value_colours

WIDTH, LEFT, TOP, TALL = 1_120.0, 4.0, 26.0, 132.0
HEIGHT = TOP + TALL + 28
LEAST = 640.0
TICKS = (0, 100, 200, 300, 400, 500, 600, 700, 783)
LABEL_ROOM = 64.0  # half a label of moved rows, and what the labels at the two ends take


def matrix_strip(g: Tensor, rows: Sequence[int], limit: float, palette: Palette) -> Diagram:
    """g (784, nh), with the printed rows and the moved `rows` marked. limit: the end of the colour scale."""
    drawing = Drawing(WIDTH, HEIGHT, palette)
    step = (WIDTH - 2 * LEFT) / len(g)
    drawing.image(LEFT, TOP, WIDTH - 2 * LEFT, TALL, value_colours(g.t().numpy(), limit, palette))
    for tick in TICKS:
        align = "left" if tick == 0 else "right" if tick == TICKS[-1] else "center"
        at = LEFT + step * (tick + {"left": 0.0, "center": 0.5, "right": 1.0}[align])
        drawing.text(at, TOP + TALL + 17, f"pixel {tick}" if tick == 0 else str(tick), palette.muted, 13, align=align)
    printed = printed_indices(len(g))
    half = len(printed) // 2
    ends = (printed[0], printed[half - 1]), (printed[half], printed[-1])
    for first, last in (*ends, (rows[0], rows[-1])):
        for colour, width in ((palette.paper, 3.4), (palette.ink, 1.8)):
            drawing.rect(
                LEFT + step * first - 1, TOP - 4, step * (last - first + 1) + 2, TALL + 8, stroke=colour, stroke_width=width
            )
    _label(drawing, LEFT, ends[0], "left")
    _label(drawing, WIDTH - LEFT, ends[1], "right")
    middle = LEFT + step * (rows[0] + rows[-1] + 1) / 2
    if 2 * LABEL_ROOM < middle < WIDTH - 2 * LABEL_ROOM:
        _label(drawing, middle, (rows[0], rows[-1]), "center")
    _tips(drawing, g, step)
    description = (
        f"The whole matrix w1.g, {numbers.count(g.numel())} numbers: {len(g)} pixels from left to right, {g.shape[1]} hidden "
        f"units from top to bottom. The print shows rows {ends[0][0]} to {ends[0][1]} and {ends[1][0]} to {ends[1][1]}."
    )
    return drawing.finished("matrix", description, _frame(g), LEAST)


def _label(drawing: Drawing, x: float, rows: tuple[int, int], align: str) -> None:
    drawing.text(x, 10, f"rows {rows[0]}–{rows[1]}", drawing.palette.ink, 13.5, 600, align)


def _tips(drawing: Drawing, g: Tensor, step: float) -> None:
    smallest, largest = g.amin(1).tolist(), g.amax(1).tolist()
    drawing.areas(
        (
            row,
            f"M{LEFT + step * row:.1f} {TOP:g}h{step:.2f}v{TALL:g}h-{step:.2f}z",
            f"row {row} · pixel ({row // SIDE}, {row % SIDE}) · {numbers.significant(low)} to {numbers.significant(high)}",
        )
        for row, (low, high) in enumerate(zip(smallest, largest, strict=True))
    )


def _frame(g: Tensor) -> pd.DataFrame:
    pixels, units = np.divmod(np.arange(g.numel()), g.shape[1])
    return pd.DataFrame(dict(row=pixels, unit=units, gradient=g.flatten().numpy()))
