"""Lines of the lesson written wrongly, and what becomes of them."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnistgrad.app.cards import wrong_lines as cards
from mnistgrad.app.controls import State
from mnistgrad.app.keeping import STATES
from mnistgrad.app.kept import results
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.page import heading, note, prose, theme
from mnistgrad.captions import wrong_lines as says
from mnistgrad.captions.typed_lines import answer
from mnistgrad.lines.wrong_lines import outcomes


@STATES.keep
def outcomes_of(state: State) -> dict[str, str]:
    return outcomes(results.batch_of(state), results.weights_of(state))


def show(line: str, guess: str, state: State, top: DeltaGenerator) -> None:
    """The answer to the guess, "" where none was asked for, and what the line does, call by call. top: where the heading goes."""
    shown = cards.study_of(state, line)
    with top:
        heading(says.KICKER, says.headline(shown), "")
    if guess:
        prose(answer(guess, shown.fate))
    for each in cards.cards(state, line, theme()):
        card(each)
    with st.expander("More", key="more-lines"):
        prose(f"{says.lede(state.n, outcomes_of(state))} {says.pass_details(shown)}")
        note(says.pass_note(shown))
