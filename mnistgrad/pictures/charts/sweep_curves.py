"""Curves over the number of images, on a logarithmic axis: one seed's drawn strongly, others thin, each curve with its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.pictures.charts.curve_names import HEIGHT, LEFT, RIGHT, Polyline, place_names
from mnistgrad.pictures.charts.curve_scales import CurveScale, Value
from mnistgrad.pictures.charts.look import PICK, Chart, filled, is_narrow, picking, sizes, styled
from mnistgrad.pictures.palette import Palette

WIDTH, LEAST = 540, 400
TICKS = (1, 10, 100, 1_000, 10_000, 50_000)


@dataclass(frozen=True)
class Curve:
    """A curve: its name, for each seed its value at each n (None where there is none), its hex colours, and how it is drawn."""

    name: str
    values: Mapping[int, Sequence[tuple[int, Value]]]
    colour: str
    text: str
    dashed: bool = False


def curves_chart(name: str, title: str, curves: Sequence[Curve], scale: CurveScale, n: int, palette: Palette) -> Chart:
    """The curves with a rule at n. The first seed of their values is the one that is drawn strongly and has a value at n.

    A click picks the count that is nearest. title: what the values are, for those who cannot see them.
    """
    seeds = list(curves[0].values)
    parts = [
        _Part(curve, seed, seed == seeds[0], piece) for curve in curves for seed in seeds for piece in _pieces(curve, seed, scale)
    ]
    datasets = {
        "hits": _hits(curves, seeds[0], scale),
        "lines": [row for place, part in enumerate(parts) for row in part.rows(place)],
        "dots": [row for part in parts if part.strong for row in part.dots(n)],
        "names": _names(curves, parts, n, scale),
        "rule": [dict(n=n, says=f"n = {numbers.count(n)}", top=scale.top)],
    }
    params = {"bottom": scale.bottom, "top": scale.top, "ticks": list(scale.ticks), "words": list(scale.words)}
    spec = filled(_picture(palette), params, datasets)
    if len(seeds) > 1:
        spec |= {"title": _seeds_note(seeds, palette)}
    frame = _frame(curves, seeds)
    return Chart(name, spec, _description(title, curves, seeds, n, scale), frame, *sizes(WIDTH, LEAST, palette))


@dataclass(frozen=True)
class _Part:
    """A stretch of a curve without a break: places (n, height)."""

    curve: Curve
    seed: int
    strong: bool
    places: Polyline

    def rows(self, place: int) -> list[dict[str, Any]]:
        look = dict(part=place, colour=self.curve.colour, dashed=self.curve.dashed)
        look |= dict(width=2.2, opacity=1) if self.strong else dict(width=0.9, opacity=0.5)
        return [dict(n=n, height=height) | look for n, height in self.places]

    def dots(self, current: int) -> list[dict[str, Any]]:
        return [dict(n=n, height=height, colour=self.curve.colour, size=70 if n == current else 14) for n, height in self.places]


def _pieces(curve: Curve, seed: int, scale: CurveScale) -> list[Polyline]:
    """The curve broken where a value is missing, and where it leaves the scale for the band of exactly zero."""
    pieces: list[Polyline] = [[]]
    last = None
    for n, value in curve.values[seed]:
        height = scale.height(value)
        kind = None if height is None else height < scale.break_at
        if kind != last:
            pieces.append([])
            last = kind
        if height is not None:
            pieces[-1].append((n, height))
    return [piece for piece in pieces if piece]


def _hits(curves: Sequence[Curve], seed: int, scale: CurveScale) -> list[dict[str, Any]]:
    """For each count the strip of the axis that is nearer to it than to any other, and what the curves say there."""
    counts = [n for n, _ in curves[0].values[seed]]
    bounds = [LEFT, *np.sqrt(np.multiply(counts[:-1], counts[1:], dtype=float)).tolist(), RIGHT]
    says = {n: {"images": numbers.count(n)} for n in counts}
    for curve in curves:
        for n, value in curve.values[seed]:
            says[n][curve.name] = scale.say(value)
    return [
        {"start": start, "end": end, "tip": says[n], PICK: n}
        for n, start, end in zip(counts, bounds[:-1], bounds[1:], strict=True)
    ]


def _names(curves: Sequence[Curve], parts: list[_Part], n: int, scale: CurveScale) -> list[dict[str, Any]]:
    strong = {curve.name: [part.places for part in parts if part.strong and part.curve is curve] for curve in curves}
    named = [curve for curve in curves if strong[curve.name]]
    around = [part.places for part in parts]
    spots = place_names([(curve.name, strong[curve.name]) for curve in named], around, n, scale.bottom, scale.top)
    return [
        dict(n=spot.n, height=spot.height, says=curve.name, colour=curve.text) for curve, spot in zip(named, spots, strict=True)
    ]


def _seeds_note(seeds: Sequence[int], palette: Palette) -> dict[str, Any]:
    text = f"Strong: seed {seeds[0]}. Thin: {'seed' if len(seeds) == 2 else 'seeds'} {', '.join(map(str, seeds[1:]))}."
    return dict(text=text, anchor="start", orient="bottom", fontSize=12, fontWeight="normal", color=palette.muted, offset=6)


@lru_cache(maxsize=4)
def _picture(palette: Palette) -> dict[str, Any]:
    x_axis = alt.Axis(
        title="images in the batch, n",
        values=TICKS[:-1] if is_narrow(palette) else TICKS,
        format=",d",
        ticks=False,
        grid=False,
        labelFlush=True,
        labelPadding=6,
        titleColor=palette.axis_text["n"],
    )
    y_axis = alt.Axis(
        title=None,
        values=alt.ExprRef("ticks"),
        labelExpr="words[indexof(ticks, datum.value)]",
        labelOverlap=False,
        ticks=False,
        labelPadding=8,
    )
    along = alt.Scale(type="log", domain=[LEFT, RIGHT], nice=False)
    x = alt.X("n:Q", scale=along, axis=x_axis)
    y = alt.Y(
        "height:Q", scale=alt.Scale(domain=[alt.ExprRef("bottom"), alt.ExprRef("top")], nice=False, zero=False), axis=y_axis
    )
    ink = alt.Color("colour:N", scale=None)
    rule = alt.Chart(alt.NamedData("rule")).encode(x=x)
    lines = alt.Chart(alt.NamedData("lines")).encode(
        x=x,
        y=y,
        detail="part:N",
        color=ink,
        strokeWidth=alt.StrokeWidth("width:Q", scale=None),
        strokeOpacity=alt.StrokeOpacity("opacity:Q", scale=None),
    )
    dots = alt.Chart(alt.NamedData("dots")).encode(x=x, y=y, color=ink, size=alt.Size("size:Q", scale=None))
    names = alt.Chart(alt.NamedData("names")).encode(x=x, y=y, text="says:N", color=ink)
    hits = alt.Chart(alt.NamedData("hits")).encode(x=alt.X("start:Q", scale=along, axis=x_axis), x2="end:Q")
    chart = alt.layer(
        rule.mark_rule(color=palette.axis["n"], strokeWidth=1.6),
        lines.transform_filter("!datum.dashed").mark_line(strokeCap="round"),
        lines.transform_filter("datum.dashed").mark_line(strokeDash=[5, 3]),
        dots.mark_circle(opacity=1),
        names.mark_text(fontWeight=600),
        rule.mark_text(
            color=palette.axis_text["n"],
            fontWeight=600,
            baseline="top",
            y=2,
            dx=alt.ExprRef("datum.n > 2000 ? -6 : 6"),
            align=alt.ExprRef("datum.n > 2000 ? 'right' : 'left'"),
        ).encode(text="says:N"),
        hits.mark_rect(opacity=0, tooltip=alt.ExprRef("datum.tip"), cursor="pointer").add_params(picking()),
        width=min(WIDTH, palette.room),
        height=HEIGHT,
    )
    return styled(chart, palette)


def _frame(curves: Sequence[Curve], seeds: Sequence[int]) -> pd.DataFrame:
    """One row for each seed and count, one column for each curve."""
    parts = []
    for seed in seeds:
        columns = {"n": [n for n, _ in curves[0].values[seed]]}
        parts.append(pd.DataFrame(columns | {curve.name: [value for _, value in curve.values[seed]] for curve in curves}))
    return pd.concat(parts, keys=seeds, names=["seed"]).reset_index("seed").reset_index(drop=True)


def _description(title: str, curves: Sequence[Curve], seeds: Sequence[int], n: int, scale: CurveScale) -> str:
    """In words: each curve at its ends and at n."""
    says = []
    for curve in curves:
        values = curve.values[seeds[0]]
        ends = sorted({values[0][0], n, values[-1][0]})
        at = dict(values)
        says.append(f"{curve.name}: " + ", ".join(f"{scale.say(at[each])} at {numbers.count(each, 'image')}" for each in ends))
    others = f" Thin lines: {numbers.count(len(seeds) - 1, 'other seed')}." if len(seeds) > 1 else ""
    return f"{title} against the number of images, on a logarithmic axis. " + "; ".join(says) + "." + others
