"""Which indices of an axis the window shows: those chosen by its name, or what comes of them where it was made of others."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, product
from math import prod

import numpy as np

from mnistgrad.trace.axes import Axis, Joined, Merged, Part, Piece

FIRST = 6  # indices that are shown where nobody chose others
MOST = 36  # of an axis that was merged of several
MOST_TOGETHER = 1_300  # numbers of a tensor, each of which has its own story


class Window:
    """chosen: indices by the name of an axis; of all other axes the first six are shown."""

    def __init__(self, chosen: Mapping[str, Sequence[int]]) -> None:
        self._chosen = {name: tuple(dict.fromkeys(indices)) for name, indices in chosen.items()}

    def of(self, axes: Sequence[Axis], sizes: Sequence[int]) -> tuple[tuple[int, ...], ...]:
        """Along each axis of a tensor; where that were too many numbers, fewer along the longest."""
        found = [self.shown(axis, size) for axis, size in zip(axes, sizes, strict=True)]
        while prod(map(len, found)) > MOST_TOGETHER:
            longest = max(map(len, found))
            found = [indices[: longest - 1] if len(indices) == longest else indices for indices in found]
        return tuple(found)

    def shown(self, axis: Axis, size: int) -> tuple[int, ...]:
        """Indices below `size`. An axis made of others shows what comes of theirs, where there is some."""
        axis = axis.resolved()
        found = self._chosen.get(axis.name, ()) if size > 1 or axis.length <= 1 else (0,)
        if axis.name not in self._chosen and axis.origin is not None and size == axis.length:
            found = self._made(axis.origin)
        inside = tuple(index for index in found if index < size)[:MOST]
        return inside or tuple(range(min(size, FIRST)))

    def _made(self, origin: Part | Merged | Piece | Joined) -> tuple[int, ...]:
        match origin:
            case Part(of=of, indices=indices):
                there = self.shown(of, of.resolved().length)
                if isinstance(indices, range):
                    return tuple(sorted(indices.index(index) for index in there if index in indices))
                return tuple(np.flatnonzero(np.isin(indices, there)).tolist())
            case Merged(axes=axes, sizes=sizes):
                each = [self.shown(axis, size) for axis, size in zip(axes, sizes, strict=True)]
                return tuple(sum(p * prod(sizes[at + 1 :]) for at, p in enumerate(places)) for places in product(*each))
            case Piece(whole=whole, sizes=sizes, place=place):
                after = prod(sizes[place + 1 :])
                found = (index // after % sizes[place] for index in self.shown(whole, prod(sizes)))
                return tuple(dict.fromkeys(found))
            case Joined(axes=axes, sizes=sizes):
                starts = accumulate(sizes, initial=0)
                return tuple(
                    start + index
                    for start, axis, size in zip(starts, axes, sizes, strict=False)
                    for index in self.shown(axis, size)
                )
