"""What each number of a result was made of: which numbers of its operands feed it, how many terms are added, the largest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnistgrad.trace.flow import Flow, Grid, Indices, Read, ravelled, unravelled
from mnistgrad.trace.operation import Fed, Numbers, Term

MOST_TERMS = 6
MOST_PRODUCTS = 4_000_000  # that are looked through for the largest of an operation
FEW = 64  # of what runs, all of which are tried

Shown = Sequence[Sequence[int]]
Look = Callable[[tuple[Indices, ...]], Numbers]


@dataclass(frozen=True, eq=False)
class Source:
    """An operand as it is looked up: its sizes, what its window shows, and its numbers at indices, NaN where they have gone."""

    sizes: tuple[int, ...]
    shown: tuple[tuple[int, ...], ...]
    look: Look


@dataclass(frozen=True, eq=False)
class Feeding(Mapping[tuple[int, ...], Fed]):
    """For each position in the result's window what fed its number.

    lit: for each operand, rows of a flat position in the result's window and one in its own. counts, and the terms' indices,
    factors and values: by the flat position.
    """

    shape: tuple[int, ...]
    windows: tuple[tuple[int, ...], ...]
    lit: tuple[NDArray[np.int64], ...]
    counts: NDArray[np.int64]
    terms: tuple[tuple[Term, ...], ...]

    def __getitem__(self, position: tuple[int, ...]) -> Fed:
        if len(position) != len(self.shape) or not all(0 <= p < size for p, size in zip(position, self.shape, strict=True)):
            raise KeyError(position)
        flat = int(ravelled(position, self.shape))
        cells = []
        for window, rows in zip(self.windows, self.lit, strict=True):
            lit = np.zeros(prod(window), bool)
            lit[rows[rows[:, 0] == flat, 1]] = True
            cells.append(lit.reshape(window))
        return Fed(tuple(cells), int(self.counts[flat]), self.terms[flat])

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return iter(np.ndindex(self.shape))

    def __len__(self) -> int:
        return prod(self.shape)


def feeding(flow: Flow, shown: Shown, sources: Sequence[Source], values: Numbers | None) -> Mapping[tuple[int, ...], Fed]:
    """shown: of the result's window, and values its numbers there. Empty where the flow is not known."""
    if flow.reads is None or not prod(map(len, shown)):
        return {}
    shape = tuple(map(len, shown))
    near = [_near(size, sources) for size in flow.over]
    at, over = _grids(shown, near)
    reads = _padded(flow.reads(at, over), sources)
    wide = tuple(map(len, (*shown, *near)))
    lit = tuple(_lit(read, source, wide, len(shown)) for read, source in zip(reads, sources, strict=True))
    counts, terms = _terms(flow.terms or flow, shown, sources, values)
    return Feeding(shape, tuple(tuple(map(len, source.shown)) for source in sources), lit, counts, terms)


def _padded(reads: Sequence[Read | None], sources: Sequence[Source]) -> Sequence[Read | None]:
    """Operands that a rule says nothing of feed nothing."""
    return [*reads, *[None] * (len(sources) - len(reads))]


def _grids(shown: Shown, over: Shown) -> tuple[Grid, Grid]:
    """Indices along the result's axes, then along what runs, laid so that they broadcast."""
    rank = len(shown) + len(over)
    grid = [
        np.asarray(indices, np.int64).reshape([-1 if place == own else 1 for place in range(rank)])
        for own, indices in enumerate((*shown, *over))
    ]
    return grid[: len(shown)], grid[len(shown) :]


def _near(size: int, sources: Sequence[Source]) -> Sequence[int]:
    """The entries of what runs that can touch a window: those that one shows, and the next, or all of a few."""
    if size <= FEW:
        return range(size)
    inside = {index for source in sources for indices in source.shown for index in indices}
    return sorted(index for index in {0, *inside, *(index + 1 for index in inside)} if index < size)


def _lit(read: Read | None, source: Source, wide: tuple[int, ...], rank: int) -> NDArray[np.int64]:
    """Rows of a flat position in the result's window and one in the operand's."""
    if read is None or not prod(map(len, source.shown)):
        return np.zeros((0, 2), np.int64)
    inside: Any = np.asarray(read.where)
    positions = []
    for index, shown in zip(read.index, source.shown, strict=True):
        order = np.argsort(shown)
        place = np.searchsorted(np.asarray(shown), index, sorter=order)
        position = order[np.minimum(place, len(shown) - 1)]
        inside = inside & (np.asarray(shown)[position] == index)
        positions.append(position)
    flat = ravelled(positions, tuple(map(len, source.shown)))
    own = np.arange(prod(wide[:rank])).reshape(*wide[:rank], *[1] * (len(wide) - rank))
    own, flat, inside = (np.broadcast_to(part, wide) for part in (own, flat, inside))
    return np.unique(np.stack([own[inside], flat[inside]], 1), axis=0)


def _terms(
    flow: Flow, shown: Shown, sources: Sequence[Source], values: Numbers | None
) -> tuple[NDArray[np.int64], tuple[tuple[Term, ...], ...]]:
    """For each position in the result's window how many terms are added, and the largest of them."""
    cells, run = prod(map(len, shown)), prod(flow.over)
    none: tuple[tuple[Term, ...], ...] = ((),) * cells
    if flow.term is None and flow.over:
        return np.ones(cells, np.int64), none
    if flow.reads is None or values is None or cells * run > MOST_PRODUCTS:
        return np.full(cells, run if flow.term else 1, np.int64), none
    at, over = _grids(shown, [range(size) for size in flow.over])
    reads = _padded(flow.reads(at, over), sources)
    shape = (*map(len, shown), *flow.over)
    looked = [_looked(read, source) for read, source in zip(reads, sources, strict=True)]
    wheres = [np.asarray(read.where) if read else np.asarray(False) for read in reads]
    if flow.term is None:
        added = np.asarray(values)
    else:
        added = flow.term([np.where(where, numbers, 0) for where, numbers in zip(wheres, looked, strict=True)])
    added = np.broadcast_to(added, shape).reshape(cells, run)
    counted: Any = np.zeros((), bool)
    for where in wheres:
        counted = counted | where
    counted = np.broadcast_to(counted, shape).reshape(cells, run)
    counts = counted.sum(1) if flow.term else np.ones(cells, np.int64)
    order = _largest(np.where(counted, np.abs(added), -1))
    terms = [
        tuple(
            _term(cell * run + int(entry), shape, reads, looked, wheres, added[cell, entry])
            for entry in order[cell]
            if counted[cell, entry]
        )
        for cell in range(cells)
    ]
    return counts, tuple(terms)


def _looked(read: Read | None, source: Source) -> Numbers:
    if read is None:
        return np.zeros(())
    index = np.broadcast_arrays(*(np.asarray(part) for part in read.index)) if read.index else ()
    clipped = tuple(np.clip(part, 0, max(size - 1, 0)) for part, size in zip(index, source.sizes, strict=True))
    return source.look(clipped)


def _largest(sizes: Numbers) -> NDArray[np.int64]:
    """Of each row the places of its largest numbers, the largest first."""
    return torch.from_numpy(np.ascontiguousarray(sizes)).topk(min(MOST_TERMS, sizes.shape[1]), 1).indices.numpy()


def _term(
    flat: int, shape: tuple[int, ...], reads: Sequence[Read | None], looked: Sequence[Numbers], wheres: Sequence[Any], value: Any
) -> Term:
    place = tuple(int(part) for part in unravelled(np.asarray(flat), shape))
    index: list[tuple[int, ...] | None] = []
    factors = []
    for read, numbers, where in zip(reads, looked, wheres, strict=True):
        if read is None or not _there(where, place):
            index.append(None)
            factors.append(0.0)
        else:
            index.append(tuple(int(_there(np.asarray(part), place)) for part in read.index))
            factors.append(_there(numbers, place).item())
    return Term(tuple(index), tuple(factors), value.item())


def _there(numbers: Numbers, place: tuple[int, ...]) -> Any:
    """The number at a place of the shape that it broadcasts to."""
    own = place[len(place) - numbers.ndim :]
    return numbers[tuple(at * (size > 1) for at, size in zip(own, numbers.shape, strict=True))]


def look_in(tensor: Tensor) -> Look:
    """The tensor's own numbers."""

    def look(index: tuple[Indices, ...]) -> Numbers:
        with torch.no_grad(), torch._C.DisableTorchFunctionSubclass():
            on = tuple(torch.from_numpy(np.ascontiguousarray(part)).to(tensor.device) for part in index)
            found = tensor.detach()[on] if on else tensor.detach()
            return (found.float() if found.dtype == torch.bfloat16 else found).cpu().resolve_conj().resolve_neg().numpy()

    return look


def look_back(numbers: Numbers | None, shown: Shown) -> Look:
    """What a window kept of numbers that were overwritten."""

    def look(index: tuple[Indices, ...]) -> Numbers:
        if numbers is None:
            return np.full(index[0].shape if index else (), np.nan)
        kept: Any = np.ones((), bool)
        places = []
        for part, indices in zip(index, shown, strict=True):
            order = np.argsort(indices)
            place = order[np.minimum(np.searchsorted(np.asarray(indices), part, sorter=order), len(indices) - 1)]
            kept = kept & (np.asarray(indices)[place] == part)
            places.append(place)
        return np.where(kept, numbers[tuple(places)], np.nan)

    return look
