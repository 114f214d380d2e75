"""A card as data: what a page shows of one idea, before anything is drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from mnistgrad.app.controls import State
from mnistgrad.pictures.about import About, Purpose
from mnistgrad.pictures.export import Picture, drawn_for

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
    "workers",
)


@dataclass(frozen=True)
class Card:
    """key: of the card; it stays the same when the picture changes. sentence: in Markdown; "" where the picture tells its own.

    state: what the pictures are of. drawn: the pictures by name, "" where there is one, in a look, the name of a palette. look:
    the page's own. line: of code that gives these numbers in a notebook; "" where there is none.
    """

    key: str
    title: str
    sentence: str
    state: State
    drawn: Callable[[str], Mapping[str, Picture]]
    look: str
    line: str = ""

    @classmethod
    def of_one(
        cls, key: str, title: str, sentence: str, state: State, picture: Callable[[str], Picture], look: str, line: str = ""
    ) -> "Card":
        """With one picture, drawn in a look."""
        return cls(key, title, sentence, state, lambda to: {"": picture(to)}, look, line)

    def pictures(self) -> Mapping[str, Picture]:
        """As the page shows them."""
        return self.drawn(self.look)

    def drawn_for(self, purpose: Purpose, of: About) -> Mapping[str, Picture]:
        """Each in the room in which its words are large enough for that, on light paper where it is to be printed.

        of: what they say of themselves.
        """
        return {name: drawn_for(purpose, self.look, of.named(name), self._draw(name)) for name in self.pictures()}

    def _draw(self, name: str) -> Callable[[str], Picture]:
        return lambda look: self.drawn(look)[name]


def link_to(page: str, query: Mapping[str, Sequence[str]], address: str) -> str:
    """The full address of a page in a state; "" where that of the dashboard is unknown."""
    asked = urlencode(query, doseq=True)
    return f"{address.rstrip('/')}/{page}{'?' * bool(asked)}{asked}" if address else ""


def about(card: Card, page: str, query: Mapping[str, Sequence[str]], address: str) -> About:
    """What its pictures say of themselves once they left the page. address: of the dashboard, without a page; "" if unknown."""
    link = link_to(page, query, address)
    state = card.state.sizes if card.key in OF_SIZES else card.state.line
    return About(card.title, card.sentence, state, link, page, card.key)
