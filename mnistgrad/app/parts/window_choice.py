"""What the reader looks at in numbers: three images, five pixels and four units. All in the link."""

from dataclasses import replace
from functools import partial

import streamlit as st

from mnistgrad.app.cards.steps import chosen_window, images_held
from mnistgrad.app.choosing import choose, chosen
from mnistgrad.app.controls import FIRST_THUMBNAIL, IMAGES, PIXEL, UNIT, State
from mnistgrad.app.kept import pictures
from mnistgrad.app.parts import fields
from mnistgrad.app.parts.diagram_view import show_diagram
from mnistgrad.app.parts.fields import number
from mnistgrad.app.parts.page import columns, prose, theme
from mnistgrad.captions import numbers_shown as says
from mnistgrad.trace.window import Pick


def window_controls(state: State, form: str, shown: bool) -> Pick:
    """The controls for images, pixels and units, with pictures to click if shown; what is left empty is chosen for the reader."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pick = chosen_window(state, form, fields)
        st.button("Choose for me", on_click=_let_go, key="choose-for-me")
    if shown:
        _pictures(state, form, pick)
    return pick


def _pictures(state: State, form: str, pick: Pick) -> None:
    """Thumbnails and the map of the pixels; a click chooses."""
    look = theme()
    thumbnails, pixel_map = columns("choose", [62, 38])
    with thumbnails:
        first = number(replace(FIRST_THUMBNAIL, high=state.n - 1, depends=False))
        picture = pictures.thumbnails_picture(state.images, state.n, first, tuple(_chosen_images(state.n)), look)
        show_diagram(picture, "image-choice", partial(_take_image, state.n))
    with pixel_map:
        prose(says.picker_sentence())
        show_diagram(pictures.pixel_picker_picture(state, form, pick, look), "pixel-choice", partial(choose, PIXEL))


def _chosen_images(n: int) -> list[int]:
    """As many as the batch allows; where none is chosen, the one of that place."""
    return images_held([chosen(control) for control in IMAGES[:n]])


def _take_image(n: int, image: int) -> None:
    """Choose the image that was clicked instead of the one chosen longest ago."""
    images = _chosen_images(n)
    if image not in images:
        for control, held in zip(IMAGES, [*images[1:], image], strict=False):
            choose(control, held)


def _let_go() -> None:
    for control in (*IMAGES, PIXEL, UNIT):
        choose(control, None)
