"""The line on each card, run in the recomputing script's names, gives the numbers that the card's picture has."""

import sys
from pathlib import Path

import numpy as np
import pytest

from mnistgrad.app.cards.card import Card
from mnistgrad.app.cards.fields import Link
from mnistgrad.app.cards.pages import cards_of
from mnistgrad.app.cards.recomputing import document
from mnistgrad.common import numbers

IMAGES = Path(__file__).parents[2] / "mnistgrad" / "network" / "mnist"
STATE = {"n": ["30"], "nh": ["6"], "row": ["406"], "column": ["2"], "first": ["405"]}
VIEWS = [
    ("story", {}),
    ("gradient", {"view": ["Column variance"]}),
    ("gradient", {"view": ["Column variance"], "variance": ["rows"]}),
    ("gradient", {"view": ["Column variance"], "variance": ["over images"]}),
    ("gradient", {"view": ["Column variance"], "layer": ["w2.g"]}),
    ("gradient", {"view": ["Column variance"], "variance": ["over images"], "layer": ["w2.g"], "row": ["3"]}),
    ("gradient", {"view": ["Units on the image"]}),
    ("gradient", {"view": ["Units on the image"], "layer": ["w2.g"], "row": ["3"]}),
    ("gradient", {"view": ["One outer product"]}),
    ("gradient", {"view": ["How many images"], "compare": ["1"]}),
    ("gradient", {"view": ["One weight"]}),
    ("gradient", {"view": ["One weight"], "layer": ["w2.g"], "row": ["3"]}),
]
WANTED = {"print", "variance", "column-variance", "row-variance", "distances", "image-variance", "signal-to-noise"} | {
    "entry-variance", "image-variance-w2", "unit", "units", "w2-units", "terms", "running-sum", "singular-values", "samples-rank"
}  # fmt: skip


@pytest.fixture(scope="module")
def names():
    """Of the script, once it has run."""
    found: dict[str, object] = {"__name__": "recompute"}
    before, sys.argv = sys.argv, ["recompute.py", str(IMAGES)]
    try:
        exec(document(Link(STATE).state(), "w1", "", "py"), found)
    finally:
        sys.argv = before
    return found


def numbers_of(card: Card) -> np.ndarray:
    """Every number in the tables of its pictures."""
    frames = [picture.frame.select_dtypes("number").to_numpy(float).ravel() for picture in card.pictures().values()]
    return np.unique(np.concatenate(frames))


def test_every_line_gives_what_its_card_shows(names) -> None:
    seen = set()
    for page, query in VIEWS:
        for card in (cards := cards_of(page, STATE | query, "light")):
            if not card.line:
                continue
            seen.add(card.key)
            given = np.unique(np.asarray(eval(card.line, names), float))
            given = given[np.isfinite(given)]
            if card.key == "entry-variance":  # written beside its lane
                (picture,) = card.pictures().values()
                assert numbers.significant(given.item()) in picture.svg
                continue
            if card.key == "terms":  # drawn in bins; the strongest stand in a table beside them
                (beside,) = [each for each in cards if each.key == "images"]
                strongest = next(iter(beside.pictures().values())).frame.term_times_n.to_numpy(float)
                assert np.isclose(strongest[:, None], given[None], rtol=2e-4, atol=1e-6).any(1).all()
                continue
            shown = numbers_of(card)
            near = np.abs(given[:, None] - shown[None]).min(1) <= 2e-4 * np.abs(given) + 2e-5 * np.abs(given).max()
            few = card.key == "print"  # whose table has the first and last three columns alone
            assert near.mean() > (0.6 if few else 0.98), (card.key, card.line, given[~near][:5])
    assert seen >= WANTED, WANTED - seen


def test_another_line_does_not(names) -> None:
    (card,) = [card for card in cards_of("story", STATE, "light") if card.key == "variance"]
    wrong = np.asarray(eval("w1.g.var(0)", names), float)
    assert not np.isclose(wrong[:, None], numbers_of(card)[None], rtol=2e-4).any(1).all()
