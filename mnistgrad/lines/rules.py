"""What a typed text may be, and what is said of one that breaks a rule."""

from typing import NoReturn

OURS = "that is a limit of mnistgrad, not of torch"
LONGEST_LINES, MOST_LINES = 3_000, 60  # characters, lines
LONGEST_SHAPES, MOST_TENSORS = 1_200, 30
MOST_AXES = 8
LARGEST_SIZE = 10**9
MOST_NUMBERS = 10**15  # of one tensor
MOST_OPERATIONS = 200
DEEPEST = 50  # brackets in brackets, and parts of one chain
LARGEST_NUMBER = 10**15
MOST_OPERANDS = 8  # of an einsum
MOST_PIECES = 64  # tensors that one operation gives
LONGEST_RANGE = 100_000
MOST_LISTED = 5_000  # values in lists and tuples, with those of the lists in them
MOST_SECONDS = 5.0


class BrokenRule(ValueError):
    """What was typed has no meaning here. The message is a sentence, with `code` in Markdown: which part, and what is allowed."""


def broken(sentence: str) -> NoReturn:
    raise BrokenRule(sentence)
