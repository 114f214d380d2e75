"""One column on the image, how far the rows are from a copy, and all columns side by side."""

import streamlit as st

from mnistgrad.app.controls import SCALE, State
from mnistgrad.app.keeping import PICTURES, STATES
from mnistgrad.app.kept import results
from mnistgrad.app.pages.gradient import singular_values
from mnistgrad.app.pages.gradient.choice import ChosenWeight, take_column, take_row
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.fields import choice as choose
from mnistgrad.app.parts.page import columns, theme
from mnistgrad.captions import units as says
from mnistgrad.captions.gradient import UNITS
from mnistgrad.gradient.rows import Rows, rows_of
from mnistgrad.gradient.statistics import colour_limit
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.units.distance_map import distance_map
from mnistgrad.pictures.diagrams.units.unit_bars import unit_bars
from mnistgrad.pictures.diagrams.units.unit_map import unit_map
from mnistgrad.pictures.diagrams.units.unit_tiles import unit_tiles
from mnistgrad.pictures.palette import PALETTES


def show(state: State, choice: ChosenWeight) -> None:
    """Maps or bars, the singular values, and the tiles."""
    found = results.weight_gradient(state, choice.layer)
    if found.is_zero:
        st.info(says.nothing_sentence(found), icon=":material/info:")
    elif choice.layer == "w2":
        _show_bars(state, choice)
        _show_identity(state, choice.layer)
    else:
        _show_maps(state, choice)
        _show_identity(state, choice.layer)
        singular_values.show_vectors(state)
        _show_tiles(state, choice)


def _show_maps(state: State, choice: ChosenWeight) -> None:
    found, rows, look = results.weight_gradient(state, choice.layer), rows_in(state, choice.layer), theme()
    left, middle, right = columns("units", [1, 1, 1])
    with left:
        sentence = says.map_sentence(found, rows, choice.column)
        card(
            says.map_title(choice.column), sentence, map_picture(state, choice.column, choice.row, look), state, "unit", take_row
        )
    with middle:
        picture = distance_picture(state, choice.row, look)
        card(says.DISTANCE_TITLE, says.distance_sentence(found, rows), picture, state, "distances", take_row)
    with right:
        singular_values.show_chart(state)


def _show_bars(state: State, choice: ChosenWeight) -> None:
    found = results.weight_gradient(state, choice.layer)
    picture = bars_picture(state, choice.row, theme())
    card(says.BARS_TITLE, says.bars_sentence(found), picture, state, "w2-units", take_row)
    singular_values.show_one_value(state, choice.layer)


def _show_identity(state: State, layer: str) -> None:
    with st.container(border=True, key="identity"):
        st.subheader(says.IDENTITY_TITLE, anchor=False)
        st.markdown(says.identity_sentence(results.weight_gradient(state, layer), rows_in(state, layer)))


def _show_tiles(state: State, choice: ChosenWeight) -> None:
    found, rows = results.weight_gradient(state, choice.layer), rows_in(state, choice.layer)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.header(says.tiles_heading(found), anchor=UNITS, width="content")
        shared = choose(SCALE, label_visibility="collapsed") == "shared"
    limit = colour_limit(results.gradients_of(state).w1) if shared else None
    picture = tiles_picture(state, choice.column, shared, theme())
    card(says.TILES_TITLE, says.tiles_sentence(found, rows, limit), picture, state, "units", take_column)


@STATES.keep
def rows_in(state: State, layer: str) -> Rows:
    return rows_of(results.weight_gradient(state, layer))


@PICTURES.keep
def map_picture(state: State, column: int, row: int, theme: str) -> Diagram:
    g, copied = results.weight_gradient(state, "w1").g, rows_in(state, "w1").copied
    return unit_map(g[:, column].numpy(), column, row, copied.numpy(), PALETTES[theme])


@PICTURES.keep
def distance_picture(state: State, row: int, theme: str) -> Diagram:
    return distance_map(rows_in(state, "w1").distances.numpy(), row, PALETTES[theme])


@PICTURES.keep
def bars_picture(state: State, row: int, theme: str) -> Diagram:
    found = results.weight_gradient(state, "w2")
    return unit_bars(found.g[:, 0].numpy(), found.copies.numpy(), found.background * found.b_g.item(), row, PALETTES[theme])


@PICTURES.keep
def tiles_picture(state: State, column: int, shared: bool, theme: str) -> Diagram:
    found = results.weight_gradient(state, "w1")
    limit = colour_limit(results.gradients_of(state).w1) if shared else None
    return unit_tiles(found.g.numpy(), found.off.numpy(), column, limit, PALETTES[theme])
