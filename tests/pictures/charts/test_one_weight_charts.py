"""The charts of one weight's terms: sorted as steps, and added up image by image."""

import json
import math
import re
from dataclasses import replace
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import vl_convert
from loops import over
from states import LATER, State

from mnistgrad.gradient.one_weight import OneWeight, one_weight
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.charts.one_weight import running_sum_chart, terms_chart
from mnistgrad.pictures.palette import PALETTES, contrast
from mnistgrad.pictures.sheet.fitting import VEGA_LITE

STATES = [
    (State(n=1), "w1", None),
    (State(n=2), "w1", None),
    (State(n=10), "w1", None),
    (State(n=11), "w2", None),
    (State(), "w1", None),
    (State(), "w1", (0, 33)),
    (State(), "w2", None),
    (LATER, "w1", None),
    (LATER, "w2", None),
    (replace(LATER, n=1), "w2", None),
    (State(n=7_000, normalise=False), "w1", None),
]
SVG = "{http://www.w3.org/2000/svg}"
each_state = over("key", STATES)
each_of_several = over("key", [key for key in STATES if key[0].n > 1])
Key = tuple[State, str, tuple[int, int] | None]


@lru_cache
def weight_of(key: Key) -> OneWeight:
    state, layer, entry = key
    found = state.weight_gradient(layer)
    return one_weight(found, *(entry or (found.largest_row(found.liveliest_column), found.liveliest_column)))


@lru_cache
def terms_of(key: Key, theme: str = "light") -> Chart:
    return terms_chart(weight_of(key), PALETTES[theme])


@lru_cache
def running_of(key: Key, theme: str = "light") -> Chart:
    return running_sum_chart(weight_of(key), PALETTES[theme])


def data(chart: Chart, name: str) -> pd.DataFrame:
    return pd.DataFrame(chart.spec["datasets"][name])


def param(chart: Chart, name: str) -> Any:
    return next(p["value"] for p in chart.spec["params"] if p["name"] == name)


def sorted_terms(key: Key) -> np.ndarray:
    """Times n, from the two factors."""
    found = key[0].weight_gradient(key[1])
    one = weight_of(key)
    return np.sort(found.inp.numpy()[:, one.row].astype(float) * found.out_g.numpy()[:, one.column]) * one.n


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(vl_convert.vegalite_to_svg(chart.spec, vl_version=VEGA_LITE))


def texts(svg: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


@each_state
def test_area_of_the_steps_is_the_gradient(key: Key) -> None:
    steps = data(terms_of(key), "steps")
    area = ((steps["end"] - steps["start"]) / 100 * steps["height"]).sum()
    scale = abs(sorted_terms(key)).mean()
    expected = key[0].weight_gradient(key[1]).g[weight_of(key).row, weight_of(key).column].item()
    assert area == pytest.approx(expected, abs=1e-4 * scale)
    (mean,) = terms_of(key).spec["datasets"]["mean"]
    assert mean["height"] == pytest.approx(expected, rel=1e-9, abs=1e-9 * scale)


@each_state
def test_steps_lie_side_by_side_over_every_image_that_adds_something(key: Key) -> None:
    terms, steps = sorted_terms(key), data(terms_of(key), "steps")
    below, above = steps[steps["height"] < 0], steps[steps["height"] > 0]
    assert len(below) + len(above) == len(steps)
    n = len(terms)
    for part, start, end in ((below, 0, (terms < 0).sum()), (above, n - (terms > 0).sum(), n)):
        if start == end:
            assert part.empty
            continue
        assert part["start"].iloc[0] == pytest.approx(start / n * 100, abs=1e-3)
        assert part["end"].iloc[-1] == pytest.approx(end / n * 100, abs=1e-3)
        assert part["start"].iloc[1:].tolist() == pytest.approx(part["end"].iloc[:-1].tolist(), abs=1e-3)
        assert part["height"].is_monotonic_increasing


@each_state
def test_outermost_images_stand_alone_and_other_steps_are_means_of_what_they_span(key: Key) -> None:
    terms, frame = sorted_terms(key), terms_of(key).frame
    ends = frame["images"].cumsum()
    assert ends.iloc[-1] == len(terms)
    for step, end in zip(frame.itertuples(), ends, strict=True):
        inside = terms[end - step.images : end]
        assert step.mean_term_times_n == pytest.approx(inside.mean(), rel=1e-9, abs=1e-12)
        assert (step.least_term_times_n, step.largest_term_times_n) == (inside[0], inside[-1])
        assert not (inside[0] < 0 < inside[-1]) and (inside[0] == 0) == (inside[-1] == 0)
        assert (step.from_percent, step.to_percent) == pytest.approx(
            ((end - step.images) / len(terms) * 100, end / len(terms) * 100)
        )
        if step.images == 1:
            assert weight_of(key).terms[step.image].item() * len(terms) == inside[0]
    heights = data(terms_of(key), "steps")["height"]
    if terms[0] < 0:
        assert heights.iloc[0] == pytest.approx(terms[0], rel=1e-5)
    if terms[-1] > 0:
        assert heights.iloc[-1] == pytest.approx(terms[-1], rel=1e-5)
    assert param(terms_of(key), "low") < min(terms[0], 0) and param(terms_of(key), "high") > max(terms[-1], 0)


@each_state
def test_few_images_have_a_step_each_and_many_some_hundreds(key: Key) -> None:
    steps = data(terms_of(key), "steps")
    assert len(steps) <= 300
    if key[0].n <= 60:
        assert len(steps) == (sorted_terms(key) != 0).sum()
        assert steps["says"].str.fullmatch(r"image \d+").all()
        assert "steps" not in terms_of(key).description
    if len(steps) < (sorted_terms(key) != 0).sum():
        assert f"Drawn as {len(terms_of(key).frame)} steps" in terms_of(key).description


@each_state
def test_labels_name_the_gradient_and_the_share_of_zeros_clear_of_the_steps(key: Key) -> None:
    labels, terms, steps = data(terms_of(key), "labels"), sorted_terms(key), data(terms_of(key), "steps")
    mean = labels.iloc[0]
    told = float(re.search(r"[+−\d.]+$", mean["says"])[0].replace("−", "-"))  # type: ignore[index]
    assert told == pytest.approx(terms.mean(), rel=1e-3)
    below = terms.mean() < 0
    near = steps[steps["start"] > 70] if below else steps[steps["end"] < 30]
    assert (mean["place"], mean["align"], mean["dy"] > 0) == ((100, "right", True) if below else (0, "left", False))
    if key[0].n > 2:  # the steps beside the label end on the other side of the line
        assert (near["height"] > terms.mean()).all() if below else (near["height"] < terms.mean()).all()
    assert len(labels) == 1 + bool((terms == 0).any())
    if len(labels) == 2:
        zero = labels.iloc[1]
        assert float(zero["says"].split("%")[0]) == pytest.approx((terms == 0).mean() * 100, abs=0.05)
        assert zero["says"].endswith("% add nothing") and zero["height"] == 0
        assert zero["dy"] * mean["dy"] < 0, "the two labels lie on different sides"


@each_of_several
def test_running_sum_is_numpys_and_ends_at_the_gradient(key: Key) -> None:
    one = weight_of(key)
    running = np.cumsum(one.inp.numpy() * one.out_g.numpy())
    frame, points = running_of(key).frame, data(running_of(key), "points")
    counts = frame["images"].to_numpy()
    assert counts[0] == 1 and counts[-1] == one.n and (np.diff(counts) > 0).all() and len(counts) <= 200
    size = abs(one.terms.numpy()).sum()
    np.testing.assert_allclose(frame["sum_so_far"], running[counts - 1], rtol=1e-9, atol=1e-12 * size)
    np.testing.assert_allclose(
        frame["gradient_of_these_alone"], running[counts - 1] / counts * one.n, rtol=1e-9, atol=1e-12 * size
    )
    np.testing.assert_allclose(points[["sum", "alone"]], frame.iloc[:, 1:], rtol=1e-5, atol=1e-9)
    assert points["images"].tolist() == counts.tolist()
    if one.n <= 200:
        assert counts.tolist() == list(range(1, one.n + 1))
    else:
        assert f"Drawn at {len(counts)} counts" in running_of(key).description
    (end,) = running_of(key).spec["datasets"]["end"]
    assert end["images"] == one.n and end["height"] == pytest.approx(running[-1])


@each_of_several
def test_lines_are_labelled_outside_of_both_and_inside_the_scale(key: Key) -> None:
    chart, n = running_of(key), key[0].n
    frame, labels = chart.frame, data(chart, "labels").set_index("says")
    along = {
        name: lambda share, name=name: np.interp(share * math.log(n), np.log(frame["images"]), frame[name])
        for name in ("sum_so_far", "gradient_of_these_alone")
    }
    middle = np.linspace(0.42, 0.74, 25)
    lines = {name: line(middle) for name, line in along.items()}
    places = {"sum_so_far": "sum so far", "gradient_of_these_alone": "gradient of the images so far, as a batch of their own"}
    scale = np.abs(list(lines.values())).max()
    for name, says in places.items():
        label, (other,) = labels.loc[says], [line for key, line in lines.items() if key != name]
        both = np.concatenate([lines[name], other])
        if label["dy"] < 0:
            assert label["height"] >= both.max() - 1e-9 and lines[name].mean() >= other.mean() - 0.02 * scale
        else:
            assert label["height"] <= both.min() + 1e-9 and lines[name].mean() <= other.mean() + 0.02 * scale
    assert labels["height"].between(param(chart, "low"), param(chart, "high")).all()
    assert sorted(labels.loc[list(places.values()), "dy"] > 0) == [False, True]
    assert any(says.startswith(f"all {n:,}: ") for says in labels.index)


@each_of_several
def test_axis_ends_at_n_and_no_other_tick_is_near(key: Key) -> None:
    n = key[0].n
    *decades, last = param(running_of(key), "ticks")
    assert last == n and decades[:1] == [1] and all(math.log10(d).is_integer() and d < n for d in decades)
    assert all(math.log(n / d) / math.log(n) > 0.04 for d in decades)
    written = texts(drawn(running_of(key)))
    assert f"n = {n:,}" in written and "images added, in the order of the batch" in written
    orange = PALETTES["light"].axis_text["n"]
    colours = {"".join(t.itertext()): t.get("fill") for t in drawn(running_of(key)).iter(f"{SVG}text")}
    assert colours[f"n = {n:,}"] == orange and colours["1"] != orange


@each_state
@over("theme", PALETTES)
def test_drawing_shows_every_step_and_label(key: Key, theme: str) -> None:
    chart, palette = terms_of(key, theme), PALETTES[theme]
    svg = drawn(chart)
    fills = [path.get("fill") for path in svg.iter(f"{SVG}path") if path.get("aria-roledescription") == "rect mark"]
    steps = data(chart, "steps")
    purple, mustard = palette.values[1], palette.values[-2]
    assert (fills.count(purple), fills.count(mustard)) == ((steps["height"] < 0).sum(), (steps["height"] > 0).sum())
    assert set(data(chart, "labels")["says"]) <= set(texts(svg))
    assert "images, sorted by their term (% of the batch)" in texts(svg)
    inks = {t.get("fill") or "" for t in svg.iter(f"{SVG}text")} - {"", "none"}
    assert inks and all(contrast(ink, palette.paper) >= 4.5 for ink in inks if ink.startswith("#"))


def test_charts_at_many_images_are_small() -> None:
    assert len(json.dumps(terms_of(STATES[-1]).spec)) + len(json.dumps(running_of(STATES[-1]).spec)) < 45_000
