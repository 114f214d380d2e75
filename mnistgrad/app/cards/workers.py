"""The sum, split over workers: the parts and their sum, and how long several workers take."""

from functools import partial

from mnistgrad.app.cards.card import Card
from mnistgrad.app.controls import State
from mnistgrad.app.keeping import LAYERS, PICTURES
from mnistgrad.app.kept import results
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.captions import scaling as scaling_says
from mnistgrad.captions import split as says
from mnistgrad.distributed.parts import SplitSum, split_sum
from mnistgrad.distributed.scaling import Scaling
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.charts.scaling import scaling_chart
from mnistgrad.pictures.diagrams.split_sum import shown_images, split_sum_diagram
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES


@LAYERS.keep
def _split(state: State, workers: int) -> SplitSum:
    return split_sum(results.layers_of(state), results.gradients_of(state).w1, workers)


@PICTURES.keep
def split_picture(state: State, workers: int, look: str) -> Diagram:
    found = _split(state, workers)
    return split_sum_diagram(found, image_set(state.images).images[shown_images(found)], PALETTES[look])


@PICTURES.keep
def scaling_picture(found: Scaling, look: str) -> Chart:
    return scaling_chart(found, PALETTES[look])


def split(state: State, workers: int, look: str) -> Card:
    """The sum, split over so many workers."""
    found = _split(state, workers)
    return Card.of_one("split", says.title(found), says.sentence(found), state, partial(split_picture, state, workers), look)


def scaling(found: Scaling, state: State, look: str) -> Card:
    """How long they take."""
    words = scaling_says.title(found), scaling_says.sentence(found)
    return Card.of_one("workers", *words, state, partial(scaling_picture, found), look)
