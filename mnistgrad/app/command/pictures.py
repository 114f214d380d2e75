"""Cards as files: which of their pictures are asked for, and what each becomes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import click

from mnistgrad.app.cards.card import Card, about
from mnistgrad.app.cards.pages import PAGES
from mnistgrad.app.command.asking import Asked, Query
from mnistgrad.app.command.delivering import Piece
from mnistgrad.app.command.options import Look
from mnistgrad.app.command.tables import table_as
from mnistgrad.app.controls import VIEW, VIEWS
from mnistgrad.pictures.about import About
from mnistgrad.pictures.export import Picture, export, file_name, formats_of
from mnistgrad.pictures.sheet.table import heads_of

RECORDS = "json"  # the data once more, beside the formats of the pictures


@dataclass(frozen=True, eq=False)
class Shown:
    """A picture, the name of its card, with its own behind "/" where it is one of several, and what it says of itself."""

    name: str
    picture: Picture
    about: About

    @property
    def formats(self) -> list[str]:
        return [*map(str.lower, formats_of(self.picture)), RECORDS]


def shown_on(page: str, query: Query, names: Sequence[str], look: Look) -> tuple[list[Shown], set[str]]:
    """The pictures of a page, and the controls they depend on; of the gradient matrix in every view, unless one is asked for.

    names: of what is wanted; a view is not looked at where all of it was found. Raises click.BadParameter, and what cards do.
    """
    shown: list[Shown] = []
    read = set[str]()
    for state in _states(page, query):
        asked = Asked(state)
        shown += pictures_of(PAGES[page](asked, look.drawn), page, state, look)
        read |= asked.read
        if names and not _missing(names, shown):
            break
    return shown, read


def depending(page: str, query: Query, look: Look) -> set[str]:
    """The controls that a page depends on. Raises click.BadParameter, and what cards do."""
    asked = Asked(query)
    PAGES[page](asked, look.drawn)
    return asked.read


def _states(page: str, query: Query) -> Iterator[Query]:
    views = [None] if page != "gradient" or VIEW.key in query else [*VIEWS]
    for view in views:
        yield query if view is None else query | {VIEW.key: [VIEWS[view]]}


def pictures_of(cards: Iterable[Card], page: str, query: Mapping[str, Sequence[str]], look: Look) -> list[Shown]:
    shown = []
    for card in cards:
        of = about(card, page, query, look.address)
        pictures = card.drawn_for(look.purpose, of)
        for title, picture in pictures.items():
            name = card.key if len(pictures) == 1 else f"{card.key}/{picture.name}"
            shown.append(Shown(name, picture, of.named(title)))
    return shown


def picked(shown: Sequence[Shown], names: Sequence[str]) -> list[Shown]:
    """Those of some cards, or some of their pictures; all where none is named. Raises click.BadParameter."""
    if missing := _missing(names, shown):
        there = dict.fromkeys(each.name for each in shown)
        raise click.BadParameter(f"{missing[0]!r} is not here; there are {', '.join(there)}.", param_hint="'--card'")
    wanted = [each for name in names for each in _named(name, shown)]
    return [each for each in shown if not names or each in wanted]


def _missing(names: Sequence[str], shown: Sequence[Shown]) -> list[str]:
    return [name for name in names if not _named(name, shown)]


def _named(name: str, shown: Sequence[Shown]) -> list[Shown]:
    """By the name of a card or of a picture, or else by how it begins."""
    exact = [each for each in shown if name in (each.about.key, each.name)]
    return exact or [each for each in shown if each.name.startswith(name)]


def pieces_of(shown: Sequence[Shown], formats: Sequence[str], look: Look) -> list[Piece]:
    """A file for each picture and format, where the picture has it. Raises click.ClickException for one that none has."""
    for name in formats:
        if not any(name in each.formats for each in shown):
            possible = dict.fromkeys(each for one in shown for each in one.formats)
            raise click.ClickException(f"No picture here becomes {name}; possible are {', '.join(possible)}.")
    return [piece_of(each, name, look) for each in shown for name in formats if name in each.formats]


def piece_of(shown: Shown, name: str, look: Look) -> Piece:
    kinds = {given.lower(): (given, kind.ending) for given, kind in formats_of(shown.picture).items()}
    if name == RECORDS:
        path = file_name(shown.about, shown.picture, look.theme, look.purpose, "data.json")
        frame = shown.picture.frame
        return Piece(path, partial(table_as, RECORDS, frame.rename(columns=heads_of(frame))))
    given, ending = kinds[name]
    path = file_name(shown.about, shown.picture, look.theme, look.purpose, ending)
    return Piece(path, partial(export, shown.picture, given, shown.about, look.purpose))
