"""Operations that give the same numbers in another shape or another order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import torch

from mnistgrad.trace.axes import Axes, Axis, Merged, Part, Piece, fresh, made_of, set_against
from mnistgrad.trace.flow import Call, Flow, Grid, Indices, Labelled, Read, ravelled, unravelled
from mnistgrad.trace.rules.reductions import dims_of


def same(call: Call) -> Flow:
    """The same shape, each number in its place."""
    return Flow(call.tensors[0].axes, lambda at, over: [Read(tuple(at))])


def like(call: Call) -> Flow:
    """Of the operand only the shape."""
    return Flow(call.tensors[0].axes, lambda at, over: [None])


def made(call: Call) -> Flow:
    """From no tensor."""
    return Flow(fresh(*call.sizes), lambda at, over: [None for _ in call.tensors])


def normed(call: Call) -> Flow:
    """layer_norm, batch_norm and their kind: the shape stays."""
    return Flow(call.tensors[0].axes)


def ordered(call: Call) -> Flow:
    """sort and topk: along an axis the same numbers in their order, or some of them."""
    tensor = call.tensors[0]
    pairs = zip(tensor.sizes, tensor.axes, call.sizes, strict=True)
    return Flow(tuple(axis if size == left else Axis(length=left) for size, axis, left in pairs))


def drawn(call: Call) -> Flow:
    """multinomial: some indices for each row."""
    return Flow((*call.tensors[0].axes[:-1], *fresh(call.sizes[-1])), lambda at, over: [None])


def copied(call: Call) -> Flow:
    """x.copy_(y): the numbers of y in the shape of x."""
    tensor, other = call.tensors[:2]
    for place in range(-len(other.sizes), 0):
        set_against([(tensor.sizes[place], tensor.axes[place]), (other.sizes[place], other.axes[place])])

    def reads(at: Grid, over: Grid) -> list[Read | None]:
        own = at[len(at) - len(other.sizes) :]
        return [None, Read(tuple(part * (size > 1) for part, size in zip(own, other.sizes, strict=True)))]

    return Flow(tensor.axes, reads)


def reshaped(call: Call) -> Flow:
    """view, reshape, flatten and their kind: the numbers in their order. Axes that stay whole keep their names."""
    tensor = call.tensors[0]
    if any(isinstance(given, torch.dtype) for given in call.args):
        return Flow(fresh(*call.sizes))
    return _in_order(tensor, regrouped(tensor.sizes, tensor.axes, call.sizes), call)


def _in_order(tensor: Labelled, axes: Axes, call: Call) -> Flow:
    def reads(at: Grid, over: Grid) -> list[Read | None]:
        others: list[Read | None] = [None] * (len(call.tensors) - 1)  # of view_as, whose shape alone is taken
        return [Read(unravelled(ravelled(at, call.sizes), tensor.sizes)), *others]

    return Flow(axes, reads)


def unsqueeze(call: Call) -> Flow:
    tensor = call.tensors[0]
    axes = list(tensor.axes)
    place = call.given(1, "dim")
    axes.insert(place if place >= 0 else len(axes) + 1 + place, *fresh(1))
    return _in_order(tensor, tuple(axes), call)


def squeeze(call: Call) -> Flow:
    tensor = call.tensors[0]
    goes = dims_of(call, len(tensor.sizes))
    stays = (a for place, a in enumerate(tensor.axes) if place not in goes or tensor.sizes[place] != 1)
    return _in_order(tensor, tuple(stays), call)


def expanded(call: Call) -> Flow:
    """expand: an axis of length 1 is repeated, new ones stand in front."""
    tensor = call.tensors[0]
    new = len(call.sizes) - len(tensor.sizes)

    def reads(at: Grid, over: Grid) -> list[Read | None]:
        index = tuple(part * (size > 1) for part, size in zip(at[new:], tensor.sizes, strict=True))
        return [Read(index), *([None] * (len(call.tensors) - 1))]

    return Flow((*fresh(*call.sizes[:new]), *tensor.axes), reads)


def repeated(call: Call) -> Flow:
    """repeat and tile: an axis that is written out several times is another."""
    tensor = call.tensors[0]
    new = len(call.sizes) - len(tensor.sizes)
    kept = zip(tensor.axes, tensor.sizes, call.sizes[new:], strict=True)
    axes = tuple(axis if size in (1, length) else Axis(length=length) for axis, size, length in kept)

    def reads(at: Grid, over: Grid) -> list[Read]:
        return [Read(tuple(part % max(size, 1) for part, size in zip(at[new:], tensor.sizes, strict=True)))]

    return Flow((*fresh(*call.sizes[:new]), *axes), reads)


def flipped(call: Call) -> Flow:
    given: Any = call.args[1:] if len(call.args) > 2 else call.given(1, "dims")
    dims = {dim % len(call.sizes) for dim in (given if isinstance(given, tuple | list) else [given])}

    def reads(at: Grid, over: Grid) -> list[Read]:
        return [Read(tuple(call.sizes[place] - 1 - part if place in dims else part for place, part in enumerate(at)))]

    return replace(same(call), reads=reads)


def rolled(call: Call) -> Flow:
    by, dims = (
        given if isinstance(given, tuple | list) else [given] for given in (call.given(1, "shifts"), call.given(2, "dims"))
    )
    if list(dims) == [None]:
        return Flow(call.tensors[0].axes)
    shift = {dim % len(call.sizes): step for dim, step in zip(dims, by, strict=True)}

    def reads(at: Grid, over: Grid) -> list[Read]:
        return [Read(tuple((part - shift.get(place, 0)) % call.sizes[place] for place, part in enumerate(at)))]

    return replace(same(call), reads=reads)


def triangle(lower: bool) -> Any:
    """tril and triu: what stands beyond a diagonal is 0."""

    def rule(call: Call) -> Flow:
        diagonal = call.given(1, "diagonal", default=0)

        def reads(at: Grid, over: Grid) -> list[Read]:
            off = at[-1] - at[-2] - diagonal
            return [Read(tuple(at), off <= 0 if lower else off >= 0)]

        return replace(same(call), reads=reads)

    return rule


def diagonal(call: Call) -> Flow:
    """Of a matrix, and the matrix of a vector."""
    tensor = call.tensors[0]
    if len(call.args) > 1 or call.kwargs:
        return Flow(fresh(*call.sizes))
    if len(tensor.sizes) == 1:
        return Flow(tensor.axes * 2, lambda at, over: [Read((at[0],), at[0] == at[1])])
    return (
        Flow(fresh(*call.sizes), lambda at, over: [Read((at[-1], at[-1]))])
        if len(tensor.sizes) == 2
        else Flow(fresh(*call.sizes))
    )


def regrouped(sizes: Sequence[int], axes: Sequence[Axis], new: Sequence[int]) -> Axes:
    """The axes of a reshape from `sizes` to `new`, both with their numbers in one order."""
    if not prod(sizes):  # nothing tells where an axis ends: those in front and at the end that stay alike
        return _alike(sizes, axes, new)
    result: list[Axis] = []
    for old_places, new_places in _groups(sizes, new):
        old_sizes, lengths = [sizes[p] for p in old_places], [new[p] for p in new_places]
        result += _group([axes[p] for p in old_places], old_sizes, lengths)
    return tuple(result)


def _alike(sizes: Sequence[int], axes: Sequence[Axis], new: Sequence[int]) -> Axes:
    front = next((p for p, (a, b) in enumerate(zip(sizes, new, strict=False)) if a != b), min(len(sizes), len(new)))
    rest = min(len(sizes), len(new)) - front
    back = next((p for p in range(rest) if sizes[-1 - p] != new[-1 - p]), rest)
    middle = fresh(*new[front : len(new) - back])
    return (*axes[:front], *middle, *axes[len(axes) - back :])


def _groups(sizes: Sequence[int], new: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """Places of old and new axes that hold the same numbers, as few at a time as can be."""
    at, to = 0, 0
    while at < len(sizes) or to < len(new):
        old_places, new_places = [], []
        if at < len(sizes) and to < len(new) and sizes[at] == new[to]:
            old_places, new_places, at, to = [at], [to], at + 1, to + 1
        elif to < len(new) and new[to] == 1:
            new_places, to = [to], to + 1
        elif at < len(sizes) and sizes[at] == 1:
            old_places, at = [at], at + 1
        else:
            held, wanted = 1, 1
            while held != wanted or held == 1:
                if held <= wanted:
                    old_places.append(at)
                    held, at = held * sizes[at], at + 1
                else:
                    new_places.append(to)
                    wanted, to = wanted * new[to], to + 1
        yield old_places, new_places


def _group(axes: Sequence[Axis], sizes: Sequence[int], new: Sequence[int]) -> Axes:
    """What becomes of neighbouring axes whose numbers the new sizes share out anew."""
    if len(axes) == len(new) == 1:
        return tuple(axes)
    if not axes or not new:
        return fresh(*new)
    if len(axes) == 1:
        return _cut(axes[0], sizes[0], tuple(new))
    if len(new) == 1:
        return (_merged(axes, sizes),)
    whole = _merged(axes, sizes)
    return _cut(whole, prod(sizes), tuple(new))


def _merged(axes: Sequence[Axis], sizes: Sequence[int]) -> Axis:
    """One axis of several: where they are all pieces of one, that one."""
    long = [(axis.resolved(), size) for axis, size in zip(axes, sizes, strict=True) if size > 1]
    if len(long) == 1:
        return long[0][0]
    first = long[0][0].origin
    if isinstance(first, Piece) and all(
        isinstance(a.origin, Piece) and a.origin.whole.resolved() is first.whole.resolved() and a.origin.sizes == first.sizes
        for a, _ in long
    ):
        places = [a.origin.place for a, _ in long if isinstance(a.origin, Piece)]
        if places == [place for place, size in enumerate(first.sizes) if size > 1]:
            return first.whole.resolved()
    return made_of(Merged(tuple(axis for axis, _ in long), tuple(size for _, size in long)), prod(sizes))


def _cut(axis: Axis, size: int, new: tuple[int, ...]) -> Axes:
    """Several axes of one: where it was merged from axes of these sizes, those."""
    axis, long = axis.resolved(), tuple(length for length in new if length > 1)
    origin, parts = axis.origin, tuple(made_of(Piece(axis, long, at), length) for at, length in enumerate(long))
    if isinstance(origin, Merged) and prod(origin.sizes) == size and len(list(_groups(origin.sizes, long))) > 1:
        parts = regrouped(origin.sizes, origin.axes, long)
    if len(long) == 1:
        parts = (axis,)
    given = iter(parts)
    return tuple(next(given) if length > 1 else Axis(length=1) for length in new)


def part_of(axis: Axis, size: int, indices: range | Indices) -> Axis:
    """The axis of some of its entries: itself where they are all there."""
    if isinstance(indices, range) and indices == range(size):
        return axis
    return made_of(Part(axis, indices), len(indices))
