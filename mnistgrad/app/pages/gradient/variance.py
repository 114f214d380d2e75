"""Variance three ways: of the columns, of the rows, and of each weight over the images."""

import streamlit as st

from mnistgrad.app.cards.gradient import variance as cards
from mnistgrad.app.cards.gradient.variance import Chosen
from mnistgrad.app.controls import State
from mnistgrad.app.kept import results
from mnistgrad.app.pages.gradient.check import show_check
from mnistgrad.app.pages.gradient.choice import take_column, take_row
from mnistgrad.app.parts import fields
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.page import columns, heading, more, prose, theme
from mnistgrad.captions import gradient as gradient_says
from mnistgrad.captions import variance as says


def show(state: State) -> None:
    """The variance that the reader asks for."""
    title = st.container()  # filled once it is known what is asked for
    with st.container(horizontal=True, vertical_alignment="bottom", key="weight"):
        asked = cards.chosen(state, fields)
    layer = asked.weight.layer
    with title:
        found = results.weight_gradient(state, layer)
        lede = gradient_says.lede(found) if asked.of == "columns" else ""
        heading(gradient_says.kicker(found), gradient_says.headline(found), lede)
    {"columns": _columns, "rows": _rows, "over images": _over_images}[asked.of](state, asked)
    show_check(state, layer)


def _columns(state: State, asked: Chosen) -> None:
    shown, weight = cards.columns(state, asked, theme()), asked.weight
    if weight.layer == "w1":
        card(shown, take_column, weight.column)
    else:
        card(shown, take_row)


def _rows(state: State, asked: Chosen) -> None:
    shown = cards.rows(state, asked, theme())
    if not shown:
        prose(says.ONE_NUMBER if asked.weight.layer == "w2" else says.NO_ROW_VARIES)
        return
    for spot, each in zip(columns("rows", [66, 34]), shown, strict=True):
        with spot:
            card(each, take_row)


def _over_images(state: State, asked: Chosen) -> None:
    if state.n == 1:
        prose(says.ONE_IMAGE)
        return
    if shown := cards.over_images(state, asked, theme()):
        card(shown, take_row)
    else:
        prose(cards.images_sentence(state, asked.weight))
    if opened := more("over-images"):
        with opened:
            prose(says.ratio_sentence(asked.weight.layer, state.n))
            if signal := cards.signal_to_noise(state, asked, theme()):
                card(signal, take_column)
