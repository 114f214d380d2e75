"""What the letters of the axes mean, and which of them a picture uses."""

import re
from collections.abc import Iterable

AXES = {"n": "image of the batch", "i": "input pixel", "j": "hidden unit", "k": "output"}
_LETTER = re.compile(r"(?<![\w.])[nijk](?![\w(\[])")


def axes_in(words: Iterable[str]) -> dict[str, str]:
    """The meaning of each letter that stands in the words by itself, in the order of the axes."""
    used = {letter for each in words for letter in _LETTER.findall(each)}
    return {letter: meaning for letter, meaning in AXES.items() if letter in used}
