"""The one card: a title, one sentence that says what to see, the picture, and its export."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from mnistgrad.app.controls import State
from mnistgrad.app.diagram_view import show_diagram
from mnistgrad.charts.look import Chart
from mnistgrad.export import Picture, export, formats_of


def card(title: str, sentence: str, picture: Picture, state: State, key: str, pick: Callable[[int], None] | None = None) -> None:
    """key: of the card; it stays the same when the picture changes. pick: told the row that was clicked."""
    with st.container(key=f"card-{key}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="top", wrap=False):
            with st.container(width="stretch"):
                st.subheader(title, anchor=False)
                st.markdown(sentence)
            _export_menu(picture, state, key)
        if isinstance(picture, Chart):
            with st.container(key=f"chart-{key}"):
                st.vega_lite_chart(picture.spec, theme=None, width="stretch", alt=picture.description)
        else:
            show_diagram(picture, f"diagram-{key}", pick)


def _export_menu(picture: Picture, state: State, key: str) -> None:
    with st.popover("Export", type="tertiary", icon=":material/download:", width="content"):
        for name, kind in formats_of(picture).items():
            st.download_button(
                name,
                partial(export, picture, name),
                state.file_name(picture.name, kind.ending),
                kind.media_type,
                key=f"{key}-{kind.ending}",
                on_click="ignore",
                width="stretch",
            )
