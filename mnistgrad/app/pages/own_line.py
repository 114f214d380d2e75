"""Your own line: lines that the reader types, and the lesson that they make; the lesson's own, written wrongly, are guessed."""

from dataclasses import replace
from zlib import crc32

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnistgrad.app.cards import line as cards
from mnistgrad.app.choosing import choose, is_old
from mnistgrad.app.controls import EXAMPLES, GUESS, LINES, SHAPES, STEP, State
from mnistgrad.app.kept import lines as kept
from mnistgrad.app.pages import wrong_lines
from mnistgrad.app.parts.card import framed
from mnistgrad.app.parts.fields import choice
from mnistgrad.app.parts.fields import guess as guess_field
from mnistgrad.app.parts.fields import lines as lines_field
from mnistgrad.app.parts.page import columns, heading, next_page, prose, theme
from mnistgrad.app.parts.player_view import show_player
from mnistgrad.app.parts.viewing import viewing
from mnistgrad.captions import typed_lines as says
from mnistgrad.lines.examples import GROUPS, place_of
from mnistgrad.lines.rules import BrokenRule

EXAMPLE = "example"  # in the session


def show(state: State) -> None:
    """The page in this state."""
    top = st.container()  # filled once the fields below it are read
    lines, shapes = _fields()
    group, name = place_of(lines, shapes)
    wrong = GROUPS[group][name].wrong if group else ""
    if not wrong:
        _explain(lines, shapes, state, top, name if name in says.ANSWERS else "")
    elif (guess := guess_field(GUESS) if viewing().asks else "") is not None:
        wrong_lines.show(wrong, guess, state, top)
        _play(lines, shapes, state)
    else:
        with top:
            heading(says.KICKER, says.asks(wrong), "")
    next_page("gradient", "Next: inside the gradient matrix")


def _fields() -> tuple[str, str]:
    """What the reader typed, or took from an example."""
    left, right = columns("own-line", [56, 44])
    with left:
        lines = lines_field(LINES, on_change=_typed)
        shapes = lines_field(SHAPES, on_change=_typed)
    with right:
        _examples(*place_of(lines, shapes))
    return lines, shapes


def _examples(group: str, name: str) -> None:
    """Buttons, one group at a time; at first that of the example that is shown."""
    control = replace(EXAMPLES, start=group or EXAMPLES.start)
    if held := st.session_state.get(control.key):
        st.session_state[control.key] = held  # set again it comes into the link, or leaves it, as the start needs it now
    shown = choice(control)
    st.session_state[EXAMPLE] = name if group == shown else None
    names = list(GROUPS[shown])
    st.pills("Lines to begin with", names, key=EXAMPLE, on_change=_take_example, label_visibility="collapsed", wrap=True)


def _take_example() -> None:
    if st.session_state[EXAMPLE]:
        example = GROUPS[st.session_state[EXAMPLES.key]][st.session_state[EXAMPLE]]
        choose(LINES, example.lines)
        choose(SHAPES, example.shapes)
        _begin_again()


def _typed() -> None:
    if not (is_old(LINES) or is_old(SHAPES)):
        _begin_again()


def _begin_again() -> None:
    """Other lines are guessed anew, and play from their first step."""
    choose(GUESS, None)
    st.query_params.pop(STEP.key, None)


def _explain(lines: str, shapes: str, state: State, top: DeltaGenerator, question: str) -> None:
    """question: that the lines are an example of, if they are."""
    try:
        found = kept.explained_lines(lines, shapes, state.n, state.nh)
    except BrokenRule as broken:
        with top:
            heading(says.KICKER, says.UNREAD, "")
        st.warning(str(broken), icon=":material/rule:")
        return
    with top:
        if question:
            heading(says.KICKER, question, says.ANSWERS[question])
        else:
            heading(says.KICKER, says.headline(found), says.lede(found, shapes))
    for result in kept.compared_lines(lines, shapes, state.n, state.nh):
        prose(says.compared_sentence(result))
    _play(lines, shapes, state)


def _play(lines: str, shapes: str, state: State) -> None:
    """The lesson that the lines make."""
    try:
        found = kept.explained_lines(lines, shapes, state.n, state.nh)
        lesson = kept.lesson(lines, shapes, state)
    except BrokenRule as broken:
        st.warning(str(broken), icon=":material/rule:")
        return
    if len(lesson):
        look = theme()
        with framed(cards.lesson(lesson, state, look)):
            show_player("lesson", kept.packed_lines(lines, shapes, state.n, state.nh, look), f"lesson-{crc32(lines.encode())}")
            st.caption(says.numbers_note(found))
