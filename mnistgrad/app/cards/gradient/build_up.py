"""The gradient built up image by image: the image added last, its part, and the sum so far."""

from dataclasses import replace
from functools import partial

from mnistgrad.app.cards.card import Card
from mnistgrad.app.cards.fields import Link
from mnistgrad.app.cards.gradient import singular_values
from mnistgrad.app.cards.gradient.choice import ChosenWeight, choose_layer, choose_weight
from mnistgrad.app.control_kinds import Numeric, Several
from mnistgrad.app.controls import ADDED, DIGITS_ON, OFF, State
from mnistgrad.app.kept import sums
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.app.kept.sums import Switches
from mnistgrad.captions import build_up as says
from mnistgrad.gradient.build_up import read_images


def added_control(possible: int) -> Numeric:
    """How many images may be added; at least one, not to be empty where none is on."""
    return replace(ADDED, high=max(possible, ADDED.low), depends=False)


def labels_control(images: str) -> Several[int]:
    """Which labels count, of those that the set has."""
    source = image_set(images)
    names = source.kind.names
    label = f"{source.kind.items.capitalize()} that count"
    return replace(DIGITS_ON, label=label, options=source.classes, shown=names.__getitem__, depends=False)


def build_up(state: State, weight: ChosenWeight, switches: Switches, added: int, look: str) -> list[Card]:
    """added: at least 1."""
    layer, column = weight.layer, weight.column
    found = sums.sum_of(state, layer, switches, added)
    told, title = sums.told_of(state.images, found.image), says.part_title(found.gradient, column)
    sentence = says.part_sentence(found, column, told)
    if layer == "w2":
        sentence = f"{sentence} {says.sum_sentence(found)}"
    part = Card.of_one(
        "build-up-part", title, sentence, state, partial(sums.part_picture, state, layer, switches, added, column), look
    )
    if layer == "w2":
        return [part]
    title, sentence = says.matrix_title(found.gradient), says.sum_sentence(found)
    picture = partial(sums.matrix_picture, state, switches, added, column)
    return [part, Card.of_one("build-up-matrix", title, sentence, state, picture, look)]


def cards(link: Link, look: str) -> list[Card]:
    state = link.state()
    layer = choose_layer(link)
    weight = choose_weight(state, layer, link, asks_row=False)
    off, _ = read_images(link.text(OFF), state.n)
    switches = Switches(tuple(sorted(link.several(labels_control(state.images)))), off)
    possible = len(sums.images_of(state.images, state.n, switches))
    shown = build_up(state, weight, switches, link.number(added_control(possible)), look) if possible else []
    return [*shown, *singular_values.best(state, layer, look)]
