"""The one card: a title, one sentence that says what to see, the picture, and its export."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import streamlit as st

from mnistgrad.app.cards.card import Card, about
from mnistgrad.app.link import place
from mnistgrad.app.link import query as link_query
from mnistgrad.app.parts import viewing
from mnistgrad.app.parts.diagram_view import show_diagram
from mnistgrad.app.parts.full_screen import full_screen_link
from mnistgrad.app.parts.heard import entry, heard, whole
from mnistgrad.app.parts.page import prose, theme
from mnistgrad.captions.glossary import explained
from mnistgrad.pictures.about import About, Purpose
from mnistgrad.pictures.charts.look import PICK, Chart
from mnistgrad.pictures.export import PICTURES, Picture, export, file_name, formats_of

USES: Mapping[Purpose, str] = {"screen": "As it is", "slides": "For slides", "print": "For print"}
OnPick = Callable[[int], None]


def card(shown: Card, pick: OnPick | None = None, picked: int | None = None, plays: bool = False) -> None:
    """With its one picture, or its words alone where it has none.

    pick: told the row, or what a chart calls `pick`, that was clicked; picked: the one chosen now, where a chart is clicked.
    plays: a diagram that changes by itself; its sentence is drawn with it, since Streamlit would show the one before the other.
    """
    viewing.note(shown.key)
    if viewing.leaves_out(shown.key):
        return
    pictures, key = shown.pictures(), shown.key
    if not pictures:
        with st.container(key=f"card-{key}"):
            _words(shown.title, shown.sentence)
        return
    (picture,) = pictures.values()
    with framed(shown, told=not plays):
        if isinstance(picture, Chart):
            st.html(f"<style>.st-key-chart-{key} {{ --least: {picture.least:g}px }}</style>")  # style.css does the rest
            with st.container(key=f"chart-{key}"):
                _show_chart(picture, f"{key}-{picked}", pick)
        else:
            show_diagram(picture, f"diagram-{key}", pick, explained(shown.sentence) if plays else "")


@contextmanager
def framed(shown: Card, told: bool = True) -> Iterator[None]:
    """A card around whatever is drawn inside; its pictures are what is exported, made once somebody opens the menu.

    told: whether its sentence is drawn here.
    """
    viewing.note(shown.key)
    with st.container(key=f"card-{shown.key}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="top", wrap=False, key=f"head-{shown.key}"):
            with st.container(width="stretch"):
                _words(shown.title, shown.sentence if told else "")
            full_screen_link(shown.key)
            _export_menu(shown)
        yield
        if shown.line:
            with st.container(key=f"line-{shown.key}"):  # style.css makes it small
                st.code(shown.line, "python", wrap_lines=True)


def _words(title: str, sentence: str) -> None:
    st.header(title, anchor=False)
    if sentence:
        prose(sentence)


def _show_chart(chart: Chart, key: str, pick: OnPick | None) -> None:
    """key: it changes with what is chosen, so that no old selection is left to stand for a new one."""
    if pick is None:
        st.vega_lite_chart(chart.spec_in_arrow, theme=None, width="stretch", alt=chart.description)
        return

    def selected() -> None:
        told = entry(heard(key, "selection"), PICK)
        for chosen in told if isinstance(told, list) else ():
            if (row := whole(entry(chosen, PICK))) is not None:
                pick(row)

    st.vega_lite_chart(
        chart.spec_in_arrow,
        theme=None,
        width="stretch",
        alt=chart.description,
        key=key,
        on_select=selected,
        selection_mode=PICK,
    )


def _export_menu(shown: Card) -> None:
    menu = st.popover(  # style.css shows its icon alone
        "Export", type="tertiary", icon=":material/download:", width="content", key=f"export-{shown.key}", on_change="rerun"
    )
    if not menu.open:
        return
    (address, page), query = place(), link_query()
    with menu:
        _files(shown, about(shown, page, query, address))


@st.fragment
def _files(shown: Card, told: About) -> None:
    """What they are for, and the files for that."""
    use = st.segmented_control(
        "For",
        list(USES),
        default="screen",
        format_func=USES.__getitem__,
        key=f"use-{told.key}",
        label_visibility="collapsed",
        required=True,
    )
    clear = use == "slides" and st.toggle("Transparent", key=f"clear-{told.key}")
    purpose: Purpose = "slides-clear" if clear else use
    for title, picture in shown.drawn_for(purpose, told).items():
        if title:
            st.caption(title)
        formats = formats_of(picture)
        for names in [PICTURES] if use != "screen" else [PICTURES, formats.keys() - PICTURES]:
            with st.container(horizontal=True, gap="xsmall"):
                for name in (name for name in formats if name in names):
                    _file_button(picture, name, told.named(title), purpose)


def _file_button(picture: Picture, name: str, told: About, purpose: Purpose) -> None:
    kind = formats_of(picture)[name]
    st.download_button(
        name,
        partial(export, picture, name, told, purpose),
        file_name(told, picture, theme(), purpose, kind.ending),
        kind.media_type,
        key=f"{told.key}-{picture.name}-{kind.ending}",
        on_click="ignore",
    )
