"""The view that builds a gradient up, in Streamlit's own simulation."""

import re

import pytest
import torch
from app.opening import diagrams, sentences, spoken
from app.opening import opened as open_page
from streamlit.testing.v1 import AppTest

from mnistgrad.app.controls import State
from mnistgrad.app.kept import results
from mnistgrad.app.kept.sums import Switches, images_of, sum_of


def opened(**query: object) -> AppTest:
    return sound(open_page("gradient", view="One outer product", **query))


def sound(app: AppTest) -> AppTest:
    assert not app.exception and not app.error, [*app.exception, *app.error]
    return app


def press(app: AppTest, key: str) -> AppTest:
    return sound(app.button(key=f"build-{key}").click().run())


def added(app: AppTest) -> int:
    value = app.number_input(key="added").value
    assert value is not None
    return int(value)


def said(app: AppTest) -> str:
    return re.sub(r":\w+\[(.*?)\]", r"\1", spoken([*app.markdown, *app.caption, *sentences(app)]))


def image(app: AppTest) -> int:
    found = re.search(r"Image (\d+), a handwritten", said(app))
    assert found
    return int(found[1])


def test_steps_go_one_by_one_and_stop_at_both_ends() -> None:
    app = opened(n=4)
    seen = [image(app)]
    while not app.button(key="build-next").disabled:
        assert app.button(key="build-previous").disabled == (added(app) == 1)
        seen.append(image(press(app, "next")))
    assert seen == [0, 1, 2, 3] and added(app) == 4 and "All 4 images are in" in said(app)
    assert image(press(app, "previous")) == 2
    assert image(press(app, "first")) == 0 and app.button(key="build-first").disabled
    assert image(press(app, "last")) == 3 and app.button(key="build-last").disabled


def test_link_opens_at_its_count_with_its_images() -> None:
    app = opened(n=20, added=4, labels=["1", "4"], off="3, 9")
    # Labels of the first images: 5 0 4 1 9 2 1 3 1 4 3 5 3 6 1 7 2 8 6 9.
    assert added(app) == 4 and image(app) == 14  # 2, 6, 8 and 14 are on
    assert app.text_input(key="off").value == "3, 9" and app.pills(key="labels").value == [1, 4]
    assert "16 of 20 images are switched off" in said(app)
    assert "Every image that is switched on is in." in said(app)


@pytest.mark.parametrize(
    ("name", "bad"), [("added", "0"), ("added", "11"), ("added", "inf"), ("added", "x"), ("labels", "10"), ("labels", "x")]
)
def test_bad_value_in_the_link_falls_back(name: str, bad: str) -> None:
    app = opened(n=10, **{name: bad})
    assert 1 <= added(app) <= 10 and app.pills(key="labels").value == list(range(10))
    assert "switched off and do" not in said(app)


@pytest.mark.parametrize("text", ["x", "99", "__import__('os')", "-1", "9" * 300])
def test_what_names_no_image_is_left_out_and_told(text: str) -> None:
    app = opened(n=10, off=f"{text},3")
    assert f"“{text[:12]}”." in said(app).replace("`", "") and "1 of 10 images is switched off" in said(app)


def test_digits_and_images_are_switched_off_and_on() -> None:
    app = opened(n=10, added=10)  # 5 0 4 1 9 2 1 3 1 4
    sound(app.pills(key="labels").set_value([0, 1, 2, 3, 5, 9]).run())
    assert added(app) == 8 and image(app) == 8 and "2 of 10 images are switched off" in said(app)
    sound(app.text_input(key="off").set_value("8").run())
    assert added(app) == 7 and image(app) == 7
    sound(app.text_input(key="off").set_value("").run())
    sound(app.pills(key="labels").set_value(list(range(10))).run())
    assert added(app) == 7 and "switched off and do" not in said(app)


def test_no_image_is_left_and_comes_back() -> None:
    app = opened(n=10, added=3)
    sound(app.pills(key="labels").set_value([]).run())
    assert "All images of the batch are switched off: there is nothing to add up." in said(app)
    assert len(diagrams(app)) == 1 and all(app.button(key=f"build-{key}").disabled for key in ("previous", "next", "play"))
    sound(app.pills(key="labels").set_value([4]).run())
    assert image(app) == 2 and len(diagrams(app)) == 3


def test_smaller_batch_takes_the_count_along() -> None:
    app = opened(n=10, added=9)
    sound(app.number_input(key="n").set_value(3).run())
    assert added(app) == 3 and "All 3 images are in" in said(app)


def test_play_begins_pauses_and_begins_again_at_the_first() -> None:
    app = opened(n=5, added=2)
    assert press(app, "play").button(key="build-play").label == "Pause"
    assert added(app) == 2  # the page as a whole goes no further; only the section by itself does
    assert press(app, "play").button(key="build-play").label == "Play"
    press(app, "last")
    press(app, "play")
    assert added(app) == 1 and app.button(key="build-play").label == "Pause"


def test_only_pause_can_be_pressed_while_it_plays() -> None:
    app = press(opened(n=5, added=2), "play")
    assert app.number_input(key="added").disabled
    assert all(app.button(key=f"build-{key}").disabled for key in ("first", "previous", "next", "last"))
    press(app, "play")
    assert not app.number_input(key="added").disabled and image(press(app, "next")) == 2


def test_count_that_the_browser_brings_late_neither_moves_nor_ends_play() -> None:
    app = press(opened(n=5, added=4), "play")
    app.session_state["added"] = 3
    assert added(sound(app.run())) == 4 and app.button(key="build-play").label == "Pause"
    sound(app.pills(key="labels").set_value([0, 4, 5]).run())  # three images are left
    assert added(app) == 3


def tick() -> None:
    """A page that gets one tick of play, told by `current` whether the browser had all of the page when it sent it."""
    import streamlit as st

    from mnistgrad.app.pages.gradient import build_up

    build_up._keep_within(20, True, st.session_state["current"])


@pytest.mark.parametrize(
    ("reached", "brought", "current", "pausing", "after", "plays"),
    [
        (3, 3, True, False, 4, True),
        (10, 10, True, False, 20, True),
        (20, 20, True, False, 20, False),
        (3, 3, True, True, 3, False),
        (3, 2, True, False, 3, True),  # the browser had not yet what was set here
        (20, 10, True, False, 20, True),
        (3, 2, True, True, 3, True),
        (20, 20, False, False, 20, True),  # nor there
        (3, 3, False, False, 3, True),
        (3, 3, False, True, 3, True),
    ],
)
def test_play_goes_on_or_stops_once_the_browser_has_what_was_set(
    reached: int, brought: int, current: bool, pausing: bool, after: int, plays: bool
) -> None:
    app = AppTest.from_function(tick)
    held = {
        "build-up-playing": True,
        "build-up-pausing": pausing,
        "build-up-reached": reached,
        "added": brought,
        "current": current,
    }
    for key, value in held.items():
        app.session_state[key] = value
    sound(app.run())
    assert app.session_state["added"] == app.session_state["build-up-reached"] == after
    assert app.session_state["build-up-playing"] == plays


@pytest.mark.parametrize("layer", ["w1.g", "w2.g"])
@pytest.mark.parametrize(
    "query", [dict(n=1), dict(n=1, nh=2, seed=7), dict(n=50, nh=100, preset="lesson-2022", added=20)], ids=str
)
def test_both_layers_open_in_every_state(layer: str, query: dict[str, object]) -> None:
    app = opened(layer=layer, **query)
    cards = 2 if layer == "w1.g" else 1
    assert len(diagrams(app)) == 1 + cards
    assert layer in said(app)


@pytest.mark.parametrize(("count", "digits"), [(2_048, range(10)), (2_049, range(10)), (2_500, (1, 4, 7))])
def test_sum_in_blocks_is_the_sum_at_once(count: int, digits: tuple[int, ...]) -> None:
    state, switches = State(n=9_000, nh=3), Switches(tuple(digits), (5, 6))
    matrix, images = results.weight_gradient(state, "w1"), images_of("mnist", 9_000, switches)[:count]
    expected = matrix.inp[images].double().t() @ matrix.out_g[images].double()
    found = sum_of(state, "w1", switches, count)
    torch.testing.assert_close(found.total, expected, rtol=1e-9, atol=1e-12)
    assert found.images.tolist() == images.tolist()
