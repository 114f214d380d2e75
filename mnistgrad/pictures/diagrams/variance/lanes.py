"""How much the one column of w2.g varies from row to row: its entries on one line for each group of rows."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.line_scale import LineScale
from mnistgrad.pictures.diagrams.pixel_grid import Mask
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.diagrams.variance.chosen_name import name_chosen
from mnistgrad.pictures.palette import FloatArray, Palette

WIDTH, LEAST = 1_100.0, 640.0
LEFT, RIGHT, INSET = 150.0, 930.0, 16.0
TOP, LANE, FOOT = 30.0, 58.0, 40.0
DOT = 5.0
APART = 0.1  # of the scale, so that the labels of two ticks do not touch


def variance_lanes(
    column: FloatArray, groups: Mapping[str, Mask], variances: Mapping[str, float], row: int, palette: Palette
) -> Diagram:
    """The column (nh,), with a lane for each group: its label, the mask (nh,) of its rows and their variance, 0 for copies.

    `row` is the one chosen; a click on an entry tells its row.
    """
    foot = TOP + LANE * len(groups)
    drawing = Drawing(WIDTH, foot + FOOT, palette)
    scale = LineScale(min(float(column.min()), 0.0), max(float(column.max()), 0.0), LEFT + INSET, RIGHT - INSET)
    _axis(drawing, scale, foot)
    _mark_chosen(drawing, scale.at(float(column[row])), f"unit {row}: {numbers.significant(float(column[row]), sign=True)}", foot)
    for place, (label, mask) in enumerate(groups.items()):
        y = TOP + LANE * (place + 0.5)
        drawing.text(LEFT - 8, y, label, palette.axis_text["j"], 13, 600, "right")
        drawing.text(RIGHT + 8, y, _variance(variances[label]), palette.ink, 13, 600, "left")
        _lane(drawing, column, np.flatnonzero(mask).tolist(), variances[label], y, scale)
    frame = pd.DataFrame(dict(unit=range(len(column)), gradient=column) | dict(groups))
    listed = "; ".join(f"{label}: {_variance(variances[label])}" for label in groups)
    description = f"The entries of w2.g on a line for each group of rows. {listed}. Unit {row} is marked."
    return drawing.finished("column-variance-w2", description, frame, LEAST)


def _axis(drawing: Drawing, scale: LineScale, foot: float) -> None:
    palette = drawing.palette
    for tick in sorted({scale.low, 0.0, scale.high}):
        drawing.line([(scale.at(tick), TOP), (scale.at(tick), foot)], palette.hair)
        if not tick or abs(tick) > APART * (scale.high - scale.low):
            drawing.text(scale.at(tick), foot + 12, numbers.significant(tick, sign=True), palette.muted, 12)
    drawing.text((LEFT + RIGHT) / 2, foot + 30, "entries of w2.g, one for each hidden unit j", palette.axis_text["j"], 12.5)


def _mark_chosen(drawing: Drawing, x: float, says: str, foot: float) -> None:
    drawing.line([(x, TOP - 4), (x, foot)], drawing.palette.axis["j"], 2, opacity=0.6)
    name_chosen(drawing, x, TOP - 14, says, (LEFT + RIGHT) / 2)


def _lane(drawing: Drawing, column: FloatArray, units: list[int], variance: float, y: float, scale: LineScale) -> None:
    """The entries, and below them their mean with one standard deviation to each side."""
    ink, mean, deviation = drawing.palette.ink, float(column[units].mean()), variance**0.5
    if deviation:
        drawing.line([(scale.at(mean - deviation), y + 15), (scale.at(mean + deviation), y + 15)], drawing.palette.muted, 3)
    drawing.line([(scale.at(mean), y + 10), (scale.at(mean), y + 20)], ink, 2)
    for unit in units:
        value = float(column[unit])
        place = dict(cx=scale.at(value), cy=y - 4, r=DOT, data_row=unit)
        tip = f"unit {unit}: {numbers.significant(value, sign=True)}"
        drawing.add("circle", place | dict(fill=ink, fill_opacity=0.25, stroke=ink, stroke_width=1), tip=tip)


def _variance(variance: float) -> str:
    return f"variance {numbers.significant(variance)}" if variance else "variance exactly 0"
