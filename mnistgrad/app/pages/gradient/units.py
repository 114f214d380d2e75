"""The columns on the image: one of them, and all side by side."""

import streamlit as st

from mnistgrad.app.cards.gradient import units as cards
from mnistgrad.app.controls import State
from mnistgrad.app.kept import results
from mnistgrad.app.pages.gradient.check import show_check
from mnistgrad.app.pages.gradient.choice import take_column, take_row
from mnistgrad.app.parts import fields
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.page import columns, heading, prose, theme
from mnistgrad.captions import units as says
from mnistgrad.captions.gradient import kicker


def show(state: State) -> None:
    """Maps and tiles, or the bars of a layer with one column."""
    title = st.container()  # filled once the layer is known
    with st.container(horizontal=True, vertical_alignment="bottom", key="weight"):
        weight, shared = cards.chosen(state, fields)
    found = results.weight_gradient(state, weight.layer)
    with title:
        heading(kicker(found), says.headline(found), "")
    if found.is_zero:
        st.info(says.nothing_sentence(found), icon=":material/info:")
    else:
        shown = cards.units(state, weight, shared, theme())
        if weight.layer == "w2":
            card(shown[0], take_row)
        else:
            for spot, each, take in zip(columns("units", [34, 66]), shown, (take_row, take_column), strict=True):
                with spot:
                    card(each, take)
        with st.expander("More"):
            prose(says.identity_sentence(found, results.rows_of(state, weight.layer)))
    show_check(state, weight.layer)
