"""Variance three ways: of the columns, of the rows, and of each weight over the images."""

from dataclasses import dataclass
from functools import partial

from mnistgrad.app.cards.card import Card
from mnistgrad.app.cards.fields import Fields, Link
from mnistgrad.app.cards.gradient.choice import ChosenWeight, choose_layer, choose_weight
from mnistgrad.app.controls import ORDER, VARIANCE_OF, State
from mnistgrad.app.keeping import PICTURES, STATES
from mnistgrad.app.kept import results
from mnistgrad.captions import copied_lines
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


@dataclass(frozen=True)
class Chosen:
    """weight: the layer, and what is marked of it. of: "columns", "rows" or "over images". order: of the units."""

    weight: ChosenWeight
    of: str
    order: str


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


def chosen(state: State, fields: Fields) -> Chosen:
    """What is asked for, each where it acts."""
    layer = choose_layer(fields)
    of = fields.choice(VARIANCE_OF)
    order = fields.choice(ORDER) if (layer, of) in {("w1", "columns"), ("w2", "over images")} else "size"
    compares = of == "over images" and state.n > 1
    asks_row = compares or (layer, of) in {("w2", "columns"), ("w1", "rows")}
    return Chosen(choose_weight(state, layer, fields, compares or of == "columns", asks_row), of, order)


def columns(state: State, asked: Chosen, look: str) -> Card:
    """How much each column varies, or the entries of the one column."""
    weight = asked.weight
    found, title = results.weight_gradient(state, weight.layer), says.columns_title(weight.layer)
    if weight.layer == "w2":
        picture = partial(lanes_picture, state, weight.row)
        return Card.of_one("entry-variance", title, says.lanes_sentence(found), state, picture, look, copied_lines.variance("w2"))
    sentence = says.columns_sentence(found)
    return Card.of_one(
        "column-variance",
        title,
        sentence,
        state,
        partial(columns_picture, state, asked.order, weight.column),
        look,
        copied_lines.variance("w1"),
    )


def rows(state: State, asked: Chosen, look: str) -> list[Card]:
    """How much each row varies, and how far it is from the first layer's copies; none where there is nothing to see."""
    gradient, row = results.weight_gradient(state, asked.weight.layer), asked.weight.row
    if asked.weight.layer == "w2" or gradient.off.all():
        return []
    sentence = says.rows_sentence(gradient, row_variances(gradient).tolist())
    apart = says.distance_sentence(gradient, results.rows_of(state, "w1"))
    return [
        Card.of_one(
            "row-variance",
            says.rows_title(),
            sentence,
            state,
            partial(rows_picture, state, row),
            look,
            copied_lines.variance("w1", 1),
        ),
        Card.of_one(
            "distances",
            says.DISTANCE_TITLE,
            apart,
            state,
            partial(distance_picture, state, row),
            look,
            copied_lines.distances(gradient.background),
        ),
    ]


def over_images(state: State, asked: Chosen, look: str) -> Card | None:
    """None where nothing varies: for one image, or in a column of zeros."""
    layer, row, column = asked.weight.layer, asked.weight.row, asked.weight.column
    if state.n == 1 or (layer == "w1" and not image_variance_of(state, layer).varies[:, column].any()):
        return None
    title, sentence = says.images_title(layer, column), images_sentence(state, asked.weight)
    if layer == "w2":
        picture = partial(bars_picture, state, asked.order, row)
        return Card.of_one("image-variance-w2", title, sentence, state, picture, look, copied_lines.deviation("w2"))
    return Card.of_one(
        "image-variance",
        title,
        sentence,
        state,
        partial(maps_picture, state, column, row),
        look,
        copied_lines.deviation("w1", column),
    )


def images_sentence(state: State, weight: ChosenWeight) -> str:
    gradient, found = results.weight_gradient(state, weight.layer), image_variance_of(state, weight.layer)
    return says.images_sentence(gradient, found, weight.column)


def signal_to_noise(state: State, asked: Chosen, look: str) -> Card | None:
    """For a specialist; None where nothing varies, and for the second layer."""
    layer, column = asked.weight.layer, asked.weight.column
    if layer == "w2" or state.n == 1 or not image_variance_of(state, layer).varies.any():
        return None
    sentence = says.matrix_sentence(image_variance_of(state, layer))
    return Card.of_one(
        "signal-to-noise",
        says.matrix_title(),
        sentence,
        state,
        partial(matrix_picture, state, column),
        look,
        copied_lines.signal_to_noise(),
    )


def cards(link: Link, look: str) -> list[Card]:
    state = link.state()
    asked = chosen(state, link)
    if asked.of == "columns":
        return [columns(state, asked, look)]
    if asked.of == "rows":
        return rows(state, asked, look)
    return [card for card in (over_images(state, asked, look), signal_to_noise(state, asked, look)) if card]
