"""What a click chose in the place of a field, held until the reader's browser shows it.

What a browser sends has all of its fields with it. A press that left it before an answer came there brings back what the fields
held before; and that answer, once it comes, takes from the address what the press put there. So every run leaves its number in a
field that nobody sees: what comes without the newest number is older, and is put right.
"""

import re
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mnistgrad.app.control_kinds import Control
from mnistgrad.app.controls import CONTROLS

PAGE, PART = "seen-page", "seen-part"  # the fields of the page, and of a part of it that runs by itself
RUN, BEHIND, CHOSEN = "run-number", "run-behind", "run-chose"  # in the session


@dataclass(frozen=True)
class _Choice:
    """before: what the browser held; run: the first that shows the value."""

    before: Any
    value: Any
    run: int


def choose(control: Control, value: Any) -> None:
    """Let the control's field hold the value, whatever an older press brings there."""
    context = get_script_run_ctx()
    run = _run() if context and context.has_script_started else _run() + 1  # a callback comes before its run
    _choices()[control.key] = _Choice(st.session_state.get(control.key), value, run)
    st.session_state[control.key] = value


def chosen(control: Control) -> Any:
    """What the field holds, to be asked before a run begins: in a callback."""
    return _choices()[control.key].value if is_old(control) else st.session_state.get(control.key)


def is_old(control: Control) -> bool:
    """Whether what came for the field is from before it was chosen anew; the reader changed nothing."""
    choice = _choices().get(control.key)
    return choice is not None and _seen() < choice.run and st.session_state.get(control.key) == choice.before


def goes_back() -> bool:
    """Whether this run is for a reader who went back or forward: then all is as the link says."""
    context = get_script_run_ctx()
    return bool(context and context.is_history_navigation)


def superseded() -> None:
    """Where the reader has wished for something else meanwhile, this ends the run, and the next begins: Streamlit looks for that
    whenever the session is asked for something.
    """
    st.session_state.get(RUN)


def begin() -> None:
    """A run of the page begins, or of the part that runs by itself. Puts right what is older in what came."""
    held, seen = st.session_state, _seen()
    held[BEHIND] = seen < _run() and not goes_back()
    held[RUN] = _run() + 1
    if goes_back():
        _choices().clear()
    for control in CONTROLS:
        if is_old(control):
            held[control.key] = chosen(control)
        elif control.key in _choices() and _choices()[control.key].run <= seen:
            del _choices()[control.key]
        if held[BEHIND] and control.key in held:
            held[control.key] = held[control.key]  # told again, to the browser and to the link


def end(field: str = PAGE) -> None:
    """The run is complete. Draws the field that nobody sees."""
    st.session_state[field] = str(_run())
    st.text_input("Newest run", key=field, label_visibility="collapsed")
    if st.session_state[BEHIND]:
        st.query_params.update()  # with nothing: the whole link is sent


def _run() -> int:
    number: int = st.session_state.get(RUN, 0)
    return number


def _seen() -> int:
    """The newest run that the browser had drawn when it sent what came."""
    return min(max(_number(st.session_state.get(field)) for field in (PAGE, PART)), _run())


def _number(field: Any) -> int:
    """Of a run; 0 where the field has none."""
    return int(field) if re.fullmatch("[0-9]{1,9}", str(field)) else 0


def _choices() -> dict[str, _Choice]:
    found: dict[str, _Choice] = st.session_state.setdefault(CHOSEN, {})
    return found
