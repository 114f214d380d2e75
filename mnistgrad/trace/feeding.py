"""What each number of a result was made of: which numbers of its operands feed it, how many terms are added, the largest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnistgrad.common.tensors import WHOLE
from mnistgrad.trace.flow import Flow, Grid, Indices, Read, only, product, ravelled, unravelled
from mnistgrad.trace.operation import Fed, Numbers, Term
from mnistgrad.trace.values import in_numpy

MOST_TERMS = 6
MOST_PRODUCTS = 100_000_000  # that are looked through for the largest of an operation
MOST_AT_ONCE = 4_000_000  # of them
BLOCK = 256  # of numbers whose largest is found first
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
class Largest:
    """The largest terms of each number of a window, by its flat position: so many of `values` as `kept` says, the largest first.

    indices: for each operand one of its axes' indices after the other; read: whether it is read there; factors: its numbers.
    """

    kept: NDArray[np.int64]
    values: Numbers
    indices: tuple[NDArray[np.int64], ...]
    read: tuple[NDArray[np.bool_], ...]
    factors: tuple[Numbers, ...]

    def of(self, cell: int) -> tuple[Term, ...]:
        return tuple(self._term(cell, entry) for entry in range(self.kept[cell]))

    def _term(self, cell: int, entry: int) -> Term:
        at = cell, entry
        index = (tuple(each[at].tolist()) if read[at] else None for each, read in zip(self.indices, self.read, strict=True))
        factors = (each[at].item() if read[at] else 0.0 for each, read in zip(self.factors, self.read, strict=True))
        return Term(tuple(index), tuple(factors), self.values[at].item())


@dataclass(frozen=True, eq=False)
class Feeding(Mapping[tuple[int, ...], Fed]):
    """For each position in the result's window what fed its number.

    lit: for each operand, a flat position in the result's window times the size of its own, and one in its own. counts: of the
    terms, by the flat position; largest: of these, None where they are not known.
    """

    shape: tuple[int, ...]
    windows: tuple[tuple[int, ...], ...]
    lit: tuple[NDArray[np.int64], ...]
    counts: NDArray[np.int64]
    largest: Largest | None

    def __getitem__(self, position: tuple[int, ...]) -> Fed:
        if len(position) != len(self.shape) or not all(0 <= p < size for p, size in zip(position, self.shape, strict=True)):
            raise KeyError(position)
        flat = int(ravelled(position, self.shape))
        cells = []
        for window, pairs in zip(self.windows, self.lit, strict=True):
            size = prod(window)
            lit = np.zeros(size, bool)
            lit[pairs[slice(*np.searchsorted(pairs, [flat * size, (flat + 1) * size]))] - flat * size] = True
            cells.append(lit.reshape(window))
        return Fed(tuple(cells), int(self.counts[flat]), self.largest.of(flat) if self.largest else ())

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
    counts, largest = _terms(flow.terms or flow, shown, sources, values)
    if flow.term is None and largest:
        counts, largest = np.ones_like(counts), replace(largest, kept=np.minimum(largest.kept, 1))
    return Feeding(shape, tuple(tuple(map(len, source.shown)) for source in sources), lit, counts, largest)


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
    """A flat position in the result's window times the size of the operand's, and one in that, in order."""
    size = prod(map(len, source.shown))
    if read is None or not size:
        return np.zeros(0, np.int64)
    inside: Any = np.asarray(read.where)
    positions = []
    for index, shown in zip(read.index, source.shown, strict=True):
        order = np.argsort(shown)
        place = np.searchsorted(np.asarray(shown), index, sorter=order)
        position = order[np.minimum(place, len(shown) - 1)]
        inside = inside & (np.asarray(shown)[position] == index)
        positions.append(position)
    flat = ravelled(positions, tuple(map(len, source.shown)))
    own = np.arange(prod(wide[:rank])).reshape((*wide[:rank], *[1] * (len(wide) - rank)))
    own, flat, inside = (np.broadcast_to(part, wide) for part in (own, flat, inside))
    return np.unique(own[inside] * size + flat[inside])


def _terms(
    flow: Flow, shown: Shown, sources: Sequence[Source], values: Numbers | None
) -> tuple[NDArray[np.int64], Largest | None]:
    """For each position in the result's window how many terms are added, and the largest of them."""
    cells, run = prod(map(len, shown)), prod(flow.over)
    unknown = np.full(cells, run if flow.term else 1, np.int64), None
    if (flow.term is None and flow.over) or flow.reads is None or values is None:
        return unknown
    if cells * run <= MOST_AT_ONCE:
        return _terms_along(flow, [range(size) for size in flow.over], shown, sources, values)
    first, *others = flow.over
    step = MOST_AT_ONCE // (cells * prod(others))
    if not step or cells * run > MOST_PRODUCTS or flow.term not in (only, product):
        return unknown
    runs = [[range(start, min(start + step, first)), *map(range, others)] for start in range(0, first, step)]
    counts, found = zip(*(_terms_along(flow, one, shown, sources, values) for one in runs), strict=True)
    return sum(counts), _merged(found)


def _merged(parts: Sequence[Largest]) -> Largest:
    """The largest of all."""
    inside = np.concatenate([np.arange(part.values.shape[1]) < part.kept[:, None] for part in parts], 1)
    values = np.concatenate([part.values for part in parts], 1)
    order = _largest(np.where(inside, np.abs(values), -1))

    def chosen(arrays: Sequence[Numbers]) -> Numbers:
        together = np.concatenate(arrays, 1)
        return np.take_along_axis(together, order.reshape(*order.shape, *[1] * (together.ndim - 2)), 1)

    return Largest(
        np.minimum(inside.sum(1), order.shape[1]),
        chosen([part.values for part in parts]),
        tuple(chosen(arrays) for arrays in zip(*(part.indices for part in parts), strict=True)),
        tuple(chosen(arrays) for arrays in zip(*(part.read for part in parts), strict=True)),
        tuple(chosen(arrays) for arrays in zip(*(part.factors for part in parts), strict=True)),
    )


def _terms_along(
    flow: Flow, runs: Sequence[range], shown: Shown, sources: Sequence[Source], values: Numbers
) -> tuple[NDArray[np.int64], Largest]:
    """Of those along these entries of what runs."""
    assert flow.reads is not None
    cells, run = prod(map(len, shown)), prod(map(len, runs))
    at, over = _grids(shown, runs)
    reads = _padded(flow.reads(at, over), sources)
    shape = (*map(len, shown), *map(len, runs))
    looked = [_looked(read, source) for read, source in zip(reads, sources, strict=True)]
    wheres = [np.asarray(read.where) if read else np.asarray(False) for read in reads]
    added = np.asarray(values)
    if flow.term is not None:
        added = flow.term(
            [numbers if where.all() else np.where(where, numbers, 0) for where, numbers in zip(wheres, looked, strict=True)]
        )
    added = np.broadcast_to(added, shape).reshape(cells, run)
    counted: Any = np.zeros((), bool)
    for where in wheres:
        counted = counted | where
    sizes, counts = np.abs(added), np.full(cells, run, np.int64)
    if not counted.all():
        counted = np.broadcast_to(counted, shape).reshape(cells, run)
        sizes, counts = np.where(counted, sizes, -1), counted.sum(1)
    order = _largest(sizes)
    places = unravelled(np.arange(cells)[:, None] * run + order, shape)
    return (counts if flow.term else np.ones(cells, np.int64)), Largest(
        np.minimum(counts, order.shape[1]),
        np.take_along_axis(added, order, 1),
        tuple(_stacked([_there(part, places) for part in read.index], order.shape) if read else order for read in reads),
        tuple(np.broadcast_to(_there(where, places), order.shape) for where in wheres),
        tuple(np.broadcast_to(_there(numbers, places), order.shape) for numbers in looked),
    )


def _largest(sizes: Numbers) -> NDArray[np.int64]:
    """The places of the largest in each row, the largest first. Of long rows the blocks that hold them are found first."""
    numbers = torch.from_numpy(np.ascontiguousarray(sizes if sizes.dtype.kind == "f" else sizes.astype(np.float64)))
    cells, run = numbers.shape
    blocks, most = run // BLOCK, min(MOST_TERMS, run)
    if blocks <= most:
        return numbers.topk(most, 1).indices.numpy()
    best = numbers[:, : blocks * BLOCK].reshape(cells, blocks, BLOCK).amax(2).topk(most, 1).indices
    inside = (best[:, :, None] * BLOCK + torch.arange(BLOCK, **WHOLE)).reshape(cells, -1)
    tried = torch.cat([inside, torch.arange(blocks * BLOCK, run, **WHOLE).expand(cells, -1)], 1)
    return tried.gather(1, numbers.gather(1, tried).topk(most, 1).indices).numpy()


def _looked(read: Read | None, source: Source) -> Numbers:
    if read is None:
        return np.zeros(())
    clipped = (np.clip(part, 0, max(size - 1, 0)) for part, size in zip(read.index, source.sizes, strict=True))
    return source.look(tuple(clipped))


def _there(numbers: Any, places: Sequence[Indices]) -> Any:
    """The numbers at places of the shape that they broadcast to."""
    numbers = np.asarray(numbers)
    own = places[len(places) - numbers.ndim :]
    return numbers[tuple(at * (size > 1) for at, size in zip(own, numbers.shape, strict=True))]


def _stacked(parts: Sequence[Any], shape: tuple[int, ...]) -> NDArray[np.int64]:
    return np.stack([np.broadcast_to(part, shape) for part in parts], -1) if parts else np.zeros((*shape, 0), np.int64)


def look_in(tensor: Tensor) -> Look:
    """The tensor's own numbers."""

    def look(index: tuple[Indices, ...]) -> Numbers:
        with torch.no_grad(), torch._C.DisableTorchFunctionSubclass():
            return in_numpy(_at(tensor.detach(), index))

    return look


def _at(tensor: Tensor, index: tuple[Indices, ...]) -> Tensor:
    """The numbers at indices that broadcast. Where each axis has its own direction, one axis after the other, which is faster."""
    rank = max((part.ndim for part in index), default=0)
    own = [[place - part.ndim for place, size in enumerate(part.shape) if size != 1] for part in index]
    directions = [place for places in own for place in places]
    if len(set(directions)) < len(directions) or any(len(places) > 1 for places in own):
        return tensor[tuple(torch.from_numpy(np.ascontiguousarray(part)).to(tensor.device) for part in index)]
    for axis, part in sorted(enumerate(index), key=lambda each: each[1].size):
        flat = part.ravel()
        if flat.size and (flat == np.arange(flat[0], flat[0] + flat.size)).all():
            tensor = tensor.narrow(axis, int(flat[0]), flat.size)
        else:
            tensor = tensor.index_select(axis, torch.from_numpy(flat).to(tensor.device))
    order = sorted(range(len(index)), key=lambda axis: own[axis][0] if own[axis] else -rank - 1)
    long = [axis for axis in order if own[axis]]
    shape = [1] * rank
    for axis in long:
        shape[own[axis][0]] = tensor.shape[axis]
    return tensor.permute(order).reshape(shape)


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
