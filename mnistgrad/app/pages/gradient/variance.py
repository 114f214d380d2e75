"""Variance three ways: of the columns, of the rows, and of each weight over the images."""

import streamlit as st

from mnistgrad.app.controls import ORDER, VARIANCE_OF, State
from mnistgrad.app.keeping import PICTURES, STATES
from mnistgrad.app.kept import results
from mnistgrad.app.pages.gradient.check import show_check
from mnistgrad.app.pages.gradient.choice import ChosenWeight, choose_layer, choose_weight, take_column, take_row
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.fields import choice as choose
from mnistgrad.app.parts.page import columns, heading, more, prose, theme
from mnistgrad.captions import gradient as gradient_says
from mnistgrad.captions import variance as says
from mnistgrad.gradient.variance import ImageVariance, image_variance, row_variances
from mnistgrad.pictures.charts.column_variance import column_variance_chart
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.units.distance_map import distance_map
from mnistgrad.pictures.diagrams.variance.bars import deviation_bars
from mnistgrad.pictures.diagrams.variance.lanes import variance_lanes
from mnistgrad.pictures.diagrams.variance.map_images import signal_maps
from mnistgrad.pictures.diagrams.variance.map_matrix import signal_matrix
from mnistgrad.pictures.diagrams.variance.map_rows import row_variance_map
from mnistgrad.pictures.palette import PALETTES


@STATES.keep
def image_variance_of(state: State, layer: str) -> ImageVariance:
    return image_variance(results.weight_gradient(state, layer))


@PICTURES.keep
def columns_picture(state: State, order: str, column: int, look: str) -> Chart:
    return column_variance_chart(results.weight_gradient(state, "w1"), PALETTES[look], order, column)


@PICTURES.keep
def lanes_picture(state: State, row: int, look: str) -> Diagram:
    gradient = results.weight_gradient(state, "w2")
    labels = says.lane_labels(gradient)
    groups = {label: gradient.groups[name].numpy() for name, label in labels.items()}
    spread = {label: gradient.variances[name].item() for name, label in labels.items()}
    return variance_lanes(gradient.g[:, 0].numpy(), groups, spread, row, PALETTES[look])


@PICTURES.keep
def rows_picture(state: State, row: int, look: str) -> Diagram:
    gradient = results.weight_gradient(state, "w1")
    return row_variance_map(row_variances(gradient).numpy(), gradient.copies.numpy(), row, PALETTES[look])


@PICTURES.keep
def distance_picture(state: State, row: int, look: str) -> Diagram:
    return distance_map(results.rows_of(state, "w1").distances.numpy(), row, PALETTES[look])


@PICTURES.keep
def maps_picture(state: State, column: int, row: int, look: str) -> Diagram:
    found, copies = image_variance_of(state, "w1"), results.weight_gradient(state, "w1").copies.numpy()
    mean, deviation = found.mean[:, column].numpy(), found.deviation[:, column].numpy()
    return signal_maps(mean, deviation, copies, column, row, PALETTES[look])


@PICTURES.keep
def matrix_picture(state: State, column: int, look: str) -> Diagram:
    return signal_matrix(image_variance_of(state, "w1").signal_to_noise.numpy(), column, PALETTES[look])


@PICTURES.keep
def bars_picture(state: State, order: str, row: int, look: str) -> Diagram:
    found = image_variance_of(state, "w2")
    return deviation_bars(found.mean[:, 0].numpy(), found.deviation[:, 0].numpy(), order, row, PALETTES[look])


def show(state: State) -> None:
    """The variance that the reader asks for."""
    title = st.container()  # filled once it is known what is asked for
    with st.container(horizontal=True, vertical_alignment="bottom", key="weight"):
        layer = choose_layer()
        view = choose(VARIANCE_OF)
        order = choose(ORDER) if (layer, view) in {("w1", "columns"), ("w2", "over images")} else "size"
        compares = view == "over images" and state.n > 1
        asks_row = compares or (layer, view) in {("w2", "columns"), ("w1", "rows")}
        choice = choose_weight(state, layer, compares or view == "columns", asks_row)
    with title:
        found = results.weight_gradient(state, layer)
        lede = gradient_says.lede(found) if view == "columns" else ""
        heading(gradient_says.kicker(found), gradient_says.headline(found), lede)
    {"columns": _columns, "rows": _rows, "over images": _over_images}[view](state, choice, order)
    show_check(state, layer)


def _columns(state: State, choice: ChosenWeight, order: str) -> None:
    title = says.columns_title(choice.layer)
    if choice.layer == "w1":
        sentence = says.columns_sentence(results.weight_gradient(state, "w1"))
        picture = columns_picture(state, order, choice.column, theme())
        card(title, sentence, picture, state, "column-variance", take_column, choice.column)
        return
    sentence = says.lanes_sentence(results.weight_gradient(state, "w2"))
    card(title, sentence, lanes_picture(state, choice.row, theme()), state, "entry-variance", take_row)


def _rows(state: State, choice: ChosenWeight, order: str) -> None:
    gradient = results.weight_gradient(state, choice.layer)
    if choice.layer == "w2" or gradient.off.all():
        prose(says.ONE_NUMBER if choice.layer == "w2" else says.NO_ROW_VARIES)
        return
    left, right = columns("rows", [66, 34])
    with left:
        sentence = says.rows_sentence(gradient, row_variances(gradient).tolist())
        card(says.rows_title(), sentence, rows_picture(state, choice.row, theme()), state, "row-variance", take_row)
    with right:
        sentence = says.distance_sentence(gradient, results.rows_of(state, "w1"))
        card(says.DISTANCE_TITLE, sentence, distance_picture(state, choice.row, theme()), state, "distances", take_row)


def _over_images(state: State, choice: ChosenWeight, order: str) -> None:
    if state.n == 1:
        prose(says.ONE_IMAGE)
        return
    gradient, found = results.weight_gradient(state, choice.layer), image_variance_of(state, choice.layer)
    title = says.images_title(choice.layer, choice.column)
    sentence = says.images_sentence(gradient, found, choice.column)
    if choice.layer == "w2":
        card(title, sentence, bars_picture(state, order, choice.row, theme()), state, "image-variance-w2", take_row)
        _more(state, choice)
        return
    if found.varies[:, choice.column].any():
        picture = maps_picture(state, choice.column, choice.row, theme())
        card(title, sentence, picture, state, "image-variance", take_row)
    else:
        prose(sentence)
    _more(state, choice)


def _more(state: State, choice: ChosenWeight) -> None:
    if opened := more("over-images"):
        found = image_variance_of(state, choice.layer)
        with opened:
            prose(says.ratio_sentence(choice.layer, state.n))
            if choice.layer == "w1" and found.varies.any():
                picture = matrix_picture(state, choice.column, theme())
                card(says.matrix_title(), says.matrix_sentence(found), picture, state, "signal-to-noise", take_column)
