"""How much each column of w1.g varies from row to row, by group of rows."""

import math
import re
from functools import lru_cache
from typing import Any, cast

import altair as alt
import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.common.arguments import one_of
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.pictures.charts.look import TEXT, Chart, filled, is_narrow, picking, sizes, styled
from mnistgrad.pictures.palette import WIDE, Palette

WIDTH, HEIGHT, LEAST = 1_100, 330, 620
FEWEST_DECADES, MOST_DECADES = 2, 6
HEADROOM = 0.6  # decades above the top one for a line of words
MARK, SMALL, ROOMY = 46, 20, 60  # area of a mark in px, and on a phone; more units than this share the room
LANE = 0.5  # decades that each row of the band for exactly zero takes
NUMBER_ROOM, SMALL_TEXT = 17, 10.5  # px that a unit's number needs, and the size of its type
KEY_ROOM, NARROW_ROOM, LETTER, SYMBOL = (
    490,
    225,
    6.1,
    24,
)  # px: for the key where the chart is narrowest, for a letter, for a mark before words
NOUNS = re.compile(" (rows|pixels?|units?)")  # what lanes on a phone do without
ORDERS = {"size": "largest variance first", "number": "by number"}


def variance_frame(found: WeightGradient, order: str = "size") -> pd.DataFrame:
    """One row a hidden unit of w1.g; variances below rounding are 0.

    order: "size", largest variance first and units that are off last, or "number".
    """
    frame = pd.DataFrame({name: variances.numpy() for name, variances in found.variances.items()})
    frame.insert(0, "unit", range(len(frame)))
    frame["off"] = found.off.numpy()
    return frame if order == "number" else frame.sort_values(["all", "unit"], ascending=[False, True], ignore_index=True)


def column_variance_chart(found: WeightGradient, palette: Palette, order: str = "size", chosen: int | None = None) -> Chart:
    """One mark for each hidden unit and group of rows, on a log scale above a band for exactly zero.

    order: of the units, as in `variance_frame`. chosen: the unit that is marked. Raises ValueError for another order.
    """
    one_of("order", order, ORDERS)
    frame = variance_frame(found, order)
    low, high = _decades(frame)
    lanes = _lanes(found, frame, low)
    foot, ceiling = 10 ** (low - LANE * (len(lanes) + 0.5)), 10 ** (low - LANE / 2)
    narrow = is_narrow(palette)
    key = _key(found, frame, low, NARROW_ROOM if narrow else KEY_ROOM)
    lines = key[-1]["line"] + 1  # of the key, above the line of the chosen unit
    top = 10 ** (high + HEADROOM * (lines + (chosen is not None)))
    marked = _chosen(frame, chosen, foot, high)
    params = {
        "foot": foot,
        "ceiling": ceiling,
        "top": top,
        "left": -0.9,
        "right": len(frame) - 0.1,
        "low": low,
        "dot": (SMALL if narrow else MARK) * min(1, ROOMY / len(frame)),
        "units": frame["unit"].tolist(),
        "places": list(range(len(frame))),
        "side": marked[0]["side"] if marked else 1,
        "lanes": [{"at": at, "label": NOUNS.sub("", label) if narrow else label} for at, label in lanes.values()],
        "ticks": [*(at for at, _ in lanes.values()), *(10.0**e for e in range(low, high + 1))],
        "decades": [f"{10.0**e:g}" if -3 <= e <= 3 else numbers.power_of_ten(e) for e in range(low, high + 1)],
    }
    key = [note | dict(height=top / 10 ** (HEADROOM * (note["line"] + 0.5))) for note in key]
    datasets = {
        "band": [dict(place=-0.9, end=len(frame) - 0.1, height=foot, ceiling=ceiling)],
        "chosen": marked,
        "columns": _columns(found, frame, foot, top),
        "marks": _marks(found, frame, lanes, low, key),
        "key": key,
    }
    spec = filled(_picture(palette, order), params, datasets)
    return Chart("column-variance", spec, _description(found, frame, chosen), frame, *sizes(WIDTH, LEAST, palette))


@lru_cache(maxsize=8)
def _picture(palette: Palette, order: str) -> dict[str, Any]:
    tips = [
        alt.Tooltip("unit:Q", title="hidden unit"),
        alt.Tooltip("rows:N", title="rows"),
        alt.Tooltip("says:N", title="variance"),
    ]
    marks = alt.Chart(alt.NamedData("marks")).encode(x="place:Q", y="height:Q", tooltip=tips)
    key = alt.Chart(alt.NamedData("key")).encode(x="place:Q", y="height:Q", text="says:N")
    chosen = alt.Chart(alt.NamedData("chosen")).encode(x="place:Q", y="height:Q")
    columns = alt.Chart(alt.NamedData("columns")).encode(x="place:Q", x2="end:Q", y="height:Q", y2="foot:Q", tooltip=tips)
    ink: dict[str, Any] = dict(size=alt.ExprRef("dot"), color=palette.ink, opacity=1)
    chart = alt.layer(
        _band(palette, order),
        chosen.mark_rule(color=palette.axis["j"], strokeWidth=2, opacity=0.6).encode(y2="foot:Q"),
        columns.mark_rect(opacity=0),  # so that a click need not hit a mark
        _only(marks, "stem").mark_rule(color=palette.faint, opacity=0.45).encode(y2="foot:Q"),
        _only(marks, "ring").mark_point(
            filled=False, size=alt.ExprRef("2.6 * dot"), stroke=palette.ink, strokeWidth=1.3, opacity=1
        ),
        _only(marks, "dot").mark_circle(**ink),
        _only(marks, "diamond").mark_point(
            shape="diamond", filled=False, size=alt.ExprRef("dot"), stroke=palette.muted, strokeWidth=1.3, opacity=1
        ),
        _only(marks, "below").mark_point(shape="triangle-down", filled=True, **ink),
        _only(marks, "off").mark_point(
            shape="M-1,-1L1,1M-1,1L1,-1", filled=False, size=26, stroke=palette.muted, strokeWidth=1.5, opacity=1
        ),
        key.mark_text(align="left", dx=11, color=palette.ink, fontWeight=600),
        chosen.mark_text(
            align=alt.ExprRef("side > 0 ? 'left' : 'right'"),
            dx=alt.ExprRef("7 * side"),
            dy=8,
            color=palette.axis_text["j"],
            fontWeight=600,
        ).encode(text="says:N"),
        width=min(WIDTH, palette.room),
        height=HEIGHT,
    )
    return styled(chart.add_params(picking()), palette)


def _band(palette: Palette, order: str) -> alt.Chart:
    """The shaded band, which also carries the scales and axes that all layers share."""
    in_band = "datum.value < ceiling"
    x_axis = alt.Axis(
        title=f"hidden units j, {ORDERS[order]}",
        values=alt.ExprRef("places"),
        tickCount=alt.ExprRef("length(places)"),
        labelExpr=f"datum.value % ceil({NUMBER_ROOM} * length(units) / width) ? '' : units[datum.value]",
        labelFontSize=SMALL_TEXT if palette.room >= WIDE else TEXT,
        ticks=False,
        grid=False,
        titleColor=palette.axis_text["j"],
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


def _lanes(found: WeightGradient, frame: pd.DataFrame, low: int) -> dict[str, tuple[float, str]]:
    """For each row of the band: its height on the log scale and its label."""
    labels = _still(found)
    if frame["off"].any():
        labels["off"] = f"{numbers.count(int(frame['off'].sum()), 'unit')} off: 0"
    return {name: (10 ** (low - LANE * (place + 1)), label) for place, (name, label) in enumerate(labels.items())}


def _still(found: WeightGradient) -> dict[str, str]:
    """The groups of rows over which no column varies, and their labels."""
    labels = {"printed": "6 printed rows: 0", "black": f"{numbers.count(found.sizes['black'], 'black pixel')}: 0"}
    gone = {"printed": bool(found.varying_in_print), "black": not found.sizes["black"]}
    return {name: label for name, label in labels.items() if not gone[name]}


def _rows_of(found: WeightGradient) -> dict[str, str]:
    """What the groups are called; constant pixels only where they are neither the black ones nor all."""
    names = {
        "printed": "the 6 printed rows",
        "black": "black pixels",
        "all": f"all {found.rows} rows",
        "lit": "lit pixels",
    }
    constant = found.sizes["constant"]
    return names | ({"constant": "constant pixels"} if found.sizes["black"] < constant < found.rows else {})


def _marks(
    found: WeightGradient, frame: pd.DataFrame, lanes: dict[str, tuple[float, str]], low: int, key: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """One row a mark: where it is drawn, its shape, and what it says."""
    rows_of = _rows_of(found)
    shapes = {"lit": "ring", "all": "dot"} | ({"constant": "diamond"} if "constant" in rows_of else {})
    marks: list[dict[str, Any]] = []
    for place, unit in enumerate(cast(list[dict[str, Any]], frame.to_dict("records"))):
        for group in _still(found):
            marks.append(_mark(place, unit, lanes[group][0], "dot", rows_of[group], "exactly 0", 0.0))
        if unit["off"]:
            marks.append(_mark(place, unit, lanes["off"][0], "off", "all rows", "0: the unit is off for every image", 0.0))
            continue
        for group, shape in shapes.items():
            below, says = unit[group] < 10.0**low, numbers.significant(unit[group])
            height, drawn = (10.0**low * 1.25, "below") if below else (unit[group], shape)
            marks.append(_mark(place, unit, height, drawn, rows_of[group], says, unit[group]))
        if unit["all"] >= 10.0**low:
            marks.append(_mark(place, unit, unit["all"], "stem", rows_of["all"], "") | {"foot": 10.0**low})
    return [*marks, *(_mark(note["place"], {"unit": None}, note["height"], note["shape"], "", "") for note in key)]


def _mark(
    place: float, unit: dict[str, Any], height: float, shape: str, rows: str, says: str, variance: float | None = None
) -> dict[str, Any]:
    """variance: what an exported chart can be encoded by anew; None where the mark is not of one."""
    number = unit["unit"]
    return dict(place=place, unit=number, pick=number, height=height, shape=shape, rows=rows, says=says, variance=variance)


def _columns(found: WeightGradient, frame: pd.DataFrame, foot: float, top: float) -> list[dict[str, Any]]:
    """The place of each unit from the foot to the top, where nothing is drawn."""
    return [
        dict(
            place=place - 0.5,
            end=place + 0.5,
            height=top,
            foot=foot,
            unit=unit,
            pick=unit,
            rows=f"all {found.rows} rows",
            says=said,
        )
        for place, (unit, said) in enumerate(zip(frame["unit"].tolist(), frame["all"].map(numbers.significant), strict=True))
    ]


def _chosen(frame: pd.DataFrame, chosen: int | None, foot: float, high: int) -> list[dict[str, Any]]:
    """The rule and the words of the chosen unit; side: of the rule on which the words stand."""
    if chosen is None:
        return []
    place = int((frame["unit"] == chosen).to_numpy().argmax())
    unit = frame.iloc[place]
    says = f"unit {chosen}: " + ("off for every image" if unit["off"] else f"{numbers.significant(unit['all'])} over all rows")
    side = 1 if place < 0.6 * len(frame) else -1
    return [dict(place=place, height=10 ** (high + HEADROOM), foot=foot, says=says, side=side)]


def _key(found: WeightGradient, frame: pd.DataFrame, low: int, room: float) -> list[dict[str, Any]]:
    """The marks explained above the chart, and what is said of units that leave the scale, in lines of so many px."""
    entries = [("dot", f"all {found.rows} rows"), ("ring", f"{numbers.count(found.sizes['lit'], 'lit pixel')} only")]
    if "constant" in _rows_of(found):
        entries.append(("diamond", numbers.count(found.sizes["constant"], "constant pixel")))
    below = frame[(frame["all"] < 10.0**low) & ~frame["off"]]
    if len(below) == 1:
        at = f", at {numbers.significant(below['all'].iloc[0])}" if len(entries) == 2 and room == KEY_ROOM else ""
        entries.append(("below", f"unit {below['unit'].iloc[0]} below the scale{at}"))
    elif len(below):
        entries.append(("below", f"{len(below)} units below the scale"))
    notes: list[dict[str, Any]] = []
    line, beside = 0, 0.0
    for shape, says in entries:
        long = SYMBOL + LETTER * len(says)
        if beside and beside + long > room + SYMBOL:
            line, beside = line + 1, 0.0
        notes.append(dict(place=len(frame) * beside / room - 0.4, line=line, shape=shape, says=says))
        beside += long
    return notes


def _none_varies(found: WeightGradient) -> str:
    names = {"printed": "the printed rows", "black": "the black pixels"}
    still = " and ".join(names[name] for name in _still(found))
    return f"Over {still} it is exactly 0." if still else "No group of rows is still: no pixel is black in every image."


def _description(found: WeightGradient, frame: pd.DataFrame, chosen: int | None) -> str:
    on = frame[~frame["off"]]
    says = f"Variance of each column of w1.g over rows, {numbers.count(len(frame), 'hidden unit')}. " + _none_varies(found)
    if len(on):
        says += f" Over all rows it runs from {numbers.significant(on['all'].min())} to {numbers.significant(on['all'].max())}."
    if frame["off"].any():
        says += f" {numbers.count(int(frame['off'].sum()), 'unit')} off for every image."
    return says + ("" if chosen is None else f" Unit {chosen} is marked.")
