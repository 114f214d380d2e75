"""How much of the gradient is one outer product, and which."""

import streamlit as st

from mnistgrad.app.controls import State
from mnistgrad.app.keeping import PICTURES, STATES
from mnistgrad.app.kept import results
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.page import more, prose, theme
from mnistgrad.captions import singular_values as says
from mnistgrad.gradient.outer_product import LeadingVectors, leading_vectors
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.charts.singular_values import singular_values_chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.units.leading_vectors import leading_vectors_diagram
from mnistgrad.pictures.palette import PALETTES

LAYER = "w1"  # the layer with more than one column


def show(state: State, layer: str) -> None:
    """Behind "More", where there is anything: the singular values, and the two vectors of the best outer product."""
    found = results.weight_gradient(state, layer)
    if found.is_zero:
        return
    if layer != LAYER:
        with st.expander("More"):
            prose(says.one_value_sentence(found))
    elif opened := more("singular-values"):
        with opened:
            _show_best(found, state)


def _show_best(found: WeightGradient, state: State) -> None:
    look = theme()
    card(says.chart_title(found), says.chart_sentence(found), values_picture(state, look), state, "singular-values")
    sentence = says.meaning_sentence(found, vectors_in(state))
    card(says.meaning_title(found), sentence, vectors_picture(state, look), state, "leading-vectors")


@STATES.keep
def vectors_in(state: State) -> LeadingVectors:
    return leading_vectors(results.weight_gradient(state, LAYER))


@PICTURES.keep
def values_picture(state: State, theme: str) -> Chart:
    return singular_values_chart(results.weight_gradient(state, LAYER), PALETTES[theme])


@PICTURES.keep
def vectors_picture(state: State, theme: str) -> Diagram:
    return leading_vectors_diagram(vectors_in(state), results.weight_gradient(state, LAYER).b_g.numpy(), PALETTES[theme])
