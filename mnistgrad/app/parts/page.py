"""What every page shares: its heading, its columns, its palette and the way to the next page."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnistgrad.pictures.palette import PALETTES

ICON = Path(__file__).with_name("icon.png")
STYLE = Path(__file__).with_name("style.css").read_text()
LOOK_AGAIN = 0.3  # seconds


def theme() -> str:
    """The name of the reader's palette; light where their theme is not known."""
    return "dark" if st.context.theme.type == "dark" else "light"


def style() -> None:
    """The page's own style, with the palette as its variables."""
    colours = PALETTES[theme()]
    of = dict(paper=colours.paper, ink=colours.ink, muted=colours.muted, hair=colours.hair, ramp=",".join(colours.values))
    variables = ";".join(f"--{name}:{value}" for name, value in of.items())
    st.html(f"<style>:root{{{variables}}}{STYLE}</style>")


def heading(kicker: str, claim: str, lede: str) -> None:
    st.caption(kicker)
    st.title(claim, anchor=False)
    with st.container(key="lede"):
        st.markdown(lede)


def columns(key: str, widths: list[float]) -> list[DeltaGenerator]:
    """Two columns that stand below each other where a page is narrow; style.css knows them by the key."""
    with st.container(key=f"columns-{key}"):
        return list(st.columns(widths, gap="medium"))


def come_back_when(more: Callable[[], bool], note: str = "") -> None:
    """Shows the note and looks again and again whether there is more to draw; once there is, the whole page runs again."""
    st.fragment(_look, run_every=LOOK_AGAIN)(more, note)


def _look(more: Callable[[], bool], note: str) -> None:
    if more():
        st.rerun()
    if note:
        st.caption(note)


def next_page(key: str, label: str, icon: str = ":material/arrow_forward:") -> None:
    st.divider()
    st.page_link(st.session_state["pages"][key], label=label, icon=icon)
