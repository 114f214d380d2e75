"""The whole matrix built up: one image's two factors along its outer product, and the sum so far below it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.gradient.build_up import SumSoFar
from mnistgrad.network.data import LEVELS
from mnistgrad.pictures.diagrams.build_up.build_up import name_of, scale_words
from mnistgrad.pictures.diagrams.puzzle.matrix_strip import TICKS
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette, brightness_colours, value_colours

WIDTH, LEFT, RIGHT = 1_120.0, 100.0, 1_116.0
VECTOR, VECTOR_WIDTH = 74.0, 16.0
ROW_TOP, ROW_TALL = 28.0, 12.0
TALL = 112.0
PART_TOP, SUM_TOP = ROW_TOP + ROW_TALL + 8, ROW_TOP + ROW_TALL + 8 + TALL + 42
HEIGHT = SUM_TOP + TALL + 28
LEAST = 640.0
SHADES = 40  # on either side of 0: more are not told apart in so thin a band, and would make the picture half as large again
MOST_IN_SCALE = 0.985  # of the entries, so that a few large ones do not bleach the rest


def matrix_build_up(found: SumSoFar, column: int, picture: Tensor, palette: Palette) -> Diagram:
    """Of w1.g, pixels to the right and units down; the chosen column framed. picture (28, 28) uint8: the image added last."""
    drawing = Drawing(WIDTH, HEIGHT, palette)
    image, out_g = found.image, found.out_g
    drawing.text(LEFT, 14, f"image {numbers.count(image)} as one row, inp[{image}]", palette.axis_text["n"], 13.5, 600, "left")
    drawing.image(LEFT, ROW_TOP, RIGHT - LEFT, ROW_TALL, brightness_colours(picture.flatten().numpy()[None], LEVELS, palette))
    drawing.rect(LEFT, ROW_TOP, RIGHT - LEFT, ROW_TALL, stroke=palette.hair)
    drawing.text(VECTOR + VECTOR_WIDTH, ROW_TOP + 6, f"out.g[{image}]", palette.axis_text["n"], 12.5, 600, "right")
    cells = value_colours(out_g.numpy()[:, None], out_g.abs().max().item(), palette)
    drawing.image(VECTOR, PART_TOP, VECTOR_WIDTH, TALL, cells)
    drawing.rect(VECTOR, PART_TOP, VECTOR_WIDTH, TALL, stroke=palette.hair)
    drawing.text(RIGHT, 14, f"its outer product: {_strip(drawing, PART_TOP, found.part)}", palette.muted, 12.5, align="right")
    drawing.text(LEFT, SUM_TOP - 14, f"sum of {numbers.count(found.added, 'outer product')}", palette.ink, 13.5, 600, "left")
    drawing.text(RIGHT, SUM_TOP - 14, _strip(drawing, SUM_TOP, found.total), palette.muted, 12.5, align="right")
    for tick in TICKS:
        at = LEFT + (RIGHT - LEFT) * (tick + 0.5) / len(found.total)
        text = f"pixel {tick}" if tick == 0 else str(tick)
        drawing.text(at, SUM_TOP + TALL + 17, text, palette.muted, 13, align="right" if tick == TICKS[-1] else "center")
    for top, left in ((PART_TOP, VECTOR), (SUM_TOP, LEFT)):
        _frame_unit(drawing, top, left, column, len(out_g))
    _tips(drawing, image, out_g.tolist())
    description = (
        f"Image {image} as a row of 784 pixels, its gradients for {len(out_g)} hidden units as a column, and their outer "
        f"product; below it the sum of {numbers.count(found.added, 'outer product')}, on its own scale. The column of "
        f"hidden unit {column} is framed."
    )
    return drawing.finished(name_of(found, "w1"), description, _table(found), LEAST)


def _strip(drawing: Drawing, top: float, values: Tensor) -> str:
    """Draws the matrix and says its scale."""
    sizes = values.abs().flatten()
    shown = sizes.quantile(MOST_IN_SCALE).item()
    limit = shown or sizes.max().item()
    shades = (values.t() / (limit or 1) * SHADES).round().numpy()
    drawing.image(LEFT, top, RIGHT - LEFT, TALL, value_colours(shades, SHADES, drawing.palette))
    drawing.rect(LEFT, top, RIGHT - LEFT, TALL, stroke=drawing.palette.hair)
    return scale_words(limit, beyond=bool(shown))


def _frame_unit(drawing: Drawing, top: float, left: float, unit: int, units: int) -> None:
    tall = TALL / units
    for colour, width in ((drawing.palette.paper, 3.2), (drawing.palette.axis["j"], 1.6)):
        drawing.rect(left - 2, top + unit * tall - 1.5, RIGHT - left + 4, tall + 3, stroke=colour, stroke_width=width)
    drawing.text(left - 8, top + (unit + 0.5) * tall, f"unit {unit}", drawing.palette.axis_text["j"], 13, 600, "right")


def _tips(drawing: Drawing, image: int, out_g: Sequence[float]) -> None:
    """Each unit's band in both matrices is one element that is pointed at and clicked."""
    tall = TALL / len(out_g)
    bands = []
    for unit, number in enumerate(out_g):
        across = f"H{RIGHT:g}v{tall:.2f}H"
        path = "".join(f"M{x:g} {y + unit * tall:.2f}{across}{x:g}z" for x, y in ((VECTOR, PART_TOP), (LEFT, SUM_TOP)))
        tip = f"unit {unit} · out.g[{image}, {unit}] = {numbers.significant(number)}"
        bands.append((unit, path, tip))
    drawing.areas(bands)


def _table(found: SumSoFar) -> pd.DataFrame:
    rows, columns = found.total.shape
    pixels, units = np.divmod(np.arange(rows * columns), columns)
    part, total = (values.flatten().numpy() for values in (found.part, found.total))
    return pd.DataFrame(dict(pixel=pixels, unit=units, part=part, sum_so_far=total))
