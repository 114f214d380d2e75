"""How much of the gradient is one outer product, and which."""

from functools import partial

from mnistgrad.app.cards.card import Card
from mnistgrad.app.controls import State
from mnistgrad.app.keeping import PICTURES, STATES
from mnistgrad.app.kept import results
from mnistgrad.captions import copied_lines
from mnistgrad.captions import singular_values as says
from mnistgrad.gradient.outer_product import LeadingVectors, leading_vectors
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.charts.singular_values import singular_values_chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.units.leading_vectors import leading_vectors_diagram
from mnistgrad.pictures.palette import PALETTES

LAYER = "w1"  # the layer with more than one column


@STATES.keep
def vectors_in(state: State) -> LeadingVectors:
    return leading_vectors(results.weight_gradient(state, LAYER))


@PICTURES.keep
def values_picture(state: State, theme: str) -> Chart:
    return singular_values_chart(results.weight_gradient(state, LAYER), PALETTES[theme])


@PICTURES.keep
def vectors_picture(state: State, theme: str) -> Diagram:
    return leading_vectors_diagram(vectors_in(state), results.weight_gradient(state, LAYER).b_g.numpy(), PALETTES[theme])


def best(state: State, layer: str, look: str) -> list[Card]:
    """For a specialist: the singular values, and the two vectors of the best outer product; none where there is nothing."""
    found = results.weight_gradient(state, layer)
    if found.is_zero or layer != LAYER:
        return []
    title, sentence = says.chart_title(found), says.chart_sentence(found)
    meaning = says.meaning_sentence(found, vectors_in(state))
    return [
        Card.of_one("singular-values", title, sentence, state, partial(values_picture, state), look, copied_lines.SPECTRUM),
        Card.of_one("leading-vectors", says.meaning_title(found), meaning, state, partial(vectors_picture, state), look),
    ]
