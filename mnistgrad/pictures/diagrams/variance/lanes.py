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
LEFT, RIGHT, INSET = 150.0, 170.0, 16.0  # px beside the lanes and within them
TOP, LANE, FOOT = 30.0, 58.0, 40.0
LEAST_LANE, WORDS = 200.0, 22.0  # px: a shorter lane has its words above it, which takes so much more
DOT = 5.0
APART = 0.1  # of the scale, so that the labels of two ticks do not touch


def variance_lanes(
    column: FloatArray, groups: Mapping[str, Mask], variances: Mapping[str, float], row: int, palette: Palette
) -> Diagram:
    """The column (nh,), with a lane for each group: its label, the mask (nh,) of its rows and their variance, 0 for copies.

    `row` is the one chosen; a click on an entry tells its row.
    """
    width = min(WIDTH, palette.room)
    beside = width - LEFT - RIGHT >= LEAST_LANE
    left, right = (LEFT, width - RIGHT) if beside else (0.0, width)
    lane, words = (LANE, 0.0) if beside else (LANE + WORDS, WORDS)
    foot = TOP + lane * len(groups)
    drawing = Drawing(width, foot + FOOT, palette)
    ends = [0.0, *column.tolist(), *_reaches(column, groups, variances)]
    scale = LineScale(min(ends), max(ends), left + INSET, right - INSET)
    _axis(drawing, scale, foot)
    _mark_chosen(
        drawing, scale, scale.at(float(column[row])), f"unit {row}: {numbers.significant(float(column[row]), sign=True)}", foot
    )
    for place, (label, mask) in enumerate(groups.items()):
        y = TOP + lane * place + words + LANE / 2
        told = y if beside else y - LANE / 2 - 4
        drawing.text(left - 8 if beside else 0, told, label, palette.axis_text["j"], 13, 600, "right" if beside else "left")
        drawing.text(
            right + 8 if beside else right, told, _variance(variances[label]), palette.ink, 13, 600, "left" if beside else "right"
        )
        _lane(drawing, column, np.flatnonzero(mask).tolist(), variances[label], y, scale)
    frame = pd.DataFrame(dict(unit=range(len(column)), gradient=column) | dict(groups))
    listed = "; ".join(f"{label}: {_variance(variances[label])}" for label in groups)
    description = f"The entries of w2.g on a line for each group of rows. {listed}. Unit {row} is marked."
    return drawing.finished("column-variance-w2", description, frame, min(LEAST, width))


def _reaches(column: FloatArray, groups: Mapping[str, Mask], variances: Mapping[str, float]) -> list[float]:
    """A standard deviation to each side of each group's mean."""
    means = {label: float(column[mask].mean()) for label, mask in groups.items() if mask.any()}
    return [mean + side * variances[label] ** 0.5 for label, mean in means.items() for side in (-1, 1)]


def _axis(drawing: Drawing, scale: LineScale, foot: float) -> None:
    palette = drawing.palette
    for tick in sorted({scale.low, 0.0, scale.high}):
        drawing.line([(scale.at(tick), TOP), (scale.at(tick), foot)], palette.hair)
        if not tick or abs(tick) > APART * (scale.high - scale.low):
            drawing.text(scale.at(tick), foot + 12, numbers.significant(tick, sign=True), palette.muted, 12)
    drawing.text(_middle(scale), foot + 30, "entries of w2.g, one for each hidden unit j", palette.axis_text["j"], 12.5)


def _mark_chosen(drawing: Drawing, scale: LineScale, x: float, says: str, foot: float) -> None:
    drawing.line([(x, TOP - 4), (x, foot)], drawing.palette.axis["j"], 2, opacity=0.6)
    name_chosen(drawing, x, TOP - 14, says, _middle(scale))


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


def _middle(scale: LineScale) -> float:
    return (scale.at_low + scale.at_high) / 2


def _variance(variance: float) -> str:
    return f"variance {numbers.significant(variance)}" if variance else "variance exactly 0"
