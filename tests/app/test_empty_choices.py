"""Links that leave a choice empty, as Streamlit allows: the page opens with the one it starts with."""

import pytest
from app.opening import headline, opened


@pytest.mark.parametrize(
    ("page", "key"),
    [
        ("", "preset"),
        ("steps", "form"),
        ("steps", "cell_image"),
        ("gradient", "layer"),
        ("gradient", "variance"),
        ("gradient", "order"),
        ("gradient", "scale"),
        ("samples", "layer"),
        ("shapes", "op"),
        ("cost", "budget"),
        ("training", "network"),
        ("training", "tiles"),
    ],
)
def test_empty_choice_is_the_one_to_start_with(page: str, key: str) -> None:
    asked, plain = opened(page, **{key: ""}), opened(page)
    assert headline(asked) == headline(plain)
    assert asked.segmented_control(key=key).value == plain.segmented_control(key=key).value
    assert key not in asked.query_params
