"""The view of variance: each kind in each layer, and its controls in the link."""

import pytest
from app.opening import diagrams, headline
from app.opening import opened as open_page
from streamlit.testing.v1 import AppTest

VIEWS = ["columns", "rows", "over images"]


def opened(layer: str, view: str, n: int, nh: int = 50, seed: int = 0, **query: object) -> AppTest:
    app = open_page("gradient", layer=f"{layer}.g", variance=view, n=n, nh=nh, seed=seed, **query)
    assert headline(app)
    return app


def pictures(app: AppTest) -> int:
    return len(app.get("vega_lite_chart")) + len(diagrams(app))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("layer", ["w1", "w2"])
@pytest.mark.parametrize(("n", "nh", "seed"), [(1, 50, 0), (2, 2, 0), (30, 50, 0), (1, 2, 7)])
def test_every_view_shows_a_picture_or_says_why_not(layer: str, view: str, n: int, nh: int, seed: int) -> None:
    app = opened(layer, view, n, nh, seed)
    nothing = (layer, view) == ("w2", "rows") or (view == "over images" and n == 1) or ((layer, view, seed) == ("w1", "rows", 7))
    assert (pictures(app) == 0) == nothing
    assert any(len(text.value) > 40 for text in app.markdown)


def test_over_images_shows_the_unit_and_behind_more_the_whole_matrix() -> None:
    app = opened("w1", "over images", 30, column=1)
    assert [title.value for title in app.header] == ["Unit 1: do the images agree?"] and pictures(app) == 1
    app.session_state["more-over-images"] = True
    assert [title.value for title in app.run().header][1:] == ["Signal-to-noise of every weight"] and pictures(app) == 2


def test_views_and_order_come_from_the_link() -> None:
    app = opened("w1", "columns", 30, order="number")
    assert app.segmented_control(key="variance").value == "columns"
    assert app.segmented_control(key="order").value == "number"
    assert "by number" in app.get("vega_lite_chart")[0].proto.spec
    assert "largest variance first" not in app.get("vega_lite_chart")[0].proto.spec


def test_what_is_no_view_gives_the_first() -> None:
    assert opened("w1", "pixels", 3).segmented_control(key="variance").value == "columns"
