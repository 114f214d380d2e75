"""The one card: a title, one sentence that says what to see, the picture, and its export."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode, urlsplit

import streamlit as st

from mnistgrad.app.controls import State
from mnistgrad.app.parts.diagram_view import show_diagram
from mnistgrad.app.parts.page import prose, theme
from mnistgrad.captions.glossary import explained
from mnistgrad.pictures.about import About
from mnistgrad.pictures.charts.look import PICK, Chart
from mnistgrad.pictures.export import Picture, export, file_name, formats_of

OnPick = Callable[[int], None]


def card(
    title: str,
    sentence: str,
    picture: Picture,
    state: State,
    key: str,
    pick: OnPick | None = None,
    picked: int | None = None,
    plays: bool = False,
) -> None:
    """key: of the card; it stays the same when the picture changes. pick: told the row, or what a chart calls `pick`, that
    was clicked; picked: the one chosen now, where a chart is clicked. plays: a diagram that changes by itself; its sentence is
    drawn with it, since Streamlit would show the one before the other.
    """
    with framed(title, "" if plays else sentence, lambda: {"": picture}, state, key):
        if isinstance(picture, Chart):
            st.html(f"<style>.st-key-chart-{key} {{ --least: {picture.least:g}px }}</style>")  # style.css does the rest
            with st.container(key=f"chart-{key}"):
                _show_chart(picture, f"{key}-{picked}", pick)
        else:
            show_diagram(picture, f"diagram-{key}", pick, explained(sentence) if plays else "")


@contextmanager
def framed(title: str, sentence: str, pictures: Callable[[], Mapping[str, Picture]], state: State, key: str) -> Iterator[None]:
    """A card around whatever is drawn inside. pictures: what is exported, by its name; made once somebody opens the menu."""
    with st.container(key=f"card-{key}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="top", wrap=False, key=f"head-{key}"):
            with st.container(width="stretch"):
                st.subheader(title, anchor=False)
                if sentence:
                    prose(sentence)
            _export_menu(pictures, state, About(title, sentence, page=_page(), key=key))
        yield


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


def _page() -> str:
    """Its name in the link."""
    return urlsplit(st.context.url or "").path.rpartition("/")[2] or "story"


def _export_menu(pictures: Callable[[], Mapping[str, Picture]], state: State, about: About) -> None:
    menu = st.popover(  # style.css shows its icon alone
        "Export", type="tertiary", icon=":material/download:", width="content", key=f"export-{about.key}", on_change="rerun"
    )
    if not menu.open:
        return
    link = f"{st.context.url}?{urlencode({name: st.query_params.get_all(name) for name in st.query_params}, doseq=True)}"
    with menu:
        for title, picture in pictures().items():
            if title:
                st.caption(title)
            with st.container(horizontal=True, gap="xsmall"):
                _file_buttons(picture, replace(about, state=state.line, link=link))


def _file_buttons(picture: Picture, about: About) -> None:
    for name, kind in formats_of(picture).items():
        st.download_button(
            name,
            partial(export, picture, name, about),
            file_name(about, picture, theme(), "screen", kind.ending),
            kind.media_type,
            key=f"{about.key}-{picture.name}-{kind.ending}",
            on_click="ignore",
        )
