"""A reader's own print: pasted, read, and found among the gradients that notebooks are likely to have."""

import streamlit as st

from mnistgrad.app.cards import prints as cards
from mnistgrad.app.control_kinds import Control
from mnistgrad.app.controls import NH, NORMALISE, PRESET, PRINT, SEED, N, State
from mnistgrad.app.kept import prints as kept
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.fields import pasted
from mnistgrad.app.parts.page import come_back_after, note, tell_failures, theme, under_way
from mnistgrad.captions import prints as says
from mnistgrad.gradient.prints.finding import Setting
from mnistgrad.gradient.prints.reading import read_prints
from mnistgrad.gradient.prints.rules import UnreadPrint
from mnistgrad.gradient.prints.telling import tell

OPENED = "own-print"  # the key of its place
BEGUN = "own-print-begun"  # in the session: whether it was open at first, since with another beginning it would begin anew


@st.fragment  # so that the players are not sent again
def show(state: State) -> None:
    """Closed at first; open where a link brings a print."""
    begun_open: bool = st.session_state.setdefault(BEGUN, bool(st.query_params.get(PRINT.key)))
    place = st.expander(says.OPEN, begun_open, key=OPENED, on_change="rerun")
    if not place.open:
        return
    with place:
        text = pasted(PRINT)
        note(says.PRIVATE if len(text) <= PRINT.longest else f"{says.PRIVATE} {says.TOO_LONG}")
        if text.strip():
            _show(text, state)


def _show(text: str, state: State) -> None:
    try:
        prints = tuple(read_prints(text))
    except UnreadPrint as unread:
        st.warning(str(unread), icon=":material/rule:")
        return
    job = kept.search(state, prints)
    waits = under_way([job])
    found = job.result or (None,) * len(prints)
    for number, (each, of) in enumerate(zip(prints, found, strict=True), 1):
        card(cards.card(number, tell(each, of, state.nh), job.result is not None, state, theme()))
    come_back_after(waits)
    tell_failures([job], says.WHAT, "print")
    setting = says.found_state(found)
    if setting and setting != kept.setting_of(state) and NH.low <= setting.nh <= NH.high:
        st.button(says.OPEN_STATE, icon=":material/arrow_forward:", on_click=_take, args=(setting,))


def _take(setting: Setting) -> None:
    values = (setting.n, setting.preset, setting.normalise, setting.seed, setting.nh)
    controls: tuple[Control, ...] = (N, PRESET, NORMALISE, SEED, NH)
    for control, value in zip(controls, values, strict=True):
        st.session_state[control.key] = value
