"""The view of units on the image: its tiles, and what is said where there is nothing to draw."""

import pytest
from app.opening import diagrams, headline, opened
from streamlit.testing.v1 import AppTest

VIEW = "Units on the image"


def words(app: AppTest) -> str:
    return "\n".join(part.value for part in (*app.header, *app.markdown, *app.info))


@pytest.mark.parametrize(
    ("query", "claim"),
    [
        (dict(n=1), "Every hidden unit shows the one image, times a number of its own"),
        (dict(n=10), "Every hidden unit has a picture of its own"),
        (dict(n=10, layer="w2.g"), "The second layer's gradient has one column"),
    ],
    ids=str,
)
def test_headline_says_what_the_tiles_show(query: dict[str, object], claim: str) -> None:
    assert headline(opened("gradient", view=VIEW, **query)) == claim


def test_the_chosen_column_is_the_one_on_the_image() -> None:
    app = opened("gradient", view=VIEW, n=10, row=405, column=3)
    assert "Column 3: the gradient of one hidden unit" in words(app) and "All 50 hidden units" in words(app)


def test_a_gradient_of_zeros_is_told_and_not_drawn() -> None:
    app = opened("gradient", view=VIEW, n=1, nh=2, seed=7)
    assert "no unit is on" in words(app) and not diagrams(app)


def test_second_layer_is_drawn_where_all_units_are_off_but_hold_a_number() -> None:
    app = opened("gradient", view=VIEW, n=1, nh=2, seed=7, layer="w2.g")
    assert len(diagrams(app)) == 1 and not app.info


def test_scale_of_the_tiles_is_chosen() -> None:
    app = opened("gradient", view=VIEW, n=10)
    assert "scale of its own" in words(app)
    app.segmented_control(key="scale").set_value("shared").run()
    assert headline(app) and "One scale for all" in words(app)
