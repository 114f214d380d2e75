"""The part of the page on units and singular values, run without a browser."""

import pytest
from app.opening import SLOWEST
from streamlit.testing.v1 import AppTest


def section(**chosen: object) -> AppTest:
    def page() -> None:
        import streamlit as st

        from mnistgrad.app.controls import State
        from mnistgrad.app.pages.gradient import units
        from mnistgrad.app.pages.gradient.choice import ChosenWeight

        given = dict(st.session_state["chosen"])
        choice = ChosenWeight(given.pop("layer", "w1"), given.pop("row", 0), given.pop("column", 0))
        units.show(State(**given), choice)

    app = AppTest.from_function(page, default_timeout=SLOWEST)
    app.session_state["chosen"] = chosen
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("n", [1, 10, 1_000])
def test_first_layer_has_maps_values_vectors_and_tiles(n: int) -> None:
    app = section(n=n, row=405, column=3)
    words = [part.value for part in app.subheader]
    assert words[0] == "Column 3: the gradient of one hidden unit"
    assert "Every column as a tile" in words and [h.value for h in app.header] == ["All 50 hidden units"]
    assert len(app.get("bidi_component")) == 4 and len(app.get("vega_lite_chart")) == 1


def test_second_layer_has_bars_and_no_chart() -> None:
    app = section(n=10, layer="w2", row=3)
    assert [part.value for part in app.subheader] == [
        "w2.g: one number for each hidden unit",
        "Why the copies are copies, checked",
    ]
    assert len(app.get("bidi_component")) == 1 and not app.get("vega_lite_chart")
    assert any("one singular value" in part.value for part in app.markdown)


def test_a_gradient_of_zeros_is_told_and_not_drawn() -> None:
    app = section(n=1, nh=2, seed=7)
    assert "no unit is on" in app.info[0].value
    assert not app.get("bidi_component") and not app.get("vega_lite_chart") and not app.subheader


def test_second_layer_is_drawn_where_all_units_are_off_but_hold_a_number() -> None:
    app = section(n=1, nh=2, seed=7, layer="w2")
    assert len(app.get("bidi_component")) == 1 and not app.info


def test_scale_of_the_tiles_is_chosen() -> None:
    app = section(n=10)
    assert any("scale of its own" in part.value for part in app.markdown)
    (scale,) = app.segmented_control
    scale.set_value("shared").run()
    assert not app.exception
    assert any("One scale for all" in part.value for part in app.markdown)
