"""The columns on the image: one of them, and all side by side."""

import streamlit as st

from mnistgrad.app.controls import SCALE, State
from mnistgrad.app.keeping import PICTURES
from mnistgrad.app.kept import results
from mnistgrad.app.pages.gradient.check import show_check
from mnistgrad.app.pages.gradient.choice import ChosenWeight, choose_layer, choose_weight, take_column, take_row
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.fields import choice as choose
from mnistgrad.app.parts.page import columns, heading, prose, theme
from mnistgrad.captions import units as says
from mnistgrad.captions.gradient import kicker
from mnistgrad.gradient.statistics import colour_limit
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.units.unit_bars import unit_bars
from mnistgrad.pictures.diagrams.units.unit_map import unit_map
from mnistgrad.pictures.diagrams.units.unit_tiles import unit_tiles
from mnistgrad.pictures.palette import PALETTES


def show(state: State) -> None:
    """Maps and tiles, or the bars of a layer with one column."""
    title = st.container()  # filled once the layer is known
    with st.container(horizontal=True, vertical_alignment="bottom", key="weight"):
        layer = choose_layer()
        found = results.weight_gradient(state, layer)
        choice = choose_weight(state, layer, not found.is_zero, not found.is_zero)
        shared = layer == "w1" and not found.is_zero and choose(SCALE) == "shared"
    with title:
        heading(kicker(found), says.headline(found), "")
    if found.is_zero:
        st.info(says.nothing_sentence(found), icon=":material/info:")
    else:
        if layer == "w2":
            picture = bars_picture(state, choice.row, theme())
            card(says.BARS_TITLE, says.bars_sentence(found), picture, state, "w2-units", take_row)
        else:
            _show_columns(state, choice, shared)
        with st.expander("More"):
            prose(says.identity_sentence(found, results.rows_of(state, layer)))
    show_check(state, layer)


def _show_columns(state: State, choice: ChosenWeight, shared: bool) -> None:
    found, rows, look = results.weight_gradient(state, "w1"), results.rows_of(state, "w1"), theme()
    left, right = columns("units", [34, 66])
    with left:
        picture = map_picture(state, choice.column, choice.row, look)
        card(says.map_title(choice.column), says.map_sentence(found, rows, choice.column), picture, state, "unit", take_row)
    with right:
        limit = colour_limit(results.gradients_of(state).w1) if shared else None
        picture = tiles_picture(state, choice.column, shared, look)
        card(says.tiles_title(found), says.tiles_sentence(found, rows, limit), picture, state, "units", take_column)


@PICTURES.keep
def map_picture(state: State, column: int, row: int, theme: str) -> Diagram:
    g, copied = results.weight_gradient(state, "w1").g, results.rows_of(state, "w1").copied
    return unit_map(g[:, column].numpy(), column, row, copied.numpy(), PALETTES[theme])


@PICTURES.keep
def bars_picture(state: State, row: int, theme: str) -> Diagram:
    found = results.weight_gradient(state, "w2")
    return unit_bars(found.g[:, 0].numpy(), found.copies.numpy(), found.background * found.b_g.item(), row, PALETTES[theme])


@PICTURES.keep
def tiles_picture(state: State, column: int, shared: bool, theme: str) -> Diagram:
    found = results.weight_gradient(state, "w1")
    limit = colour_limit(results.gradients_of(state).w1) if shared else None
    return unit_tiles(found.g.numpy(), found.off.numpy(), column, limit, PALETTES[theme])
