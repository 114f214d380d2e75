"""The charts of time and memory: where points, names and the rule stand, as their data says and as they are drawn."""

import json
from functools import lru_cache
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st
from loops import over
from measurements import made_up

from mnistgrad.cost.measurement import COST_METHODS, LINE, PASS, Measurement, MeasurementPlan, stored_measurement
from mnistgrad.pictures.charts.cost import HEIGHT, NAME_STEP, memory_chart, time_chart
from mnistgrad.pictures.charts.label_places import beside_ends, spread_out
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.pictures.sheet.fitting import VEGA_LITE

FOUND = {
    "stored": stored_measurement(),
    "small": made_up(MeasurementPlan(largest=100, budget=10**6)),
    "wide": made_up(MeasurementPlan(nh=100, budget=10**8)),
    "blind": made_up(MeasurementPlan(largest=1_000), memory=False),
}
MAKE = {"time": time_chart, "memory": memory_chart}
METHODS_OF = {"line": LINE, "pass": PASS}
each_found = over("found", FOUND)
each_kind = over("kind", MAKE)
each_name = over("name", METHODS_OF)


@lru_cache(maxsize=64)
def chart_of(found: str, kind: str, name: str, n: int = 1_000, theme: str = "light") -> Chart:
    return MAKE[kind](FOUND[found], METHODS_OF[name], n, name, PALETTES[theme])


@lru_cache(maxsize=32)
def drawn(found: str, kind: str, name: str, n: int = 1_000, theme: str = "light") -> ElementTree.Element:
    svg = vl_convert.vegalite_to_svg(chart_of(found, kind, name, n, theme).spec, vl_version=VEGA_LITE)
    return ElementTree.fromstring(svg)


def data(chart: Chart, name: str) -> pd.DataFrame:
    return pd.DataFrame(chart.spec["datasets"][name])


def param(chart: Chart, name: str) -> Any:
    return next(p["value"] for p in chart.spec["params"] if p["name"] == name)


def texts(svg: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()).strip() for text in svg.iter("{http://www.w3.org/2000/svg}text")]


def value_of(found: Measurement, kind: str, method: str, n: int) -> tuple[float, bool]:
    cost = found.at(method, n)
    spread = cost.seconds if kind == "time" else cost.nbytes
    return spread.median, spread.calculated


@each_found
@each_kind
@each_name
def test_every_cost_has_its_point_and_calculated_ones_are_hollow(found: str, kind: str, name: str) -> None:
    points = data(chart_of(found, kind, name), "marks")
    expected = {
        (method, n): value_of(FOUND[found], kind, method, n) for method in METHODS_OF[name] for n in FOUND[found].plan.counts
    }
    assert len(points) == len(expected)
    for point in points.to_dict("records"):
        value, calculated = expected[point["method"], point["n"]]
        assert point["value"] == (value if kind == "time" else max(value, 10_000))
        assert (point["fill"] == PALETTES["light"].paper) == calculated
        assert ("calculated, not run" in point["how"]) == calculated


@each_found
@each_kind
@each_name
def test_lines_are_solid_where_measured_and_dotted_beyond(found: str, kind: str, name: str) -> None:
    chart = chart_of(found, kind, name)
    measured, beyond = data(chart, "measured"), data(chart, "beyond")
    for method in METHODS_OF[name]:
        run = [n for n in FOUND[found].plan.counts if not value_of(FOUND[found], kind, method, n)[1]]
        left = [n for n in FOUND[found].plan.counts if n not in run]
        assert run == ([] if measured.empty else measured.loc[measured["method"] == method, "n"].tolist())
        dotted = [] if beyond.empty else beyond.loc[beyond["method"] == method, "n"].tolist()
        assert dotted == (run[-1:] + left if left else [])


@each_kind
def test_band_is_the_middle_half_of_the_runs(kind: str) -> None:
    for point in data(chart_of("wide", kind, "pass"), "measured").to_dict("records"):
        assert point["low"] <= point["value"] <= point["high"]
    middle = data(chart_of("wide", "time", "pass"), "measured")
    assert (middle["low"] / middle["value"]).tolist() == pytest.approx([0.9] * len(middle))
    assert (middle["high"] / middle["value"]).tolist() == pytest.approx([1.2] * len(middle))


@each_found
@each_kind
@each_name
def test_everything_lies_inside_the_scales(found: str, kind: str, name: str) -> None:
    chart = chart_of(found, kind, name)
    for dataset in ("marks", "lesson"):
        if len(frame := data(chart, dataset)):
            assert frame["value"].between(param(chart, "foot"), param(chart, "top")).all()
            assert frame["n"].between(1, param(chart, "right")).all()


@each_found
@each_kind
def test_the_charts_of_one_quantity_share_their_scales(found: str, kind: str) -> None:
    line, whole = chart_of(found, kind, "line"), chart_of(found, kind, "pass")
    assert all(param(line, name) == param(whole, name) for name in ("foot", "top", "right", "ticks", "decades"))


@each_found
@each_kind
@each_name
def test_names_stand_apart_in_the_order_of_their_ends(found: str, kind: str, name: str) -> None:
    chart = chart_of(found, kind, name)
    names = data(chart, "names")
    assert {COST_METHODS[method].label for method in METHODS_OF[name]} <= set(names["says"])
    decades = np.log10(param(chart, "top") / param(chart, "foot"))
    heights = np.log10(names["value"]) / decades * HEIGHT
    assert all(later - earlier >= NAME_STEP - 1e-6 for earlier, later in pairwise(heights))
    largest = FOUND[found].plan.largest
    ends = {COST_METHODS[method].label: value_of(FOUND[found], kind, method, largest)[0] for method in METHODS_OF[name]}
    order = [max(ends[says], 10_000 if kind == "memory" else 0) for says in names["says"] if says in ends]
    assert order == sorted(order)


def test_the_lessons_figures_stand_in_the_time_of_the_line_alone() -> None:
    lesson = data(chart_of("stored", "time", "line"), "lesson")
    assert lesson[["n", "value"]].values.tolist() == [[50_000, 3.4], [50_000, 0.14]]
    assert {"the lesson: 3.4 s", "the lesson: 140 ms"} <= set(texts(drawn("stored", "time", "line")))
    for where in (("stored", "memory", "line"), ("stored", "time", "pass"), ("small", "time", "line")):
        assert data(chart_of(*where), "lesson").empty


@over(
    ("found", "n", "at", "word"),
    [
        ("stored", 1, 1, "n = 1"),
        ("stored", 50_000, 50_000, "n = 50,000"),
        ("small", 37, 37, "n = 37"),
        ("small", 1_000, 100, "n = 1,000 →"),
    ],
)
def test_rule_stands_at_the_readers_count(found: str, n: int, at: int, word: str) -> None:
    rule = data(chart_of(found, "time", "line", n), "rule")
    assert rule["n"].tolist() == [at] and rule["says"].tolist() == [word]
    svg = drawn(found, "time", "line", n)
    assert word in texts(svg)
    assert sum(e.get("aria-roledescription") == "rule mark" for e in svg.iter()) == (n <= FOUND[found].plan.largest)


@each_found
@each_kind
@each_name
def test_drawing_has_a_line_and_a_name_for_each_method(found: str, kind: str, name: str) -> None:
    svg, chart = drawn(found, kind, name), chart_of(found, kind, name)
    shown = texts(svg)
    assert all(COST_METHODS[method].label in shown for method in METHODS_OF[name])
    assert all(label in shown for label in param(chart, "decades"))
    lines = sum(e.get("aria-roledescription") == "line mark" for e in svg.iter())
    measured, beyond = data(chart, "measured"), data(chart, "beyond")
    assert lines == sum(frame["method"].nunique() for frame in (measured, beyond) if len(frame))
    points = sum(e.get("aria-roledescription") == "point" for e in svg.iter())
    assert points == len(data(chart, "marks")) + len(data(chart, "lesson"))


def test_einsum_and_autograd_are_dashed() -> None:
    for name, dashed in (("line", "einsum"), ("pass", "autograd")):
        marks = data(chart_of("stored", "time", name), "measured")
        assert set(marks.loc[marks["dashed"], "method"]) == {dashed}
        assert any(e.get("stroke-dasharray") == "6,3" for e in drawn("stored", "time", name).iter())


def test_decades_are_named_with_their_units() -> None:
    assert param(chart_of("stored", "time", "line"), "decades")[:4] == ["1 µs", "10 µs", "100 µs", "1 ms"]
    assert param(chart_of("stored", "memory", "line"), "decades")[:3] == ["≤ 10 kB", "100 kB", "1 MB"]


@each_found
@each_kind
@each_name
def test_table_and_words_hold_the_numbers_that_are_drawn(found: str, kind: str, name: str) -> None:
    chart = chart_of(found, kind, name)
    column = "seconds" if kind == "time" else "nbytes"
    for row in chart.frame.to_dict("records"):
        assert (row[column], row["calculated"]) == value_of(FOUND[found], kind, row["method"], row["n"])
    last = chart.frame.groupby("method").last()
    assert chart.description.count("(calculated)") == last["calculated"].sum()
    assert all(COST_METHODS[method].label in chart.description for method in METHODS_OF[name])


def test_charts_filled_one_after_the_other_share_no_data() -> None:
    first = time_chart(FOUND["small"], LINE, 5, "line", PALETTES["light"])
    before = json.dumps(first.spec)
    time_chart(FOUND["stored"], PASS, 1_000, "pass", PALETTES["light"])
    assert json.dumps(first.spec) == before


@given(st.lists(st.floats(0, 300), min_size=1, max_size=8), st.floats(1, 30))
def test_heights_are_spread_out_no_more_than_needed(heights: list[float], step: float) -> None:
    ordered = sorted(heights)
    moved = spread_out(ordered, step)
    assert all(later - earlier >= step - 1e-6 for earlier, later in pairwise(moved))
    assert sum(moved) == pytest.approx(sum(ordered), abs=1e-6)
    if all(later - earlier >= step for earlier, later in pairwise(ordered)):
        assert moved == pytest.approx(ordered)


def test_names_that_would_lie_above_the_top_are_moved_down_together() -> None:
    names = [dict(value=10.0), dict(value=9.0), dict(value=10.0)]
    moved = beside_ends(names, 2, float, float, top=10)
    assert [name["value"] for name in moved] == pytest.approx([6, 8, 10])
