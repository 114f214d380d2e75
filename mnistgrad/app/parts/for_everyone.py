"""Mends what Streamlit and Vega leave out for those who hear a page, or go through it by keys."""

from pathlib import Path

import streamlit as st

from mnistgrad.captions.viewing import SPOKEN
from mnistgrad.player.script import module

JS = module("for_everyone", Path(__file__).parent)
_page = st.components.v2.component("mnistgrad_for_everyone", html="<span></span>", js=JS)


def reach_everyone() -> None:
    """Mount what gives the names, and shows nothing itself."""
    with st.container(key="browser-watch-everyone"):
        _page(key="for-everyone", data=SPOKEN)
