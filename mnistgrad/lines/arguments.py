"""What stands among the arguments of an operation, however deep in lists and tuples."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch


def numbers_in(values: Sequence[Any], *, of_shapes: bool = False) -> Iterator[int]:
    """The whole ones. of_shapes: also those of a tensor's shape, which follow from what was typed elsewhere."""
    for value in values:
        if isinstance(value, int) and not isinstance(value, bool):
            yield value
        elif isinstance(value, tuple | list) and (of_shapes or not isinstance(value, torch.Size)):
            yield from numbers_in(value, of_shapes=of_shapes)
        elif isinstance(value, slice | range):
            yield from numbers_in((value.start, value.stop, value.step))


def entries(part: Any) -> int:
    """Of a list or a tuple with all that they hold."""
    if isinstance(part, list | tuple):
        return sum(map(entries, part))
    return len(part) if isinstance(part, range) else 1
