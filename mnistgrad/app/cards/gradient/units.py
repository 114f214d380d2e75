"""The columns on the image: one of them, and all side by side; or the bars of a layer with one column."""

from functools import partial

from mnistgrad.app.cards.card import Card
from mnistgrad.app.cards.fields import Fields, Link
from mnistgrad.app.cards.gradient.choice import ChosenWeight, choose_layer, choose_weight
from mnistgrad.app.controls import SCALE, State
from mnistgrad.app.keeping import PICTURES
from mnistgrad.app.kept import results
from mnistgrad.captions import copied_lines
from mnistgrad.captions import units as says
from mnistgrad.gradient.statistics import colour_limit
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.units.unit_bars import unit_bars
from mnistgrad.pictures.diagrams.units.unit_map import unit_map
from mnistgrad.pictures.diagrams.units.unit_tiles import unit_tiles
from mnistgrad.pictures.palette import PALETTES


@PICTURES.keep
def map_picture(state: State, column: int, row: int, theme: str) -> Diagram:
    g, copied = results.weight_gradient(state, "w1").g, results.rows_of(state, "w1").copied
    return unit_map(g[:, column].numpy(), column, row, copied.numpy(), PALETTES[theme])


@PICTURES.keep
def bars_picture(state: State, row: int, theme: str) -> Diagram:
    found = results.weight_gradient(state, "w2")
    return unit_bars(found.g[:, 0].numpy(), found.copies.numpy(), found.background * found.b_g.item(), row, PALETTES[theme])


@PICTURES.keep
def tiles_picture(state: State, column: int, shared: bool, theme: str) -> Diagram:
    found = results.weight_gradient(state, "w1")
    limit = colour_limit(results.gradients_of(state).w1) if shared else None
    return unit_tiles(found.g.numpy(), found.off.numpy(), column, limit, PALETTES[theme])


def chosen(state: State, fields: Fields) -> tuple[ChosenWeight, bool]:
    """The weight, and whether all tiles share one scale of colours."""
    layer = choose_layer(fields)
    found = results.weight_gradient(state, layer)
    weight = choose_weight(state, layer, fields, not found.is_zero, not found.is_zero)
    return weight, layer == "w1" and not found.is_zero and fields.choice(SCALE) == "shared"


def units(state: State, weight: ChosenWeight, shared: bool, look: str) -> list[Card]:
    """Of w1 one column and all of them, of w2 its bars; none of a gradient of zeros."""
    found = results.weight_gradient(state, weight.layer)
    if found.is_zero:
        return []
    row, column = weight.row, weight.column
    if weight.layer == "w2":
        sentence = says.bars_sentence(found)
        return [
            Card.of_one(
                "w2-units", says.BARS_TITLE, sentence, state, partial(bars_picture, state, row), look, copied_lines.OUTPUT
            )
        ]
    rows, limit = results.rows_of(state, "w1"), colour_limit(results.gradients_of(state).w1) if shared else None
    title, sentence = says.map_title(column), says.map_sentence(found, rows, column)
    all_title, all_sentence = says.tiles_title(found), says.tiles_sentence(found, rows, limit)
    return [
        Card.of_one("unit", title, sentence, state, partial(map_picture, state, column, row), look, copied_lines.unit(column)),
        Card.of_one(
            "units", all_title, all_sentence, state, partial(tiles_picture, state, column, shared), look, copied_lines.UNITS
        ),
    ]


def cards(link: Link, look: str) -> list[Card]:
    state = link.state()
    return units(state, *chosen(state, link), look)
