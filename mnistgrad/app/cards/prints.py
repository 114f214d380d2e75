"""A reader's own prints, one card each."""

from functools import partial

from mnistgrad.app.cards.card import Card
from mnistgrad.app.controls import State
from mnistgrad.app.kept import results
from mnistgrad.captions import prints as says
from mnistgrad.gradient.prints.telling import Told
from mnistgrad.pictures.diagrams.puzzle.pasted_print import pasted_print
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES


def card(number: int, told: Told, searched: bool, state: State, look: str) -> Card:
    """number: of the print among those pasted. searched: whether it is known already what it is of, if of anything tried."""
    groups = results.groups_of(state.images, state.n)
    background = results.weight_gradient(state, "w1").background
    title, sentence = (says.title(told), says.sentence(told, groups.black, background)) if searched else (says.LOOKING, "")
    return Card.of_one(f"own-print-{number}", title, sentence, state, partial(_picture, number, told, state), look)


def _picture(number: int, told: Told, state: State, look: str) -> Diagram:
    mean, black = results.mean_image_of(state.images, state.n), results.groups_of(state.images, state.n).black
    return pasted_print(number, told, mean, black, PALETTES[look])
