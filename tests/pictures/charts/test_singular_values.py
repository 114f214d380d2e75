"""The chart of singular values: shares, limits and what counts as 0, as its data says and as it is drawn."""

import json
import re
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import torch
import vl_convert
from loops import over
from states import State

from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.charts.singular_values import singular_values_chart
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.pictures.sheet.fitting import VEGA_LITE

STATES = [
    State(n=1),
    State(n=2),
    State(n=10, nh=100),
    State(),
    State(nh=2),
    State(n=1, nh=2),
    State(n=3, nh=7),
    State(preset="lesson-2022", normalise=False),
]
each_state = over("state", STATES)
SVG = "{http://www.w3.org/2000/svg}"


@lru_cache(maxsize=32)
def chart_of(state: State, theme: str = "light") -> Chart:
    return singular_values_chart(state.weight_gradient("w1"), PALETTES[theme])


def param(chart: Chart, name: str) -> Any:
    return next(p["value"] for p in chart.spec["params"] if p["name"] == name)


@lru_cache(maxsize=16)
def drawn(state: State, theme: str = "light") -> ElementTree.Element:
    return ElementTree.fromstring(vl_convert.vegalite_to_svg(chart_of(state, theme).spec, vl_version=VEGA_LITE))


def drawn_texts(svg: ElementTree.Element) -> list[str]:
    return [" ".join("".join(text.itertext()).split()) for text in svg.iter(f"{SVG}text")]


def shares(state: State) -> np.ndarray:
    values = np.linalg.svd(state.weight_gradient("w1").g.numpy(), compute_uv=False)
    return values**2 / (values**2).sum()


def rank(state: State) -> int:
    return int(torch.linalg.matrix_rank(state.weight_gradient("w1").g))


@each_state
def test_values_that_count_stand_at_their_share_and_the_others_in_the_band(state: State) -> None:
    chart = chart_of(state)
    marks, expected = pd.DataFrame(chart.spec["datasets"]["values"]), shares(state)
    count = rank(state)
    assert marks["place"].tolist() == list(range(1, state.nh + 1))
    assert marks["counted"].tolist() == [True] * count + [False] * (state.nh - count)
    assert marks["share"][:count].tolist() == pytest.approx(expected[:count].tolist(), rel=1e-5, abs=0)
    in_band = marks["share"][count:]
    assert ((in_band < param(chart, "ceiling")) & (in_band > param(chart, "foot"))).all()
    assert (marks["share"][:count] >= param(chart, "ceiling")).all() and marks["share"].max() < param(chart, "top")


@each_state
def test_line_is_the_limit_that_torch_takes_for_float32(state: State) -> None:
    chart, expected = chart_of(state), shares(state)
    (line,) = chart.spec["datasets"]["limit"]
    assert line["share"] == pytest.approx(expected[0] * (784 * np.finfo(np.float32).eps) ** 2, rel=1e-6)
    assert param(chart, "ceiling") < line["share"] < 1


@each_state
def test_words_tell_the_first_share_and_how_many_count_as_zero(state: State) -> None:
    texts, zero = drawn_texts(drawn(state)), state.nh - rank(state)
    (first,) = [text for text in texts if text.endswith("in the first")]
    told = float(re.search(r"[\d.]+", first)[0])  # type: ignore[index]
    assert told == pytest.approx(100 * shares(state)[0], abs=0.11)
    assert "torch's limit for float32" in texts and "singular values, largest first" in texts
    words = {0: "none below float64's limit", 1: "1 below float64's limit"}.get(zero, f"{zero} below float64's limit count as 0")
    assert words in texts


@each_state
def test_drawing_shows_every_value_inside_the_picture(state: State) -> None:
    svg = drawn(state)
    kinds = [e.get("aria-roledescription") for e in svg.iter()]
    assert kinds.count("circle") == rank(state)
    assert kinds.count("point") == state.nh - rank(state)
    assert kinds.count("rule mark") == 1


@each_state
def test_scale_names_even_decades_in_order(state: State) -> None:
    named = [param(chart_of(state), "names"), param(chart_of(state), "ticks")]
    assert 4 <= len(named[0]) <= 6 and named[0][:1] == ["100%"]
    for name, tick in zip(*named, strict=True):
        assert (name == f"{100 * tick:g}%") if tick >= 1e-4 else name.startswith("10⁻")
    exponents = np.log10(named[1])
    assert np.diff(exponents) == pytest.approx(-param(chart_of(state), "step"))
    drawn_names = [text for text in drawn_texts(drawn(state)) if text in named[0]]
    assert set(drawn_names) == set(named[0])


@each_state
def test_places_are_whole_numbers_and_few(state: State) -> None:
    places = param(chart_of(state), "places")
    assert places[0] == 1 and len(places) <= 7 and places[-1] <= state.nh
    texts = drawn_texts(drawn(state))
    assert all(str(place) in texts for place in places)


def test_charts_share_no_data() -> None:
    first = chart_of.__wrapped__(State(n=1))
    before = json.dumps(first.spec)
    chart_of.__wrapped__(State())
    assert json.dumps(first.spec) == before


@each_state
def test_table_holds_values_shares_and_what_counts(state: State) -> None:
    frame = chart_of(state).frame
    values = np.linalg.svd(state.weight_gradient("w1").g.numpy(), compute_uv=False)
    assert frame["singular_value"].tolist() == pytest.approx(values.tolist(), abs=1e-10 * values[0])
    assert frame["share"].sum() == pytest.approx(1) and int(frame["counted"].sum()) == rank(state)


def test_description_says_what_is_seen() -> None:
    says = chart_of(State(n=10, nh=100)).description
    assert says.startswith("The 100 singular values of w1.g") and "10 above the limit" in says


def test_one_column_has_one_value() -> None:
    chart = singular_values_chart(State().weight_gradient("w2"), PALETTES["light"])
    assert [value["place"] for value in chart.spec["datasets"]["values"]] == [1]
    assert chart.frame["share"].tolist() == [1.0]
