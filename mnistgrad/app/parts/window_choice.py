"""What the reader looks at in numbers: three images, five pixels, four units, and one cell of the result. All in the link."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

import streamlit as st

from mnistgrad.app.controls import CELL, FIRST_THUMBNAIL, IMAGES, PIXEL, UNIT, Numeric, State
from mnistgrad.app.kept import pictures, results
from mnistgrad.app.parts.diagram_view import show_diagram
from mnistgrad.app.parts.fields import choice, number, optional_number
from mnistgrad.app.parts.page import columns, prose, theme
from mnistgrad.captions import numbers_shown as says
from mnistgrad.trace.cells import Chosen, cell_at, liveliest_cell
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import WINDOW_UNITS, Pick, Window


def window_controls(state: State, form: str, shown: bool) -> Pick:
    """The controls for images, pixels and units, with pictures to click if shown; what is left empty is chosen for the reader."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for place, control in enumerate(IMAGES[: state.n]):
            optional_number(control, state.n - 1, place)
        images = _chosen_images(state.n)
        pick = Pick(() if _all_left_to_us(state.n) else tuple(dict.fromkeys(images)))
        ours = results.window_of(state, form, pick)
        pixel = optional_number(PIXEL, PIXEL.high, ours.pixels[0])
        unit = optional_number(UNIT, max(state.nh - WINDOW_UNITS, 0), ours.units[0])
        st.button("Choose for me", on_click=_let_go, key="choose-for-me")
    pick = replace(pick, pixel=pixel, unit=unit)
    if shown:
        _pictures(state, form, pick, images)
    return pick


def _pictures(state: State, form: str, pick: Pick, images: list[int]) -> None:
    """Thumbnails and the map of the pixels; a click chooses."""
    look = theme()
    thumbnails, pixel_map = columns("choose", [62, 38])
    with thumbnails:
        first = number(replace(FIRST_THUMBNAIL, high=state.n - 1, depends=False))
        picture = pictures.thumbnails_picture(state.n, first, tuple(images), look)
        show_diagram(picture, "image-choice", partial(_take_image, state.n))
    with pixel_map:
        prose(says.picker_sentence())
        show_diagram(pictures.pixel_picker_picture(state, form, pick, look), "pixel-choice", lambda pixel: _take(PIXEL, pixel))


def _chosen_images(n: int) -> list[int]:
    """As many as the batch allows; where none is chosen, the one of that place."""
    held = [st.session_state.get(control.key) for control in IMAGES[:n]]
    return [place if image is None else image for place, image in enumerate(held)]


def _all_left_to_us(n: int) -> bool:
    return all(st.session_state.get(control.key) is None for control in IMAGES[:n])


def _take_image(n: int, image: int) -> None:
    """Choose the image that was clicked instead of the one chosen longest ago."""
    images = _chosen_images(n)
    if image not in images:
        for control, chosen in zip(IMAGES, [*images[1:], image], strict=False):
            st.session_state[control.key] = chosen


def _take(control: Numeric, value: int) -> None:
    st.session_state[control.key] = value


def _let_go() -> None:
    for control in (*IMAGES, PIXEL, UNIT):
        st.session_state[control.key] = None


def choose_cell(operations: Sequence[Operation], place: int, window: Window) -> Chosen:
    """The cell that is written out: a control for each axis of the result that the window has several of."""
    start = liveliest_cell(window)
    at = {"n": start.image, "i": start.pixel, "j": start.unit}
    with st.container(horizontal=True, key="cell"):
        for letter, cell in CELL.items():
            control = replace(cell, options=tuple(window.indices(letter)), start=at[letter], depends=False)
            if st.session_state.get(cell.key) not in control.options:
                st.session_state.pop(cell.key, None)
            if letter not in operations[place].axes or len(control.options) == 1:
                at[letter] = st.session_state.get(cell.key, at[letter])
                continue
            at[letter] = choice(control)
    return Chosen(at["n"], at["i"], at["j"])


def take_cell(operations: Sequence[Operation], place: int, window: Window, chosen: Chosen, row: int) -> None:
    """Choose the cell that was clicked; none where it was one of a larger table, which the browser still showed."""
    with suppress(ValueError):
        _take_cell(cell_at(operations, place, window, row, chosen))


def _take_cell(cell: Chosen) -> None:
    for control, index in zip(CELL.values(), (cell.image, cell.pixel, cell.unit), strict=True):
        st.session_state[control.key] = index
