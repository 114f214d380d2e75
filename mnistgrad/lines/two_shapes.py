"""What a reader types, parsed strictly: a shape, an equation of einsum. Nothing typed is executed.

A BrokenRule says in words, with `code` in Markdown, which rule the text breaks and where.
"""

import math
import re
from dataclasses import dataclass
from typing import NamedTuple

from mnistgrad.common import numbers
from mnistgrad.common.reading import code

ORDINALS = ("first", "second")
LONGEST = 60  # characters of a shape or an equation
MOST_AXES = 6
LARGEST_SIZE = 100_000
MOST_NUMBERS = 10**12


class Typed(NamedTuple):
    """An operation, two shapes and, for einsum, an equation, as a reader types them."""

    sign: str
    shapes: tuple[str, str]
    equation: str = ""


class BrokenRule(ValueError):
    """What was typed has no meaning here."""


@dataclass(frozen=True)
class Equation:
    """An einsum of two operands: the letters of each, and those of the result."""

    groups: tuple[str, str]
    kept: str

    def __str__(self) -> str:
        return f"{','.join(self.groups)}->{self.kept}"


def parsed_shapes(texts: tuple[str, str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Raises BrokenRule, which says in which of the two."""
    first, second = (parse_shape(text, which) for text, which in zip(texts, ORDINALS, strict=True))
    return first, second


def parse_shape(text: str, which: str = "first") -> tuple[int, ...]:
    """ "1000, 784", "(1000, 784)" or "[5,]". Raises BrokenRule."""
    if len(text) > LONGEST:
        raise BrokenRule(f"The {which} shape is longer than {LONGEST} characters.")
    inside = text.strip()
    if (inside[:1], inside[-1:]) in (("(", ")"), ("[", "]")):
        inside = inside[1:-1]
    sizes = [part.strip() for part in inside.split(",")]
    if len(sizes) > 1 and not sizes[-1]:
        sizes.pop()
    for place, size in enumerate(sizes, 1):
        if not re.fullmatch("[0-9]{1,9}", size) or not 1 <= int(size) <= LARGEST_SIZE:
            raise BrokenRule(
                f"A size is a whole number from 1 to {numbers.count(LARGEST_SIZE)}, with a comma before the next; size {place} "
                f"of the {which} shape is {code(size) if size else 'missing'}."
            )
    if len(sizes) > MOST_AXES:
        raise BrokenRule(f"A shape has at most {MOST_AXES} axes here; the {which} has {len(sizes)}.")
    shape = tuple(int(size) for size in sizes)
    few_enough(f"the {which} shape", shape)
    return shape


def parse_equation(text: str) -> Equation:
    """ "bi,bj->ij", with blanks anywhere. Raises BrokenRule."""
    if len(text) > LONGEST:
        raise BrokenRule(f"The equation is longer than {LONGEST} characters.")
    plain = "".join(text.split())
    if odd := re.search(r"[^a-z,>-]", plain):
        raise BrokenRule(f"An equation has small letters, a comma and an arrow `->`; this one has {code(odd[0])}.")
    left, arrow, kept = plain.partition("->")
    if not arrow or not re.fullmatch("[a-z,]*", left) or not re.fullmatch("[a-z]*", kept):
        raise BrokenRule("This page wants one arrow and the letters of the result behind it, as in `bi,bj->ij`.")
    groups = left.split(",")
    if len(groups) != 2:
        raise BrokenRule(
            "There are two shapes, so two groups of letters with a comma between them; this equation has "
            f"{numbers.count(len(groups), 'group')}."
        )
    for which, group in zip(ORDINALS, groups, strict=True):
        if twice := _twice(group):
            raise BrokenRule(f"The letter `{twice}` stands twice in the {which}; diagonals are not drawn on this page.")
    if twice := _twice(kept):
        raise BrokenRule(f"The result uses `{twice}` twice; each of its axes needs a letter of its own.")
    if unknown := next((letter for letter in kept if letter not in left), ""):
        raise BrokenRule(f"The result uses `{unknown}`, which no operand has.")
    return Equation((groups[0], groups[1]), kept)


def few_enough(what: str, shape: tuple[int, ...]) -> None:
    """Raises BrokenRule for a tensor that no machine would hold."""
    count = math.prod(shape)
    if count > MOST_NUMBERS:
        raise BrokenRule(
            f"That is too many numbers: {what}, {numbers.shape(shape)}, would hold {numbers.scientific(count)}; this page stops "
            f"at {numbers.scientific(MOST_NUMBERS)}."
        )


def _twice(letters: str) -> str:
    return next((letter for letter in letters if letters.count(letter) > 1), "")
