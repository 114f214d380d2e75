"""What the page needs of the browser and Streamlit does not do.

It runs again when the reader's theme changes, or their window becomes as narrow as a phone, since the pictures are drawn for
these. And the pickers of the step-by-step page
let go of the keyboard after a click, so that the arrow keys go on through the steps. The menu of pages, which lies over the page
on a phone, closes once one is chosen. And what is typed into number fields is read.
"""

from pathlib import Path

import streamlit as st

from mnistgrad.app.parts import viewing
from mnistgrad.app.parts.history import watch_history
from mnistgrad.app.parts.typed_numbers import watch_typed_numbers
from mnistgrad.player.script import script

JS = script("browser_watch", Path(__file__).parent)
_watch = st.components.v2.component("mnistgrad_browser_watch", html="<span></span>", js=JS)


def watch_browser() -> None:
    """Mount the watcher; it shows nothing."""
    with st.container(key="browser-watch"):
        _watch(
            key=viewing.WATCHER,
            data={"narrow": viewing.is_narrow()},
            on_changed_change=lambda: None,
            on_narrow_change=lambda: None,
        )
        watch_typed_numbers()
        watch_history()
