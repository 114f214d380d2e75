"""Turns of phrase that several pages need."""

from collections.abc import Iterable

COLOURS = {"n": "orange", "i": "blue", "j": "green"}


def in_colour(letter: str, words: str) -> str:
    """Words in their axis' colour, in Markdown."""
    return f":{COLOURS[letter]}[**{words}**]" if letter in COLOURS else f"**{words}**"


def listed(words: Iterable[object]) -> str:
    """ "0, 1 and 2"; at least one."""
    *others, last = map(str, words)
    return f"{', '.join(others)} and {last}" if others else last


def out_of(part: int, whole: int) -> str:
    """ "all 50", "3 of 50" or "none of 50"."""
    return f"all {whole}" if part == whole else f"{part or 'none'} of {whole}"


def every_image(n: int) -> str:
    """Of a batch of n."""
    return "the image" if n == 1 else "every image"
