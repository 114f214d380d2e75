"""One weight: its gradient as the sum of a term for each image."""

import streamlit as st

from mnistgrad.app.cards.gradient import one_weight as cards
from mnistgrad.app.cards.gradient.choice import ChosenWeight, choose_layer, choose_weight
from mnistgrad.app.controls import State
from mnistgrad.app.kept import results
from mnistgrad.app.pages.gradient.check import show_check
from mnistgrad.app.parts import fields
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.page import columns, heading, more, prose, theme
from mnistgrad.captions import one_weight as says
from mnistgrad.captions.gradient import kicker
from mnistgrad.gradient.one_weight import OneWeight


def show(state: State) -> None:
    """The view in this state."""
    title = st.container()  # filled once the layer is known
    with st.container(horizontal=True, vertical_alignment="bottom", key="weight"):
        layer = choose_layer(fields)
        choice = choose_weight(state, layer, fields)
    with title:
        matrix = results.weight_gradient(state, layer)
        heading(kicker(matrix), says.headline(cards.weight_of(state, choice), matrix.is_zero), "")
    _show_weight(state, choice)
    show_check(state, layer)


def _show_weight(state: State, choice: ChosenWeight) -> None:
    found, look = cards.weight_of(state, choice), theme()
    shown = cards.terms(state, choice, look)
    if not shown:
        _words(found)
        prose(says.ALL_ZERO)
        return
    terms, images = shown
    left, right = columns("one-weight", [34, 66])
    with left:
        _words(found)
    with right:
        card(terms)
    card(images)
    if (running := cards.running_sum(state, choice, look)) and (opened := more("one-weight")):
        with opened:
            card(running)


def _words(found: OneWeight) -> None:
    """The formula with numbers, the value and the counts."""
    st.markdown(says.formula(found))
    st.markdown(says.some_terms(found))
    st.metric(found.entry, says.gradient(found))
    prose(says.counts(found))
    if background := says.background(found):
        prose(background)
