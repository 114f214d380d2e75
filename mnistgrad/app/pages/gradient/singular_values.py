"""How much of the gradient is one outer product, and which."""

import streamlit as st

from mnistgrad.app.controls import State
from mnistgrad.app.keeping import PICTURES, STATES
from mnistgrad.app.kept import results
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.page import theme
from mnistgrad.captions import singular_values as says
from mnistgrad.gradient.outer_product import LeadingVectors, leading_vectors
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.charts.singular_values import singular_values_chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.units.leading_vectors import leading_vectors_diagram
from mnistgrad.pictures.palette import PALETTES

LAYER = "w1"  # the layer with more than one column


def show_chart(state: State) -> None:
    """The singular values of w1.g, which is not all zero."""
    found = results.weight_gradient(state, LAYER)
    card(says.chart_title(found), says.chart_sentence(found), values_picture(state, theme()), state, "singular-values")


def show_vectors(state: State) -> None:
    """The two vectors of its best outer product, and what they mean."""
    found = results.weight_gradient(state, LAYER)
    sentence = says.meaning_sentence(found, vectors_in(state))
    card(says.meaning_title(found), sentence, vectors_picture(state, theme()), state, "leading-vectors")


def show_one_value(state: State, layer: str) -> None:
    """What there is to say of a layer with one column."""
    st.markdown(says.one_value_sentence(results.weight_gradient(state, layer)))


@STATES.keep
def vectors_in(state: State) -> LeadingVectors:
    return leading_vectors(results.weight_gradient(state, LAYER))


@PICTURES.keep
def values_picture(state: State, theme: str) -> Chart:
    return singular_values_chart(results.weight_gradient(state, LAYER), PALETTES[theme])


@PICTURES.keep
def vectors_picture(state: State, theme: str) -> Diagram:
    return leading_vectors_diagram(vectors_in(state), results.weight_gradient(state, LAYER).b_g.numpy(), PALETTES[theme])
