"""Operations that take numbers by their index: in square brackets, gather and its kind, embedding and one_hot, split."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mnistgrad.trace.axes import Axes, Axis, fresh, set_against
from mnistgrad.trace.flow import Call, Flow, Grid, Indices, Labelled, Read
from mnistgrad.trace.nested import every
from mnistgrad.trace.rules.moves import part_of

Entry = int | range | None  # of an index: one entry, a slice, a new axis


@dataclass(frozen=True, eq=False)
class Layout:
    """What an index in square brackets takes of a tensor.

    fixed: by the tensor's axis, the one entry that is taken of it. ranges: by the axis, the place in the result and the entries.
    picked: by the axis, what indices are taken of it, laid along the result's axes from `first` on. axes: of the result.
    known: whether it is known which indices.
    """

    axes: Axes
    fixed: dict[int, int] = field(default_factory=dict)
    ranges: dict[int, tuple[int, range]] = field(default_factory=dict)
    picked: dict[int, Indices] = field(default_factory=dict)
    first: int = 0
    count: int = 0  # of the result's axes that the picked indices make
    known: bool = True

    def index(self, at: Grid, rank: int) -> tuple[Indices | int, ...]:
        """Where the tensor is read for indices of the result."""
        return tuple(self._along(dim, at) for dim in range(rank))

    def _along(self, dim: int, at: Grid) -> Indices | int:
        if dim in self.fixed:
            return self.fixed[dim]
        if dim in self.ranges:
            place, entries = self.ranges[dim]
            return entries.start + entries.step * at[place]
        picked = self.picked[dim]
        own = range(self.first + self.count - picked.ndim, self.first + self.count)
        return picked[tuple(at[place] * (size > 1) for place, size in zip(own, picked.shape, strict=True))]


def layout(tensor: Labelled, index: Any) -> Layout:
    """Of `tensor[index]`, with a Labelled for each tensor in it."""
    items = list(index) if isinstance(index, tuple) else [index]
    taken = sum(_dims_taken(item) for item in items)
    dots = next((place for place, item in enumerate(items) if item is Ellipsis), len(items))
    items[dots : dots + 1] = [slice(None)] * (len(tensor.sizes) - taken)

    dim = 0
    axes: list[Axis | None] = []  # the result's, None where the picked indices stand
    fixed: dict[int, int] = {}
    ranges: dict[int, tuple[int, range]] = {}
    picked: dict[int, tuple[Indices, Axes]] = {}
    for item in items:
        if item is None:
            axes.append(Axis(length=1))
        elif isinstance(item, slice):
            entries = range(*item.indices(tensor.sizes[dim]))
            ranges[dim] = (len(axes), entries)
            axes.append(part_of(tensor.axes[dim], tensor.sizes[dim], entries))
            dim += 1
        elif _is_number(item):
            fixed[dim] = int(item) % max(tensor.sizes[dim], 1)
            dim += 1
        else:
            for indices, own in _picked(item, tensor, dim):
                picked[dim] = indices % max(tensor.sizes[dim], 1), own
                axes.append(None)
                dim += 1
    known = all(one.tensor is not None for one in every(Labelled, items))
    return replace(_laid(axes, fixed, ranges, picked), known=known)


def _laid(axes: list[Axis | None], fixed: dict[int, int], ranges: dict[int, Any], picked: dict[int, Any]) -> Layout:
    """Axes that were picked stand where the first index stands if the indices are neighbours, else in front."""
    places = [place for place, axis in enumerate(axes) if axis is None]
    if not places:
        return Layout(tuple(axis for axis in axes if axis), fixed, ranges)
    neighbours = places == list(range(places[0], places[-1] + 1))
    first = places[0] if neighbours else 0
    new = _broadcast([(indices.shape, own) for indices, own in picked.values()])
    before = [axis for axis in axes[:first] if axis is not None]
    after = [axis for axis in axes[first:] if axis is not None]
    shift = {place: len([a for a in axes[:place] if a is not None]) for place in range(len(axes))}
    moved = {
        dim: (shift[place] + (len(new) if shift[place] >= first else 0), entries) for dim, (place, entries) in ranges.items()
    }
    only = {dim: indices for dim, (indices, _) in picked.items()}
    return Layout((*before, *new, *after), fixed, moved, only, first, len(new))


def _broadcast(sides: Sequence[tuple[tuple[int, ...], Axes]]) -> Axes:
    rank = max(len(axes) for _, axes in sides)
    places = range(-rank, 0)
    return tuple(set_against([(s[place], a[place]) for s, a in sides if len(a) >= -place]) for place in places)


def _dims_taken(item: Any) -> int:
    if item is None or item is Ellipsis:
        return 0
    truth = _truth(item)
    return 1 if truth is None else truth.ndim  # a mask takes as many as it has


def _truth(item: Any) -> Any:
    """A mask as an array, None for anything else."""
    if isinstance(item, Labelled) and item.is_mask:
        return np.ones(item.sizes, bool) if item.tensor is None else item.tensor.cpu().numpy().astype(bool)
    if isinstance(item, list | np.ndarray) and np.asarray(_plain(item)).dtype == np.bool_:
        return np.asarray(_plain(item))
    return None


def _is_number(item: Any) -> bool:
    return not isinstance(item, bool | Labelled | list | tuple | range | np.ndarray) and hasattr(item, "__index__")


def _picked(item: Any, tensor: Labelled, dim: int) -> list[tuple[Indices, Axes]]:
    """For each axis that the item takes the indices, and the axes that these lie along."""
    truth = _truth(item)
    if truth is not None:
        places = np.nonzero(truth)
        if truth.ndim == 1:
            if isinstance(item, Labelled):
                set_against([(tensor.sizes[dim], tensor.axes[dim]), (truth.shape[0], item.axes[0])])
            return [(places[0], (part_of(tensor.axes[dim], tensor.sizes[dim], places[0]),))]
        together = fresh(len(places[0]))
        return [(indices, together) for indices in places]
    if isinstance(item, Labelled):
        numbers = np.zeros(item.sizes) if item.tensor is None else item.tensor.detach().cpu().numpy()
        return [(numbers.astype(np.int64), item.axes)]
    indices = np.asarray(_plain(item), dtype=np.int64)
    return [(indices, fresh(*indices.shape))]


def _plain(item: Any) -> Any:
    if isinstance(item, Labelled):
        return None if item.tensor is None else item.tensor.tolist()
    return [_plain(part) for part in item] if isinstance(item, list | tuple | range) else item


def getitem(call: Call) -> Flow:
    tensor, index = call.args
    found = layout(tensor, index)
    others = [one for one in call.tensors if one is not tensor]

    def reads(at: Grid, over: Grid) -> list[Read | None]:
        return [Read(found.index(at, len(tensor.sizes))), *(_index_read(one, found, at) for one in others)]

    return Flow(found.axes, reads if found.known else None)


def _index_read(index: Labelled, found: Layout, at: Grid) -> Read | None:
    """Of a tensor of indices, the one that told where; a mask tells it nowhere in particular."""
    if index.is_mask:
        return None
    own = range(found.first + found.count - len(index.sizes), found.first + found.count)
    return Read(tuple(at[place] * (size > 1) for place, size in zip(own, index.sizes, strict=True)))


def select(call: Call) -> Flow:
    """x.select(dim, index)."""
    return _taken(call, call.given(1, "dim"), int(call.given(2, "index")))


def narrow(call: Call) -> Flow:
    start, length = int(call.given(2, "start")), call.given(3, "length")
    return _taken(call, call.given(1, "dim"), slice(start, start + length))


def index_select(call: Call) -> Flow:
    return _taken(call, call.given(1, "dim"), call.given(2, "index"))


def unbind(call: Call) -> Flow:
    return _taken(call, call.given(1, "dim", default=0), call.number)


def split(call: Call) -> Flow:
    """split, chunk and their kind: a part of the axis after the other."""
    dim = call.given(2, "dim", default=0)
    lengths = [sizes[dim] for sizes in call.results]
    start = sum(lengths[: call.number])
    return _taken(call, dim, slice(start, start + lengths[call.number]))


def _taken(call: Call, dim: int, item: Any) -> Flow:
    """What `item` takes along one axis."""
    tensor = call.tensors[0]
    index = (*[slice(None)] * (dim % len(tensor.sizes)), item)
    return getitem(Call((tensor, index), {}, call.results, call.number))


def embedding(call: Call) -> Flow:
    """A row of the weight for each index."""
    index, weight = call.tensors[:2]
    if index.tensor is not None and index.tensor.dtype.is_floating_point:  # torch.embedding has the weight first
        return getitem(Call((index, weight), {}, call.results))
    flow = getitem(Call((weight, index), {}, call.results))
    reads = flow.reads
    return Flow(flow.axes, (lambda at, over: list(reads(at, over))[::-1]) if reads else None)


def gather(call: Call) -> Flow:
    """x.gather(dim, index): along one axis by the index, along the others in place."""
    tensor, index = call.tensors[:2]
    dim = call.given(1, "dim") % max(len(tensor.sizes), 1)
    for place in range(len(tensor.sizes)):
        if place != dim and tensor.sizes[place] == index.sizes[place]:
            set_against([(tensor.sizes[place], tensor.axes[place]), (index.sizes[place], index.axes[place])])
    if index.tensor is None:
        return Flow(index.axes)
    told = index.tensor.cpu().numpy()

    def reads(at: Grid, over: Grid) -> list[Read]:
        where = told[tuple(at)]
        return [Read(tuple(where if place == dim else part for place, part in enumerate(at))), Read(tuple(at))]

    return Flow(index.axes, reads)


def one_hot(call: Call) -> Flow:
    """A new axis, on which each index stands once."""
    index = call.tensors[0]
    return Flow((*index.axes, *fresh(call.sizes[-1])), lambda at, over: [Read(tuple(at[:-1]))])
