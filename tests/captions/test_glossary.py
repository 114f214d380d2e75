"""The words that are explained: found in Markdown without a change of what it says."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loops import over

from mnistgrad.captions.glossary import GLOSSARY, explained, meanings, term

LINK = re.compile(r"\[([^\[\]]*)\]\(#term-[^()]*\)")
WORDS = (
    "rank",
    "b1.g",
    "`b1.g`",
    "the batch",
    "Batch",
    " ",
    ", ",
    "`",
    "*",
    ":green[",
    ":blue[i]",
    "]",
    "(",
    ")",
    "\\",
    "[x](/y)",
)


@over(
    ("text", "as_links"),
    [
        ("Its rank, the rank.", "Its [rank](#term-rank), the rank."),
        ("Finite differences", "[Finite differences](#term-finite-differences)"),
        ("the bias gradient `b1.g`", "the [bias gradient](#term-b1.g) `b1.g`"),
        ("`b1.g`, `w.g = inp.t() @ out.g`", "[`b1.g`](#term-b1.g), `w.g = inp.t() @ out.g`"),
        ("3 :green[hidden units]", "3 :green[[hidden units](#term-hidden-unit)]"),
        ("[rank](/x) and ranking, w1.g[:blue[i]]", "[rank](/x) and ranking, w1.g[:blue[i]]"),
        ("lesson/rank, b1.gx, rank.t()", "lesson/rank, b1.gx, rank.t()"),
    ],
)
def test_first_place_of_a_word_is_explained_and_code_and_links_are_left(text: str, as_links: str) -> None:
    assert explained(text) == as_links


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=12).map("".join))
def test_nothing_else_changes(text: str) -> None:
    if not LINK.search(text):
        assert LINK.sub(r"\1", explained(text)) == text


def test_every_word_finds_its_meaning_and_belongs_to_one_alone() -> None:
    written = [word for key, entry in GLOSSARY.items() for word in (key, *entry.also)]
    assert len(written) == len(set(written))
    for key, entry in GLOSSARY.items():
        for word in (key, *entry.also):
            (anchor,) = re.findall(r"\((#[^)]*)\)", explained(f"A {word} here"))
            assert meanings()[anchor] == entry.meaning
    with pytest.raises(KeyError):
        term("no such word")
