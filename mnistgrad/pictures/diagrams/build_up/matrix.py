"""The whole matrix built up: one image's two factors along its outer product, and beside it the sum so far."""

import numpy as np
import pandas as pd
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.gradient.build_up import SumSoFar
from mnistgrad.network.data import LEVELS
from mnistgrad.pictures.diagrams.build_up.build_up import name_of, scale_words
from mnistgrad.pictures.diagrams.matrix_grid import NAME, SMALL, MatrixGrid, tall_in
from mnistgrad.pictures.diagrams.minus_signs import minus_signs
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import WIDE, Palette, brightness_colours, value_colours

INP, THICK = 60.0, 16.0  # the image as a column
PART, ACROSS, APART, NEAR = INP + THICK + 6, 350.0, 104.0, 46.0
LEAST_ACROSS, MARGIN = 200.0, 10.0
SCALE, OUT_G, TOP = 29.0, 44.0, 66.0  # the gradients as a row above
FOOT = 26.0
LEAST = 560.0
SHADES = 40  # on either side of 0: more are not told apart in cells so small, and would make the picture half as large again
MOST_IN_SCALE = 0.985  # of the entries, so that a few large ones do not bleach the rest


def matrix_build_up(found: SumSoFar, column: int, picture: Tensor, palette: Palette) -> Diagram:
    """Of w1.g, rows down and units to the right; the chosen column framed. picture (28, 28) uint8: the image added last."""
    apart = APART if palette.room >= WIDE else NEAR
    both = (palette.room - PART - apart - MARGIN) / 2
    across = min(ACROSS, both if both >= LEAST_ACROSS else palette.room - PART - MARGIN)
    tall = tall_in(palette, TOP + FOOT)
    drawing = Drawing(PART + 2 * across + apart + MARGIN, TOP + tall + FOOT, palette)
    units = len(found.out_g)
    part, total = (MatrixGrid(drawing, left, TOP, across, units, tall) for left in (PART, PART + across + apart))
    image = numbers.count(found.image)
    _paint(part, f"image {image}: its outer product", found.part)
    _paint(total, f"sum of {numbers.count(found.added, 'outer product')}", found.total)
    _factors(drawing, found, picture, across, tall)
    middle = TOP + tall / 2
    drawing.arrow((part.right + 12, middle), (total.left - 10, middle), palette.muted)
    drawing.text((part.right + total.left) / 2, middle - 14, "added", palette.muted, SMALL)
    part.frame_column(column, TOP - OUT_G)
    total.frame_column(column)
    for grid in (part, total):
        x = min(max(grid.left + (column + 0.5) * grid.step, grid.left + 22), grid.right - 22)
        drawing.text(x, grid.bottom + 16, f"unit {column}", palette.axis_text["j"], NAME, 600)
    drawing.areas(
        (
            unit,
            part.column_path(unit, TOP - OUT_G) + total.column_path(unit),
            f"unit {unit} · out.g[{found.image}, {unit}] = {numbers.significant(number)}",
        )
        for unit, number in enumerate(found.out_g.tolist())
    )
    description = (
        f"Image {found.image} as a column of 784 pixels, its gradients for {units} hidden units as a row, and their outer "
        f"product; beside it the sum of {numbers.count(found.added, 'outer product')}, on its own scale. The column of "
        f"hidden unit {column} is framed."
    )
    return drawing.finished(
        name_of(found, "w1"), description, _table(found), LEAST, [part.right + 8]
    )  # where the sum goes below the product on a phone


def _factors(drawing: Drawing, found: SumSoFar, picture: Tensor, across: float, tall: float) -> None:
    """The image down the left and its gradients along the top."""
    palette, image, out_g = drawing.palette, found.image, found.out_g
    drawing.image(INP, TOP, THICK, tall, brightness_colours(picture.flatten().numpy()[:, None], LEVELS, palette))
    drawing.rect(INP, TOP, THICK, tall, stroke=palette.hair)
    MatrixGrid(drawing, INP, TOP, THICK, 1, tall).number_rows()
    drawing.text(INP + THICK, OUT_G + THICK / 2, f"inp[{image}]", palette.axis_text["n"], SMALL, 600, "right")
    numbers_across, limit = out_g.numpy()[None], out_g.abs().max().item()
    drawing.image(PART, OUT_G, across, THICK, value_colours(numbers_across, limit, palette))
    minus_signs(drawing, PART, OUT_G, across, THICK, numbers_across, limit)
    drawing.rect(PART, OUT_G, across, THICK, stroke=palette.hair)
    drawing.text(PART + across, SCALE, f"out.g[{image}]", palette.axis_text["n"], SMALL, 600, "right")


def _paint(grid: MatrixGrid, title: str, values: Tensor) -> None:
    """The matrix, with its title and its scale above."""
    sizes = values.abs().flatten()
    shown = sizes.quantile(MOST_IN_SCALE).item()
    limit = shown or sizes.max().item()
    shades = (values / (limit or 1) * SHADES).round().numpy()
    grid.paint_values(shades, SHADES)
    grid.drawing.text(grid.left, 10, title, grid.drawing.palette.ink, NAME, 600, "left")
    grid.drawing.text(grid.left, SCALE, scale_words(limit, beyond=bool(shown)), grid.drawing.palette.muted, SMALL, align="left")


def _table(found: SumSoFar) -> pd.DataFrame:
    rows, columns = found.total.shape
    pixels, units = np.divmod(np.arange(rows * columns), columns)
    part, total = (values.flatten().numpy() for values in (found.part, found.total))
    return pd.DataFrame(dict(pixel=pixels, unit=units, part=part, sum_so_far=total))
