"""What a pasted print may be, and what is said of one that cannot be read."""

from typing import NoReturn

LONGEST = 20_000  # characters
MOST_PRINTS = 4


class UnreadPrint(ValueError):
    """The message is a sentence, with `code` in Markdown."""


def unreadable(sentence: str) -> NoReturn:
    raise UnreadPrint(sentence)
