"""What the page needs of the browser and Streamlit does not do.

It tells how wide the window is before anything is drawn, and runs again when that or the reader's theme changes, since the
pictures are drawn for these, and when a lost connection is back. And the pickers of the step-by-step page let go of the keyboard
after a click, so that the arrow keys go on through the steps. The menu of pages, which lies over the page on a phone, closes once
one is chosen. And what is typed into number fields is read.
"""

from pathlib import Path
from typing import Any

import streamlit as st

from mnistgrad.app.jobs.sessions import this_session
from mnistgrad.app.parts import viewing
from mnistgrad.app.parts.history import watch_history
from mnistgrad.app.parts.typed_numbers import watch_typed_numbers
from mnistgrad.player.script import module

JS = module("browser_watch", Path(__file__).parent)
_watch = st.components.v2.component("mnistgrad_browser_watch", html="<span></span>", js=JS)


def watch_window() -> None:
    """Mount what tells how wide the window is, at first and whenever that changes; it shows nothing."""
    known = {"narrow": viewing.is_narrow(), "session": this_session()}
    told: dict[str, Any] = dict.fromkeys(("on_changed_change", "on_narrow_change", "on_back_change"), lambda: None)
    _watch(key=viewing.WATCHER, data=known, **told)


def watch_browser() -> None:
    """Mount all that watches; it shows nothing."""
    with st.container(key="browser-watch"):
        watch_window()
        watch_typed_numbers()
        watch_history()
