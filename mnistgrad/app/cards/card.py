"""A card as data: what a page shows of one idea, before anything is drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from mnistgrad.app.controls import State
from mnistgrad.pictures.about import About
from mnistgrad.pictures.export import Picture

# Cards whose pictures show neither an image nor a weight, so that they are the same for every seed and preset.
OF_SIZES = (
    "lesson",
    "line",
    "counts",
    "two-products",
    "cost-line-time",
    "cost-line-memory",
    "cost-pass-time",
    "cost-pass-memory",
)


@dataclass(frozen=True)
class Card:
    """key: of the card; it stays the same when the picture changes. sentence: in Markdown; "" where the picture tells its own.

    state: what the pictures are of. pictures: by name, "" where there is one; nothing is drawn before it is called.
    line: of code that gives these numbers in a notebook; "" where there is none.
    """

    key: str
    title: str
    sentence: str
    state: State
    pictures: Callable[[], Mapping[str, Picture]]
    line: str = ""

    @classmethod
    def of_one(cls, key: str, title: str, sentence: str, state: State, picture: Callable[[], Picture], line: str = "") -> "Card":
        """With one picture."""
        return cls(key, title, sentence, state, lambda: {"": picture()}, line)


def link_to(page: str, query: Mapping[str, Sequence[str]], address: str) -> str:
    """The full address of a page in a state; "" where that of the dashboard is unknown."""
    asked = urlencode(query, doseq=True)
    return f"{address.rstrip('/')}/{page}{'?' * bool(asked)}{asked}" if address else ""


def about(card: Card, page: str, query: Mapping[str, Sequence[str]], address: str) -> About:
    """What its pictures say of themselves once they left the page. address: of the dashboard, without a page; "" if unknown."""
    link = link_to(page, query, address)
    state = card.state.sizes if card.key in OF_SIZES else card.state.line
    return About(card.title, card.sentence, state, link, page, card.key)
