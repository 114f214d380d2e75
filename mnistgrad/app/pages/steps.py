"""Step by step: every operation of the pass in the lesson's player, its shapes and its numbers."""

import streamlit as st

from mnistgrad.app.cards import steps as cards
from mnistgrad.app.controls import STEP, State
from mnistgrad.app.kept import results, steps
from mnistgrad.app.link import mend, query
from mnistgrad.app.parts import fields
from mnistgrad.app.parts.card import framed
from mnistgrad.app.parts.checks import show_checks
from mnistgrad.app.parts.page import heading, next_page, note, prose, theme
from mnistgrad.app.parts.player_view import show_player
from mnistgrad.app.parts.window_choice import window_controls
from mnistgrad.captions import memory as memory_says
from mnistgrad.captions import numbers_shown as numbers_say
from mnistgrad.captions import steps as says
from mnistgrad.captions import verification as verification_says
from mnistgrad.common.reading import whole_number_in
from mnistgrad.network.verification import Verification
from mnistgrad.player.lesson_data import FIRST, REST
from mnistgrad.trace.passes import completed_gradient, scopes
from mnistgrad.trace.window import Pick

ASKED = "steps-asked"  # in the session: for which lesson the player asked for a part of its pictures, and for which part
BEGUN = "steps-begun"  # around which operation the first pictures of a lesson are, and of which lesson
OPENED = "steps-opened"


def show(state: State) -> None:
    """The page in this state. The player keeps the step in the link itself."""
    title = st.container()  # filled once the scope is known
    with st.container(horizontal=True, vertical_alignment="bottom", key="program"):
        form, scope = cards.chosen_program(state, fields)
    operations, look = results.pass_of(state, form), theme()
    places = scopes(operations)[scope]
    _mend_link(len(places))
    with title:
        zero = not results.gradients_of(state).w1.any()
        heading(says.KICKER, says.headline(state.n, scope, form, len(places)), says.lede(form, zero))
    completed = dict.fromkeys(filter(None, (completed_gradient(operations, place) for place in places)))
    played = st.container()
    choosing = st.expander("Choose the images, pixels and units", key="choose", on_change="rerun")
    with choosing:
        pick = window_controls(state, form, bool(choosing.open))
        note(numbers_say.how_chosen(results.window_of(state, form, pick), pick))
    with played, framed(cards.lesson(state, form, scope, pick, _step_in_link(len(places)), look)):
        _play(state, form, scope, pick, look)
    _check(state, form, tuple(completed))
    next_page("line", "Next: a line of your own, or one written wrongly")


@st.fragment  # so that the player is not sent its pictures again
def _check(state: State, form: str, completed: tuple[str, ...]) -> None:
    """Of the gradients that are completed, once they are made beside the page; and what a specialist wants to know."""
    operations = results.pass_of(state, form)
    checks = results.verifications_of(state, completed)
    found = show_checks(checks, _tell_checks, verification_says.on_its_way(completed[0])) if completed else None
    with st.expander("More", key="more-steps"):
        note(memory_says.memory_sentence(operations, results.pass_of(state, "matmul")))
        for each in (found or {}).values():
            note(verification_says.verification_sentence(each))
        note(f"{says.RECORDED} {memory_says.memory_note(operations)}")


@st.fragment
def _play(state: State, form: str, scope: str, pick: Pick, look: str) -> None:
    """The pictures around the step first; those of the other operations once the player stands and asks for them."""
    lesson = (state, form, scope, pick, look)

    def ask(part: str) -> None:
        st.session_state[ASKED] = (lesson, REST if part == REST else FIRST)

    of, begun = st.session_state.get(BEGUN, (None, 0))
    if of != lesson:
        begun = _step_in_link(len(scopes(results.pass_of(state, form))[scope]))
        st.session_state[BEGUN] = (lesson, begun)
    asked, part = st.session_state.get(ASKED, (None, FIRST))
    show_player("lesson", steps.packed_steps(*lesson, part if asked == lesson else FIRST, begun), "steps", ask)


def _mend_link(count: int) -> None:
    """Once: what the player leaves there itself is right."""
    if not st.session_state.get(OPENED):
        mend(cards.step_control(count))
    st.session_state[OPENED] = True


def _step_in_link(count: int) -> int:
    """From 0, as far as the link says so."""
    number = whole_number_in(query().get(STEP.key, [""])[-1])
    return 0 if number is None else min(max(number, 1), count) - 1


def _tell_checks(ready: dict[str, Verification]) -> None:
    """Of one gradient in short, of several together."""
    if len(ready) == 1:
        prose("**Check.** " + verification_says.verdict_sentence(*ready.values()))
    else:
        note(verification_says.together_sentence(ready))
