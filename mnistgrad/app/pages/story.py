"""The story: what the learner printed, where those rows lie, how they come about, and the three answers."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from mnistgrad.app.controls import ADDED, COLUMN, DIGITS_ON, FIRST_ROW, Numeric, State
from mnistgrad.app.kept import cost_runs, pictures, results, story, sums
from mnistgrad.app.kept.sums import Switches
from mnistgrad.app.link import mend
from mnistgrad.app.parts.card import card, framed
from mnistgrad.app.parts.checks import show_checks
from mnistgrad.app.parts.page import columns, heading, note, tell_unusable, theme
from mnistgrad.app.parts.player_view import show_player
from mnistgrad.captions import cost as cost_says
from mnistgrad.captions import story as says
from mnistgrad.captions import training as training_says
from mnistgrad.common.data_files import DataFileError
from mnistgrad.common.reading import whole_number_in
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.network.verification import PARAMETERS
from mnistgrad.pictures.export import Picture
from mnistgrad.trace.window import Pick
from mnistgrad.training.descent import TrainingPlan
from mnistgrad.training.stored import stored_comparison

OPENED = "story-opened"  # in the session
WAYS_ON = ("steps", "line", "gradient")


def show(state: State) -> None:
    """The page in this state. What its players show they keep in the link themselves."""
    found, look = results.weight_gradient(state, "w1"), theme()
    _mend_link(state)
    heading(says.KICKER, says.headline(found), says.ASKED)
    with framed(
        says.PRINTED_TITLE,
        f"{says.printed_sentence(found)} {says.map_sentence(found)}",
        lambda: _prints(state, look),
        state,
        "print",
    ):
        show_player("print_and_map", story.packed_print_and_map(state, look), "sight")
    with framed(says.moving_title(found), says.moving_sentence(found), lambda: _still(state, found, look), state, "moving"):
        show_player("moving_picture", story.packed_moving_picture(state, look), "moving")
    with framed(says.STEPS_TITLE, "", lambda: _steps(state, look), state, "steps"):
        show_player("lesson", story.packed_steps(state, look), "steps")
    card(says.VARIANCE_TITLE, says.variance_sentence(found), pictures.variance_picture(state, look), state, "variance")
    cost, training = columns("answers", [50, 50])
    with cost:
        _cost_answer(state, look)
    with training:
        _training_answer(state, look)
    _check(state)
    st.divider()
    with st.container(horizontal=True):
        for way in WAYS_ON:
            st.page_link(st.session_state["pages"][way], icon=":material/arrow_forward:")


def _cost_answer(state: State, look: str) -> None:
    """The two products, without their times where the stored ones cannot be read."""
    try:
        measured = cost_runs.shown()[0]
    except DataFileError as error:
        measured = None
        tell_unusable(error)
    picture = pictures.two_products_picture(measured, state.n, state.nh, look)
    title = f"{says.TOO_MUCH} {cost_says.products_title()}"
    card(title, cost_says.products_sentence(measured, state.n, state.nh), picture, state, "two-products")
    st.page_link(st.session_state["pages"]["cost"], icon=":material/arrow_forward:")


def _training_answer(state: State, look: str) -> None:
    try:
        found = stored_comparison("cross-entropy")
    except DataFileError as error:
        st.subheader(says.FAR_HARDER, anchor=False)
        tell_unusable(error)
    else:
        chosen = TrainingPlan(preset=state.preset, normalise=state.normalise, nh=state.nh)
        title = f"{says.FAR_HARDER} {training_says.small_title(found)}"
        card(title, training_says.small_sentence(found, chosen), pictures.five_curves_picture(look), state, "five-curves")
    st.page_link(st.session_state["pages"]["training"], icon=":material/arrow_forward:")


@st.fragment  # so that the players are not mounted twice
def _check(state: State) -> None:
    """Of every gradient of the pass, once it is made beside the page."""
    show_checks(results.verifications_of(state, PARAMETERS), lambda ready: note(says.check_sentence(ready)))


def _mend_link(state: State) -> None:
    """Where the players are asked to be; once, for what they leave there themselves they put right by themselves."""
    if not st.session_state.get(OPENED):
        for control in _moved_by_players(state):
            mend(control)
    st.session_state[OPENED] = True


def _moved_by_players(state: State) -> tuple[Numeric, Numeric]:
    """With what they allow in this state."""
    return replace(ADDED, high=state.n, depends=False), replace(COLUMN, high=state.nh - 1, depends=False)


def _in_link(control: Numeric, start: int) -> int:
    """Where a player is, as far as the link says so."""
    number = whole_number_in(st.query_params.get(control.key, ""))
    return start if number is None else min(max(number, control.low), control.high)


def _prints(state: State, look: str) -> Mapping[str, Picture]:
    first = _in_link(FIRST_ROW, FIRST_ROW.start or 0)
    return {
        says.STILLS["print"]: pictures.print_picture(state, look),
        says.STILLS["rows"]: pictures.rows_picture(state, first, look),
        says.STILLS["map"]: pictures.map_picture(state.images, state.n, first, look),
    }


def _still(state: State, found: WeightGradient, look: str) -> Mapping[str, Picture]:
    in_added, in_column = _moved_by_players(state)
    added, column = _in_link(in_added, 1), _in_link(in_column, found.liveliest_column)
    switches = Switches(DIGITS_ON.options, ())
    return {says.STILLS["moving"]: sums.part_picture(state, "w1", switches, added, column, look)}


def _steps(state: State, look: str) -> Mapping[str, Picture]:
    places = story.places_of_line(state)
    return {
        f"Step {number}": pictures.shapes_picture(state, story.FORM, place, Pick(), look)
        for number, place in enumerate(places, 1)
    }
