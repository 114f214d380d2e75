"""A reader's own print on the story page: shown, told, kept and left out of the link where it is long."""

from app.opening import diagrams, headline, opened, settled, spoken
from streamlit.testing.v1 import AppTest

from mnistgrad.app.controls import LONGEST_PRINT
from mnistgrad.captions import prints as says
from mnistgrad.common.tensors import printed
from mnistgrad.network.data import load_batch
from mnistgrad.network.gradients import gradients
from mnistgrad.network.presets import initial_weights

FIELD = "print-field"


def told(app: AppTest) -> str:
    """The words of the page's cards, those of the prints among them."""
    return spoken((*app.header, *app.markdown))


def test_a_print_in_the_link_is_told_and_another_state_can_be_taken_from_it() -> None:
    g = gradients(load_batch(64, preset="lesson-2022"), initial_weights(50, 42, "lesson-2022"))
    app = settled(opened(print=printed(g.w1[405:408, :8])))
    assert headline(app) and "`w1.g`: rows 405–407, columns 0–7" in told(app)
    assert "Neither copies nor zeros" in told(app) and "Lesson 2022, n = 64, seed 42" in told(app)
    (picture,) = [svg for svg in diagrams(app) if "Your print of w1.g" in svg]
    assert all(f">{row}<" in picture for row in (405, 406, 407))
    (take,) = [button for button in app.button if button.label == says.OPEN_STATE]
    take.click().run()
    held = [app.session_state[key] for key in ("n", "preset", "normalise", "seed")]
    assert held == [64, "lesson-2022", False, 42] and not app.exception


def test_copies_and_zeros_say_what_they_mean_and_long_prints_stay_out_of_the_link() -> None:
    ours = gradients(load_batch(1_000), initial_weights())
    app = settled(opened(print="[1., 2.]"))
    app.text_area(key=FIELD).set_value(printed(ours.w1)).run()
    assert "6 copies of one row" in told(settled(app)) and "−0.4245 ×" in told(app)
    assert app.query_params["print"] in (printed(ours.w1), [printed(ours.w1)])
    app.text_area(key=FIELD).set_value(long := printed(ours.w1[405:411])).run()
    assert len(long) > LONGEST_PRINT and "rows 405–410" in told(settled(app))
    assert "print" not in app.query_params and any(says.TOO_LONG in note.value for note in app.caption)
    app.text_area(key=FIELD).set_value("tensor([[0., 0.],\n [0., 0.]])").run()
    assert "All zeros" in told(settled(app)) and "print" in app.query_params
    app.text_area(key=FIELD).set_value("![qz](//qz) [__import__('os')]").run()
    (warning,) = app.warning
    assert "`qz`" in warning.value and not app.exception
