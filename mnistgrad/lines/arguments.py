"""What stands among the arguments of an operation, however deep in lists and tuples."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch


def numbers_in(values: Sequence[Any]) -> Iterator[int]:
    """The whole ones."""
    for value in values:
        if isinstance(value, int) and not isinstance(value, bool):
            yield value
        elif isinstance(value, tuple | list) and not isinstance(value, torch.Size):
            yield from numbers_in(value)
        elif isinstance(value, slice | range):
            yield from numbers_in((value.start, value.stop, value.step))


def entries(part: Any) -> int:
    """Of a list or a tuple with all that they hold."""
    if isinstance(part, list | tuple):
        return sum(map(entries, part))
    return len(part) if isinstance(part, range) else 1
