"""How the squared size of a weight gradient is shared out among its singular values."""

import math
from functools import lru_cache
from typing import Any, cast

import altair as alt
import pandas as pd
import torch

from mnistgrad.common import numbers
from mnistgrad.gradient.outer_product import rank_limit
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.pictures.charts.look import Chart, filled, styled
from mnistgrad.pictures.palette import Palette

WIDTH, HEIGHT, LEAST = 372, 372, 300
FEWEST_DECADES = 10  # so that float32's limit always stands in the picture
LABELS = 5  # of the scale, below 100%
TALL, DOTS, WORDS = 1.1, 0.35, 0.75  # of the band for what counts as 0, in distances of two labels
DOT = 34


def singular_values_frame(found: WeightGradient) -> pd.DataFrame:
    """One row a singular value, largest first; counted: above the limit of `torch.linalg.matrix_rank`."""
    values = found.spectrum.values
    shares = values.square() / (values.square().sum().item() or 1.0)
    counted = values > rank_limit(found, torch.float64)
    places = range(1, len(values) + 1)
    return pd.DataFrame(dict(place=places, singular_value=values.numpy(), share=shares.numpy(), counted=counted.numpy()))


def singular_values_chart(found: WeightGradient, palette: Palette) -> Chart:
    """Shares of the squared norm, on a log scale above a band for the values that count as 0; `found` is not all zero."""
    frame = singular_values_frame(found)
    shares = frame["share"][frame["counted"]]
    decades = max(math.ceil(-math.log10(shares.min())), FEWEST_DECADES)
    step = 2 * math.ceil(decades / (2 * LABELS))
    low = -step * math.ceil(decades / step)
    exponents = range(0, low - 1, -step)
    foot = 10 ** (low - TALL * step)
    left, right = 0, len(frame) + 1
    limit = rank_limit(found, torch.float32) ** 2 / found.spectrum.values.square().sum().item()
    params = {
        "left": left,
        "right": right,
        "places": _places(len(frame)),
        "top": 10 ** (0.4 * step),
        "ceiling": 10.0**low,
        "foot": foot,
        "step": step,
        "ticks": [10.0**e for e in exponents],
        "names": [f"{100 * 10.0**e:g}%" if e >= -4 else numbers.power_of_ten(e) for e in exponents],
    }
    zero = len(frame) - len(shares)
    words = f"{numbers.count(zero)} below float64's limit count as 0" if zero > 1 else f"{zero or 'none'} below float64's limit"
    datasets: dict[str, list[dict[str, Any]]] = {
        "values": _marks(frame, 10 ** (low - DOTS * step)),
        "band": [dict(place=left, end=right, share=10.0**low, foot=foot, words=10 ** (low - WORDS * step), says=words)],
        "limit": [dict(place=left, share=limit, says="torch's limit for float32")],
        "first": [dict(place=1, share=shares[0], says=f"{numbers.percent(found.spectrum.first_share)} in the first")],
    }
    return Chart("singular-values", filled(_picture(palette), params, datasets), _description(found), frame, WIDTH, LEAST)


@lru_cache(maxsize=2)
def _picture(palette: Palette) -> dict[str, Any]:
    tips = [
        alt.Tooltip("place:Q", title="singular value"),
        alt.Tooltip("value:N", title="its size"),
        alt.Tooltip("says:N", title="share of the squared size"),
    ]
    values = alt.Chart(alt.NamedData("values")).encode(x="place:Q", y="share:Q", tooltip=tips)
    limit = alt.Chart(alt.NamedData("limit")).encode(y="share:Q")
    first = alt.Chart(alt.NamedData("first")).encode(x="place:Q", y="share:Q", text="says:N")
    band = alt.Chart(alt.NamedData("band")).encode(x="place:Q", y="words:Q", text="says:N")
    muted: dict[str, Any] = dict(align="left", color=palette.muted)
    chart = alt.layer(
        _band(palette),
        limit.mark_rule(color=palette.muted, strokeDash=[4, 3]),
        limit.mark_text(dx=6, dy=11, **muted).encode(x="place:Q", text="says:N"),
        band.mark_text(dx=6, **muted),
        values.transform_filter("datum.counted").mark_circle(size=DOT, color=palette.ink, opacity=1),
        values.transform_filter("!datum.counted").mark_point(
            shape="M-1,-1L1,1M-1,1L1,-1", filled=False, size=14, stroke=palette.muted, strokeWidth=1.2, opacity=1
        ),
        first.mark_text(align="left", dx=9, color=palette.ink, fontWeight=600),
        width=WIDTH,
        height=HEIGHT,
    )
    return styled(chart, palette)


def _band(palette: Palette) -> alt.Chart:
    """The shaded band, which also carries the scales and axes that all layers share."""
    x_axis = alt.Axis(title="singular values, largest first", values=alt.ExprRef("places"), format="d", grid=False, ticks=False)
    y_axis = alt.Axis(
        title=None,
        values=alt.ExprRef("ticks"),
        ticks=False,
        labelPadding=8,
        labelExpr="names[round(-log(datum.value) / LN10 / step)]",
    )
    x = alt.X("place:Q", scale=alt.Scale(domain=[alt.ExprRef("left"), alt.ExprRef("right")], nice=False, zero=False), axis=x_axis)
    y = alt.Y("share:Q", scale=alt.Scale(type="log", domain=[alt.ExprRef("foot"), alt.ExprRef("top")], nice=False), axis=y_axis)
    return alt.Chart(alt.NamedData("band")).mark_rect(color=palette.panel).encode(x=x, x2="end:Q", y=y, y2="foot:Q")


def _places(count: int) -> list[int]:
    """The first, and then every so many that about six are named."""
    step = next(step for step in (1, 2, 5, 10, 20) if count <= 6 * step)
    return sorted({1, *range(step, count + 1, step)})


def _marks(frame: pd.DataFrame, in_band: float) -> list[dict[str, Any]]:
    return [
        dict(
            place=row["place"],
            share=row["share"] if row["counted"] else in_band,
            counted=row["counted"],
            value=numbers.significant(row["singular_value"]),
            says=numbers.percent(row["share"]) if row["share"] >= 0.0005 else numbers.scientific(row["share"], 1),
        )
        for row in cast(list[dict[str, Any]], frame.to_dict("records"))
    ]


def _description(found: WeightGradient) -> str:
    count = len(found.spectrum.values)
    return (
        f"The {numbers.count(count, 'singular value')} of {found.layer}.g by their share of its squared size, on a logarithmic "
        f"scale: {numbers.percent(found.spectrum.first_share)} in the first, {numbers.count(found.spectrum.rank)} above the "
        "limit below which torch counts a value as 0."
    )
