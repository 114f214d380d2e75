"""The one card: a title, one sentence that says what to see, the picture, and its export."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from mnistgrad.app.cards.card import Card, about
from mnistgrad.app.parts.diagram_view import show_diagram
from mnistgrad.app.parts.page import prose, theme
from mnistgrad.captions.glossary import explained
from mnistgrad.pictures.about import About
from mnistgrad.pictures.charts.look import PICK, Chart
from mnistgrad.pictures.export import Picture, export, file_name, formats_of

OnPick = Callable[[int], None]


def card(shown: Card, pick: OnPick | None = None, picked: int | None = None, plays: bool = False) -> None:
    """With its one picture, or its words alone where it has none.

    pick: told the row, or what a chart calls `pick`, that was clicked; picked: the one chosen now, where a chart is clicked.
    plays: a diagram that changes by itself; its sentence is drawn with it, since Streamlit would show the one before the other.
    """
    pictures, key = shown.pictures(), shown.key
    if not pictures:
        with st.container(key=f"card-{key}"):
            _words(shown.title, shown.sentence)
        return
    (picture,) = pictures.values()
    with framed(replace(shown, pictures=lambda: pictures), told=not plays):
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
    with st.container(key=f"card-{shown.key}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="top", wrap=False, key=f"head-{shown.key}"):
            with st.container(width="stretch"):
                _words(shown.title, shown.sentence if told else "")
            _export_menu(shown)
        yield


def _words(title: str, sentence: str) -> None:
    st.subheader(title, anchor=False)
    if sentence:
        prose(sentence)


def _show_chart(chart: Chart, key: str, pick: OnPick | None) -> None:
    """key: it changes with what is chosen, so that no old selection is left to stand for a new one."""
    if pick is None:
        st.vega_lite_chart(chart.spec_in_arrow, theme=None, width="stretch", alt=chart.description)
        return

    def selected() -> None:
        for chosen in st.session_state[key].selection.get(PICK, []):
            pick(int(chosen[PICK]))

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
    url = urlsplit(st.context.url or "")
    base, _, page = url.path.rpartition("/")
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    with menu:
        for title, picture in shown.pictures().items():
            if title:
                st.caption(title)
            with st.container(horizontal=True, gap="xsmall"):
                _file_buttons(picture, about(shown, page or "story", query, url._replace(path=base).geturl()))


def _file_buttons(picture: Picture, told: About) -> None:
    for name, kind in formats_of(picture).items():
        st.download_button(
            name,
            partial(export, picture, name, told),
            file_name(told, picture, theme(), "screen", kind.ending),
            kind.media_type,
            key=f"{told.key}-{picture.name}-{kind.ending}",
            on_click="ignore",
        )
