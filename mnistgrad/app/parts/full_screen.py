"""Shows a card alone, as large as the screen lets it; Escape goes back."""

from pathlib import Path

import streamlit as st

from mnistgrad.player.script import module

ANCHOR = "#full-screen"  # where the link in a card's head leads; style.css draws it as an icon

_cards = st.components.v2.component(
    "mnistgrad_full_screen", html="<span></span>", js=module("full_screen", Path(__file__).parent)
)


def enlarge_cards() -> None:
    """Mount what answers the links, and shows nothing itself."""
    with st.container(key="browser-watch-full-screen"):
        _cards(key="full-screen", data={"anchor": ANCHOR})


def full_screen_link(key: str) -> None:
    """key: of the card."""
    with st.container(key=f"full-{key}", width="content"):
        st.html(f'<a href="{ANCHOR}" aria-label="Full screen"></a>', width="content")
