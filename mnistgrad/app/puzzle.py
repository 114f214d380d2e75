"""The puzzle: what the learner printed, and where those rows lie."""

import html

import streamlit as st

from mnistgrad.app import results
from mnistgrad.app.card import card
from mnistgrad.app.controls import FIRST_ROW, State
from mnistgrad.app.page import columns, heading, next_page, palette
from mnistgrad.captions import puzzle as says
from mnistgrad.charts.column_variance import column_variance_chart
from mnistgrad.diagrams.matrix_strip import matrix_strip
from mnistgrad.diagrams.pixel_map import pixel_map
from mnistgrad.diagrams.printed_tensor import print_of_rows, printed_tensor


def show(state: State) -> None:
    found = results.examination_of(state)
    heading(says.KICKER, says.headline(found), says.lede(found))
    _figures(says.figures(found))
    left, right = columns("puzzle")
    with left:
        text = str(found.grads.w1)
        picture = printed_tensor("print", "print(w1.g)", text, found.grads.w1, says.printed_rows(found), found.colour_limit, palette())
        card("What the learner saw", says.printed_sentence(found), picture, state, "print")
        rows = _moved_rows()
        text = print_of_rows(found.grads.w1, rows)
        command = f"print(w1.g[{rows[0]}:{rows[-1] + 1}])"
        picture = printed_tensor("print-rows", command, text, found.grads.w1, rows, found.colour_limit, palette())
        card("Print six other rows", says.moved_sentence(found, rows), picture, state, "rows")
    with right:
        picture = pixel_map(results.mean_image_of(state.n), found.groups, rows, palette())
        card("Which pixels are those rows?", says.map_sentence(found), picture, state, "map")
    picture = matrix_strip(found.grads.w1, rows, found.colour_limit, palette())
    card(says.strip_title(found), says.strip_sentence(found), picture, state, "matrix")
    card("How much each column of w1.g varies from row to row", says.variance_sentence(found),
         column_variance_chart(found, palette()), state, "variance")
    _answers(says.answers(found))
    next_page("steps", "Next: the line that makes it, step by step")


def _moved_rows() -> list[int]:
    first = st.slider(FIRST_ROW.label, FIRST_ROW.low, FIRST_ROW.high, FIRST_ROW.start, key=FIRST_ROW.key, bind="query-params")
    return list(range(first, first + 6))


def _figures(figures: list[says.Figure]) -> None:
    cells = "".join(
        f"<div><p class='value'>{html.escape(f.value)} <small>{html.escape(f.of)}</small></p><p>{html.escape(f.meaning)}</p></div>"
        for f in figures
    )
    st.html(f"<div class='figures'>{cells}</div>")


def _answers(answers: list[tuple[str, str]]) -> None:
    st.header("Three questions, three answers", anchor=False)
    with st.container(key="answers"):
        for place, (question, answer) in zip(st.columns(len(answers), gap="medium"), answers, strict=True):
            place.markdown(f"##### {question}\n{answer}")
