"""Buttons that step through the values of a number field, as quickly as they are pressed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnistgrad.app.choosing import choose, chosen
from mnistgrad.app.control_kinds import Numeric
from mnistgrad.app.parts.heard import LARGEST, entry, heard, whole
from mnistgrad.player.script import module

JS = module("stepper", Path(__file__).parent)
_watch = st.components.v2.component("mnistgrad_stepper", html="<span></span>", js=JS)


def step_button(place: DeltaGenerator, move: str, control: Numeric, key: str, disabled: bool, **look: Any) -> None:
    """move: "First", "Previous", "Next" or "Last"."""
    place.button(move, key=key, on_click=_step, args=(move, control), disabled=disabled, **look)


def watch_presses(control: Numeric, at: int, buttons: Mapping[str, str], enabled: bool = True) -> None:
    """Mount what steps in the browser from `at`, and shows nothing. buttons: their keys."""
    key = f"watch-{control.key}"
    newest_press = f"{key}-newest"

    def stepped() -> None:
        step = heard(key, "step")
        presses, to = whole(entry(step, "presses")), whole(entry(step, "to"), -LARGEST)
        if presses is not None and to is not None:
            told = (presses, to)
            newest = st.session_state.get(newest_press, (0, control.low))
            if told != newest:  # else it was taken before
                st.session_state[newest_press] = max(told, newest)  # a late run may bring an older one after a newer
                _go_to(max(told, newest)[1], control)

    with st.container(key=f"browser-{key}"):
        _watch(
            key=key,
            data={
                "at": at,
                "low": control.low,
                "high": control.high,
                "presses": st.session_state.get(newest_press, (0,))[0],
                "buttons": dict(buttons),
                "enabled": enabled,
            },
            on_step_change=stepped,
        )


def _step(move: str, control: Numeric) -> None:
    at = chosen(control) or control.low
    _go_to({"First": control.low, "Previous": at - 1, "Next": at + 1, "Last": control.high}[move], control)


def _go_to(at: int, control: Numeric) -> None:
    choose(control, min(max(at, control.low), control.high))
