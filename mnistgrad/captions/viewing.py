"""What a page says of itself where it is shown otherwise than by itself: on paper, in a course's page, before a class, aloud."""

from collections.abc import Collection

from mnistgrad.captions.words import listed
from mnistgrad.common import numbers
from mnistgrad.common.reading import literal
from mnistgrad.network.sets.kinds import title_of


def state_line(images: str, n: int, preset: str, normalise: bool, seed: int, nh: int) -> str:
    """What a page's numbers follow from, in one line."""
    pixels = "normalised pixels" if normalise else "raw pixels"
    return f"{title_of(images)}, n = {numbers.count(n)}, {preset}, {pixels}, seed {seed}, {nh} hidden units"


SPOKEN = {"export": "Export", "code": "Code", "chart": "Chart", "table": "Table", "notice": "Notice"}  # names of what shows none
PRESENTER = {"back": "← Back", "on": "Next →", "leave": "Leave", "label": "Slides"}


def no_card(card: str, keys: Collection[str]) -> str:
    """Of a link that asks for a card alone, on a page of others."""
    there = f"the cards of this page are {listed(keys)}" if keys else "this page has none now"
    return f"The link asked for card = {literal(card)}; {there}."
