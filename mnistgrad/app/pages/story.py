"""The story: what the learner printed, where those rows lie, how they come about, and the three answers."""

import streamlit as st

from mnistgrad.app.controls import State
from mnistgrad.app.kept import results, story
from mnistgrad.app.parts.page import heading, theme
from mnistgrad.app.parts.player_view import show_player
from mnistgrad.captions import story as says


def show(state: State) -> None:
    """The page in this state."""
    found, look = results.weight_gradient(state, "w1"), theme()
    heading(says.KICKER, says.headline(found), says.ASKED)
    show_player("print_and_map", story.packed_print_and_map(state, look), "sight")
    st.subheader(says.moving_title(found), anchor=False)
    show_player("moving_picture", story.packed_moving_picture(state, look), "moving")
