"""The debugger in Streamlit's own simulation: scopes, forms, what the player is sent, and the window."""

from threading import Event
from typing import Any

import pytest
from app.opening import headline, opened, players, settled, spoken
from patience import SOON
from player.sent import unpacked
from streamlit.testing.v1 import AppTest

from mnistgrad.app.controls import State
from mnistgrad.app.kept import results, steps
from mnistgrad.network.presets import PRESETS
from mnistgrad.network.verification import Verification, verify
from mnistgrad.player.lesson_data import FIRST, REST
from mnistgrad.trace.passes import record_pass, scopes
from mnistgrad.trace.window import Pick

OPERATIONS = record_pass(10, 50, PRESETS["lesson-2019"].relu)


def frames(app: AppTest) -> list[dict[str, Any]]:
    """What the player is sent."""
    assert headline(app)
    return players(app)["lesson"][0]["frames"]


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def test_the_line_is_four_operations_with_their_words_pictures_and_numbers() -> None:
    sent = frames(opened("steps", n=10))
    titles = [frame["heading"] for frame in sent]
    assert titles == ["Make room in inp", "Make room in out.g", "Multiply: one sheet for every image", "Add up the sheets"]
    assert [frame["call"].split("**")[1] for frame in sent] == ["add an axis", "add an axis", "multiply", "sum over n"]
    for frame in sent:
        assert frame["picture"]["svg"].startswith("<svg") and frame["extra"]["svg"].startswith("<svg") and frame["says"]
        assert all(tensor["cells"] for tensor in frame["tensors"])
    assert "Here `out` is `l1`" in spoken([sent[1]["says"]])


@pytest.mark.parametrize("scope", scopes(OPERATIONS))
def test_every_scope_opens_from_its_link(scope: str) -> None:
    places = scopes(OPERATIONS)[scope]
    app = opened("steps", n=10, scope=scope, step=len(places))
    assert app.selectbox(key="scope").value == scope
    assert [frame["code"] for frame in frames(app)] == [OPERATIONS[place].expression for place in places]


@pytest.mark.parametrize(("form", "count"), [("broadcast", 4), ("einsum", 1), ("matmul", 2)])
def test_each_form_of_the_weight_gradient_is_a_program(form: str, count: int) -> None:
    assert len(frames(opened("steps", n=10, form=form, step=count))) == count


def test_the_steps_of_the_whole_pass_follow_the_preset() -> None:
    assert headline(opened("steps", n=10, scope="whole pass")).endswith("32 operations")
    assert headline(opened("steps", n=10, scope="whole pass", preset="lesson-2022")).endswith("31 operations")


@pytest.mark.parametrize("begin", [0, 13, 31])
def test_a_long_pass_is_sent_in_two_parts_of_one_lesson_whose_pictures_are_all_and_each_once(begin: int) -> None:
    state = State(n=10)
    parts = [
        unpacked(steps.packed_steps(state, "broadcast", "whole pass", Pick(), "light", part, begin))[0] for part in (FIRST, REST)
    ]
    drawn = [{at for at, frame in enumerate(part["frames"]) if frame.get("picture")} for part in parts]
    assert begin in drawn[0] and not drawn[0] & drawn[1] and drawn[0] | drawn[1] == {*range(len(OPERATIONS))}
    assert parts[0]["id"] == parts[1]["id"] and [part["part"] for part in parts] == ["first", "rest"]


def test_a_complete_gradient_carries_its_check() -> None:
    line = spoken(settled(opened("steps", n=10, scope="w1.g")).markdown)
    assert "**Check.** `w1.g`" in line and "autograd" in line
    whole = spoken(settled(opened("steps", n=10, scope="whole pass")).caption)
    assert "Checked: all 8 gradients are" in whole and "autograd" in whole


def test_checks_keep_no_step_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end = Event(), Event()

    def held_back(*given: object) -> Verification:
        begun.set()
        assert may_end.wait(SOON)
        return verify(*given)

    monkeypatch.setattr(results, "verify", held_back)
    app = opened("steps", n=10, seed=73)  # a seed that no other test has had checked
    assert len(frames(app)) == 4
    assert begun.wait(SOON) and not may_end.is_set()
    may_end.set()
    assert "**Check.** `w1.g`" in spoken(settled(app).markdown)


def test_the_reader_picks_images_pixels_and_units() -> None:
    app = opened("steps", n=10, image1=7, pixel=300, unit=11)
    assert [app.number_input(key=key).value for key in ("image1", "pixel", "unit")] == [7, 300, 11]
    product = frames(app)[2]["tensors"][-1]
    assert product["shown"] == [[7, 1, 2], [300, 301, 302, 303, 304], [11, 12, 13, 14]]
    press(app, "choose-for-me")
    fields = [app.number_input(key=key) for key in ("image1", "pixel", "unit")]
    assert [field.value for field in fields] == [None, None, None]
    ours = frames(app)[2]["tensors"][-1]["shown"]
    assert [field.placeholder for field in fields] == [str(indices[0]) for indices in ours]


def test_a_smaller_batch_lets_go_of_images_that_it_does_not_have() -> None:
    app = opened("steps", n=10, image1=7)
    app.number_input(key="n").set_value(3).run()
    assert headline(app) and app.number_input(key="image1").value is None


def test_an_image_chosen_in_a_place_that_a_smaller_batch_lacks_is_no_choice() -> None:
    app = opened("steps", n=10, image3=7)
    assert any("your choice" in caption.value for caption in app.caption)
    app.number_input(key="n").set_value(2).run()
    assert headline(app) and not any("your choice" in caption.value for caption in app.caption)
