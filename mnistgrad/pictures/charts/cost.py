"""Time and memory of several ways to compute a gradient, against the number of images, on two logarithmic axes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.cost.measurement import COST_METHODS, FORWARD, LESSON_SECONDS, Cost, Measurement, Spread
from mnistgrad.network.data import TRAINING_IMAGES
from mnistgrad.pictures.charts.label_places import BREAK, beside_ends, centred, in_lines, step_of
from mnistgrad.pictures.charts.look import TEXT, Chart, filled, is_narrow, sizes, styled
from mnistgrad.pictures.palette import Palette

WIDTH, HEIGHT, LEAST = 560, 300, 470
NAME_STEP = 15  # px between two names
SQUEEZED = 1.2  # of the height that is counted on to what its axis leaves
LEFT = 0.8  # images, so that n = 1 stands clear of the axis
TICKS = (1, 10, 100, 1_000, 10_000, TRAINING_IMAGES)
LEAST_BYTES = 10_000.0  # below it the kernel's pages of 4 kB tell nothing


@dataclass(frozen=True)
class CostStroke:
    """How a method's line is drawn: `ink` is a field of the palette. The forward product is a broad pale line below all."""

    ink: str
    width: float
    dashed: bool = False
    opacity: float = 1.0
    dot: float = 16  # area of a measured point in px


STROKES = {
    FORWARD: CostStroke("faint", 9, opacity=0.4, dot=0),
    "broadcast": CostStroke("ink", 2.2),
    "einsum": CostStroke("muted", 1.7, dashed=True),
    "matmul": CostStroke("ink", 1.3),
    "manual": CostStroke("ink", 1.3),
    "autograd": CostStroke("muted", 1.7, dashed=True),
    "per image": CostStroke("ink", 2.2),
}


@dataclass(frozen=True)
class Quantity:
    """What a chart shows of a cost: seconds or bytes."""

    name: str
    field: str
    least: float
    say: Any

    def of(self, cost: Cost) -> Spread:
        return cost.seconds if self.field == "seconds" else cost.nbytes


TIME = Quantity("time", "seconds", 1e-6, numbers.duration)
MEMORY = Quantity("memory", "nbytes", LEAST_BYTES, lambda value: numbers.byte_count(round(value)))


def time_chart(found: Measurement, methods: Sequence[str], n: int, name: str, palette: Palette) -> Chart:
    """Seconds of the methods, with a rule at n. The lesson's own two figures stand beside its line."""
    return _chart(found, tuple(methods), n, f"cost-time-{name}", TIME, palette)


def memory_chart(found: Measurement, methods: Sequence[str], n: int, name: str, palette: Palette) -> Chart:
    """Peak bytes of the methods beyond what was in memory before, with a rule at n."""
    return _chart(found, tuple(methods), n, f"cost-memory-{name}", MEMORY, palette)


def _chart(found: Measurement, methods: Sequence[str], n: int, name: str, shown: Quantity, palette: Palette) -> Chart:
    frame = cost_frame(found, methods, shown)
    low, high = _decades(found, shown)
    lines = [[_mark(cost, shown, palette) for cost in found.line_of(method)] for method in methods]
    largest = found.plan.largest
    lesson = [_lesson_mark(method) for method in methods if shown is TIME and method in LESSON_SECONDS and has_lesson(found)]
    datasets = {
        "measured": [mark for line in lines for mark in line if not mark["calculated"]],
        "beyond": [mark for line in lines for mark in _beyond(line)],
        "marks": [mark for line in lines for mark in line],
        "names": _names([*(line[-1] for line in lines), *lesson], low, high, palette),
        "lesson": lesson,
        "rule": [dict(n=min(n, largest), says=f"n = {numbers.count(n)}{' →' if n > largest else ''}", inside=n <= largest)],
    }
    params = {
        "right": largest,
        "counts": [tick for tick in TICKS if tick <= largest],
        "foot": 10.0**low,
        "top": 10.0**high,
        "ticks": [10.0**exponent for exponent in range(low, high + 1)],
        "decades": _decade_labels(low, high, shown),
    }
    return Chart(
        name, filled(_picture(palette), params, datasets), _description(frame, shown), frame, *sizes(WIDTH, LEAST, palette)
    )


def has_lesson(found: Measurement) -> bool:
    """Whether the counts reach the lesson's."""
    return found.plan.largest == TRAINING_IMAGES


def cost_frame(found: Measurement, methods: Sequence[str], shown: Quantity) -> pd.DataFrame:
    """One row a method and count: the median, the quarter and three quarters of the runs, and how many there were."""
    rows = []
    for method in methods:
        for cost in found.line_of(method):
            spread = shown.of(cost)
            value = {shown.field: spread.median, "low": spread.low, "high": spread.high}
            rows.append(dict(method=method, n=cost.n) | value | dict(runs=spread.runs, calculated=spread.calculated))
    return pd.DataFrame(rows)


@lru_cache(maxsize=4)
def _picture(palette: Palette) -> dict[str, Any]:
    chart = alt.layer(
        *_rule(palette),
        *_lines(palette),
        *_points(palette),
        _lesson(palette),
        _name(palette),
        width=min(WIDTH, palette.room),
        height=HEIGHT,
    )
    return styled(chart, palette)


def _rule(palette: Palette) -> list[alt.Chart]:
    """The reader's n, with the scale and the axis of the counts."""
    axis = alt.Axis(
        title="images in the batch, n",
        titleColor=palette.axis_text["n"],
        values=alt.ExprRef("counts"),
        format=",",
        grid=False,
        ticks=False,
        labelPadding=8,
        labelOverlap=False,
        labelAlign=alt.condition(f"datum.value == {TRAINING_IMAGES}", alt.value("left"), alt.value("center")),
    )
    x = alt.X("n:Q", scale=alt.Scale(type="log", domain=[LEFT, alt.ExprRef("right")], nice=False), axis=axis)
    rule = alt.Chart(alt.NamedData("rule")).encode(x=x)
    word = rule.mark_text(dy=-7, color=palette.axis_text["n"], fontWeight=600, baseline="bottom")
    line = rule.transform_filter("datum.inside").mark_rule(color=palette.axis["n"], strokeWidth=1.4)
    return [line, word.encode(y=alt.value(0), text="says:N")]


def _lines(palette: Palette) -> list[alt.Chart]:
    """The band of spread and the lines of what was measured, and dotted lines to what is calculated."""
    axis = alt.Axis(
        title=None,
        values=alt.ExprRef("ticks"),
        ticks=False,
        labelPadding=8,
        labelExpr="decades[round(log(datum.value / foot) / LN10)]",
    )
    scale = alt.Scale(type="log", domain=[alt.ExprRef("foot"), alt.ExprRef("top")], nice=False)
    own = dict(
        color=alt.Color("ink:N", scale=None),
        strokeWidth=alt.StrokeWidth("width:Q", scale=None),
        strokeDash=alt.StrokeDash("dashed:N", scale=alt.Scale(domain=[False, True], range=[[1, 0], [6, 3]]), legend=None),
        strokeOpacity=alt.StrokeOpacity("opacity:Q", scale=None),
        detail="method:N",
    )
    y = alt.Y("value:Q", scale=scale, axis=axis)
    measured, beyond = (alt.Chart(alt.NamedData(name)).encode(x="n:Q") for name in ("measured", "beyond"))
    band = measured.mark_area(color=palette.muted, opacity=0.25).encode(
        y=alt.Y("low:Q", scale=scale), y2="high:Q", detail="method:N"
    )
    return [
        band,
        measured.mark_line(strokeCap="round").encode(y=y, **own),
        beyond.mark_line(strokeDash=[1.5, 4]).encode(
            y="value:Q", color=own["color"], strokeWidth=own["strokeWidth"], detail="method:N"
        ),
    ]


def _points(palette: Palette) -> list[alt.Chart]:
    """One for each cost, hollow where it is calculated."""
    tips = [
        alt.Tooltip("label:N", title="way"),
        alt.Tooltip("code:N", title="code"),
        alt.Tooltip("n:Q", title="images", format=","),
        alt.Tooltip("says:N", title="cost"),
        alt.Tooltip("how:N", title="how"),
    ]
    points = alt.Chart(alt.NamedData("marks")).encode(
        x="n:Q", y="value:Q", size=alt.Size("size:Q", scale=None), fill=alt.Fill("fill:N", scale=None), tooltip=tips
    )
    return [points.mark_point(shape="circle", filled=True, stroke=palette.ink, strokeWidth=1.2, opacity=1)]


def _lesson(palette: Palette) -> alt.Chart:
    marks = alt.Chart(alt.NamedData("lesson")).encode(x="n:Q", y="value:Q")
    return marks.mark_point(size=80, shape="diamond", filled=True, fill=palette.mark_edge, stroke=palette.paper, opacity=1)


def _name(palette: Palette) -> alt.Chart:
    names = alt.Chart(alt.NamedData("names")).encode(x="n:Q", y="value:Q", text="says:N", color=alt.Color("ink:N", scale=None))
    return names.mark_text(align="left", dx=13, dy=centred(), lineBreak=BREAK, fontSize=TEXT, fontWeight=600)


def _mark(cost: Cost, shown: Quantity, palette: Palette) -> dict[str, Any]:
    spread, stroke = shown.of(cost), STROKES[cost.method]
    runs = f"middle half of {spread.runs} runs: {shown.say(spread.low)} to {shown.say(spread.high)}"
    return dict(
        method=cost.method,
        label=COST_METHODS[cost.method].label,
        code=COST_METHODS[cost.method].code,
        n=cost.n,
        value=max(spread.median, shown.least),
        low=max(spread.low, shown.least),
        high=max(spread.high, shown.least),
        calculated=spread.calculated,
        says=shown.say(spread.median),
        how="calculated, not run" if spread.calculated else runs,
        ink=getattr(palette, stroke.ink),
        width=stroke.width,
        dashed=stroke.dashed,
        opacity=stroke.opacity,
        size=46 if spread.calculated else stroke.dot,
        fill=palette.paper if spread.calculated else palette.ink,
    )


def _beyond(line: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The calculated end of a line, from the last point that was measured."""
    measured = sum(not mark["calculated"] for mark in line)
    return line[measured - 1 :] if 0 < measured < len(line) else line[measured:]


def _lesson_mark(method: str) -> dict[str, Any]:
    seconds = LESSON_SECONDS[method]
    return dict(n=TRAINING_IMAGES, value=seconds, label=f"the lesson: {numbers.duration(seconds)}")


def _names(ends: list[dict[str, Any]], low: int, high: int, palette: Palette) -> list[dict[str, Any]]:
    """The name of each end of a line, moved up or down where two would touch; the lesson's are muted."""
    decade = HEIGHT / (high - low)
    names = [
        dict(n=mark["n"], value=mark["value"], says=mark["label"], ink=palette.ink if "method" in mark else palette.muted)
        for mark in ends
    ]
    names = in_lines(names) if is_narrow(palette) else names
    return beside_ends(
        names,
        step_of(names, NAME_STEP) * SQUEEZED,
        lambda value: (math.log10(value) - low) * decade,
        lambda height: 10 ** (low + height / decade),
        HEIGHT - step_of(names, 0) / 2,  # the rule's word stands above
    )


def _decades(found: Measurement, shown: Quantity) -> tuple[int, int]:
    """Exponents of the foot and the top, the same for all methods, so that charts can be compared."""
    values = [max(shown.of(cost).median, shown.least) for cost in found.costs]
    if shown is TIME and has_lesson(found):
        values += LESSON_SECONDS.values()
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def _decade_labels(low: int, high: int, shown: Quantity) -> list[str]:
    labels = [shown.say(10.0**exponent).replace(".0 ", " ") for exponent in range(low, high + 1)]
    return [f"≤ {labels[0]}", *labels[1:]] if shown is MEMORY else labels


def _description(frame: pd.DataFrame, shown: Quantity) -> str:
    what = "Time" if shown is TIME else "Peak extra memory"
    ends = frame.groupby("method", sort=False).last().to_dict("index")
    says = [
        f"{COST_METHODS[str(method)].label} {shown.say(end[shown.field])}{' (calculated)' if end['calculated'] else ''}"
        for method, end in ends.items()
    ]
    most = numbers.count(int(frame["n"].max()), "image")
    return f"{what} against the number of images, both on logarithmic axes. At {most}: {', '.join(says)}."
