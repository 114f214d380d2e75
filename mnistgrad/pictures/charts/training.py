"""Loss and accuracy of several ways to train, against the step: the median over seeds, and each seed as a thin line."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from mnistgrad.captions.training import LABELS, plan_slug
from mnistgrad.common import numbers
from mnistgrad.pictures.charts.curve_scales import round_ticks
from mnistgrad.pictures.charts.label_places import BREAK, beside_ends, centred, in_lines, step_of
from mnistgrad.pictures.charts.look import TEXT, Chart, filled, is_narrow, sizes, styled
from mnistgrad.pictures.palette import Palette
from mnistgrad.training.comparison import Comparison
from mnistgrad.training.descent import DIVERGED, TrainingPoint

HEIGHT = 320
AXIS = 58  # px of the height for the axis below
NAME_STEP = 16  # px between two names
STEP_TICKS = 4
LOSS_TICKS = (1, 2, 5)  # in each decade


@dataclass(frozen=True)
class TrainingStroke:
    """How a method's line is drawn: `ink` is a field of the palette. Where two coincide, the dashes lie on the broad line."""

    ink: str
    width: float
    dash: tuple[float, ...] = (1, 0)


@dataclass(frozen=True)
class Size:
    """Of a chart in px. few: without a line for each seed, and with no step on the axis but the first and the last."""

    width: int
    height: int
    least: int
    few: bool = False


LARGE, SMALL = Size(560, HEIGHT, 470), Size(420, 220, 330, few=True)
STROKES = {
    "true": TrainingStroke("ink", 2.8),
    "rank-1": TrainingStroke("ink", 1.6, (9, 3)),
    "mean-row": TrainingStroke("faint", 4.2),
    "printed-row": TrainingStroke("muted", 1.8, (2, 3)),
    "frozen": TrainingStroke("ink", 1.4, (5, 4)),
}
ORDER = ("mean-row", "printed-row", "frozen", "rank-1", "true")  # from the lowest layer to the highest


@dataclass(frozen=True)
class PlotScale:
    """The height of a chart: from foot to top, by `place` turned into equal distances."""

    foot: float
    top: float
    ticks: list[float]
    labels: list[str]
    place: Callable[[float], float]
    back: Callable[[float], float]
    plot: float = HEIGHT - AXIS  # px in all

    def inside(self, value: float) -> float:
        return min(max(value, self.foot), self.top) if math.isfinite(value) else self.top

    def pixel(self, value: float) -> float:
        low, high = self.place(self.foot), self.place(self.top)
        return self.plot * (self.place(self.inside(value)) - low) / (high - low)

    def value(self, pixel: float) -> float:
        low, high = self.place(self.foot), self.place(self.top)
        return self.back(low + pixel / self.plot * (high - low))


def training_frame(found: Comparison) -> pd.DataFrame:
    """One row a method, seed and measured step; a run that diverged ends with a row without accuracy."""
    rows = [
        dict(method=LABELS[method], seed=seed, step=p.step, loss=p.loss, accuracy=p.accuracy, diverged=p.diverged)
        for (method, seed), points in found.curves.items()
        for p in points
    ]
    return pd.DataFrame(rows, columns=["method", "seed", "step", "loss", "accuracy", "diverged"])


def accuracy_chart(found: Comparison, palette: Palette) -> Chart:
    """The share of held-back images read right, up to 50% or 100%."""
    reads = [point.accuracy or 0.0 for method in found.methods for points in found.of(method) for point in points]
    return _chart(found, "accuracy", percentages(max(reads, default=1.0)), lambda point: point.accuracy, numbers.percent, palette)


def small_accuracy_chart(found: Comparison, palette: Palette) -> Chart:
    """The same, small: the medians alone."""
    ticks = [0.0, 0.5, 1.0]
    scale = PlotScale(0, 1, ticks, [f"{tick:.0%}" for tick in ticks], float, float, SMALL.height - AXIS)
    return _chart(found, "accuracy", scale, lambda point: point.accuracy, numbers.percent, palette, SMALL)


def loss_chart(found: Comparison, palette: Palette) -> Chart:
    """The loss on a logarithmic scale; one that diverged ends at the top, DIVERGED times the first."""
    return _chart(found, "loss", _loss_scale(found), lambda point: point.loss, numbers.significant, palette)


def _loss_scale(found: Comparison) -> PlotScale:
    losses = [point.loss for method in found.methods for points in found.settled(method) for point in points if point.loss > 0]
    losses += [factor * points[0].loss for m in found.methods for points in found.diverged(m) for factor in (1, DIVERGED)]
    return logarithmic(losses or [0.1, 10.0])


def logarithmic(values: Sequence[float]) -> PlotScale:
    """From the last tick below all the values to the first above them; there is one at least."""
    low, high = min(values), max(values)
    exponents = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    every = [float(f"{factor}e{exponent}") for exponent in exponents for factor in LOSS_TICKS]
    ticks = [
        max(tick for tick in every if tick <= low),
        *(t for t in every if low < t < high),
        min(t for t in every if t >= high),
    ]
    return PlotScale(ticks[0], ticks[-1], ticks, [f"{tick:g}" for tick in ticks], math.log, math.exp)


def percentages(best: float) -> PlotScale:
    """From 0 up to 50% or 100%."""
    tenths = range(0, 6) if best <= 0.5 else range(0, 11, 2)
    ticks = [tenth / 10 for tenth in tenths]
    return PlotScale(0, ticks[-1], ticks, [f"{tick:.0%}" for tick in ticks], float, float)


def _chart(
    found: Comparison,
    name: str,
    scale: PlotScale,
    of: Callable[[TrainingPoint], float | None],
    say: Callable[[float], str],
    palette: Palette,
    size: Size = LARGE,
) -> Chart:
    methods = [method for method in ORDER if method in found.methods]
    steps = found.experiment.plan.steps
    several = found.experiment.seeds > 1 and not size.few
    medians = {method: found.median(method) for method in methods if found.settled(method)}
    crosses = [_cross(method, points, of, scale) for method in methods for points in found.diverged(method)]
    datasets = {
        "seeds": [
            mark
            for method in methods
            for place, points in enumerate(found.of(method))
            if several or points[-1].diverged
            for mark in _marks(method, f"{method} {place}", points, of, scale, say, palette)
        ],
        "medians": [
            mark for method, points in medians.items() for mark in _marks(method, method, points, of, scale, say, palette)
        ],
        "crosses": crosses,
        "names": _names(found, medians, crosses, of, scale, say, is_narrow(palette)),
        "frame": [dict(step=0, end=steps, value=scale.foot)],
    }
    params = {
        "foot": scale.foot,
        "top": scale.top,
        "ticks": scale.ticks,
        "labels": scale.labels,
        "steps": steps,
        "stops": [0, steps] if size.few else [t for t in round_ticks(steps, STEP_TICKS) if t <= steps and t.is_integer()],
    }
    spec = filled(_picture(name, size, palette), params, datasets)
    slug = f"training-{name}-{'small-' if size.few else ''}{plan_slug(found.experiment)}"
    return Chart(slug, spec, _description(found, name, of, say), training_frame(found), *sizes(size.width, size.least, palette))


@lru_cache(maxsize=12)
def _picture(name: str, size: Size, palette: Palette) -> dict[str, Any]:
    kind: Any = "log" if name == "loss" else "linear"
    x = alt.X(
        "step:Q",
        scale=alt.Scale(domain=[0, alt.ExprRef("steps")], nice=False),
        axis=alt.Axis(title="training step", values=alt.ExprRef("stops"), format=",d", grid=False, ticks=False, labelPadding=8),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(type=kind, domain=[alt.ExprRef("foot"), alt.ExprRef("top")], nice=False),
        axis=alt.Axis(
            title=None,
            values=alt.ExprRef("ticks"),
            ticks=False,
            labelPadding=8,
            labelExpr="labels[indexof(ticks, datum.value)]",
        ),
    )
    own = dict(
        color=alt.Color("ink:N", scale=None),
        strokeDash=alt.StrokeDash("method:N", scale=dashes(), legend=None),
        detail="line:N",
        order="step:Q",
    )
    seeds, medians, crosses, names, frame = (
        alt.Chart(alt.NamedData(data)) for data in ("seeds", "medians", "crosses", "names", "frame")
    )
    tips = [
        alt.Tooltip("label:N", title="trained with"),
        alt.Tooltip("step:Q", title="step", format=","),
        alt.Tooltip("says:N", title=f"median {name}"),
    ]
    chart = alt.layer(
        frame.mark_rule(color=palette.faint, strokeWidth=1).encode(x=x, x2="end:Q", y=y),
        seeds.mark_line(strokeWidth=0.9, opacity=0.55).encode(x="step:Q", y="value:Q", **own),
        medians.mark_line(strokeCap="round").encode(
            x="step:Q", y="value:Q", strokeWidth=alt.StrokeWidth("width:Q", scale=None), **own
        ),
        medians.mark_point(filled=True, size=60, opacity=0).encode(x="step:Q", y="value:Q", tooltip=tips),
        crosses.mark_point(
            shape="M-1,-1L1,1M-1,1L1,-1", filled=False, size=70, stroke=palette.ink, strokeWidth=2, opacity=1
        ).encode(x="step:Q", y="value:Q"),
        names.mark_text(
            align="left", dx=9, dy=centred(), lineBreak=BREAK, color=palette.ink, fontSize=TEXT, fontWeight=600
        ).encode(x="step:Q", y="value:Q", text="says:N"),
        width=min(size.width, palette.room),
        height=size.height,
    )
    return styled(chart, palette)


def dashes() -> alt.Scale:
    """Of each method's line."""
    return alt.Scale(domain=list(STROKES), range=[list(stroke.dash) for stroke in STROKES.values()])


def _marks(
    method: str,
    line: str,
    points: Sequence[TrainingPoint],
    of: Callable[[TrainingPoint], float | None],
    scale: PlotScale,
    say: Callable[[float], str],
    palette: Palette,
) -> list[dict[str, Any]]:
    stroke = STROKES[method]
    look = dict(method=method, label=LABELS[method], line=line, ink=getattr(palette, stroke.ink), width=stroke.width)
    shown = [(point.step, value) for point in points if (value := of(point)) is not None]
    return [
        look | dict(step=step, value=_short(scale.inside(value)), says=say(value) if math.isfinite(value) else "∞")
        for step, value in shown
    ]


def _cross(
    method: str, points: Sequence[TrainingPoint], of: Callable[[TrainingPoint], float | None], scale: PlotScale
) -> dict[str, Any]:
    """Where a run that diverged ends: at its last loss, or at the last accuracy that was measured."""
    value = next(value for point in reversed(points) if (value := of(point)) is not None)
    return dict(method=method, step=points[-1].step, value=_short(scale.inside(value)))


def _names(
    found: Comparison,
    medians: dict[str, list[TrainingPoint]],
    crosses: list[dict[str, Any]],
    of: Callable[[TrainingPoint], float | None],
    scale: PlotScale,
    say: Callable[[float], str],
    narrow: bool,
) -> list[dict[str, Any]]:
    """A name at the end of each line; where every seed diverged, level with the first one's cross."""
    end = max((points[-1].step for points in medians.values()), default=found.experiment.plan.steps)
    names = []
    for method, points in medians.items():
        value = of(points[-1]) or 0.0
        names.append(dict(step=end, value=value, says=f"{say(value)} {LABELS[method]}{_some_diverged(found, method)}"))
    for cross in {cross["method"]: cross for cross in reversed(crosses)}.values():
        if cross["method"] not in medians:
            says = f"{LABELS[cross['method']]}: diverged by step {numbers.count(cross['step'])}"
            names.append(dict(step=end, value=cross["value"], says=says))
    names = in_lines(names) if narrow else names
    return beside_ends(names, step_of(names, NAME_STEP), scale.pixel, lambda height: _short(scale.value(height)), top=scale.plot)


def _some_diverged(found: Comparison, method: str) -> str:
    diverged = len(found.diverged(method))
    return f" ({diverged} of {len(found.of(method))} diverged)" if diverged else ""


def _short(value: float) -> float:
    return numbers.rounded(value, 4)


def _description(found: Comparison, name: str, of: Callable[[TrainingPoint], float | None], say: Callable[[float], str]) -> str:
    what = (
        f"Share of {numbers.count(found.experiment.plan.source.held_back)} held-back images read right"
        if name == "accuracy"
        else "Training loss, on a logarithmic scale"
    )
    ends = []
    for method in found.methods:
        last = found.last(method)
        value = of(last) if last else None
        says = "diverged" if value is None else say(value)
        ends.append(f"{LABELS[method]} {says}{_some_diverged(found, method) if last else ''}")
    return f"{what}, against the training step. At the end: {', '.join(ends)}."
