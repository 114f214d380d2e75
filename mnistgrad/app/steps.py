"""Step by step: the line that sets w.g, its shapes and its numbers."""

import streamlit as st

from mnistgrad.app import pictures, results
from mnistgrad.app.card import card
from mnistgrad.app.controls import STEP, State
from mnistgrad.app.page import columns, heading, next_page, theme
from mnistgrad.captions import steps as says


def show(state: State) -> None:
    """The page in this state."""
    steps, window, look = results.steps_of(state), results.window_of(state), theme()
    heading(says.KICKER, says.headline(state.n), says.lede(state.n, results.examination_of(state).is_zero))
    left, right = columns("steps", [43, 57])
    with left:
        place = _stepper(len(steps))
        step = steps[place - 1]
        card(
            "The lesson's code", says.step_name(step, place, len(steps)), pictures.code_picture(state, place, look), state, "code"
        )
    with right:
        card(says.step_title(step), says.step_sentence(step, steps), pictures.shapes_picture(state, place, look), state, "shapes")
        st.caption(says.paint_note(step, results.paint_of(state)))
    card(
        "The same step with real numbers",
        says.numbers_sentence(place, window),
        pictures.numbers_picture(state, place, look),
        state,
        "numbers",
    )
    next_page("puzzle", "Back to the puzzle", ":material/arrow_back:")


def _stepper(count: int) -> int:
    """Previous, next and the steps themselves; the arrow keys work too."""
    with st.container(horizontal=True, vertical_alignment="center"):
        buttons = st.container(horizontal=True, width="content")  # filled once the step is known
        place = int(
            st.segmented_control(
                STEP.label,
                range(1, count + 1),
                default=STEP.start,
                required=True,
                key=STEP.key,
                bind="query-params",
                persist_state="session",
                label_visibility="collapsed",
            )
        )
    buttons.button("Previous", on_click=_go, args=(-1,), disabled=place == STEP.low, shortcut="Left", key="previous")
    buttons.button("Next", on_click=_go, args=(1,), disabled=place == count, type="primary", shortcut="Right", key="next")
    return place


def _go(by: int) -> None:
    st.session_state[STEP.key] = min(max(st.session_state[STEP.key] + by, STEP.low), STEP.high)
