"""The one column of w2.g: a gradient for each hidden unit, as bars from the largest to the smallest."""

import math

import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.line_scale import LineScale
from mnistgrad.pictures.diagrams.pixel_grid import Mask
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import FloatArray, Palette

WIDTH, LEAST = 1_100.0, 640.0
LEFT, TOP, TALL, FOOT = 64.0, 34.0, 210.0, 44.0
GAP = 0.22  # of a bar's room
FADED = 0.45  # units that are off
NAME_ROOM = 22.0
NUMBER_ROOM = 17.0  # px that a unit's number needs


def unit_bars(column: FloatArray, off: Mask, background: float, row: int, palette: Palette) -> Diagram:
    """The column (nh,) of w2.g, not all 0. off: mask (nh,) of units that are off; background: what stands, or would stand,
    in the row of such a unit. `row` is the one chosen; a click on a bar tells its row.
    """
    drawing = Drawing(min(WIDTH, palette.room), TOP + TALL + FOOT, palette)
    order = np.argsort(-column, kind="stable")
    step = (drawing.width - LEFT - 4) / len(order)
    every = math.ceil(NUMBER_ROOM / step)
    shown = [0.0, float(column.min()), float(column.max()), background]
    scale = LineScale(min(shown), max(shown), TOP + TALL, TOP)
    for value in sorted({scale.low, 0.0, scale.high}):
        drawing.line([(LEFT, scale.at(value)), (drawing.width - 4, scale.at(value))], palette.hair)
        drawing.text(LEFT - 8, scale.at(value), numbers.significant(value, sign=True), palette.muted, 12, align="right")
    for place, unit in enumerate(order.tolist()):
        x = LEFT + step * place
        _bar(drawing, x, step, unit, float(column[unit]), bool(off[unit]), unit == row, scale)
        if unit == row:
            _name_chosen(drawing, x + step / 2, f"unit {unit}" if every > 1 else str(unit))
        elif every == 1:
            drawing.text(x + step / 2, TOP + TALL + 13, str(unit), palette.muted, 12)
    drawing.text(
        (LEFT + drawing.width) / 2, TOP + TALL + 34, "hidden units j, largest gradient first", palette.axis_text["j"], 12.5
    )
    _background(drawing, background, bool(off.any()), scale)
    frame = pd.DataFrame(dict(unit=order, gradient=column[order], off=off[order], distance=np.abs(column[order] - background)))
    description = (
        f"w2.g, one number for each of {numbers.count(len(column), 'hidden unit')}, from "
        f"{numbers.significant(float(column.min()))} to {numbers.significant(float(column.max()))}; "
        f"{numbers.count(int(off.sum()), 'unit')} off. Unit {row} is chosen: {numbers.significant(float(column[row]))}."
    )
    return drawing.finished("w2-units", description, frame, min(LEAST, drawing.width))


def _bar(drawing: Drawing, x: float, step: float, unit: int, value: float, off: bool, chosen: bool, scale: LineScale) -> None:
    palette = drawing.palette
    ends = sorted((scale.at(0), scale.at(value)))
    tall = max(ends[1] - ends[0], 1.0)
    colour = palette.values[-2] if value > 0 else palette.values[1]
    place = dict(x=x + GAP / 2 * step, y=ends[0], width=(1 - GAP) * step, height=tall, fill=colour)
    edge = dict(stroke=palette.axis["j"], stroke_width=3) if chosen else {}
    drawing.add("rect", place | edge | (dict(opacity=FADED) if off else {}))
    kind = ", off for every image" if off else ""
    tip = f"unit {unit}{kind}: {numbers.significant(value, sign=True)}"
    drawing.rect(x, TOP, step, TALL + 20, "transparent", tip, data_row=unit)


def _name_chosen(drawing: Drawing, x: float, name: str) -> None:
    inside = min(max(x, LEFT + NAME_ROOM), drawing.width - 4 - NAME_ROOM) if name.startswith("unit") else x
    drawing.text(inside, TOP + TALL + 13, name, drawing.palette.axis_text["j"], 12, 600)


def _background(drawing: Drawing, background: float, any_off: bool, scale: LineScale) -> None:
    """The line from which the distance to the row of a unit that is off can be read."""
    palette = drawing.palette
    y = scale.at(background)
    drawing.line([(LEFT, y), (drawing.width - 4, y)], palette.ink, 1.2, "5 4")
    says = "units that are off stand here" if any_off else "a unit that is off would stand here"
    text = f"{says}: {numbers.significant(background, sign=True)}"
    drawing.text(drawing.width - 8, y - 12, text, palette.ink, 12.5, 600, "right", halo=palette.paper)
