"""Step by step: the line that sets w.g, its shapes and its numbers."""

import streamlit as st

from mnistgrad import lesson
from mnistgrad.app import results
from mnistgrad.app.card import card
from mnistgrad.app.controls import STEP, State
from mnistgrad.app.page import columns, heading, next_page, palette
from mnistgrad.captions import steps as says
from mnistgrad.diagrams.code_panel import code_panel
from mnistgrad.diagrams.multiplication_table import multiplication_table
from mnistgrad.diagrams.steps import roles_of, step_diagram
from mnistgrad.source import code_lines

SHOWN = (lesson.lin_grad, lesson.forward_and_backward)


def show(state: State) -> None:
    steps = results.steps_of(state.n, state.nh, state.preset)
    window = results.window_of(state)
    heading(says.KICKER, says.headline(state.n), says.lede(state.n))
    left, right = columns("steps")
    with left:
        place = _stepper(len(steps))
        step = steps[place - 1]
        lines = [line for function in SHOWN for line in code_lines(function)]
        card("The lesson's code", says.step_name(step, place, len(steps)), code_panel(lines, steps, place - 1, palette()), state, "code")
    with right:
        product = next(other for other in steps if other.name == "mul")
        picture = step_diagram(step, roles_of(product), results.paint_of(state), window, palette())
        card(says.step_title(step), says.step_sentence(step, steps), picture, state, "shapes")
        st.caption(says.paint_note(step, results.paint_of(state)))
    card("The same step with real numbers", says.numbers_sentence(step, steps, len(window.labels)),
         multiplication_table(window, place, palette()), state, "numbers")
    next_page("puzzle", "Back to the puzzle")


def _stepper(count: int) -> int:
    """Previous, next and the steps themselves; the arrow keys work too."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.session_state.get(STEP.key, STEP.start)
        st.button("Previous", on_click=_go, args=(-1,), disabled=place <= 1, shortcut="Left", key="previous")
        st.button("Next", on_click=_go, args=(1,), disabled=place >= count, type="primary", shortcut="Right", key="next")
        return int(st.segmented_control("Step", range(1, count + 1), default=STEP.start, required=True, key=STEP.key,
                                        bind="query-params", label_visibility="collapsed"))


def _go(by: int) -> None:
    st.session_state[STEP.key] = min(max(st.session_state[STEP.key] + by, STEP.low), STEP.high)
