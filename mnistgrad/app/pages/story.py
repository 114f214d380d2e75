"""The story: what the learner printed, where those rows lie, how they come about, and the three answers."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from mnistgrad.app.controls import ADDED, COLUMN, DIGITS_ON, FIRST_ROW, Numeric, State
from mnistgrad.app.kept import pictures, results, story
from mnistgrad.app.link import mend
from mnistgrad.app.pages.gradient import sums
from mnistgrad.app.pages.gradient.sums import Switches
from mnistgrad.app.parts.card import card, framed
from mnistgrad.app.parts.page import heading, theme
from mnistgrad.app.parts.player_view import show_player
from mnistgrad.captions import story as says
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.pictures.export import Picture
from mnistgrad.trace.window import Pick


def show(state: State) -> None:
    """The page in this state. What its players show they keep in the link themselves."""
    found, look = results.weight_gradient(state, "w1"), theme()
    for control in _moved_by_players(state):
        mend(control)
    heading(says.KICKER, says.headline(found), says.ASKED)
    with framed(says.PRINTED_TITLE, says.printed_sentence(found), lambda: _prints(state, look), state, "print"):
        show_player("print_and_map", story.packed_print_and_map(state, look), "sight")
    with framed(says.moving_title(found), says.moving_sentence(found), lambda: _still(state, found, look), state, "moving"):
        show_player("moving_picture", story.packed_moving_picture(state, look), "moving")
    with framed(says.STEPS_TITLE, "", lambda: _steps(state, look), state, "steps"):
        show_player("frames", story.packed_steps(state, look), "steps")
    card(says.VARIANCE_TITLE, says.variance_sentence(found), pictures.variance_picture(state, look), state, "variance")


def _moved_by_players(state: State) -> tuple[Numeric, Numeric]:
    """With what they allow in this state."""
    return replace(ADDED, high=state.n, depends=False), replace(COLUMN, high=state.nh - 1, depends=False)


def _in_link(control: Numeric, start: int) -> int:
    """Where a player is; by now the link holds what its control allows."""
    return int(st.query_params.get(control.key, start))


def _prints(state: State, look: str) -> Mapping[str, Picture]:
    first = _in_link(FIRST_ROW, FIRST_ROW.start or 0)
    return {
        says.STILLS["print"]: pictures.print_picture(state, look),
        says.STILLS["rows"]: pictures.rows_picture(state, first, look),
        says.STILLS["map"]: pictures.map_picture(state.n, first, look),
    }


def _still(state: State, found: WeightGradient, look: str) -> Mapping[str, Picture]:
    added, column = _in_link(ADDED, 1), _in_link(COLUMN, found.liveliest_column)
    switches = Switches(DIGITS_ON.options, ())
    return {says.STILLS["moving"]: sums.part_picture(state, "w1", switches, added, column, look)}


def _steps(state: State, look: str) -> Mapping[str, Picture]:
    places = story.places_of_line(state)
    return {
        f"{number}": pictures.shapes_picture(state, story.FORM, place, Pick(), look) for number, place in enumerate(places, 1)
    }
