"""How each way to train ends, against the rate: the stored study, and the reader's own runs as diamonds on it."""

import math
import textwrap
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from mnistgrad.captions.training import LABELS, described
from mnistgrad.captions.training_rates import is_otherwise, own_settings, plan_note, say_end
from mnistgrad.captions.words import out_of
from mnistgrad.common import numbers
from mnistgrad.pictures.charts.label_places import BREAK, beside_ends, centred, in_lines, step_of
from mnistgrad.pictures.charts.look import TEXT, Chart, filled, is_narrow, sizes, styled
from mnistgrad.pictures.charts.training import LARGE, NAME_STEP, ORDER, STROKES, PlotScale, dashes, logarithmic, percentages
from mnistgrad.pictures.palette import Palette
from mnistgrad.training.comparison import Comparison
from mnistgrad.training.descent import DIVERGED
from mnistgrad.training.rates import RateStudy

NOTE = 50  # letters of a line of the note, on a phone
AROUND = 40  # px for the chosen rate above the plot and for the note below
LOSS_ROOM = 3.0  # times the largest loss of all that did not diverge; above stand those that did

Row = dict[str, Any]


def rates_chart(found: RateStudy, own: Sequence[Comparison], rate: float, palette: Palette) -> Chart:
    """The medians of the study with each seed as a thin line; a rule at the chosen rate. own: the reader's finished runs.

    Ends at the first rate at which every training of the study diverged.
    """
    shown = _shown(found)
    scale = _scale(found, own)
    own = [run for run in own if run.experiment.plan.rate in shown]
    lines = {method: _line(found, method, shown, palette) for method in ORDER if method in found.experiment.methods}
    datasets = {
        "seeds": [row for method in lines for row in _seeds(found, method, shown, palette)],
        "medians": [row for rows in lines.values() for row in rows],
        "crosses": _crosses(found, lines, shown, scale),
        "names": (names := _names(found, lines, shown, scale, is_narrow(palette))),
        "leaders": [row for name in names for row in _leader(name, shown)],
        "own": [row for run in own for row in _own(found, run, scale, palette)],
        "rule": [dict(rate=rate, says=f"rate {rate:g}")] if rate in shown else [],
    }
    params = {
        **dict(foot=scale.foot, top=scale.top, ticks=scale.ticks, labels=scale.labels),
        **dict(first=shown[0], last=shown[-1], stops=[each for each in shown if math.log10(each).is_integer()]),
    }
    spec = filled(_picture(found.digits, palette), params, datasets)
    spec |= {"title": _note(plan_note(found), palette)}
    name = f"training-rates-{found.experiment.plan.network}"
    return Chart(name, spec, _description(found, own), rates_frame(found, own), *sizes(LARGE.width, LARGE.least, palette))


def rates_frame(found: RateStudy, own: Sequence[Comparison]) -> pd.DataFrame:
    """One row a method, rate and seed: of the study, and of the reader's runs."""
    stored = [
        dict(run="stored", method=LABELS[method], rate=rate, seed=seed, step=end.point.step, loss=end.point.loss)
        | dict(accuracy=end.point.accuracy, diverged=end.point.diverged, on=end.on, dead=end.dead, moved=end.moved)
        | dict(uphill=end.uphill)
        for (method, rate, seed), end in found.endings.items()
    ]
    theirs = [
        dict(run=described(run.experiment), method=LABELS[method], rate=run.experiment.plan.rate, seed=seed)
        | dict(step=points[-1].step, loss=points[-1].loss, accuracy=points[-1].accuracy, diverged=points[-1].diverged)
        for run in own
        for (method, seed), points in run.curves.items()
    ]
    return pd.DataFrame(stored + theirs)


def _shown(found: RateStudy) -> list[float]:
    for place, rate in enumerate(found.rates):
        if not any(found.settled(method, rate) for method in found.experiment.methods):
            return list(found.rates[: place + 1])
    return list(found.rates)


def _scale(found: RateStudy, own: Sequence[Comparison]) -> PlotScale:
    methods = found.experiment.methods
    ends = [found.value(e.point) for method in methods for rate in found.rates for e in found.settled(method, rate)]
    ends += [found.value(last) for run in own for method in run.methods if (last := run.last(method))]
    return percentages(max(ends)) if found.digits else logarithmic([*ends, LOSS_ROOM * max(ends)])


def _line(found: RateStudy, method: str, shown: Iterable[float], palette: Palette) -> list[Row]:
    look = _look(method, method, palette)
    return [
        look | dict(rate=rate, value=end, says=f"{say_end(found, end)}{_some_diverged(found, method, rate)}")
        for rate in shown
        if (end := found.end(method, rate)) is not None
    ]


def _seeds(found: RateStudy, method: str, shown: Iterable[float], palette: Palette) -> list[Row]:
    """A line for each seed as far as it did not diverge."""
    return [
        _look(method, f"{method} {seed}", palette) | dict(rate=rate, value=found.value(end.point))
        for seed in found.seeds
        for rate in shown
        if not (end := found.endings[method, rate, seed]).point.diverged
    ]


def _look(method: str, line: str, palette: Palette) -> Row:
    stroke = STROKES[method]
    return dict(method=method, label=LABELS[method], line=line, ink=getattr(palette, stroke.ink), width=stroke.width)


def _some_diverged(found: RateStudy, method: str, rate: float) -> str:
    diverged = len(found.diverged(method, rate))
    return f" ({out_of(diverged, found.experiment.seeds)} diverged)" if diverged else ""


def _crosses(found: RateStudy, lines: dict[str, list[Row]], shown: Iterable[float], scale: PlotScale) -> list[Row]:
    """On a line where some of its seeds diverged; where all did, one for all such ways at the edge."""
    some = [
        row | dict(tip=f"{row['label']}: {row['says']}") for rows in lines.values() for row in rows if "diverged" in row["says"]
    ]
    edge = scale.foot if found.digits else scale.top
    every = [(rate, [LABELS[method] for method in lines if not found.settled(method, rate)]) for rate in shown]
    return [
        *(dict(rate=row["rate"], value=row["value"], tip=row["tip"]) for row in some),
        *(dict(rate=rate, value=edge, tip=f"diverged: {'; '.join(ways)}") for rate, ways in every if ways),
    ]


def _names(found: RateStudy, lines: dict[str, list[Row]], shown: Sequence[float], scale: PlotScale, narrow: bool) -> list[Row]:
    """Right of the plot, level with where each line ends, with the best of it."""
    names = []
    for method, rows in lines.items():
        best = found.best(method)
        says = f"{LABELS[method]}, best {say_end(found, best[1])}" if best else f"{LABELS[method]}: diverged"
        end = rows[-1] if rows else dict(rate=shown[-1], value=scale.top)
        names.append(dict(rate=shown[-1], value=end["value"], says=says, end=end["rate"], level=end["value"]))
    names = in_lines(names) if narrow else names
    return beside_ends(names, step_of(names, NAME_STEP), scale.pixel, scale.value, top=scale.plot)


def _leader(name: Row, shown: Sequence[float]) -> list[Row]:
    """From the end of a line that diverges early to its name."""
    ends = [(name["end"], name["level"]), (shown[-1], name["value"])]
    return [dict(line=name["says"], rate=rate, value=value) for rate, value in ends] if name["end"] < shown[-1] else []


def _own(found: RateStudy, run: Comparison, scale: PlotScale, palette: Palette) -> list[Row]:
    settings = own_settings(found, run.experiment)
    fill = palette.paper if is_otherwise(found, run.experiment) else palette.mark_edge
    edge = scale.foot if found.digits else scale.top
    rows = []
    for method in run.methods:
        last = run.last(method)
        value = found.value(last) if last else edge
        says = say_end(found, value) if last else f"diverged, beyond {DIVERGED:g} times the first loss"
        rows.append(
            dict(rate=run.experiment.plan.rate, value=value, label=LABELS[method], says=says, fill=fill, settings=settings)
        )
    return rows


def _note(text: str, palette: Palette) -> Row:
    lines = textwrap.wrap(text, NOTE) if is_narrow(palette) else text
    return dict(text=lines, anchor="start", orient="bottom", fontSize=TEXT, fontWeight="normal", color=palette.muted, offset=6)


@lru_cache(maxsize=8)
def _picture(digits: bool, palette: Palette) -> dict[str, Any]:
    x = alt.X(
        "rate:Q",
        scale=alt.Scale(type="log", domain=[alt.ExprRef("first"), alt.ExprRef("last")], nice=False),
        axis=alt.Axis(
            title="rate",
            values=alt.ExprRef("stops"),
            format="~g",
            grid=False,
            ticks=False,
            labelPadding=8,
        ),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(type="linear" if digits else "log", domain=[alt.ExprRef("foot"), alt.ExprRef("top")], nice=False),
        axis=alt.Axis(
            title=None, values=alt.ExprRef("ticks"), ticks=False, labelPadding=8, labelExpr="labels[indexof(ticks, datum.value)]"
        ),
    )
    own = dict(
        color=alt.Color("ink:N", scale=None),
        strokeDash=alt.StrokeDash("method:N", scale=dashes(), legend=None),
        detail="line:N",
        order="rate:Q",
    )
    seeds, medians, crosses, names, leaders, theirs, rule = (
        alt.Chart(alt.NamedData(data)) for data in ("seeds", "medians", "crosses", "names", "leaders", "own", "rule")
    )
    here = dict(x="rate:Q", y="value:Q")
    tips = [alt.Tooltip("label:N", title="trained with"), alt.Tooltip("rate:Q", title="rate", format="~g")]
    end = alt.Tooltip("says:N", title="digits read right" if digits else "loss")
    chart = alt.layer(
        rule.mark_rule(color=palette.muted, strokeWidth=1).encode(x=x),
        rule.mark_text(color=palette.muted, baseline="bottom", dy=-9).encode(x=x, y=alt.value(0), text="says:N"),
        leaders.mark_line(color=palette.faint, strokeWidth=1).encode(**here, detail="line:N"),
        seeds.mark_line(strokeWidth=0.9, opacity=0.55).encode(x="rate:Q", y=y, **own),
        medians.mark_line(strokeCap="round").encode(**here, strokeWidth=alt.StrokeWidth("width:Q", scale=None), **own),
        medians.mark_point(filled=True, size=60, opacity=0).encode(**here, tooltip=[*tips, end]),
        crosses.mark_point(
            shape="M-1,-1L1,1M-1,1L1,-1", filled=False, size=70, stroke=palette.ink, strokeWidth=2, opacity=1
        ).encode(**here, tooltip=alt.Tooltip("tip:N")),
        theirs.mark_point(shape="diamond", filled=True, size=90, stroke=palette.mark_edge, strokeWidth=2, opacity=1).encode(
            **here,
            fill=alt.Fill("fill:N", scale=None),
            tooltip=[alt.Tooltip("settings:N", title="your run"), *tips, end],
        ),
        names.mark_text(
            align="left",
            dx=9,
            dy=centred(),
            color=palette.ink,
            fontSize=TEXT,
            fontWeight=600,
            lineBreak=BREAK,
        ).encode(**here, text="says:N"),
        width=min(LARGE.width, palette.room),
        height=LARGE.height + AROUND,
    )
    return styled(chart, palette)


def _description(found: RateStudy, own: Sequence[Comparison]) -> str:
    what = (
        f"Share of {numbers.count(found.experiment.plan.source.held_back)} held-back images read right"
        if found.digits
        else "Training loss, on a logarithmic scale"
    )
    ends = []
    for method in found.experiment.methods:
        best = found.best(method)
        ends.append(f"{LABELS[method]} {say_end(found, best[1])} at rate {best[0]:g}" if best else f"{LABELS[method]} diverged")
    theirs = f" {numbers.count(len(own), 'run')} of your own." if own else ""
    return f"{what} at the end, against the rate. At the best rate: {', '.join(ends)}.{theirs}"
