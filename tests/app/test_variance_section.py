"""The section on variance by itself: each view in each layer, its controls in the link, and clicks."""

import pytest
from streamlit.testing.v1 import AppTest

VIEWS = ["columns", "rows", "over images"]


def section() -> None:
    import streamlit as st

    from mnistgrad.app.controls import State
    from mnistgrad.app.pages.gradient import variance
    from mnistgrad.app.pages.gradient.choice import ChosenWeight

    given = st.query_params
    state = State(int(given["n"]), nh=int(given["nh"]), seed=int(given["seed"]))
    layer = given["layer"]
    column = 0 if layer == "w2" else min(1, state.nh - 1)
    variance.show(state, ChosenWeight(layer, 1, column))


def opened(layer: str, view: str, n: int, nh: int = 50, seed: int = 0, order: str = "size") -> AppTest:
    app = AppTest.from_function(section, default_timeout=60)
    for key, value in dict(layer=layer, variance=view, n=n, nh=nh, seed=seed, order=order).items():
        app.query_params[key] = str(value)
    app.run()
    assert not app.exception
    return app


def pictures(app: AppTest) -> int:
    return len(app.get("vega_lite_chart")) + len(app.get("bidi_component"))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("layer", ["w1", "w2"])
@pytest.mark.parametrize(("n", "nh", "seed"), [(1, 50, 0), (2, 2, 0), (30, 50, 0), (1, 2, 7)])
def test_every_view_shows_a_picture_or_says_why_not(layer: str, view: str, n: int, nh: int, seed: int) -> None:
    app = opened(layer, view, n, nh, seed)
    nothing = (layer, view) == ("w2", "rows") or (view == "over images" and n == 1) or ((layer, view, seed) == ("w1", "rows", 7))
    assert (pictures(app) == 0) == nothing
    assert any(len(text.value) > 40 for text in app.markdown)


def test_over_images_shows_the_unit_and_the_whole_matrix() -> None:
    app = opened("w1", "over images", 30)
    assert [title.value for title in app.subheader] == ["Unit 1: do the images agree?", "Signal-to-noise of every weight"]
    assert pictures(app) == 2


def test_views_and_order_come_from_the_link() -> None:
    app = opened("w1", "columns", 30, order="number")
    assert app.segmented_control(key="variance").value == "columns"
    assert app.segmented_control(key="order").value == "number"
    assert "by number" in app.get("vega_lite_chart")[0].proto.spec
    assert "largest variance first" not in app.get("vega_lite_chart")[0].proto.spec


def test_what_is_no_view_gives_the_first() -> None:
    assert opened("w1", "pixels", 3).segmented_control(key="variance").value == "columns"
