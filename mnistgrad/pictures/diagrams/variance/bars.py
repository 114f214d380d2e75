"""The gradient of each weight of w2 with its standard deviation over images."""

import math

import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.line_scale import LineScale
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.diagrams.variance.chosen_name import name_chosen
from mnistgrad.pictures.palette import FloatArray, Palette

WIDTH, LEAST = 1_100.0, 640.0
LEFT, TOP, TALL, FOOT = 64.0, 30.0, 230.0, 44.0
NUMBER_ROOM = 17.0
ORDERS = {"size": "largest ratio first", "number": "by number"}


def deviation_bars(mean: FloatArray, deviation: FloatArray, order: str, row: int, palette: Palette) -> Diagram:
    """mean and deviation (nh,) over images. order: "size", the largest |mean| / deviation first, or "number".

    `row` is the one chosen; a click on a unit tells its row.
    """
    drawing = Drawing(min(WIDTH, palette.room), TOP + TALL + FOOT, palette)
    ratio = np.divide(np.abs(mean), deviation, out=np.full(len(mean), np.nan), where=deviation > 0)
    units = np.arange(len(mean)) if order == "number" else np.argsort(-np.nan_to_num(ratio, nan=-1.0), kind="stable")
    scale = LineScale(min(float((mean - deviation).min()), 0.0), max(float((mean + deviation).max()), 0.0), TOP + TALL, TOP)
    _axis(drawing, scale)
    long = drawing.width - LEFT - 8
    step = long / len(units)
    every = math.ceil(NUMBER_ROOM / step)
    chosen_x = LEFT + step * (float((units == row).argmax()) + 0.5)
    for place, unit in enumerate(units.tolist()):
        x, is_chosen = LEFT + step * (place + 0.5), unit == row
        _bar(drawing, x, step, float(mean[unit]), float(deviation[unit]), is_chosen, scale)
        clear = abs(x - chosen_x) > NUMBER_ROOM
        if is_chosen:
            _tell_chosen(drawing, x, unit, float(ratio[unit]))
        elif place % every == 0 and clear:
            drawing.text(x, TOP + TALL + 14, str(unit), palette.muted, 12)
        tip = _tip(unit, float(mean[unit]), float(deviation[unit]), float(ratio[unit]))
        drawing.rect(x - step / 2, TOP, step, TALL + 22, "transparent", tip, data_row=unit)
    drawing.text(LEFT + long / 2, TOP + TALL + 34, f"hidden units j, {ORDERS[order]}", palette.axis_text["j"], 12.5)
    frame = pd.DataFrame(dict(unit=units, mean=mean[units], standard_deviation=deviation[units], signal_to_noise=ratio[units]))
    largest = numbers.significant(float(np.nanmax(ratio))) if (deviation > 0).any() else "0"
    description = (
        f"The gradient of each weight of w2, {numbers.count(len(mean), 'hidden unit')}, with a bar one standard deviation over "
        f"images up and down. The size of their ratio is at most {largest}. Unit {row} is marked."
    )
    return drawing.finished("signal-to-noise-w2", description, frame, min(LEAST, drawing.width))


def _axis(drawing: Drawing, scale: LineScale) -> None:
    palette = drawing.palette
    for tick in sorted({scale.low, 0.0, scale.high}):
        y = scale.at(tick)
        drawing.line([(LEFT, y), (drawing.width - 8, y)], palette.hair if tick else palette.faint)
        if not tick or abs(y - scale.at(0)) > 16:
            drawing.text(LEFT - 8, y, numbers.significant(tick, sign=True), palette.muted, 12, align="right")


def _bar(drawing: Drawing, x: float, step: float, mean: float, deviation: float, chosen: bool, scale: LineScale) -> None:
    palette = drawing.palette
    colour = palette.axis["j"] if chosen else palette.muted
    if deviation:
        drawing.line([(x, scale.at(mean - deviation)), (x, scale.at(mean + deviation))], colour, min(5.0, 0.5 * step))
    drawing.add("circle", dict(cx=x, cy=scale.at(mean), r=min(4.5, 0.4 * step), fill=palette.ink))


def _tell_chosen(drawing: Drawing, x: float, unit: int, ratio: float) -> None:
    drawing.text(x, TOP + TALL + 14, str(unit), drawing.palette.axis_text["j"], 12, 600)
    says = f"unit {unit}: " + ("the same for every image" if math.isnan(ratio) else f"ratio {numbers.significant(ratio)}")
    name_chosen(drawing, x, TOP - 16, says, (LEFT + drawing.width - 8) / 2)


def _tip(unit: int, mean: float, deviation: float, ratio: float) -> str:
    if not deviation:
        return f"unit {unit}: {numbers.significant(mean, sign=True)} for every image"
    spread = f"± {numbers.significant(deviation)}, ratio {numbers.significant(ratio)}"
    return f"unit {unit}: {numbers.significant(mean, sign=True)} {spread}"
