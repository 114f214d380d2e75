"""Reads what is typed into number fields as people mean it, or refuses it in a sentence."""

from pathlib import Path

import streamlit as st

from mnistgrad.app.choosing import choose
from mnistgrad.app.control_kinds import Numeric
from mnistgrad.app.link import notify
from mnistgrad.app.parts.heard import entry, heard, text, whole
from mnistgrad.captions import link as says
from mnistgrad.common.reading import whole_number_in
from mnistgrad.player.script import module

KEY, FIELDS, TAKEN = "typed-numbers", "number-fields", "typed-taken"
LONGEST = 200  # characters of what is typed
JS = module("typed_numbers", Path(__file__).parent)
_watch = st.components.v2.component("mnistgrad_typed_numbers", html="<span></span>", js=JS)


def watch_typed_numbers() -> None:
    """Mount what reads in the browser; it shows nothing."""
    _watch(key=KEY, on_typed_change=_typed)


def known_field(control: Numeric) -> None:
    """Keep what a field that is drawn allows."""
    st.session_state.setdefault(FIELDS, {})[control.key] = control


def take(control: Numeric, text: str) -> None:
    """Set the field to what was typed, or tell why not."""
    number = whole_number_in(text)
    if number is not None and control.low <= number <= control.high:
        choose(control, number)
    else:
        notify(says.unread(control.label, text, control.low, control.high))


def _typed() -> None:
    typed = heard(KEY, "typed")
    at, key = whole(entry(typed, "at")), text(entry(typed, "key"), LONGEST)
    if at is None or at == st.session_state.get(TAKEN):
        return
    st.session_state[TAKEN] = at
    if control := st.session_state.get(FIELDS, {}).get(key):
        take(control, text(entry(typed, "text"), LONGEST))
