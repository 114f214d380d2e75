"""Broadcasting: shapes are aligned from the right, and an axis of length 1 is repeated until the sizes are equal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest


@dataclass(frozen=True)
class AlignedAxis:
    """One axis of aligned shapes. sizes: of each operand, None where its shape has no such axis. size: the result's, None
    where they clash.
    """

    sizes: tuple[int | None, ...]
    size: int | None


def align(shapes: Sequence[Sequence[int]]) -> tuple[AlignedAxis, ...]:
    """The axes of the shapes' common result, from the left to the right."""
    from_right = zip_longest(*(reversed(shape) for shape in shapes))
    return tuple(AlignedAxis(sizes, common_size(sizes)) for sizes in from_right)[::-1]


def common_size(sizes: Iterable[int | None]) -> int | None:
    """What sizes set against each other become: the one that is not 1. None if they clash."""
    longer = {size for size in sizes if size not in (None, 1)}
    return None if len(longer) > 1 else longer.pop() if longer else 1
