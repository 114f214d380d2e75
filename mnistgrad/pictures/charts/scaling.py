"""Seconds of a gradient against the number of workers, computing and adding up, on two logarithmic axes."""

import math
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.distributed.scaling import Place, Scaling
from mnistgrad.pictures.charts.label_places import beside_ends
from mnistgrad.pictures.charts.look import TEXT, Chart, filled, is_narrow, sizes, styled
from mnistgrad.pictures.palette import Palette

WIDTH, HEIGHT, LEAST = 1_100, 300, 420
NAME_STEP = 17  # px between two names
TICKS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
LEAST_SECONDS = 1e-6
PARTS = {  # how each is drawn: a colour of the palette, the width of the line, and its name
    "total": ("ink", 2.8, "in total"),
    "computing": ("muted", 1.7, "computing"),
    "adding": ("ink", 1.2, "all-reduce"),
}


def scaling_chart(found: Scaling, palette: Palette) -> Chart:
    """Measured as filled points on lines, calculated as hollow ones on dashes."""
    frame = scaling_frame(found)
    rows = [_mark(part, place, palette) for part in PARTS for place in found.places if _seconds(place, part)]
    low = math.floor(math.log10(min(row["value"] for row in rows)))
    high = math.ceil(math.log10(max(row["value"] for row in rows)))
    last = found.measured[-1].workers
    params = {
        "right": found.places[-1].workers,
        "foot": 10.0**low,
        "top": 10.0**high,
        "ticks": [10.0**exponent for exponent in range(low, high + 1)],
        "decades": [numbers.duration(10.0**exponent).replace(".0 ", " ") for exponent in range(low, high + 1)],
        "counts": [tick for tick in TICKS[:: 1 + is_narrow(palette)] if tick <= found.places[-1].workers],
    }
    datasets = {
        "measured": [row for row in rows if not row["calculated"]],
        "beyond": [row for row in rows if row["workers"] >= last],
        "marks": rows,
        "names": _names(rows, low, high),
    }
    spec = filled(_picture(palette), params, datasets)
    return Chart("workers-time", spec, _description(found), frame, *sizes(WIDTH, LEAST, palette))


def scaling_frame(found: Scaling) -> pd.DataFrame:
    """A row for each number of workers, in seconds."""
    return pd.DataFrame(
        dict(workers=each.workers, computing=each.computing, all_reduce=each.adding, total=each.total, calculated=each.calculated)
        for each in found.places
    )


def _seconds(place: Place, part: str) -> float:
    """0 where there is nothing to add up."""
    return 0.0 if part == "adding" and place.workers == 1 else float(getattr(place, part))


def _mark(part: str, place: Place, palette: Palette) -> dict[str, Any]:
    ink, width, name = PARTS[part]
    seconds = _seconds(place, part)
    return dict(
        part=part,
        name=name,
        workers=place.workers,
        value=max(seconds, LEAST_SECONDS),
        says=numbers.duration(seconds),
        how="calculated" if place.calculated else "measured",
        calculated=place.calculated,
        ink=getattr(palette, ink),
        width=width,
        fill=palette.paper if place.calculated else getattr(palette, ink),
    )


def _names(rows: list[dict[str, Any]], low: int, high: int) -> list[dict[str, Any]]:
    """The name of each line at its end."""
    ends = [[row for row in rows if row["part"] == part][-1:] for part in PARTS]
    decade = HEIGHT / (high - low)
    return beside_ends(
        [dict(workers=row["workers"], value=row["value"], says=row["name"], ink=row["ink"]) for end in ends for row in end],
        NAME_STEP,
        lambda value: (math.log10(value) - low) * decade,
        lambda height: 10 ** (low + height / decade),
    )


@lru_cache(maxsize=4)
def _picture(palette: Palette) -> dict[str, Any]:
    across = alt.Axis(title="workers, K", values=alt.ExprRef("counts"), grid=False, ticks=False, labelPadding=8, format=",")
    x = alt.X("workers:Q", scale=alt.Scale(type="log", base=2, domain=[0.9, alt.ExprRef("right")], nice=False), axis=across)
    up = alt.Axis(
        title=None,
        values=alt.ExprRef("ticks"),
        ticks=False,
        labelPadding=8,
        labelExpr="decades[round(log(datum.value / foot) / LN10)]",
    )
    y = alt.Y("value:Q", scale=alt.Scale(type="log", domain=[alt.ExprRef("foot"), alt.ExprRef("top")], nice=False), axis=up)
    own = dict(
        x=x, y=y, detail="part:N", color=alt.Color("ink:N", scale=None), strokeWidth=alt.StrokeWidth("width:Q", scale=None)
    )
    tips = [
        alt.Tooltip("workers:Q", title="workers", format=","),
        alt.Tooltip("name:N", title="part"),
        alt.Tooltip("says:N", title="time"),
        alt.Tooltip("how:N", title="how"),
    ]
    measured, beyond, marks, names = (alt.Chart(alt.NamedData(name)) for name in ("measured", "beyond", "marks", "names"))
    colour = alt.Color("ink:N", scale=None)
    chart = alt.layer(
        measured.mark_line(aria=False).encode(**own),
        beyond.mark_line(strokeDash=[5, 4], aria=False).encode(**own),
        marks.mark_point(shape="circle", filled=True, size=52, strokeWidth=1.5, opacity=1, aria=False).encode(
            x=x, y=y, fill=alt.Fill("fill:N", scale=None), stroke=alt.Stroke("ink:N", scale=None), tooltip=tips
        ),
        names.mark_text(align="left", dx=12, fontSize=TEXT, fontWeight=600, aria=False).encode(
            x=x, y=y, text="says:N", color=colour
        ),
        width=min(WIDTH, palette.room),
        height=HEIGHT,
    )
    return styled(chart, palette)


def _description(found: Scaling) -> str:
    said = [
        f"{numbers.count(each.workers, 'worker')} {numbers.duration(each.total)}{' (calculated)' if each.calculated else ''}"
        for each in found.places
    ]
    return (
        f"Seconds of a gradient over {numbers.count(found.plan.n, 'image')} against the number of workers, both on logarithmic "
        f"axes: computing falls with them, the all-reduce grows. In total {', '.join(said)}."
    )
