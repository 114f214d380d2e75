"""The curves of a training: what is drawn, where, and what stands beside it."""

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pandas as pd
import pytest
import vl_convert
from comparisons import made_up, measured
from loops import over

from mnistgrad.captions.training import LABELS
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.charts.training import HEIGHT, NAME_STEP, accuracy_chart, loss_chart, small_accuracy_chart
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.pictures.sheet.fitting import VEGA_LITE
from mnistgrad.training.comparison import Comparison
from mnistgrad.training.descent import TRAINING_METHODS
from mnistgrad.training.stored import stored_comparison

LIGHT = PALETTES["light"]
DIVERGED = made_up({"true": [None, None], "rank-1": [None, 0.4], "frozen": [0.3, 0.32]})
FOUND = {  # made where they are asked for: not by each worker that collects the tests
    "stored": lambda: stored_comparison("cross-entropy"),
    "mse": lambda: stored_comparison("mse"),
    "small": measured,
    "diverged": lambda: DIVERGED,
    "all diverged": lambda: made_up({"true": [None], "rank-1": [None]}),
    "one": lambda: made_up({"true": [0.9]}),
}
each = pytest.mark.parametrize("found", FOUND, indirect=True)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def found(request: pytest.FixtureRequest) -> Comparison:
    return FOUND[request.param]()


def data(chart: Chart, name: str) -> pd.DataFrame:
    return pd.DataFrame(chart.spec["datasets"][name])


def param(chart: Chart, name: str):
    return next(p["value"] for p in chart.spec["params"] if p["name"] == name)


def texts(chart: Chart) -> list[ElementTree.Element]:
    svg = ElementTree.fromstring(vl_convert.vegalite_to_svg(chart.spec, vl_version=VEGA_LITE))
    return list(svg.iter(f"{SVG}text"))


def test_thick_lines_are_the_medians_and_thin_ones_the_seeds() -> None:
    found = FOUND["stored"]()
    chart = accuracy_chart(found, LIGHT)
    medians, seeds = data(chart, "medians"), data(chart, "seeds")
    assert set(medians["method"]) == set(TRAINING_METHODS) and seeds["line"].nunique() == 15
    for method in TRAINING_METHODS:
        runs = pd.DataFrame([[point.accuracy for point in found.curves[method, seed]] for seed in (0, 1, 2)])
        drawn = medians[medians["method"] == method]
        assert drawn["value"].tolist() == pytest.approx(runs.median().tolist(), rel=1e-3)
        assert drawn["step"].tolist() == [point.step for point in found.curves[method, 0]]


def test_small_curves_are_the_same_medians_alone() -> None:
    small, large = (make(FOUND["stored"](), LIGHT) for make in (small_accuracy_chart, accuracy_chart))
    assert data(small, "medians").equals(data(large, "medians")) and data(small, "seeds").empty
    assert small.width == 420 and param(small, "stops") == [0, 150]


def test_one_seed_has_no_thin_lines() -> None:
    assert data(loss_chart(FOUND["one"](), LIGHT), "seeds").empty


@each
@pytest.mark.parametrize("make", [accuracy_chart, loss_chart, small_accuracy_chart])
def test_everything_lies_inside_the_scales_and_names_do_not_touch(make, found: Comparison) -> None:
    chart = make(found, LIGHT)
    foot, top = param(chart, "foot"), param(chart, "top")
    for name in ("seeds", "medians", "crosses", "names"):
        marks = data(chart, name)
        if len(marks):
            assert marks["value"].between(foot * 0.999, top * 1.001).all() or name == "names"
            assert marks["step"].between(0, param(chart, "steps")).all()
    ys = sorted(float(re.search(r",([\d.-]+)\)", t.get("transform"))[1]) for t in texts(chart) if t.get("font-weight") == "600")
    assert len(ys) == len(found.methods)
    assert all(b - a >= NAME_STEP - 1 for a, b in pairwise(ys))
    assert ys[-1] <= HEIGHT + NAME_STEP


@each
def test_each_run_that_diverged_ends_with_a_cross_and_the_word(found: Comparison) -> None:
    for chart in (accuracy_chart(found, LIGHT), loss_chart(found, LIGHT)):
        expected = sum(points[-1].diverged for points in found.curves.values())
        assert len(data(chart, "crosses")) == expected
        says = " ".join(data(chart, "names")["says"])
        assert ("diverged" in says) == bool(expected)
        assert ("diverged" in chart.description) == bool(expected)


def test_a_method_that_diverged_for_some_seeds_says_for_how_many() -> None:
    says = data(loss_chart(DIVERGED, LIGHT), "names")["says"].tolist()
    assert any("best outer product (1 of 2 diverged)" in name for name in says)
    assert any(name == "true gradient: diverged by step 3" for name in says)


def test_loss_that_diverged_stands_at_the_top() -> None:
    chart = loss_chart(DIVERGED, LIGHT)
    assert data(chart, "crosses")["value"].tolist() == pytest.approx([param(chart, "top")] * 3)


@over(
    ("steps", "ticks"),
    [(1, {"0", "1"}), (7, {"0", "2", "4", "6"}), (150, {"0", "50", "100", "150"}), (1_000, {"0", "500", "1,000"})],
)
def test_steps_are_written_as_round_numbers(steps: int, ticks: set[str]) -> None:
    plan = replace(FOUND["small"]().experiment.plan, steps=steps)
    chart = accuracy_chart(replace(FOUND["small"](), experiment=replace(FOUND["small"]().experiment, plan=plan)), LIGHT)
    words = {"".join(text.itertext()) for text in texts(chart)}
    assert ticks == {word for word in words if word.replace(",", "").isdigit()} and "training step" in words


def test_table_holds_every_point() -> None:
    frame = loss_chart(FOUND["diverged"](), LIGHT).frame
    assert len(frame) == 12 and frame["diverged"].sum() == 3 and set(frame["method"]) <= set(LABELS.values())
    assert frame["accuracy"].isna().sum() == 3
