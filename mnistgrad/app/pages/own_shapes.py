"""Your own shapes: two shapes and an operation that the reader types, drawn and run."""

import streamlit as st

from mnistgrad.app.controls import EQUATION, FIRST_SHAPE, SECOND_SHAPE, SIGN, State
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.fields import choice, text
from mnistgrad.app.parts.page import heading, note, theme
from mnistgrad.captions import own_shapes as says
from mnistgrad.lines.own_shapes import EINSUM, OwnOperation, counted, own_operation, own_result, torch_error
from mnistgrad.lines.two_shapes import BrokenRule, Typed
from mnistgrad.pictures.diagrams.own_shapes.alignment import alignment, einsum_alignment, matmul_alignment
from mnistgrad.pictures.diagrams.own_shapes.own_boxes import fits, own_boxes
from mnistgrad.pictures.diagrams.own_shapes.own_numbers import own_numbers
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES, Palette

EXAMPLE = "example"


def show(state: State) -> None:
    """The page in this state."""
    top = st.container()  # filled once the fields below it are read
    typed = _fields()
    try:
        operation = own_operation(typed)
    except BrokenRule as broken:
        with top:
            heading(says.KICKER, says.UNREAD, says.rule(typed.sign))
        st.warning(str(broken), icon=":material/rule:")
        _torch_says(typed)
    else:
        with top:
            heading(says.KICKER, says.headline(operation), says.rule(typed.sign))
        _cards(operation, typed, state, PALETTES[theme()])


def _fields() -> Typed:
    """What the reader typed, or took from an example."""
    with st.container(key="own-shapes", horizontal=True, vertical_alignment="bottom"):
        first = text(FIRST_SHAPE, autocomplete="off")
        sign = choice(SIGN)
        second = text(SECOND_SHAPE, autocomplete="off")
        equation = text(EQUATION, autocomplete="off") if sign == EINSUM else ""
    typed = Typed(sign, (first, second), equation)
    st.session_state[EXAMPLE] = next((label for label, example in says.EXAMPLES.items() if example == typed), None)
    st.pills("Examples", says.EXAMPLES, key=EXAMPLE, on_change=_take_example)
    return typed


def _take_example() -> None:
    if st.session_state[EXAMPLE]:
        typed = says.EXAMPLES[st.session_state[EXAMPLE]]
        st.session_state[SIGN.key] = typed.sign
        st.session_state[FIRST_SHAPE.key], st.session_state[SECOND_SHAPE.key] = typed.shapes
        if typed.equation:
            st.session_state[EQUATION.key] = typed.equation


def _cards(operation: OwnOperation, typed: Typed, state: State, palette: Palette) -> None:
    picture = _alignment(operation, palette)
    card(says.alignment_title(operation), says.alignment_sentence(operation), picture, state, "alignment")
    if operation.clashes:
        _torch_says(typed)
        return
    if fits(operation):
        card(says.BOXES_TITLE, says.boxes_sentence(operation), own_boxes(operation, palette), state, "own-boxes")
    else:
        note(says.too_many_axes(operation))
    if operation.is_small:
        values = [counted(operand.shape) for operand in operation.operands]
        picture = own_numbers(operation, values, own_result(operation, values), palette)
        card(says.NUMBERS_TITLE, says.numbers_sentence(operation), picture, state, "own-numbers")
    else:
        note(says.TOO_MANY_NUMBERS)


def _alignment(operation: OwnOperation, palette: Palette) -> Diagram:
    if operation.equation:
        return einsum_alignment(operation.operands, str(operation.equation), operation.expression, palette)
    draw = matmul_alignment if operation.sign == "@" else alignment
    return draw(operation.operands, operation.expression, palette, named=False)


def _torch_says(typed: Typed) -> None:
    if message := torch_error(typed):
        with st.container(key="torch-says"):
            st.markdown(says.TORCH_SAYS)
            st.code(message, language=None, wrap_lines=True)
