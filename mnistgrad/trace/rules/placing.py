"""Operations that put numbers of several tensors into one: side by side, or into places of another."""

from typing import Any

import numpy as np

from mnistgrad.trace.axes import Axis, Joined, made_of, set_against
from mnistgrad.trace.flow import Call, Flow, Grid, Labelled, Numbers, Read, unravelled
from mnistgrad.trace.nested import every
from mnistgrad.trace.rules.moves import same
from mnistgrad.trace.rules.taking import layout


def _total(factors: Any) -> Numbers:
    """Of what is read; what is not counts as 0."""
    return sum(factors)


def cat(call: Call) -> Flow:
    """One after the other along an axis, which keeps its name if it has one and the same in all."""
    tensors = every(Labelled, [call.args[0] if call.args else call.kwargs["tensors"]])
    rank = len(call.sizes)
    dim = call.given(1, "dim", "axis", default=0) % rank
    lengths = [tensor.sizes[dim] if len(tensor.sizes) == rank else 0 for tensor in tensors]  # torch lets an empty one pass
    whole = [tensor for tensor in tensors if len(tensor.sizes) == rank]
    axes = [set_against([(t.sizes[place], t.axes[place]) for t in whole]) for place in range(rank) if place != dim]
    joined = [tensor.axes[dim] for tensor in whole]
    axes.insert(dim, made_of(Joined(tuple(joined), tuple(t.sizes[dim] for t in whole)), sum(lengths)))
    starts = [sum(lengths[:place]) for place in range(len(lengths))]

    def reads(at: Grid, over: Grid) -> list[Read | None]:
        found: list[Read | None] = []
        for start, length in zip(starts, lengths, strict=True):
            own = at[dim] - start
            inside = (own >= 0) & (own < length)
            clipped = np.clip(own, 0, max(length - 1, 0))
            found.append(Read(tuple(clipped if p == dim else part for p, part in enumerate(at)), inside) if length else None)
        return found

    return Flow(tuple(axes), reads)


def stack(call: Call) -> Flow:
    """Side by side along a new axis."""
    tensors = call.tensors
    dim = call.given(1, "dim", "axis", default=0) % len(call.sizes)
    axes = [set_against([(t.sizes[p], t.axes[p]) for t in tensors]) for p in range(len(tensors[0].sizes))]
    axes.insert(dim, Axis(length=len(tensors)))

    def reads(at: Grid, over: Grid) -> list[Read]:
        index = tuple(part for place, part in enumerate(at) if place != dim)
        return [Read(index, at[dim] == number) for number in range(len(tensors))]

    return Flow(tuple(axes), reads)


def setitem(call: Call) -> Flow:
    """x[index] = value: what is not set stays."""
    tensor, index, value = call.args
    found = layout(tensor, index)
    sizes = _sizes(found, tensor)
    written = isinstance(value, Labelled)
    if written:
        for place in range(-min(len(value.sizes), len(sizes)), 0):
            set_against([(sizes[place], found.axes[place]), (value.sizes[place], value.axes[place])])
    others = every(Labelled, [index])

    def reads(at: Grid, over: Grid) -> list[Read | None]:
        inside, region = _inside(found, tensor, at, sizes)
        own = [Read(tuple(at), ~inside), *(None for _ in others)]
        if not written:
            return own
        back = region[len(sizes) - len(value.sizes) :] if len(value.sizes) <= len(sizes) else []
        taken = tuple(part * (size > 1) for part, size in zip(back, value.sizes, strict=True))
        return [*own, Read(taken, inside)]

    return Flow(tensor.axes, reads if found.known else None)


def _sizes(found: Any, tensor: Labelled) -> tuple[int, ...]:
    """Of what the index takes."""
    sizes = [1] * len(found.axes)
    for place, entries in found.ranges.values():
        sizes[place] = len(entries)
    if found.picked:
        shape = np.broadcast_shapes(*(indices.shape for indices in found.picked.values()))
        sizes[found.first : found.first + found.count] = shape
    return tuple(sizes)


def _inside(found: Any, tensor: Labelled, at: Grid, sizes: tuple[int, ...]) -> tuple[Any, list[Any]]:
    """Whether the index takes each place of the tensor, and where in what it takes that place stands; the last one counts."""
    inside: Any = np.ones((), bool)
    region: list[Any] = [np.zeros((), np.int64)] * len(sizes)
    for dim, entry in found.fixed.items():
        inside = inside & (at[dim] == entry)
    for dim, (place, entries) in found.ranges.items():
        step, off = np.divmod(at[dim] - entries.start, entries.step)
        inside = inside & (off == 0) & (step >= 0) & (step < len(entries))
        region[place] = np.clip(step, 0, max(len(entries) - 1, 0))
    if found.picked:
        shape = sizes[found.first : found.first + found.count]
        hits: Any = np.ones((), bool)
        for dim, indices in found.picked.items():
            hits = hits & (at[dim][..., None] == np.broadcast_to(indices, shape).ravel())
        inside = inside & hits.any(-1)
        last = hits.shape[-1] - 1 - hits[..., ::-1].argmax(-1)
        region[found.first : found.first + found.count] = unravelled(last, shape)
    return inside, region


def scatter(adds: bool) -> Any:
    """x.scatter(dim, index, src): each of src goes where the index says along an axis; scatter_add adds it there."""

    def rule(call: Call) -> Flow:
        tensor, dim = call.tensors[0], call.given(1, "dim") % len(call.sizes)
        index, src = call.given(2, "index"), call.given(3, "src", "value")
        sides = [index, src] if isinstance(src, Labelled) else [index]
        for side in sides:
            for place in range(len(tensor.sizes)):
                if place != dim and side.sizes[place] == tensor.sizes[place]:
                    set_against([(tensor.sizes[place], tensor.axes[place]), (side.sizes[place], side.axes[place])])
        return _sent(call, dim, lambda at, entry: tuple(entry if p == dim else part for p, part in enumerate(at)), sides, adds)

    return rule


def index_add(call: Call) -> Flow:
    """x.index_add(dim, index, src): each row of src is added to the row that the index says."""
    tensor, dim = call.tensors[0], call.given(1, "dim") % len(call.sizes)
    index, src = call.given(2, "index"), call.given(3, "source", "tensor")
    for place in range(len(tensor.sizes)):
        against = (tensor.sizes[place], tensor.axes[place])
        set_against([(src.sizes[place], src.axes[place]), against if place != dim else (index.sizes[0], index.axes[0])])
    return _sent(call, dim, lambda at, entry: (entry,), [index, src], adds=True)


def _sent(call: Call, dim: int, place_of: Any, sides: list[Labelled], adds: bool) -> Flow:
    """What an index sends along an axis to places of a tensor. place_of: where in the index an entry for a place stands."""
    tensor, index = call.tensors[0], sides[0]
    if index.tensor is None or call.kwargs.get("reduce") or call.kwargs.get("alpha"):
        return Flow(tensor.axes)
    told, length = index.tensor.cpu().numpy(), index.sizes[dim if len(index.sizes) == len(tensor.sizes) else 0]

    def reads(at: Grid, over: Grid) -> list[Read]:
        entry = np.maximum(over[0] - 1, 0)  # of what runs, the first is the tensor's own
        place = tuple(np.minimum(p, size - 1) for p, size in zip(place_of(at, entry), index.sizes, strict=True))
        fits = np.ones((), bool)
        for given, size in zip(place_of(at, entry), index.sizes, strict=True):
            fits = fits & (given < size)
        sent = fits & (told[place] == at[dim]) & (over[0] > 0)
        own = Read(tuple(at), (over[0] == 0) if adds else (over[0] == 0) & ~_ever(told, at, dim, place_of, index))
        from_src = tuple(entry if p == dim else np.minimum(part, sides[-1].sizes[p] - 1) for p, part in enumerate(at))
        return [own, Read(place, sent), *(Read(from_src, sent) for _ in sides[1:])]

    flow = same(call)
    return Flow(flow.axes, reads, (length + 1,), (lambda factors: _total([factors[0], *factors[2:]])) if adds else None)


def _ever(told: Any, at: Grid, dim: int, place_of: Any, index: Labelled) -> Any:
    """Whether anything is sent to each place."""
    entries = np.arange(index.sizes[dim])
    wide = [np.asarray(part)[..., None] for part in at]
    place = tuple(np.minimum(p, size - 1) for p, size in zip(place_of(wide, entries), index.sizes, strict=True))
    return (told[place] == wide[dim]).any(-1)
