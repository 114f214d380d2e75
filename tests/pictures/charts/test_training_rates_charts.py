"""How each way ends against the rate: the lines, what diverged, and the reader's runs among them."""

from itertools import pairwise

import pandas as pd
import pytest
from comparisons import made_up, studied
from loops import over
from pictures.looks import root_of

from mnistgrad.captions.training import LABELS
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.charts.training import NAME_STEP
from mnistgrad.pictures.charts.training_rates import rates_chart
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.training.descent import RATES, TRAINING_METHODS
from mnistgrad.training.rates import stored_study

LIGHT = PALETTES["light"]


def data(chart: Chart, name: str) -> pd.DataFrame:
    return pd.DataFrame(chart.spec["datasets"][name])


def param(chart: Chart, name: str):
    return next(p["value"] for p in chart.spec["params"] if p["name"] == name)


def drawn(network: str = "cross-entropy", rate: float = 0.1, own=()) -> Chart:
    return rates_chart(stored_study(network), own, rate, LIGHT)


@over("network", ["cross-entropy", "mse"])
def test_lines_are_the_medians_of_the_seeds_that_settled(network: str) -> None:
    found, chart = stored_study(network), drawn(network)
    medians, seeds = data(chart, "medians"), data(chart, "seeds")
    for method in TRAINING_METHODS:
        line = medians[medians["method"] == method].set_index("rate")["value"]
        for rate, value in line.items():
            ends = [found.value(end.point) for end in found.settled(method, rate)]
            assert value == pytest.approx(pd.Series(ends).median(), rel=1e-6)
            thin = seeds[(seeds["method"] == method) & (seeds["rate"] == rate)]["value"]
            assert sorted(thin) == pytest.approx(sorted(ends))
        assert all(not found.settled(method, rate) for rate in RATES if rate not in line.index)


def test_what_diverged_has_a_cross_on_its_line_or_at_the_edge_and_says_who() -> None:
    found = studied({"true": {0.1: 0.9, 0.2: None}, "frozen": {0.1: 0.7, 0.2: 0.7}, "mean-row": {0.1: 0.7, 0.2: None}})
    (cross,) = data(rates_chart(found, (), 0.1, LIGHT), "crosses").to_dict("records")
    assert (cross["rate"], cross["value"]) == (0.2, 0.0)
    assert cross["tip"] == "diverged: mean row, copied; true gradient"
    one = found.endings["true", 0.1, 0]
    some = studied({"true": {0.1: None, 0.2: 0.9}, "frozen": {0.1: 0.7, 0.2: 0.7}})
    some.endings["true", 0.1, 1] = one  # type: ignore[index]
    (cross,) = data(rates_chart(some, (), 0.1, LIGHT), "crosses").to_dict("records")
    assert (cross["rate"], cross["value"], cross["tip"]) == (0.1, 0.9, "true gradient: 90.0% (1 of 2 diverged)")


def test_a_loss_that_diverged_stands_above_all_others_and_the_axis_ends_where_all_did() -> None:
    chart = drawn("mse")
    crosses, medians = data(chart, "crosses"), data(chart, "medians")
    assert crosses["value"].max() == param(chart, "top") > medians["value"].max()
    assert param(chart, "last") == 0.2 == crosses["rate"].max() and medians["rate"].max() < 0.2


@over("network", ["cross-entropy", "mse"])
def test_each_way_has_its_name_at_the_right_with_its_best(network: str) -> None:
    found, chart = stored_study(network), drawn(network)
    names = data(chart, "names")
    assert {name.rsplit(", best", 1)[0] for name in names["says"]} == set(LABELS.values())
    assert (names["rate"] == param(chart, "last")).all()
    best = found.best("true")
    assert best and any(name.startswith("true gradient, best ") for name in names["says"])
    words = [text for text in root_of(chart).iter("{http://www.w3.org/2000/svg}text") if text.get("font-weight") == "600"]
    heights = sorted(float(text.get("transform").split(",")[1].strip(")")) for text in words)
    assert len(heights) == 5 and all(b - a >= NAME_STEP - 1 for a, b in pairwise(heights))


def test_own_runs_are_diamonds_at_their_rate_hollow_where_other_settings_were() -> None:
    found = stored_study("cross-entropy")
    same = made_up({"true": [0.8, 0.6, 0.7], "frozen": [0.1, None, None], "rank-1": [None] * 3}, steps=150)
    other = made_up({"true": [0.5]}, steps=20)
    own = data(rates_chart(found, [same, other], 0.1, LIGHT), "own")
    assert own["rate"].tolist() == [0.1] * 4 and own["value"].tolist() == pytest.approx([0.7, 0.1, 0.0, 0.5])
    assert own["fill"].tolist() == [LIGHT.mark_edge] * 3 + [LIGHT.paper]
    assert own["settings"].tolist() == ["rate 0.1"] * 3 + ["rate 0.1 (20 steps, seed 0)"]
    assert "diverged" in own["says"][2]
    frame = rates_chart(found, [same, other], 0.1, LIGHT).frame
    assert len(frame) == 150 + 9 + 1 and (frame["run"] == "stored").sum() == 150


def test_chosen_rate_has_a_rule() -> None:
    assert data(drawn(rate=0.5), "rule")["says"].tolist() == ["rate 0.5"]
    assert data(drawn("mse", 1.0), "rule").empty
