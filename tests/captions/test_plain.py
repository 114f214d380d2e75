"""Captions as plain words, and readers' words as captions."""

from hypothesis import given
from hypothesis import strategies as st

from mnistgrad.captions.plain import Run, plain, runs, verbatim
from mnistgrad.captions.words import in_colour


def test_marks_become_styles() -> None:
    caption = f"{in_colour('i', 'pixel 3')}, [out](#term-out) and **`w1.g[3, 2]`** of [0, 1]"
    assert plain(caption) == "pixel 3, out and w1.g[3, 2] of [0, 1]"
    assert [*runs(caption)] == [
        Run("pixel 3", bold=True, axis="i"),
        Run(", "),
        Run("out"),
        Run(" and "),
        Run("w1.g[3, 2]", code=True, bold=True),
        Run(" of [0, 1]"),
    ]


@given(st.text())
def test_readers_words_stay_as_they_are(text: str) -> None:
    printable = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    assert plain(verbatim(printable)) == " ".join(printable.split())
