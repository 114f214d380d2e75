"""Explains the glossary's words where they are pointed at, focused or tapped."""

from pathlib import Path

import streamlit as st

from mnistgrad.captions.glossary import ANCHOR, meanings
from mnistgrad.player.script import module

_words = st.components.v2.component("mnistgrad_glossary", html="<span></span>", js=module("glossary", Path(__file__).parent))


def explain_words() -> None:
    """Mount what shows the meanings, and shows nothing itself. `mnistgrad.captions.glossary.explained` makes the words."""
    with st.container(key="browser-watch-glossary"):
        _words(key="glossary", data={"anchor": ANCHOR, "meanings": meanings()})
