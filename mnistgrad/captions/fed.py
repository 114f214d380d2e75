"""What a number is made of, written out: its terms with their values."""

import math
from typing import Any

from mnistgrad.captions.general import SIGNS
from mnistgrad.common import numbers
from mnistgrad.trace.operation import Fed, Operation, Term
from mnistgrad.trace.operations import Effect

DIGITS = 4


def number_text(value: Any, digits: int = 3) -> str:
    """A number of any dtype; what is no number is "nan", "inf" or "−inf"."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, complex):
        return f"{number_text(value.real, digits)} {'+' if value.imag >= 0 else '−'} {number_text(abs(value.imag), digits)}i"
    if isinstance(value, int):
        return numbers.count(value).replace("-", numbers.MINUS)
    if not math.isfinite(value):
        return str(value).replace("-", numbers.MINUS)
    return numbers.significant(value, digits)


def term_text(step: Operation, term: Term) -> str:
    """ "0.4961 × −0.0023 = −0.0011"; of one factor that stays as it is, the number alone."""
    there = zip(term.index, term.factors, strict=True)
    factors = [number_text(factor, DIGITS) for index, factor in there if index is not None]
    value = number_text(term.value, DIGITS)
    sign = "×" if step.known.effect is Effect.CONTRACTED else SIGNS.get(step.name, "")
    if sign and len(factors) > 1:
        return f"{f' {sign} '.join(factors)} = {value}"
    return value if factors == [value] or not factors else f"{', '.join(factors)} → {value}"


def term_place(step: Operation, term: Term) -> str:
    """Where along the axes that are added up the term stands: "i = 402"."""
    at: dict[str, int] = {}
    for operand, index in zip(step.operands, term.index, strict=True):
        at |= dict(zip(operand.axes, index, strict=True)) if index is not None else {}
    gone = [letter for letter in at if letter not in step.axes]
    return ", ".join(f"{letter} = {at[letter]}" for letter in gone)


def terms_heading(fed: Fed, largest: bool = True) -> str:
    """How many terms there are, and how many of them are shown."""
    shown = len(fed.terms)
    if fed.count == 1 or not shown:
        return "" if fed.count == 1 else f"made of {numbers.count(fed.count, 'term')}"
    which = f"{'the largest ' * largest}{shown} of them" if shown < fed.count else f"all {shown}" if shown > 1 else "this one"
    return f"{numbers.count(fed.count, 'term')} added up; {which}:"


TOO_MANY = "So many numbers are shown before that these do not tell what they are made of."


def unknown_origin(step: Operation) -> str:
    return f"Which numbers feed this one is not known for {step.name}."
