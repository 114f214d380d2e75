"""The signal-to-noise of every weight of w1 as one strip: a thin vertical line for each pixel, a band for each hidden unit."""

import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.network.data import PIXELS
from mnistgrad.pictures.diagrams.pixel_grid import sharp_image
from mnistgrad.pictures.diagrams.puzzle.matrix_strip import TICKS
from mnistgrad.pictures.diagrams.scale_bar import HEIGHT, scale_bar
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import LEVELS, FloatArray, Palette, brightness_colours

WIDTH, LEAST = 1_104.0, 640.0
LEFT, TOP, TALL = 64.0, 6.0, 156.0
LONG = WIDTH - LEFT - 4
BAR = 200.0
STEPS = 32  # of colour: half the bytes of all of them, and no eye sees it on bands so thin
CLEAR = 15.0  # px that the label of the chosen unit keeps from the labels at the ends


def signal_strip(ratio: FloatArray, unit: int, palette: Palette) -> Diagram:
    """ratio (784, nh): |mean| / standard deviation, nan where there is none, somewhere above 0. `unit` is the one chosen;
    a click on a band tells its unit.
    """
    drawing = Drawing(WIDTH, TOP + TALL + 30 + HEIGHT, palette)
    units, largest = ratio.shape[1], float(np.nanmax(ratio))
    colours = brightness_colours((np.nan_to_num(ratio.T) / largest * STEPS).round(), STEPS, palette)
    sharp_image(drawing, LEFT, TOP, LONG, TALL, colours)
    drawing.rect(LEFT, TOP, LONG, TALL, stroke=palette.hair)
    for tick in TICKS:
        align = "left" if tick == 0 else "right" if tick == TICKS[-1] else "center"
        x = LEFT + LONG * (tick + {"left": 0.0, "center": 0.5, "right": 1.0}[align]) / PIXELS
        drawing.text(x, TOP + TALL + 15, f"pixel {tick}" if tick == 0 else str(tick), palette.axis_text["i"], 12.5, align=align)
    _units(drawing, units, unit)
    ramp = brightness_colours(np.linspace(0, 1, LEVELS), 1, palette)
    scale_bar(drawing, LEFT, TOP + TALL + 32, BAR, ramp, ["0", numbers.significant(largest)])
    band = TALL / units
    for place in range(units):
        drawing.rect(LEFT, TOP + band * place, LONG, band, "transparent", _tip(place, ratio[:, place]), data_row=place)
    description = (
        f"The size of the signal-to-noise of all {numbers.count(ratio.size)} weights of w1: {PIXELS} pixels from left to right, "
        f"{numbers.count(units, 'hidden unit')} from top to bottom, up to {numbers.significant(largest)}. Unit {unit} is framed."
    )
    frame = pd.DataFrame(ratio, columns=[f"unit_{unit}" for unit in range(units)])
    frame.insert(0, "row", range(PIXELS))
    return drawing.finished("signal-to-noise", description, frame, LEAST)


def _units(drawing: Drawing, units: int, chosen: int) -> None:
    palette, band = drawing.palette, TALL / units
    here = TOP + band * (chosen + 0.5)
    for unit in (0, units - 1):
        y = TOP + band * (unit + 0.5)
        if abs(y - here) >= CLEAR:
            drawing.text(LEFT - 8, y, f"unit {unit}", palette.muted, 12.5, align="right")
    drawing.text(LEFT - 8, here, f"unit {chosen}", palette.axis_text["j"], 12.5, 600, "right")
    drawing.rect(LEFT - 2, TOP + band * chosen - 1, LONG + 4, band + 2, stroke=palette.axis["j"], stroke_width=2)


def _tip(unit: int, ratio: FloatArray) -> str:
    known = ratio[~np.isnan(ratio)]
    if not len(known):
        return f"unit {unit}: the same for every image"
    return f"unit {unit}: {numbers.significant(float(known.min()))} to {numbers.significant(float(known.max()))}"
