"""Back and Forward: one press undoes one action. And what the players keep in the link by themselves, told to the server."""

from pathlib import Path

import streamlit as st

from mnistgrad.player.script import module

KEY = "history"
JS = module("history", Path(__file__).parent)
_watch = st.components.v2.component("mnistgrad_history", html="<span></span>", js=JS)


def watch_history() -> None:
    """Mount what stands between the page and the browser's history; it shows nothing."""
    _watch(key=KEY, on_own_change=lambda: None)
