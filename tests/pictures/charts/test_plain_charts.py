"""The public charts: Altair's own, on data of any sizes, with fields and scales that mean what they say."""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest
import torch
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over

import mnistgrad as mg
from mnistgrad.network.gradients import Gradients
from mnistgrad.pictures.palette import PALETTES, contrast

OF_GRADIENTS = ["column_variance", "singular_values", "terms", "running_sum"]
OVER_IMAGES = ["rows", "rank", "shares", "variance", "angle", "distance"]
STORED = [name for name in mg.charts.__all__ if name not in (*OF_GRADIENTS, *OVER_IMAGES)]
VEGA_LITE = "6.4"


@lru_cache
def own(n: int = 40, pixels: int = 30, units: int = 7, outputs: int = 3, loss: str = "cross-entropy") -> Gradients:
    """Some pixels are dark in every image, and one unit is off."""
    drawn = torch.Generator().manual_seed(n + pixels)
    inp = torch.rand(n, pixels, generator=drawn, dtype=torch.float64)
    inp[:, : pixels // 5] = 0
    shapes = [(pixels, units), (units,), (units, outputs), (outputs,)]
    w1, b1, w2, b2 = (torch.randn(shape, generator=drawn, dtype=torch.float64) for shape in shapes)
    if units > 1:
        w1[:, 1], b1[1] = 0, -1
    classes = torch.randint(outputs, (n,), generator=drawn)
    targ = classes if loss == "cross-entropy" else torch.randn(n, outputs, generator=drawn, dtype=torch.float64)
    return mg.gradients(mg.Batch(inp, targ, loss), mg.Weights(w1, b1, w2, b2))


def drawn(chart: alt.LayerChart) -> dict[str, Any]:
    """The specification, once Vega-Lite has compiled it and Vega has drawn it."""
    assert isinstance(chart, alt.LayerChart)
    spec = chart.to_dict()
    assert vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE).count("<path") > 3
    return spec


def table(chart: alt.LayerChart) -> pd.DataFrame:
    assert isinstance(chart.data, pd.DataFrame)
    return chart.data


@over("layer", ["w1", "w2"])
@over("name", [*OF_GRADIENTS, *OVER_IMAGES])
def test_every_chart_is_drawn_of_ones_own_data_with_fields_of_its_table(name: str, layer: str) -> None:
    chart = getattr(mg.charts, name)(own(), layer=layer)
    spec = drawn(chart)
    for part in spec["layer"]:
        rows = spec["datasets"][part.get("data", spec["data"])["name"]]
        fields = {each["field"] for each in part["encoding"].values() if isinstance(each, dict) and "field" in each}
        assert fields <= {*rows[0]}
    assert [*spec["datasets"][spec["data"]["name"]][0]] == [*table(chart).columns]
    assert len(chart.to_json()) < 200_000 and "ExprRef" not in json.dumps(spec) and not spec.get("params")


@over("name", STORED)
def test_stored_charts_are_drawn(name: str) -> None:
    chart = getattr(mg.charts, name)()
    assert {"n", "seconds", "nbytes", "accuracy", "loss", "rate"} & {*table(chart)}
    drawn(chart)


@settings(max_examples=12, derandomize=True)
@given(
    *[st.integers(1, size) for size in (6, 8, 4, 3)],
    st.sampled_from(["mse", "cross-entropy"]),
    st.sampled_from([*OF_GRADIENTS, *OVER_IMAGES]),
    st.sampled_from(["w1", "w2"]),
)
def test_charts_are_made_of_the_smallest_sizes_too(
    n: int, pixels: int, units: int, outputs: int, loss: str, name: str, layer: str
) -> None:
    assert getattr(mg.charts, name)(own(n, pixels, units, outputs, loss), layer=layer).to_dict()


def test_column_variances_are_numpys() -> None:
    grads = own()
    found = table(mg.charts.column_variance(grads))
    assert [*found] == ["unit", "rows", "row_count", "variance", "off"]
    g, inp = grads.w1.numpy(), grads.batch.inp.numpy()  # type: ignore[union-attr]
    dark = (inp == inp.min()).all(0)
    groups = {"all 30 rows": np.ones(30, bool), "lit pixels": ~dark, "black pixels": dark}
    for words, mask in groups.items():
        rows = found[found["rows"] == words].set_index("unit")
        assert rows["variance"].sort_index().to_numpy() == pytest.approx(g[mask].var(0), rel=1e-9, abs=1e-25)
        assert set(rows["row_count"]) == {mask.sum()}
    assert found.loc[found["off"], "unit"].unique().tolist() == [1]
    outputs = table(mg.charts.column_variance(grads, layer="w2"))
    every = outputs[outputs["rows"] == "all 7 rows"].set_index("output")["variance"].sort_index()
    assert every.to_numpy() == pytest.approx(grads.w2.numpy().var(0))


def test_scales_are_of_the_values_themselves() -> None:
    """Read off the drawn marks: a variance of 0 stands at the foot, and equal factors are equal distances."""
    spec = drawn(mg.charts.column_variance(own()))
    y = spec["layer"][1]["encoding"]["y"]
    assert y["field"] == "variance" and y["scale"]["type"] == "symlog" and y["scale"]["domain"][0] == 0
    assert y["scale"]["domain"][1] >= max(row["variance"] for row in spec["datasets"][spec["data"]["name"]])
    assert y["axis"]["values"][0] == 0


def test_a_chart_can_be_encoded_anew() -> None:
    chart = mg.charts.column_variance(own())
    again = alt.Chart(chart.data).mark_bar().encode(x="mean(variance):Q", y="rows:N")
    svg = vl_convert.vegalite_to_svg(again.to_dict(), vl_version=VEGA_LITE)
    assert "lit pixels" in svg and "variance" in svg
    marks = chart.layer[1]
    assert marks.encode(y=alt.Y("variance:Q", scale=alt.Scale(type="sqrt"))).to_dict()["encoding"]["y"]["scale"]["type"] == "sqrt"


def test_order_is_by_variance_or_by_number() -> None:
    by_size = mg.charts.column_variance(own()).to_dict()["layer"][0]["encoding"]["x"]["sort"]
    found = table(mg.charts.column_variance(own())).query("rows == 'all 30 rows'")
    assert by_size == found.sort_values("variance", ascending=False, kind="stable")["unit"].tolist()
    assert mg.charts.column_variance(own(), order="number").to_dict()["layer"][0]["encoding"]["x"]["sort"] is None


def test_curves_end_at_the_whole_batch_and_hold_what_examine_says_of_its_start() -> None:
    grads = own()
    batch, weights = grads.batch, grads.weights
    assert batch is not None
    for layer in ("w1", "w2"):
        ranks = table(mg.charts.rank(grads, layer=layer)).set_index("n")["rank"]
        distinct = table(mg.charts.rows(grads, layer=layer)).query("line == 'different rows'").set_index("n")["rows"]
        assert [*ranks.index] == [1, 2, 5, 10, 20, 40]
        for n in ranks.index:
            alone = mg.examine(batch.first(n), weights, layer)
            assert (ranks[n], distinct[n]) == (alone.rank, alone.distinct)
    distance = table(mg.charts.distance(grads)).query("line == 'whole matrix, by its norm'").set_index("n")["difference"]
    first = mg.examine(batch.first(10), weights)
    whole = mg.examine(grads)
    assert distance[10] == pytest.approx(((first.g - whole.g).norm() / whole.g.norm()).item()) and distance[40] == 0


def test_terms_add_up_to_the_gradient() -> None:
    grads = own()
    chart = mg.charts.terms(grads, row=20, column=3)
    steps = table(chart)
    total = (steps["images"] * steps["mean_term_times_n"]).sum() / 40
    assert total == pytest.approx(grads.w1[20, 3].item()) and steps["to_percent"].iloc[-1] == 100
    sums = table(mg.charts.running_sum(grads, row=20, column=3))
    assert set(sums.query("images == 40")["value"].round(12)) == {round(grads.w1[20, 3].item(), 12)}


def test_a_gradient_of_zeros_is_drawn() -> None:
    grads = mg.gradients(mg.Batch(torch.ones(3, 4), torch.ones(3)), mg.Weights(torch.zeros(4, 2), [0, 0], [[0], [0]], [1]))
    assert not grads.w1.any()
    for name in (*OF_GRADIENTS, *OVER_IMAGES):
        numbers = table(getattr(mg.charts, name)(grads)).select_dtypes("number")
        assert np.isfinite(numbers.drop(columns="image", errors="ignore").to_numpy(float)).all()


def test_many_columns_are_more_rows_than_altair_takes_of_a_table() -> None:
    chart = mg.charts.column_variance(own(3, 10, 2_600, 2))
    assert max(map(len, chart.to_dict()["datasets"].values())) > 5_000


REFUSED: list[tuple[str, type[Exception], Callable[[Any], object], Any]] = [
    *[("of", TypeError, call, v) for call in (mg.charts.terms, mg.charts.rank) for v in (None, torch.ones(3, 2), "w1")],
    *[("layer", ValueError, lambda v: mg.charts.rank(own(), layer=v), v) for v in ("w3", "", 1)],
    ("layer", ValueError, lambda v: mg.charts.rank(mg.examine(own()), layer=v), "w2"),
    *[("theme", ValueError, lambda v: mg.charts.rank(own(), theme=v), v) for v in ("blue", None)],
    *[("order", ValueError, lambda v: mg.charts.column_variance(own(), order=v), v) for v in ("name", None)],
    *[("row", kind, lambda v: mg.charts.terms(own(), row=v), v) for kind, v in ((ValueError, 30), (TypeError, 1.5))],
    *[("column", kind, lambda v: mg.charts.running_sum(own(), column=v), v) for kind, v in ((ValueError, 7), (TypeError, "0"))],
    ("network", ValueError, mg.charts.training_loss, "relu"),
    ("of", TypeError, mg.charts.rank, Gradients(*[torch.ones(2, 2)] * 5)),
]  # fmt: skip


@over("case", REFUSED)
def test_what_cannot_be_drawn_is_refused_by_name(case: tuple[str, type[Exception], Callable[[Any], object], Any]) -> None:
    name, kind, call, value = case
    with pytest.raises(kind, match=rf"\b{name}\b.*allowed"):
        call(value)


@over("theme", PALETTES)
def test_words_can_be_read_in_both_themes(theme: str) -> None:
    palette = PALETTES[theme]
    for name in (*OF_GRADIENTS, *OVER_IMAGES):
        spec = getattr(mg.charts, name)(own(), theme=theme).to_dict()
        svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
        inks = {re.search(r'fill="([^"]+)"', text)[1] for text in re.findall(r"<text[^>]*>", svg) if "stroke=" not in text}  # type: ignore[index]
        assert inks and all(contrast(ink, palette.paper) >= 4.5 for ink in inks), (name, inks)
