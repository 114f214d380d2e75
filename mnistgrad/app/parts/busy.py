"""Tells a reader that the server is busy, where what they asked for does not come soon. The page keeps what it shows."""

from pathlib import Path

import streamlit as st

from mnistgrad.captions import jobs as says
from mnistgrad.player.script import module

_busy = st.components.v2.component("mnistgrad_busy", html="<span></span>", js=module("busy", Path(__file__).parent))


def tell_when_busy() -> None:
    """Mount what tells it, in the browser: a server that is busy would say so too late."""
    with st.container(key="browser-watch-busy"):
        _busy(key="busy", data=says.BUSY)
