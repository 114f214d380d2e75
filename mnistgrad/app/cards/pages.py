"""All cards of a page in the state that a link asks for."""

from collections.abc import Callable, Mapping, Sequence

from mnistgrad.app.cards import cost, line, steps, story, training
from mnistgrad.app.cards.card import Card
from mnistgrad.app.cards.fields import Link
from mnistgrad.app.cards.gradient import build_up, one_weight, samples, units, variance
from mnistgrad.app.controls import VIEW
from mnistgrad.pictures.palette import PALETTES

VIEWS: Mapping[str, Callable[[Link, str], list[Card]]] = {
    "variance": variance.cards,
    "units": units.cards,
    "build-up": build_up.cards,
    "one-weight": one_weight.cards,
    "samples": samples.cards,
}


def _gradient(link: Link, look: str) -> list[Card]:
    return VIEWS[link.choice(VIEW)](link, look)


PAGES: Mapping[str, Callable[[Link, str], list[Card]]] = {
    "story": story.cards,
    "steps": steps.cards,
    "line": line.cards,
    "gradient": _gradient,
    "cost": cost.cards,
    "training": training.cards,
}


def cards_of(page: str, query: Mapping[str, Sequence[str]], theme: str) -> list[Card]:
    """page: the path of a page; theme: "light" or "dark". With what stands behind "More", and stored results.

    What the query asks for out of range is put right as in a link. Needs no session of Streamlit. Raises ValueError for a page or
    theme that there is not and for lines that cannot be read (BrokenRule), DataFileError.
    """
    for name, given, allowed in (("page", page, PAGES), ("theme", theme, PALETTES)):
        if given not in allowed:
            raise ValueError(f"{name} is {given!r}; allowed are {', '.join(allowed)}")
    return PAGES[page](Link(query), theme)
