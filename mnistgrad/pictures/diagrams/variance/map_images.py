"""One unit's gradient, its standard deviation over images and their ratio, each laid back onto the image."""

import numpy as np

from mnistgrad.common import numbers
from mnistgrad.network.data import PIXELS, SIDE
from mnistgrad.pictures.diagrams.minus_signs import minus_signs
from mnistgrad.pictures.diagrams.pixel_grid import CELL as ONE_CELL
from mnistgrad.pictures.diagrams.pixel_grid import Mask, PixelGrid
from mnistgrad.pictures.diagrams.scale_bar import HEIGHT, scale_bar
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.diagrams.units.unit_map import CELL, GAP, PAD, map_frame, mark_copies
from mnistgrad.pictures.palette import LEVELS, Colours, FloatArray, Palette, brightness_colours, value_colours

BETWEEN = 48.0  # a whole number of cells, which keeps the tips short
TOP = 30.0
EDGE = SIDE * CELL
WIDTH = 3 * EDGE + 2 * BETWEEN + 2 * PAD
LEAST = 700.0


def signal_maps(mean: FloatArray, deviation: FloatArray, copied: Mask, unit: int, row: int, palette: Palette) -> Diagram:
    """mean and deviation (784,) over images of the gradients of one unit's weights, the deviations not all 0.

    copied: mask (784,) of the black pixels. `row` is the one chosen; a click on a pixel tells its row.
    """
    ratio = np.divide(np.abs(mean), deviation, out=np.full(PIXELS, np.nan), where=deviation > 0)
    limit, widest, clearest = float(np.abs(mean).max()), float(deviation.max()), float(np.nanmax(ratio))
    drawing = Drawing(WIDTH, TOP + EDGE + GAP + HEIGHT + PAD, palette)
    even, rising = np.linspace(-1, 1, LEVELS), brightness_colours(np.linspace(0, 1, LEVELS), 1, palette)
    end = numbers.significant(limit)
    ends = [f"{numbers.MINUS}{end}", "0", f"+{end}"] if limit else ["0", "0"]
    _map(drawing, 0, "gradient: the mean over images", value_colours(mean, limit, palette), copied, row)
    minus_signs(drawing, _left(0), TOP, EDGE, EDGE, np.where(copied, 0, mean).reshape(SIDE, SIDE), limit)
    _bar(drawing, 0, value_colours(even, 1, palette), ends)
    _map(drawing, 1, "standard deviation over images", brightness_colours(deviation, widest, palette), copied, row)
    _bar(drawing, 1, rising, ["0", numbers.significant(widest)])
    colours = brightness_colours(np.nan_to_num(ratio), clearest or 1, palette)
    _map(drawing, 2, "signal-to-noise: |mean| ÷ deviation", colours, copied, row)
    _bar(drawing, 2, rising, ["0", numbers.significant(clearest)])
    for place, sign in enumerate("÷="):
        drawing.text(_left(place) + EDGE + BETWEEN / 2, TOP + EDGE / 2, sign, palette.muted, 30)
    _tips(drawing, mean, deviation, ratio)
    frame = map_frame().assign(mean=mean, standard_deviation=deviation, signal_to_noise=ratio, black_in_every_image=copied)
    description = (
        f"Three maps of the 28 × 28 pixels for hidden unit {unit}: the gradient of each weight, its standard deviation over "
        f"images, up to {numbers.significant(widest)}, and the size of their ratio, up to {numbers.significant(clearest)}. "
        f"Row {row} is framed: {_says(float(mean[row]), float(deviation[row]), float(ratio[row]))}."
    )
    return drawing.finished(
        f"signal-to-noise-unit-{unit}", description, frame, LEAST, [_left(place) - BETWEEN for place in (1, 2)]
    )


def _left(place: int) -> float:
    return PAD + place * (EDGE + BETWEEN)


def _map(drawing: Drawing, place: int, title: str, colours: Colours, copied: Mask, row: int) -> None:
    grid = PixelGrid(drawing, _left(place), TOP, CELL)
    drawing.text(grid.left, TOP - 15, title, drawing.palette.ink, 13.5, 600, "left")
    grid.paint(colours)
    mark_copies(grid, copied, drawing.palette.muted)
    grid.frame([row])


def _bar(drawing: Drawing, place: int, colours: Colours, labels: list[str]) -> None:
    scale_bar(drawing, _left(place), TOP + EDGE + GAP, EDGE, colours, labels)


def _says(mean: float, deviation: float, ratio: float) -> str:
    if not deviation:
        return f"{numbers.significant(mean, sign=True)} for every image"
    return f"|{numbers.significant(mean, sign=True)}| ÷ {numbers.significant(deviation)} = {numbers.significant(ratio)}"


def _tips(drawing: Drawing, mean: FloatArray, deviation: FloatArray, ratio: FloatArray) -> None:
    """One element a pixel, with a cell on each of the three maps."""
    tips = (_says(*values) for values in zip(mean.tolist(), deviation.tolist(), ratio.tolist(), strict=True))
    PixelGrid(drawing, PAD, TOP, CELL).cells_at(tips, 2 * f"m{(EDGE + BETWEEN) / CELL:g} 0{ONE_CELL}")
