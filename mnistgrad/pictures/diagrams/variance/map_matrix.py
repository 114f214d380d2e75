"""The signal-to-noise of every weight of w1 as one matrix, its rows running down, its columns to the right."""

import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.network.data import PIXELS
from mnistgrad.pictures.diagrams.matrix_grid import MatrixGrid, tall_in
from mnistgrad.pictures.diagrams.scale_bar import HEIGHT, scale_bar
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import LEVELS, FloatArray, Palette, brightness_colours

WIDTH, LEAST = 346.0, 300.0
LEFT, TOP, ACROSS = 60.0, 24.0, 280.0
GAP = 14.0  # above the scale
STEPS = 32  # of colour: half the bytes of all of them, and no eye sees it in cells so small


def signal_matrix(ratio: FloatArray, unit: int, palette: Palette) -> Diagram:
    """ratio (784, nh): |mean| / standard deviation, nan where there is none, somewhere above 0. `unit` is the one chosen;
    a click on a column tells its unit.
    """
    tall = tall_in(palette, TOP + GAP + HEIGHT)
    drawing = Drawing(WIDTH, TOP + tall + GAP + HEIGHT, palette)
    units, largest = ratio.shape[1], float(np.nanmax(ratio))
    grid = MatrixGrid(drawing, LEFT, TOP, ACROSS, units, tall)
    grid.paint(brightness_colours((np.nan_to_num(ratio) / largest * STEPS).round(), STEPS, palette))
    grid.number_rows()
    grid.name_columns(unit)
    ramp = brightness_colours(np.linspace(0, 1, LEVELS), 1, palette)
    scale_bar(drawing, LEFT, grid.bottom + GAP, ACROSS, ramp, ["0", numbers.significant(largest)])
    drawing.areas((place, grid.column_path(place), _tip(place, ratio[:, place])) for place in range(units))
    description = (
        f"The size of the signal-to-noise of all {numbers.count(ratio.size)} weights of w1: {PIXELS} rows from top to bottom, "
        f"one for each pixel, {numbers.count(units, 'hidden unit')} from left to right, up to {numbers.significant(largest)}. "
        f"Unit {unit} is framed."
    )
    frame = pd.DataFrame(ratio, columns=[f"unit_{unit}" for unit in range(units)])
    frame.insert(0, "row", range(PIXELS))
    return drawing.finished("signal-to-noise", description, frame, LEAST)


def _tip(unit: int, ratio: FloatArray) -> str:
    known = ratio[~np.isnan(ratio)]
    if not len(known):
        return f"unit {unit}: the same for every image"
    return f"unit {unit}: {numbers.significant(float(known.min()))} to {numbers.significant(float(known.max()))}"
