"""Checks of arguments: each error names the argument, what was given and what is allowed."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def whole_number(name: str, value: object, low: int, high: int) -> int:
    """`value` if it is an int from low to high; else TypeError or ValueError."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} is {value!r}, of type {type(value).__name__}; a whole number is allowed")
    if not low <= value <= high:
        raise ValueError(f"{name} is {value}; allowed are {low:,} to {high:,}")
    return value


def one_of(name: str, value: T, allowed: Iterable[T]) -> T:
    """`value` if it is among `allowed`; else ValueError."""
    choices = list(allowed)
    if value not in choices:
        raise ValueError(f"{name} is {value!r}; allowed are {', '.join(map(repr, choices))}")
    return value
