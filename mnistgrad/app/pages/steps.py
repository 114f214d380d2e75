"""Step by step: every operation of the pass, its shapes and its numbers."""

from dataclasses import replace
from functools import partial

import streamlit as st

from mnistgrad.app.controls import FORM, SCOPE, STEP, State
from mnistgrad.app.jobs.work import Job
from mnistgrad.app.kept import pictures, results
from mnistgrad.app.link import mend
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.checks import show_checks
from mnistgrad.app.parts.fields import choice
from mnistgrad.app.parts.fields import number as number_field
from mnistgrad.app.parts.page import columns, heading, next_page, note, prose, theme
from mnistgrad.app.parts.stepper import step_button, watch_presses
from mnistgrad.app.parts.window_choice import choose_cell, take_cell, window_controls
from mnistgrad.captions import memory as memory_says
from mnistgrad.captions import numbers_shown as numbers_say
from mnistgrad.captions import steps as says
from mnistgrad.captions import told
from mnistgrad.captions import verification as verification_says
from mnistgrad.network.verification import Verification
from mnistgrad.trace.passes import axis_sizes, completed_gradient, scopes

BUTTONS = {"First": "first-step", "Previous": "previous", "Next": "next", "Last": "last-step"}


def show(state: State) -> None:
    """The page in this state."""
    title = st.container()  # filled once the scope is known
    with st.container(horizontal=True, vertical_alignment="bottom", key="program"):
        form, scope = _choose_program(state)
        places = scopes(results.pass_of(state, form))[scope]
        with st.container(horizontal=True, vertical_alignment="bottom", width="content"):
            number = _stepper(len(places))
    operations, place, look = results.pass_of(state, form), places[number - 1], theme()
    with title:
        zero = not results.gradients_of(state).w1.any()
        heading(says.KICKER, says.headline(state.n, scope, form, len(places)), says.lede(form, zero))
    completed = {place: name for place in places if (name := completed_gradient(operations, place))}
    checks = results.verifications_of(state, completed.values())  # ready, or on their way, before their steps are visited
    drawn, counted = st.container(), st.container()
    with counted:
        numbers_place = st.container()
        choosing = st.expander("Choose the images, pixels and units", key="choose", on_change="rerun")
    with choosing:
        pick = window_controls(state, form, bool(choosing.open))
        window = results.window_of(state, form, pick)
        chosen = choose_cell(operations, place, window)
        note(numbers_say.how_chosen(window, pick))
    with numbers_place:
        take = partial(take_cell, operations, place, window, chosen)
        picture = pictures.numbers_picture(state, form, place, pick, chosen, look)
        card("The same step with real numbers", told.numbers_sentence(operations, place, window), picture, state, "numbers", take)
        with st.container(key="framed-cell"):
            prose(numbers_say.written_out(operations, place, window, chosen))
    with drawn:
        step, sizes = operations[place], axis_sizes(operations)
        left, right = columns("steps", [43, 57])
        with left:
            code = pictures.code_picture(state.n, state.nh, state.preset, form, place, look)
            card("The lesson's code", says.step_name(step, number, len(places)), code, state, "code")
        with right:
            shapes = pictures.shapes_picture(state, form, place, pick, look)
            card(told.step_title(step), told.step_sentence(step, sizes), shapes, state, "shapes")
            checked = _check(completed[place], checks[completed[place]]) if place in completed else None
    _all_operations(state, form, scope, place, look)
    with st.expander("More", key="more-steps"):
        note(says.paint_note(step, results.paint_of(state, form)))
        if checked:
            note(verification_says.verification_sentence(checked))
        note(f"{says.RECORDED} {memory_says.memory_note(operations)}")
    next_page("line", "Next: what if the line were written wrongly?")


def _check(name: str, check: Job[Verification]) -> Verification | None:
    """Of the gradient that this step completes, or what stands there until it is made; in short, and the whole."""
    found = show_checks(
        {name: check},
        lambda ready: prose("**Check.** " + verification_says.verdict_sentence(ready[name])),
        verification_says.on_its_way(name),
    )
    return found[name] if found else None


def _choose_program(state: State) -> tuple[str, str]:
    """The form of the weight gradient, and what is stepped through."""
    form = choice(FORM, on_change=_begin_again)
    options = list(scopes(results.pass_of(state, form)))
    mend(replace(SCOPE, options=tuple(options), depends=False))
    scope = st.selectbox(
        SCOPE.label,
        options,
        index=options.index(SCOPE.start),
        key=SCOPE.key,
        bind="query-params",
        persist_state="session",
        on_change=_begin_again,
        width=240,
    )
    return form, scope


def _stepper(count: int) -> int:
    """First, previous, the step's number, next, last; the arrow keys, Home and End work too."""
    before = st.container(horizontal=True, width="content")  # filled once the step is known
    control = replace(STEP, label=f"Step, 1 to {count}", high=count, depends=False)
    number = number_field(control, 110)
    after = st.container(horizontal=True, width="content")
    first, last = number == STEP.low, number == count
    step_button(before, "First", control, BUTTONS["First"], first, shortcut="Home")
    step_button(before, "Previous", control, BUTTONS["Previous"], first, shortcut="Left")
    step_button(after, "Next", control, BUTTONS["Next"], last, shortcut="Right", type="primary")
    step_button(after, "Last", control, BUTTONS["Last"], last, shortcut="End")
    watch_presses(control, number, BUTTONS, keys=True)
    return number


def _go_to(number: int) -> None:
    st.session_state[STEP.key] = number


def _begin_again() -> None:
    st.session_state[STEP.key] = STEP.low


def _all_operations(state: State, form: str, scope: str, place: int, look: str) -> None:
    """The list of the scope's operations with their memory; a click goes to one."""
    operations, matmul = results.pass_of(state, form), results.pass_of(state, "matmul")
    picture = pictures.operations_picture(state.n, state.nh, state.preset, form, scope, place, look)
    card("Every operation and its memory", memory_says.memory_sentence(operations, matmul), picture, state, "operations", _go_to)
