"""How much each column of w1.g varies from row to row, by group of rows."""

import math
from functools import lru_cache
from typing import Any, cast

import altair as alt
import numpy as np
import pandas as pd

from mnistgrad import numbers
from mnistgrad.charts.look import Chart, filled, styled
from mnistgrad.examination import Examination
from mnistgrad.palette import Palette

WIDTH, HEIGHT, LEAST = 1_100, 330, 620
FEWEST_DECADES, MOST_DECADES = 2, 6
HEADROOM = 0.6  # decades above the top one, for the key
MARK, ROOMY = 46, 60  # area of a mark in px; more units than this share the room
LANE = 0.5  # decades that each row of the band for exactly zero takes
KEY_STEP = 0.27  # share of the width that an entry of the key takes


def variance_frame(found: Examination) -> pd.DataFrame:
    """One row a hidden unit, largest variance first, units that are off last; variances below rounding are 0."""
    columns = {name: v.numpy() for name, v in found.variances.items()}
    frame = pd.DataFrame({name: np.where(v <= found.zero_variance, 0.0, v) for name, v in columns.items()})
    frame.insert(0, "unit", range(len(frame)))
    frame["off"] = found.off.numpy()
    return frame.sort_values(["all", "unit"], ascending=[False, True], ignore_index=True)


def column_variance_chart(found: Examination, palette: Palette) -> Chart:
    """One mark for each hidden unit and group of rows, on a log scale above a band for exactly zero."""
    frame = variance_frame(found)
    low, high = _decades(frame)
    lanes = _lanes(found, frame, low)
    foot, ceiling = 10 ** (low - LANE * (len(lanes) + 0.5)), 10 ** (low - LANE / 2)
    params = {
        "foot": foot,
        "ceiling": ceiling,
        "top": 10 ** (high + HEADROOM),
        "left": -0.9,
        "right": len(frame) - 0.1,
        "low": low,
        "dot": min(MARK, MARK * ROOMY / len(frame)),
        "lanes": [{"at": at, "label": label} for at, label in lanes.values()],
        "ticks": [*(at for at, _ in lanes.values()), *(10.0**e for e in range(low, high + 1))],
        "decades": [f"{10.0**e:g}" if -3 <= e <= 3 else numbers.power_of_ten(e) for e in range(low, high + 1)],
    }
    datasets = {
        "marks": _marks(found, frame, lanes, low, high),
        "key": _key(found, frame, low, high),
        "band": [dict(place=-0.9, end=len(frame) - 0.1, height=foot, ceiling=ceiling)],
    }
    spec = filled(_picture(palette), params, datasets)
    return Chart("column-variance", spec, _description(found, frame), frame, WIDTH, LEAST)


@lru_cache(maxsize=2)
def _picture(palette: Palette) -> dict[str, Any]:
    tips = [
        alt.Tooltip("unit:Q", title="hidden unit"),
        alt.Tooltip("rows:N", title="rows"),
        alt.Tooltip("says:N", title="variance"),
    ]
    marks = alt.Chart(alt.NamedData("marks")).encode(x="place:Q", y="height:Q", tooltip=tips)
    key = alt.Chart(alt.NamedData("key")).encode(x="place:Q", y="height:Q", text="says:N")
    ink: dict[str, Any] = dict(size=alt.ExprRef("dot"), color=palette.ink, opacity=1)
    chart = alt.layer(
        _band(palette),
        _only(marks, "stem").mark_rule(color=palette.faint, opacity=0.45).encode(y2="foot:Q"),
        _only(marks, "ring").mark_point(
            filled=False, size=alt.ExprRef("2.6 * dot"), stroke=palette.ink, strokeWidth=1.3, opacity=1
        ),
        _only(marks, "dot").mark_circle(**ink),
        _only(marks, "below").mark_point(shape="triangle-down", filled=True, **ink),
        _only(marks, "off").mark_point(
            shape="M-1,-1L1,1M-1,1L1,-1", filled=False, size=26, stroke=palette.muted, strokeWidth=1.5, opacity=1
        ),
        key.mark_text(align="left", dx=11, color=palette.ink, fontWeight=600),
        width=WIDTH,
        height=HEIGHT,
    )
    names = ("foot", "ceiling", "top", "left", "right", "low", "dot", "lanes", "ticks", "decades")
    return styled(chart.add_params(*(alt.param(name, value=0) for name in names)), palette)


def _band(palette: Palette) -> alt.Chart:
    """The shaded band, which also carries the scales and axes that all layers share."""
    in_band = "datum.value < ceiling"
    x_axis = alt.Axis(
        title="hidden units j, largest variance first", labels=False, ticks=False, grid=False, titleColor=palette.axis_text["j"]
    )
    y_axis = alt.Axis(
        title=None,
        values=alt.ExprRef("ticks"),
        ticks=False,
        labelPadding=8,
        labelExpr=f"{in_band} ? lanes[round((low - log(datum.value) / LN10) / {LANE}) - 1].label "
        ": decades[round(log(datum.value) / LN10) - low]",
        labelColor=alt.condition(in_band, alt.value(palette.axis_text["i"]), alt.value(palette.muted)),
        labelFontWeight=alt.condition(in_band, alt.value(600), alt.value(400)),
        gridColor=alt.condition(in_band, alt.value(palette.panel), alt.value(palette.hair)),
    )
    x = alt.X("place:Q", scale=alt.Scale(domain=[alt.ExprRef("left"), alt.ExprRef("right")], nice=False, zero=False), axis=x_axis)
    y = alt.Y("height:Q", scale=alt.Scale(type="log", domain=[alt.ExprRef("foot"), alt.ExprRef("top")], nice=False), axis=y_axis)
    return alt.Chart(alt.NamedData("band")).mark_rect(color=palette.panel).encode(x=x, x2="end:Q", y=y, y2="ceiling:Q")


def _only(marks: alt.Chart, shape: str) -> alt.Chart:
    return marks.transform_filter(f"datum.shape == '{shape}'")


def _decades(frame: pd.DataFrame) -> tuple[int, int]:
    """The exponents at the foot and the top of the scale: all but the smallest two of the variances fit in between."""
    nonzero = np.sort(frame["all"][frame["all"] > 0])
    if not len(nonzero):
        return -FEWEST_DECADES, 0
    largest = max(frame[name].max() for name in ("all", "lit"))
    high = math.ceil(math.log10(largest * 1.3))
    low = math.floor(math.log10(nonzero[min(2, len(nonzero) - 1)]))
    return min(max(low, high - MOST_DECADES), high - FEWEST_DECADES), high


def _lanes(found: Examination, frame: pd.DataFrame, low: int) -> dict[str, tuple[float, str]]:
    """For each row of the band: its height on the log scale and its label."""
    labels = {"printed": "6 printed rows: 0", "black": f"{numbers.count(int(found.groups.black.sum()), 'black pixel')}: 0"}
    if frame["off"].any():
        labels["off"] = f"{numbers.count(int(frame['off'].sum()), 'unit')} off: 0"
    return {name: (10 ** (low - LANE * (place + 1)), label) for place, (name, label) in enumerate(labels.items())}


def _marks(
    found: Examination, frame: pd.DataFrame, lanes: dict[str, tuple[float, str]], low: int, high: int
) -> list[dict[str, Any]]:
    """One row a mark: where it is drawn, its shape, and what it says."""
    rows_of = {
        "printed": "the 6 printed rows",
        "black": "black pixels",
        "all": f"all {len(found.w1_exact)} rows",
        "lit": "lit pixels",
    }
    marks: list[dict[str, Any]] = []
    for place, unit in enumerate(cast(list[dict[str, Any]], frame.to_dict("records"))):
        for group in ("printed", "black"):
            marks.append(_mark(place, unit, lanes[group][0], "dot", rows_of[group], "exactly 0"))
        if unit["off"]:
            marks.append(_mark(place, unit, lanes["off"][0], "off", "all rows", "0: the unit is off for every image"))
            continue
        for group, shape in (("lit", "ring"), ("all", "dot")):
            if unit[group] < 10.0**low:
                marks.append(_mark(place, unit, 10.0**low * 1.25, "below", rows_of[group], numbers.significant(unit[group])))
            else:
                marks.append(_mark(place, unit, unit[group], shape, rows_of[group], numbers.significant(unit[group])))
        if unit["all"] >= 10.0**low:
            marks.append(_mark(place, unit, unit["all"], "stem", rows_of["all"], "") | {"foot": 10.0**low})
    key = _key(found, frame, low, high)
    return [*marks, *(_mark(note["place"], {"unit": None}, note["height"], note["shape"], "", "") for note in key)]


def _mark(place: float, unit: dict[str, Any], height: float, shape: str, rows: str, says: str) -> dict[str, Any]:
    return dict(place=place, unit=unit["unit"], height=height, shape=shape, rows=rows, says=says)


def _key(found: Examination, frame: pd.DataFrame, low: int, high: int) -> list[dict[str, Any]]:
    """The marks explained above the chart, and what is said of units that leave the scale."""
    entries = [("dot", f"all {found.rows} rows"), ("ring", f"{numbers.count(int(found.groups.lit.sum()), 'lit pixel')} only")]
    below = frame[(frame["all"] < 10.0**low) & ~frame["off"]]
    if len(below) == 1:
        entries.append(("below", f"unit {below['unit'].iloc[0]} below the scale, at {numbers.significant(below['all'].iloc[0])}"))
    elif len(below):
        entries.append(("below", f"{len(below)} units below the scale"))
    return [
        dict(place=len(frame) * KEY_STEP * place - 0.4, height=10 ** (high + HEADROOM / 2), shape=shape, says=says)
        for place, (shape, says) in enumerate(entries)
    ]


def _description(found: Examination, frame: pd.DataFrame) -> str:
    on = frame[~frame["off"]]
    off = numbers.count(int(frame["off"].sum()), "unit")
    says = (
        f"Variance of each column of w1.g over rows, {numbers.count(len(frame), 'hidden unit')}. "
        "Over the printed rows and the black pixels it is exactly 0."
    )
    if len(on):
        says += f" Over all rows it runs from {numbers.significant(on['all'].min())} to {numbers.significant(on['all'].max())}."
    return says + (f" {off} off for every image." if frame["off"].any() else "")
