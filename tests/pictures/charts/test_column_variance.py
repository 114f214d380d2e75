"""The column-variance chart: which mark stands where, as its data says and as it is drawn."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import vl_convert
from loops import over
from states import ALL_OFF, LATER, State

from mnistgrad.common import numbers
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.pictures.charts import column_variance
from mnistgrad.pictures.charts.column_variance import column_variance_chart
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.pictures.sheet.fitting import VEGA_LITE

STATES = [
    State(n=1),
    State(n=2),
    State(n=10),
    State(),
    replace(LATER, n=1),
    replace(LATER, n=10),
    LATER,
    State(n=1, nh=2),
    State(nh=100, n=10),
    ALL_OFF,
]
each_state = over("state", STATES)


@lru_cache(maxsize=32)
def chart_of(state: State, theme: str = "light", order: str = "size", chosen: int | None = None) -> Chart:
    return column_variance_chart(state.weight_gradient("w1"), PALETTES[theme], order, chosen)


def marks_of(chart: Chart) -> pd.DataFrame:
    """The marks of hidden units; those of the key carry no unit."""
    marks = pd.DataFrame(chart.spec["datasets"]["marks"])
    return marks[marks["unit"].notna()]


def param(chart: Chart, name: str) -> Any:
    return next(p["value"] for p in chart.spec["params"] if p["name"] == name)


@lru_cache(maxsize=8)
def drawn(state: State, theme: str = "light", order: str = "size", chosen: int | None = None) -> ElementTree.Element:
    svg = vl_convert.vegalite_to_svg(chart_of(state, theme, order, chosen).spec, vl_version=VEGA_LITE)
    return ElementTree.fromstring(svg)


def drawn_texts(svg: ElementTree.Element) -> list[str]:
    return [" ".join("".join(text.itertext()).split()) for text in svg.iter("{http://www.w3.org/2000/svg}text")]


def drawn_symbols(svg: ElementTree.Element, kind: str) -> int:
    return sum(e.get("aria-roledescription") == kind for e in svg.iter())


def population_variance(found: WeightGradient, rows: np.ndarray) -> np.ndarray:
    """By definition, in NumPy."""
    g = found.g.numpy()[rows]
    return ((g - g.mean(0)) ** 2).mean(0)


def lit_pixels(state: State) -> np.ndarray:
    return state.batch.images.numpy().reshape(state.n, -1).any(0)


def constant_pixels(state: State) -> np.ndarray:
    pixels = state.batch.images.numpy().reshape(state.n, -1)
    return (pixels == pixels[0]).all(0)


def constant_by_themselves(state: State) -> bool:
    """Whether the constant pixels are neither the black ones nor all."""
    constant = constant_pixels(state)
    return not constant.all() and bool((constant & lit_pixels(state)).any())


def switched_off(state: State) -> list[int]:
    return np.flatnonzero((state.weight_gradient("w1").g.numpy() == 0).all(0)).tolist()


@each_state
def test_each_unit_has_one_mark_for_each_zero_group_below_the_scale(state: State) -> None:
    chart = chart_of(state)
    lowest = 10.0 ** param(chart, "low")
    every = marks_of(chart)
    for group in ("the 6 printed rows", "black pixels"):
        marks = every[every["rows"] == group]
        assert sorted(marks["unit"]) == list(range(state.nh))
        assert (marks["height"] < lowest).all() and marks["height"].nunique() == 1
        assert set(marks["says"]) == {"exactly 0"}


@each_state
@over(("group", "shape"), [("all", "dot"), ("lit", "ring")])
def test_each_unit_that_is_on_stands_at_its_variance_or_at_the_foot(state: State, group: str, shape: str) -> None:
    chart, on = chart_of(state), sorted(set(range(state.nh)) - set(switched_off(state)))
    lowest = 10.0 ** param(chart, "low")
    rows = np.ones(784, bool) if group == "all" else lit_pixels(state)
    name = "all 784 rows" if group == "all" else "lit pixels"
    every = marks_of(chart)
    marks = every[(every["rows"] == name) & (every["shape"] != "stem")].sort_values("unit")
    assert marks["unit"].tolist() == on
    for mark, variance in zip(marks.itertuples(), population_variance(state.weight_gradient("w1"), rows)[on], strict=True):
        if variance < lowest:
            assert mark.shape == "below" and lowest < mark.height < 2 * lowest
        else:
            assert mark.shape == shape and mark.height == pytest.approx(variance, rel=1e-4)


@each_state
def test_unit_that_is_off_has_the_off_mark_and_no_other_above_the_band(state: State) -> None:
    chart = chart_of(state)
    marks = marks_of(chart)
    assert sorted(marks.query("shape == 'off'")["unit"]) == switched_off(state)
    of_off = marks[marks["unit"].isin(switched_off(state))]
    assert (of_off["height"] < 10.0 ** param(chart, "low")).all()


@each_state
def test_units_stand_side_by_side_from_largest_variance_to_smallest(state: State) -> None:
    found = state.weight_gradient("w1")
    variances = population_variance(found, np.ones(784, bool))
    order = marks_of(chart_of(state)).drop_duplicates("unit").sort_values("place")
    assert order["place"].tolist() == list(range(state.nh))
    assert (np.diff(variances[order["unit"].astype(int)]) <= 1e-12 * variances.max()).all()


@each_state
def test_stems_reach_from_the_foot_of_the_scale_to_the_dots(state: State) -> None:
    marks = marks_of(chart_of(state))
    dots = marks.query("shape == 'dot' and rows == 'all 784 rows'")
    stems = marks.query("shape == 'stem'").to_dict("records")
    assert [(s["place"], s["height"]) for s in stems] == list(zip(dots["place"], dots["height"], strict=True))
    assert all(stem["foot"] == pytest.approx(10.0 ** param(chart_of(state), "low")) for stem in stems)


@each_state
def test_every_mark_lies_inside_the_scales(state: State) -> None:
    chart = chart_of(state)
    everything = pd.DataFrame(chart.spec["datasets"]["marks"])
    assert everything["height"].between(param(chart, "foot"), param(chart, "top")).all()
    assert everything["place"].between(param(chart, "left"), param(chart, "right")).all()


@each_state
def test_key_explains_each_shape_that_is_drawn_above_the_band(state: State) -> None:
    chart = chart_of(state)
    below = len(marks_of(chart).query("shape == 'below' and rows == 'all 784 rows'"))
    lit = int(lit_pixels(state).sum())
    says = [entry["says"] for entry in chart.spec["datasets"]["key"]]
    assert says[:2] == ["all 784 rows", f"{lit} lit pixels only"]
    constant = [f"{constant_pixels(state).sum()} constant pixels"] if constant_by_themselves(state) else []
    assert says[2 : 2 + len(constant)] == constant
    assert len(says) == 2 + len(constant) + bool(below)
    if below > 1:
        assert says[-1] == f"{below} units below the scale"


@each_state
def test_constant_pixels_have_marks_only_where_they_are_no_other_group(state: State) -> None:
    chart = chart_of(state)
    marks = marks_of(chart).query("rows == 'constant pixels'").sort_values("unit")
    if not constant_by_themselves(state):
        assert marks.empty
        return
    on = sorted(set(range(state.nh)) - set(switched_off(state)))
    variances = population_variance(state.weight_gradient("w1"), constant_pixels(state))[on]
    assert marks["unit"].tolist() == on
    shown = marks["shape"].to_numpy() == "diamond"
    assert (shown == (variances >= 10.0 ** param(chart, "low"))).all() and shown.any()
    assert marks["height"].to_numpy()[shown] == pytest.approx(variances[shown], rel=1e-4)


def test_units_can_stand_by_number() -> None:
    state = State(n=10)
    chart = chart_of(state, order="number")
    assert chart.frame["unit"].tolist() == list(range(50)) == param(chart, "units")
    marks = marks_of(chart)
    assert (marks["place"] == marks["unit"]).all()
    by_size = marks_of(chart_of(state)).set_index(["unit", "rows", "shape"])["height"]
    assert marks.set_index(["unit", "rows", "shape"])["height"].sort_index().equals(by_size.sort_index())
    assert "hidden units j, by number" in drawn_texts(drawn(state, order="number"))


def test_another_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order is 'name'; allowed are 'size', 'number'"):
        chart_of(State(n=1), order="name")


@over("order", ["size", "number"])
@over(("nh", "every"), [(2, 1), (50, 1), (100, 2)])
def test_units_are_named_below_their_marks(order: str, nh: int, every: int) -> None:
    state = State(n=10, nh=nh)
    units = chart_of(state, order=order).frame["unit"].tolist()[::every]
    names = {}
    for text in drawn(state, order=order).iter("{http://www.w3.org/2000/svg}text"):
        if text.get("font-size") == "10.5px" and "".join(text.itertext()):
            names[float(re.findall(r"[-\d.]+", text.get("transform", ""))[0])] = int("".join(text.itertext()))
    assert list(names.values()) == units
    assert np.ptp(np.diff(list(names))) < 1.5


@over(("state", "unit"), [(State(), 33), (State(), 24), (State(n=1), 3), (State(n=2), 0), (ALL_OFF, 1)])
def test_chosen_unit_has_a_rule_and_a_word_at_its_place(state: State, unit: int) -> None:
    chart = chart_of(state, chosen=unit)
    (rule,) = chart.spec["datasets"]["chosen"]
    assert chart.frame["unit"][rule["place"]] == unit
    assert rule["foot"] == param(chart, "foot") and rule["height"] < param(chart, "top")
    off = unit in switched_off(state)
    variance = population_variance(state.weight_gradient("w1"), np.ones(784, bool))[unit]
    told = "off for every image" if off else f"{numbers.significant(variance)} over all rows"
    assert rule["says"] == f"unit {unit}: {told}"
    assert rule["says"].replace("\u00a0", " ") in drawn_texts(drawn(state, chosen=unit))
    assert rule["height"] > marks_of(chart)["height"].max(), "the words stand above the marks"
    assert f"Unit {unit} is marked." in chart.description


@over("order", ["size", "number"])
@over("unit", [0, 12, 33, 47, 49])
def test_words_of_the_chosen_unit_stay_inside(order: str, unit: int) -> None:
    (rule,) = chart_of(State(), order=order, chosen=unit).spec["datasets"]["chosen"]
    room = 50 - rule["place"] if rule["side"] > 0 else rule["place"]
    assert room / 50 * 500 > 6.5 * len(rule["says"]), "where the chart is narrowest"


@each_state
def test_a_click_anywhere_above_a_unit_tells_the_unit(state: State) -> None:
    chart = chart_of(state, chosen=0)
    columns = pd.DataFrame(chart.spec["datasets"]["columns"])
    assert columns["pick"].tolist() == chart.frame["unit"].tolist()
    assert ((columns["place"] + columns["end"]) / 2 == np.arange(state.nh)).all() and (
        columns["end"] - columns["place"] == 1
    ).all()
    assert (columns["foot"] == param(chart, "foot")).all() and (columns["height"] == param(chart, "top")).all()
    marks = marks_of(chart)
    assert (marks["pick"] == marks["unit"]).all()
    (pick,) = [p for p in chart.spec["params"] if "select" in p]
    assert pick["name"] == "pick" and pick["select"]["fields"] == ["pick"]


@each_state
def test_drawing_shows_every_mark_and_label(state: State) -> None:
    svg, chart = drawn(state), chart_of(state)
    shapes = pd.DataFrame(chart.spec["datasets"]["marks"])["shape"].value_counts()
    texts = drawn_texts(svg)
    assert drawn_symbols(svg, "circle") == shapes["dot"]
    assert drawn_symbols(svg, "rule mark") == shapes.get("stem", 0)
    assert drawn_symbols(svg, "point") == sum(shapes.get(shape, 0) for shape in ("ring", "diamond", "below", "off"))
    assert any(re.fullmatch(r"6 printed rows: 0", text) for text in texts)
    assert f"{784 - lit_pixels(state).sum()} black pixels: 0" in texts
    off = len(switched_off(state))
    assert (f"{off} unit{'s' * (off > 1)} off: 0" in texts) == bool(off)
    assert "hidden units j, largest variance first" in texts


def test_decades_are_labelled_in_order_with_even_distance() -> None:
    svg = drawn(State())
    places = {}
    for text in svg.iter("{http://www.w3.org/2000/svg}text"):
        found = re.fullmatch(r"translate\(([-\d.]+),([-\d.]+)\)", text.get("transform", ""))
        if found and text.get("font-size") == "12px" and re.fullmatch(r"[\d.]+", "".join(text.itertext())):
            places[float("".join(text.itertext()))] = float(found[2])
    assert list(places) == [0.001, 0.01, 0.1, 1, 10]
    assert np.diff(list(places.values())) == pytest.approx(-np.ptp(list(places.values())) / 4, abs=1.1)


def test_charts_built_one_after_the_other_share_no_data() -> None:
    first = column_variance_chart(State(n=1).weight_gradient("w1"), PALETTES["light"])
    before = json.dumps(first.spec)
    second = column_variance_chart(State().weight_gradient("w1"), PALETTES["light"])
    assert json.dumps(first.spec) == before
    assert second.spec["datasets"]["marks"] != first.spec["datasets"]["marks"]


def test_charts_built_at_the_same_time_keep_their_own_data() -> None:
    wanted = [(state, theme) for state in (State(n=1), State(n=10), LATER) for theme in PALETTES] * 2
    alone = [json.dumps(chart_of(*each).spec) for each in wanted]
    column_variance._picture.cache_clear()  # so that the threads build the shared part too
    with ThreadPoolExecutor(6) as pool:
        together = pool.map(lambda each: chart_of.__wrapped__(*each), wanted)
        assert [json.dumps(chart.spec) for chart in together] == alone


def test_table_holds_the_numbers_that_are_drawn() -> None:
    frame = chart_of(State(n=1)).frame
    found = State(n=1).weight_gradient("w1")
    assert frame["all"].tolist() == pytest.approx(population_variance(found, np.ones(784, bool))[frame["unit"]])
    assert frame.loc[frame["off"], "unit"].tolist() == switched_off(State(n=1))
    assert (frame[["printed", "black"]] == 0).all(axis=None)


@over("scale", [1e-3, 1e-5, 1e-7, 1e3, 1e6])
def test_marks_keep_their_heights_whatever_the_size_of_the_gradient(scale: float) -> None:
    found = State().weight_gradient("w1")
    scaled = replace(found, g=found.g * scale)
    heights = marks_of(column_variance_chart(scaled, PALETTES["light"])).query("shape == 'ring'")["height"]
    expected = np.sort(population_variance(scaled, lit_pixels(State())))[::-1][: len(heights)]
    assert np.sort(heights)[::-1] == pytest.approx(expected, rel=1e-3, abs=0)


@over("seed", [1084, 8635])
def test_marks_of_an_image_that_is_nearly_right_stand_where_the_axis_says(seed: int) -> None:
    """The gradients of these are so small that their variances lie near 1e-8."""
    chart = chart_of(replace(LATER, n=1, nh=2, seed=seed))
    lanes = [lane["at"] for lane in param(chart, "lanes")]
    marks = marks_of(chart)
    printed, black = (marks["height"][marks["rows"] == group] for group in ("the 6 printed rows", "black pixels"))
    assert printed.tolist() == pytest.approx([lanes[0]] * 2, rel=1e-3, abs=0)
    assert black.tolist() == pytest.approx([lanes[1]] * 2, rel=1e-3, abs=0)


def test_exported_marks_hold_the_variance_of_their_unit_and_rows() -> None:
    found = State().weight_gradient("w1")
    marks = marks_of(chart_of(State())).dropna(subset="variance")
    for rows, mask in {"all 784 rows": np.ones(784, bool), "lit pixels": lit_pixels(State())}.items():
        of = marks[marks["rows"] == rows]
        assert of["variance"].tolist() == pytest.approx(population_variance(found, mask)[of["unit"].astype(int)])
    assert (marks.loc[marks["rows"].isin(["black pixels", "the 6 printed rows"]), "variance"] == 0).all()


def test_all_off_chart_says_so() -> None:
    chart = chart_of(ALL_OFF)
    assert "2 units off for every image" in chart.description
    assert marks_of(chart)["height"].max() < 10.0 ** param(chart, "low")
