"""The puzzle: what the learner printed, and where those rows lie."""

import html

import streamlit as st

from mnistgrad.app.controls import FIRST_ROW, State
from mnistgrad.app.kept import pictures, results
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.page import columns, come_back_after, heading, next_page, tell_failures, tell_unusable, theme, under_way
from mnistgrad.captions import puzzle as says
from mnistgrad.captions.verification import WHAT
from mnistgrad.common.data_files import DataFileError
from mnistgrad.network.verification import PARAMETERS
from mnistgrad.training.stored import when_measured

ANSWERED_ON = ("gradient", "cost", "training")  # the pages that go on from each of the three answers


def show(state: State) -> None:
    """The page in this state."""
    found, look = results.weight_gradient(state, "w1"), theme()
    heading(says.KICKER, says.headline(found), says.lede(found))
    st.markdown(says.reason(found))
    _answers(says.answers(found))
    try:
        when_measured()
    except DataFileError as error:  # the last answer stands without its figures
        tell_unusable(error)
    figures = st.container()
    left, right = columns("puzzle", [62, 38])
    with left:
        card("What the learner saw", says.printed_sentence(found), pictures.print_picture(state, look), state, "print")
        below = st.container()  # filled once the slider below it is known
        first = st.slider(
            FIRST_ROW.label,
            FIRST_ROW.low,
            FIRST_ROW.high,
            FIRST_ROW.start,
            key=FIRST_ROW.key,
            bind="query-params",
            persist_state="session",
        )
    with below:
        sentence = says.moved_sentence(found, pictures.moved_rows(first))
        card("Print six other rows", sentence, pictures.rows_picture(state, first, look), state, "rows")
    with right:
        picture = pictures.map_picture(state.n, first, look)
        card("Which pixels are those rows?", says.map_sentence(found), picture, state, "map", _move_rows)
    picture = pictures.strip_picture(state, first, look)
    card(says.strip_title(found), says.strip_sentence(found), picture, state, "matrix", _move_rows)
    title = "How much each column of w1.g varies from row to row"
    card(title, says.variance_sentence(found), pictures.variance_picture(state, look), state, "variance")
    with figures:
        checks = results.verifications_of(state, PARAMETERS)  # begun last, not to hold up the rest
        waits = under_way(checks.values())
        _figures(says.figures(found, ready := results.ready(checks)))
        if not ready:
            come_back_after(waits)
        tell_failures(checks.values(), WHAT, "check")
    next_page("steps", "Next: the line that makes it, step by step")


def _move_rows(row: int) -> None:
    """To the clicked row, as far as six rows fit below it."""
    st.session_state[FIRST_ROW.key] = min(row, FIRST_ROW.high)


def _figures(figures: list[says.Figure]) -> None:
    cells = "".join(
        f"<div><p class='value'>{html.escape(f.value)} <small>{html.escape(f.of)}</small></p>"
        f"<p>{html.escape(f.meaning)}</p></div>"
        for f in figures
    )
    st.html(f"<div class='figures'>{cells}</div>")


def _answers(answers: list[tuple[str, str]]) -> None:
    with st.container(key="answers"):
        places = st.columns(len(answers), gap="medium")
        for place, page, (question, answer) in zip(places, ANSWERED_ON, answers, strict=True):
            with place:
                st.subheader(question, anchor=False)
                st.markdown(answer)
                st.page_link(st.session_state["pages"][page], icon=":material/arrow_forward:")
