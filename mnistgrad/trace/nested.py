"""What stands among the arguments of an operation, however deep in lists and tuples."""

from collections.abc import Iterable
from typing import Any, TypeVar

T = TypeVar("T")


def every(kind: type[T], parts: Iterable[Any]) -> list[T]:
    """All of one kind, in their order."""
    found: list[T] = []
    for part in parts:
        if isinstance(part, kind):
            found.append(part)
        elif isinstance(part, tuple | list):
            found += every(kind, part)
    return found
