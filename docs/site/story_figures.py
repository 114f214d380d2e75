"""The figures of the story in print: cards of the dashboard's own pages, in the state in which these open."""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from itertools import pairwise
from typing import NamedTuple

from story_numbers import STATE
from typesetting import caption

from mnistgrad.app.cards.card import Card
from mnistgrad.app.cards.pages import cards_of
from mnistgrad.captions.story import STILLS
from mnistgrad.pictures.about import About
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.export import Picture, export
from mnistgrad.pictures.palette import PALETTES

FOLDER = "figures"
UNTOLD = About("")  # the page says what a figure is
TRIMMED = 14.0  # px of an exported picture's margin that the page has no use for
Side = tuple[float, float]
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


class Figure(NamedTuple):
    """A picture: its page, its card, its name there, and what is asked for by the link."""

    page: str
    card: str
    picture: str = ""
    query: tuple[tuple[str, str], ...] = ()


FIGURES = {
    "print": Figure("story", "print", STILLS["print"]),
    "map": Figure("story", "print", STILLS["map"]),
    "rows": Figure("story", "print", STILLS["rows"]),
    "first": Figure("story", "moving", STILLS["moving"]),
    "last": Figure("story", "moving", STILLS["moving"], (("added", str(STATE.n)),)),
    **{f"step-{number}": Figure("story", "steps", f"Step {number}") for number in range(1, 5)},
    "variance": Figure("story", "variance"),
    "products": Figure("story", "two-products"),
    "time": Figure("cost", "cost-line-time"),
    "curves": Figure("story", "five-curves"),
    "rates": Figure("training", "training-rates"),
}


@cache
def _cards(page: str, query: tuple[tuple[str, str], ...], theme: str) -> Mapping[str, Card]:
    return {card.key: card for card in cards_of(page, {name: [value] for name, value in query}, theme)}


def _card(figure: Figure, theme: str) -> Card:
    return _cards(figure.page, figure.query, theme)[figure.card]


@cache
def _drawn(name: str, theme: str) -> tuple[Picture, bytes]:
    figure = FIGURES[name]
    picture = _card(figure, theme).pictures()[figure.picture]
    return picture, export(picture, "SVG", UNTOLD)


def figure_files() -> dict[str, bytes]:
    """Every figure in both themes, by its place in the site."""
    return {_place(name, theme): _drawn(name, theme)[1] for name in FIGURES for theme in PALETTES}


def _place(name: str, theme: str) -> str:
    return f"{FOLDER}/{name}-{theme}.svg"


def figure(name: str, words: str = "") -> str:
    """A figure for a page's Markdown, with what is said below it: the words given, or the card's own."""
    sheets = "".join(_sheet(name, theme) for theme in PALETTES)
    says = caption(words or _card(FIGURES[name], "light").sentence)
    return f'<figure class="drawn" markdown="1">\n{sheets}\n<figcaption markdown="span">{says}</figcaption>\n</figure>'


def _sheet(name: str, theme: str) -> str:
    """The picture as a whole; one that is an equation also in its parts, one below the other, for where it is too wide."""
    picture, svg = _drawn(name, theme)
    found = SIZE.search(svg.decode())
    assert found  # as every exported picture has
    width, height = map(float, found.groups())
    margin = (width - picture.width) / 2
    down = TRIMMED, height - TRIMMED
    least = picture.least * width / picture.width
    whole = _image(name, theme, (TRIMMED, width - TRIMMED), down, picture.description, f"min-width: {least:.0f}px")
    cuts = picture.cuts if isinstance(picture, Diagram) else ()
    if not cuts:
        return f'<div class="sheet for-{theme}" tabindex="0">{whole}</div>'
    edges = [TRIMMED, *(margin + cut for cut in cuts), width - TRIMMED]
    parts = "".join(_image(name, theme, across, down) for across in pairwise(edges))
    return f'<div class="sheet for-{theme} whole" tabindex="0">{whole}</div><div class="sheet for-{theme} parts">{parts}</div>'


def _image(name: str, theme: str, across: Side, down: Side, says: str = "", style: str = "") -> str:
    """What is seen of the picture, from left to right and from top to bottom; a browser cuts it out by itself."""
    width, height = across[1] - across[0], down[1] - down[0]
    view = f"#svgView(viewBox({across[0]:.1f},{down[0]:.1f},{width:.1f},{height:.1f}))"
    size = f"width: {width:.0f}px; aspect-ratio: {width:.1f} / {height:.1f}; {style}"
    return f'<img loading="lazy" alt="{escape(says)}" style="{size}" src="{_place(name, theme)}{view}">'
