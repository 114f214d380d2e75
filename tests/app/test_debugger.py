"""The debugger in Streamlit's own simulation: scopes, forms, stepping, the window and the chosen cell."""

from threading import Event

import pytest
from app.opening import SLOWEST, cards, headline, opened, spoken
from streamlit.testing.v1 import AppTest

from mnistgrad.app.kept import results
from mnistgrad.network.presets import PRESETS
from mnistgrad.network.verification import Verification, verify
from mnistgrad.trace.passes import record_pass, scopes

OPERATIONS = record_pass(10, 50, PRESETS["lesson-2019"].relu)


def step_of(app: AppTest) -> int:
    value = app.number_input(key="step").value
    assert value is not None
    return int(value)


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def test_next_and_previous_walk_through_the_line_and_stop_at_its_ends() -> None:
    app = opened("steps", n=10)
    titles = []
    for number in (1, 2, 3, 4):
        assert step_of(app) == number
        assert app.button(key="previous").disabled == app.button(key="first-step").disabled == (number == 1)
        assert app.button(key="next").disabled == app.button(key="last-step").disabled == (number == 4)
        titles.append(cards(app, "steps")["shapes"].split("\n")[0])
        if number < 4:
            press(app, "next")
    assert titles == ["Make room in inp", "Make room in out.g", "Multiply: one sheet for every image", "Add up the sheets"]
    assert step_of(press(app, "previous")) == 3
    assert step_of(press(app, "first-step")) == 1
    assert step_of(press(app, "last-step")) == 4


@pytest.mark.parametrize("scope", scopes(OPERATIONS))
def test_every_scope_opens_from_its_link_and_can_be_walked_to_its_end(scope: str) -> None:
    places = scopes(OPERATIONS)[scope]
    app = opened("steps", n=10, scope=scope, step=len(places))
    assert headline(app)
    assert app.selectbox(key="scope").value == scope and step_of(app) == len(places)
    last = OPERATIONS[places[-1]]
    code = cards(app, "steps")["code"]
    assert f"Step {len(places)} of {len(places)}" in code and f"`{last.caller}`" in code and f"`{last.sets}`" in code


@pytest.mark.parametrize(("form", "count"), [("broadcast", 4), ("einsum", 1), ("matmul", 2)])
def test_each_form_of_the_weight_gradient_is_a_program(form: str, count: int) -> None:
    app = opened("steps", n=10, form=form, step=count)
    assert f"Step {count} of {count}" in cards(app, "steps")["code"]
    assert app.button(key="next").disabled


def test_another_scope_begins_at_its_first_step() -> None:
    app = opened("steps", n=10, step=4)
    app.selectbox(key="scope").set_value("whole pass").run()
    assert step_of(app) == 1
    app.number_input(key="step").set_value(30).run()
    app.segmented_control(key="form").set_value("matmul").run()
    assert step_of(app) == 1 and headline(app) == "The whole pass, forward and back: 28 operations"


def test_the_steps_of_the_whole_pass_follow_the_preset() -> None:
    assert headline(opened("steps", n=10, scope="whole pass")).endswith("32 operations")
    assert headline(opened("steps", n=10, scope="whole pass", preset="lesson-2022")).endswith("31 operations")


@pytest.mark.parametrize("place", range(len(OPERATIONS)))
def test_every_operation_of_the_pass_opens(place: int) -> None:
    app = opened("steps", n=10, scope="whole pass", step=place + 1)
    assert headline(app)
    assert all(cards(app, "steps").values())


def test_a_complete_gradient_carries_its_check() -> None:
    complete = [opened("steps", n=10, scope="w1.g", step=step) for step in (3, 4)]
    said = [spoken(app.markdown) for app in complete]
    assert "**Check.**" not in said[0] and "**Check.** `w1.g`" in said[1] and "autograd" in said[1]


def test_checks_are_begun_before_their_steps_and_keep_no_other_step_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end = Event(), Event()

    def held_back(*given: object) -> Verification:
        begun.set()
        assert may_end.wait(SLOWEST)
        return verify(*given)

    monkeypatch.setattr(results, "verify", held_back)
    app = opened("steps", n=10, seed=73, scope="whole pass")  # a seed that no other test has had checked
    assert headline(app) and headline(press(app, "next"))
    assert begun.wait(SLOWEST) and not may_end.is_set()
    may_end.set()
    app.number_input(key="step").set_value(15).run()
    assert "**Check.** `out.g`" in spoken(app.markdown)


def test_the_reader_picks_images_pixels_and_units() -> None:
    app = opened("steps", n=10, step=3, image1=7, pixel=300, unit=11)
    assert [app.number_input(key=key).value for key in ("image1", "pixel", "unit")] == [7, 300, 11]
    for key, options in (("cell_image", "7 1 2"), ("cell_pixel", "300 301 302 303 304"), ("cell_unit", "11 12 13 14")):
        assert app.segmented_control(key=key).options == options.split()
    press(app, "choose-for-me")
    fields = [app.number_input(key=key) for key in ("image1", "pixel", "unit")]
    assert [field.value for field in fields] == [None, None, None]
    assert [field.placeholder for field in fields] == [
        app.segmented_control(key=f"cell_{key}").options[0] for key in ("image", "pixel", "unit")
    ]


def test_a_smaller_batch_lets_go_of_images_that_it_does_not_have() -> None:
    app = opened("steps", n=10, image1=7)
    app.number_input(key="n").set_value(3).run()
    assert headline(app) and app.number_input(key="image1").value is None


def test_an_image_chosen_in_a_place_that_a_smaller_batch_lacks_is_no_choice() -> None:
    app = opened("steps", n=10, image3=7)
    assert any("your choice" in caption.value for caption in app.caption)
    app.number_input(key="n").set_value(2).run()
    assert headline(app) and not any("your choice" in caption.value for caption in app.caption)


def test_the_chosen_cell_is_written_out() -> None:
    app = opened("steps", n=10, step=3)
    cell = {key: app.segmented_control(key=key) for key in ("cell_image", "cell_pixel", "cell_unit")}
    image, pixel, unit = (control.options[-1] for control in cell.values())
    for key, value in zip(cell, (image, pixel, unit), strict=True):
        app.segmented_control(key=key).set_value(int(value)).run()
    assert any(f"inp[{image}, {pixel}] × out.g[{image}, {unit}]" in part.value for part in app.markdown)
