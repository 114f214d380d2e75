"""The story: what the learner printed, where those rows lie, how they come about, and the three answers."""

from dataclasses import replace

import streamlit as st

from mnistgrad.app.cards import story as cards
from mnistgrad.app.cards.fields import Link
from mnistgrad.app.controls import State
from mnistgrad.app.kept import cost_runs, results, story
from mnistgrad.app.link import mend, query
from mnistgrad.app.named_states import links
from mnistgrad.app.pages import own_print
from mnistgrad.app.parts.card import card, framed
from mnistgrad.app.parts.checks import show_checks
from mnistgrad.app.parts.page import columns, heading, note, tell_unusable, theme
from mnistgrad.app.parts.player_view import show_player
from mnistgrad.app.parts.take_home import recomputation
from mnistgrad.app.parts.viewing import viewing
from mnistgrad.captions import story as says
from mnistgrad.common.data_files import DataFileError
from mnistgrad.network.verification import PARAMETERS
from mnistgrad.training.stored import stored_comparison

OPENED = "story-opened"  # in the session
WAYS_ON = ("steps", "line", "gradient")


def show(state: State) -> None:
    """The page in this state. What its players show they keep in the link themselves."""
    found, look = results.weight_gradient(state, "w1"), theme()
    _mend_link(state)
    heading(says.KICKER, says.headline(found), says.ASKED)
    asks = viewing().asks
    link = Link(query())
    with framed(replace(cards.prints(state, link, look), line="")):  # the player says it of the rows that it has moved to
        show_player("print_and_map", story.packed_print_and_map(state, look, asks), "sight")
    own_print.show(state)
    with framed(cards.moving(state, link, look)):
        show_player("moving_picture", story.packed_moving_picture(state, look, asks), "moving")
    with framed(cards.steps(state, look)):
        show_player("lesson", story.packed_steps(state, look), "steps")
    card(cards.variance(state, look))
    cost, training = columns("answers", [50, 50])
    with cost:
        _cost_answer(state, look)
    with training:
        _training_answer(state, look)
    _check(state)
    recomputation(state)
    st.divider()
    with st.container(horizontal=True):
        for way in WAYS_ON:
            st.page_link(st.session_state["pages"][way], icon=":material/arrow_forward:")
    st.html(f"<p class='named-states'>{links()}</p>")


def _cost_answer(state: State, look: str) -> None:
    """The two products, without their times where the stored ones cannot be read."""
    try:
        measured = cost_runs.shown()[0]
    except DataFileError as error:
        measured = None
        tell_unusable(error)
    card(cards.cost_answer(state, measured, look))
    st.page_link(st.session_state["pages"]["cost"], icon=":material/arrow_forward:")


def _training_answer(state: State, look: str) -> None:
    try:
        found = stored_comparison("cross-entropy")
    except DataFileError as error:
        st.header(says.FAR_HARDER, anchor=False)
        tell_unusable(error)
    else:
        card(cards.training_answer(state, found, look))
    st.page_link(st.session_state["pages"]["training"], icon=":material/arrow_forward:")


@st.fragment  # so that the players are not mounted twice
def _check(state: State) -> None:
    """Of every gradient of the pass, once it is made beside the page."""
    show_checks(results.verifications_of(state, PARAMETERS), lambda ready: note(says.check_sentence(ready)))


def _mend_link(state: State) -> None:
    """Where the players are asked to be; once, for what they leave there themselves they put right by themselves."""
    if not st.session_state.get(OPENED):
        for control in cards.moved_by_players(state):
            mend(control)
    st.session_state[OPENED] = True
