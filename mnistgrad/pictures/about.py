"""What a picture says of itself once it has left the page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from mnistgrad.captions.axes import axes_in
from mnistgrad.captions.plain import plain

Purpose = Literal["screen", "slides", "slides-clear", "print"]  # "clear": with nothing behind it
PURPOSES: tuple[Purpose, ...] = ("screen", "slides", "slides-clear", "print")

_CLICKS = re.compile(r"(?:^|(?<=[.:;!?]))\s*Click [^.]*\.(?=\s|$)")


@dataclass(frozen=True)
class About:
    """title, sentence: as beside the picture on the page, in the Markdown of our captions. state: what it was made from, in one
    line: "MNIST, n = 1,000, seed 0". link: the full address that opens this state; "" where there is none. page, key: the names
    of its page and card. own_letters: whether the letters of its axes are a reader's own, so that they mean what these say.
    """

    title: str
    sentence: str = ""
    state: str = ""
    link: str = ""
    page: str = ""
    key: str = ""
    own_letters: bool = False

    @property
    def plain_title(self) -> str:
        return plain(self.title)

    @property
    def caption(self) -> str:
        """The sentence without what a file cannot do: nothing happens where it is clicked."""
        return _CLICKS.sub("", self.sentence).strip()

    @property
    def plain_sentence(self) -> str:
        return plain(self.caption)

    def named(self, name: str) -> "About":
        """Of one of several pictures of its card; name: "" where there is one."""
        return replace(self, title=f"{self.title}: {name}") if name else self

    def axes(self, words: Iterable[str]) -> dict[str, str]:
        """What the letters of the axes mean, of those that it or the picture, by its words, uses."""
        return {} if self.own_letters else axes_in([self.plain_title, self.plain_sentence, self.state, *words])

    def told(self, words: Iterable[str]) -> str:
        """All of it in one paragraph, for those who cannot see it and for the fields of files."""
        axes = ", ".join(f"{letter}: {meaning}" for letter, meaning in self.axes(words).items())
        return " ".join(filter(None, [self.plain_sentence, *(f"{part}." for part in (self.state, axes) if part), self.link]))


def theme_for(purpose: Purpose, theme: str) -> str:
    """The theme in which to draw what is exported: paper is white."""
    return "light" if purpose == "print" else theme
