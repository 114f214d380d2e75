"""Which pixels some rows of w1.g belong to, over the mean image."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.gradient.statistics import PixelGroups, printed_indices
from mnistgrad.network.data import LEVELS, PIXELS, SIDE
from mnistgrad.pictures.diagrams.pixel_grid import PixelGrid
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette, brightness_colours

CELL = 14.0
EDGE = SIDE * CELL
PAD = 2.0
LEAST = 300.0


def pixel_map(mean_image: Tensor, groups: PixelGroups, rows: Sequence[int], palette: Palette) -> Diagram:
    """The mean image (784,) of the batch, 0 to 255, black pixels hatched, the printed rows and `rows` framed."""
    drawing = Drawing(EDGE + 2 * PAD, EDGE + 2 * PAD, palette)
    mean = mean_image.numpy()
    brightest = float(mean.max()) or 1.0
    grid = PixelGrid(drawing, PAD, PAD, CELL)
    grid.paint(brightness_colours(mean, brightest * 1.1, palette))
    grid.hatch(groups.black.numpy(), palette.faint)
    grid.border()
    printed = printed_indices(PIXELS)
    half = len(printed) // 2
    for part in (printed[:half], printed[half:], list(rows)):
        grid.frame(part)
    _label(grid, printed[half - 1], "printed: rows " + ", ".join(map(str, printed[:half])), "left")
    _label(grid, printed[half], "printed: rows " + ", ".join(map(str, printed[half:])), "right")
    _label_moved(grid, rows)
    grid.cells(_tip(*cell) for cell in zip(range(PIXELS), mean.tolist(), groups.black.tolist(), strict=True))
    frame = pd.DataFrame(
        dict(
            row=np.arange(PIXELS),
            pixel_row=np.arange(PIXELS) // SIDE,
            pixel_column=np.arange(PIXELS) % SIDE,
            mean_brightness=mean / LEVELS,
            black_in_every_image=groups.black.numpy(),
            constant=groups.constant.numpy(),
        )
    )
    description = (
        f"A map of the 28 × 28 pixels over the mean image. The printed rows lie in the first and the last "
        f"corner; rows {rows[0]} to {rows[-1]} are framed too. {numbers.count(int(groups.black.sum()))} pixels, hatched, "
        "are black in every image of the batch."
    )
    return drawing.finished("pixel-map", description, frame, LEAST)


def _label(grid: PixelGrid, beside: int, text: str, align: str) -> None:
    x, y = grid.corner(beside)
    x += CELL + 7 if align == "left" else -7
    palette = grid.drawing.palette
    grid.drawing.text(x, y + CELL / 2, text, palette.ink, 12.5, 600, align, halo=palette.paper)


def _label_moved(grid: PixelGrid, rows: Sequence[int]) -> None:
    """Above the moved rows, or below where the top is taken; kept inside the map."""
    x, y = grid.corner(rows[0])
    palette = grid.drawing.palette
    x = min(max(x + 3 * CELL, 50), EDGE - 46)
    above = rows[0] // SIDE > 2
    lines = rows[-1] // SIDE - rows[0] // SIDE + 1
    grid.drawing.text(
        x,
        y - 10 if above else y + lines * CELL + 10,
        f"rows {rows[0]}–{rows[-1]}",
        palette.ink,
        12.5,
        600,
        halo=palette.paper,
    )


def _tip(pixel: int, mean: float, black: bool) -> str:
    kind = "black in every image" if black else f"mean brightness {mean / LEVELS:.2f}"
    return f"row {pixel} · pixel ({pixel // SIDE}, {pixel % SIDE}) · {kind}"
