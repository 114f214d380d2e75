"""How far the row of each pixel is from the row of a black pixel."""

import numpy as np

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.scale_bar import scale_bar
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.units.unit_map import (
    GAP,
    LEAST,
    PAD,
    add_cells,
    label_chosen,
    map_drawing,
    map_frame,
    mark_copies,
)
from mnistgrad.pictures.palette import LEVELS, FloatArray, Palette, brightness_colours


def distance_map(distances: FloatArray, row: int, palette: Palette) -> Diagram:
    """Distances (784,), at least one above 0; the copies, at 0, are hatched, `row` is framed."""
    copied = distances == 0
    farthest = float(distances.max())
    drawing, grid = map_drawing(palette)
    grid.paint(brightness_colours(distances, farthest, palette))
    mark_copies(grid, copied, palette.faint)
    grid.frame([row])
    label_chosen(grid, row, f"row {row}: {'a copy' if copied[row] else numbers.significant(float(distances[row]))}")
    add_cells(grid, distances, copied, "a copy: 0", sign=False)
    ramp = brightness_colours(np.linspace(0, 1, LEVELS), 1, palette)
    scale_bar(drawing, PAD, PAD + grid.edge + GAP, grid.edge, ramp, ["0, a copy", numbers.significant(farthest)])
    frame = map_frame().assign(distance=distances, copy=copied)
    description = (
        f"A map of the 28 × 28 pixels: how far each row of w1.g is from the row of a black pixel. "
        f"{numbers.count(int(copied.sum()), 'row')} hatched, at 0; the farthest is row {distances.argmax()}, at "
        f"{numbers.significant(farthest)}."
    )
    return drawing.finished("row-distances", description, frame, LEAST)
