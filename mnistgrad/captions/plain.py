"""Captions without their Markdown, for files and for whatever else shows text as it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mnistgrad.captions.words import COLOURS

_MARKS = re.compile(
    r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)"
    r"|:(?P<colour>[a-z-]+)\[(?P<coloured>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
    r"|\[(?P<linked>[^\[\]]*)\]\([^)]*\)"
    r"|\*\*(?P<bold>.+?)\*\*"
    r"|\\(?P<escaped>.)",
    re.DOTALL,
)
_MARK = re.compile(r"[`*:\[\]\\]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")  # no file of words may hold these
_LETTERS = {colour: letter for letter, colour in COLOURS.items()}


@dataclass(frozen=True)
class Run:
    """A stretch of a caption in one style. axis: the letter of the axis whose colour it has, or ""."""

    text: str
    code: bool = False
    bold: bool = False
    axis: str = ""


UNMARKED = Run("")


def runs(text: str, style: Run = UNMARKED) -> Iterator[Run]:
    """A caption's Markdown as what is to be shown, in order."""
    text, end = _UNSEEN.sub(" ", text), 0
    for found in _MARKS.finditer(text):
        if before := text[end : found.start()]:
            yield replace(style, text=before)
        end = found.end()
        if found["code"] or found["escaped"]:
            yield replace(style, text=found["code"] or found["escaped"], code=style.code or bool(found["code"]))
        elif found["bold"]:
            yield from runs(found["bold"], replace(style, bold=True))
        elif found["colour"]:
            yield from runs(found["coloured"], replace(style, axis=_LETTERS.get(found["colour"], style.axis)))
        else:
            yield from runs(found["linked"], style)
    if after := text[end:]:
        yield replace(style, text=after)


def plain(text: str) -> str:
    """The words of a caption's Markdown: `plain(":blue[**i**], `w1.g`")` is "i, w1.g"."""
    return " ".join("".join(run.text for run in runs(text)).split())


def verbatim(text: str) -> str:
    """A reader's text as a caption that shows it as it stands."""
    return _MARK.sub(r"\\\g<0>", text)
