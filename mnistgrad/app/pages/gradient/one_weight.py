"""One weight: its gradient as the sum of a term for each image."""

import streamlit as st

from mnistgrad.app.controls import State
from mnistgrad.app.keeping import LAYERS, PICTURES
from mnistgrad.app.kept import results
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.app.pages.gradient.check import show_check
from mnistgrad.app.pages.gradient.choice import ChosenWeight, choose_layer, choose_weight
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.page import columns, heading, more, prose, theme
from mnistgrad.captions import one_weight as says
from mnistgrad.captions.gradient import kicker
from mnistgrad.gradient.one_weight import OneWeight, one_weight
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.charts.one_weight import running_sum_chart, terms_chart
from mnistgrad.pictures.diagrams.images.image_strip import image_strip
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES


@LAYERS.keep
def weight_of(state: State, choice: ChosenWeight) -> OneWeight:
    return one_weight(results.weight_gradient(state, choice.layer), choice.row, choice.column)


@PICTURES.keep
def terms_picture(state: State, choice: ChosenWeight, look: str) -> Chart:
    return terms_chart(weight_of(state, choice), PALETTES[look])


@PICTURES.keep
def images_picture(state: State, choice: ChosenWeight, look: str) -> Diagram:
    found = weight_of(state, choice)
    images, source = [*found.strongest_down, *found.strongest_up], image_set(state.images)
    return image_strip(found, source.images[images], source.labels[images].tolist(), PALETTES[look])


@PICTURES.keep
def running_picture(state: State, choice: ChosenWeight, look: str) -> Chart:
    return running_sum_chart(weight_of(state, choice), PALETTES[look])


def show(state: State) -> None:
    """The view in this state."""
    title = st.container()  # filled once the layer is known
    with st.container(horizontal=True, vertical_alignment="bottom", key="weight"):
        layer = choose_layer()
        choice = choose_weight(state, layer)
    with title:
        matrix = results.weight_gradient(state, layer)
        heading(kicker(matrix), says.headline(weight_of(state, choice), matrix.is_zero), "")
    _show_weight(state, choice)
    show_check(state, layer)


def _show_weight(state: State, choice: ChosenWeight) -> None:
    found, look = weight_of(state, choice), theme()
    if found.zeros == found.n:
        _words(found)
        prose(says.ALL_ZERO)
        return
    left, right = columns("one-weight", [34, 66])
    with left:
        _words(found)
    with right:
        card(says.terms_title(found), says.terms_sentence(found), terms_picture(state, choice, look), state, "terms")
    card(says.images_title(found), says.images_sentence(found), images_picture(state, choice, look), state, "images")
    if found.n > 1 and (opened := more("one-weight")):
        picture = running_picture(state, choice, look)
        with opened:
            card(says.RUNNING_TITLE, says.running_sentence(found), picture, state, "running-sum")


def _words(found: OneWeight) -> None:
    """The formula with numbers, the value and the counts."""
    st.markdown(says.formula(found))
    st.markdown(says.some_terms(found))
    st.metric(found.entry, says.gradient(found))
    prose(says.counts(found))
    if background := says.background(found):
        prose(background)
