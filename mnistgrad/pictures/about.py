"""What a picture says of itself once it has left the page."""

from dataclasses import dataclass
from typing import Literal

from mnistgrad.captions.plain import plain

Purpose = Literal["screen", "slides", "slides-clear", "print"]  # "clear": with nothing behind it
PURPOSES: tuple[Purpose, ...] = ("screen", "slides", "slides-clear", "print")


@dataclass(frozen=True)
class About:
    """title, sentence: as beside the picture on the page, in the Markdown of our captions. state: what it was made from, in one
    line: "MNIST, n = 1,000, seed 0". link: the full address that opens this state; "" where there is none. page, key: the names
    of its page and card.
    """

    title: str
    sentence: str = ""
    state: str = ""
    link: str = ""
    page: str = ""
    key: str = ""

    @property
    def plain_title(self) -> str:
        return plain(self.title)

    @property
    def plain_sentence(self) -> str:
        return plain(self.sentence)


def theme_for(purpose: Purpose, theme: str) -> str:
    """The theme in which to draw what is exported: paper is white."""
    return "light" if purpose == "print" else theme
