"""One weight: its gradient as the sum of a term for each image."""

from functools import partial

from mnistgrad.app.cards.card import Card
from mnistgrad.app.cards.fields import Link
from mnistgrad.app.cards.gradient.choice import ChosenWeight, choose_layer, choose_weight
from mnistgrad.app.controls import State
from mnistgrad.app.keeping import LAYERS, PICTURES
from mnistgrad.app.kept import results
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.captions import copied_lines
from mnistgrad.captions import one_weight as says
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
    return image_strip(found, source.images[images], source.labels[images].tolist(), PALETTES[look], source.kind)


@PICTURES.keep
def running_picture(state: State, choice: ChosenWeight, look: str) -> Chart:
    return running_sum_chart(weight_of(state, choice), PALETTES[look])


def terms(state: State, choice: ChosenWeight, look: str) -> list[Card]:
    """All terms, and the images of the largest; none where every term is zero."""
    found = weight_of(state, choice)
    if found.zeros == found.n:
        return []
    title, sentence = says.images_title(found), says.images_sentence(found)
    place = choice.layer, choice.row, choice.column
    return [
        Card.of_one(
            "terms",
            says.terms_title(found),
            says.terms_sentence(found),
            state,
            partial(terms_picture, state, choice),
            look,
            copied_lines.terms(*place),
        ),
        Card.of_one("images", title, sentence, state, partial(images_picture, state, choice), look),
    ]


def running_sum(state: State, choice: ChosenWeight, look: str) -> Card | None:
    """For a specialist; None of one image, and where every term is zero."""
    found = weight_of(state, choice)
    if found.n == 1 or found.zeros == found.n:
        return None
    sentence, line = says.running_sentence(found), copied_lines.running_sum(choice.layer, choice.row, choice.column)
    return Card.of_one("running-sum", says.RUNNING_TITLE, sentence, state, partial(running_picture, state, choice), look, line)


def cards(link: Link, look: str) -> list[Card]:
    state = link.state()
    choice = choose_weight(state, choose_layer(link), link)
    running = running_sum(state, choice, look)
    return [*terms(state, choice, look), *([running] if running else [])]
