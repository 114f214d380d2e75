"""What the reader looks at in numbers: three images, five pixels and four units. All in the link."""

from dataclasses import replace
from functools import partial

import streamlit as st

from mnistgrad.app.controls import FIRST_THUMBNAIL, IMAGES, PIXEL, UNIT, Numeric, State
from mnistgrad.app.kept import pictures, results
from mnistgrad.app.parts.diagram_view import show_diagram
from mnistgrad.app.parts.fields import number, optional_number
from mnistgrad.app.parts.page import columns, prose, theme
from mnistgrad.captions import numbers_shown as says
from mnistgrad.trace.window import WINDOW_UNITS, Pick


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
        picture = pictures.thumbnails_picture(state.images, state.n, first, tuple(images), look)
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
