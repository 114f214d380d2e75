"""Operations along axes: sums and averages, the largest of them, softmax and its kind."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mnistgrad.trace.flow import Call, Flow, Grid, Labelled, Read, only, unravelled
from mnistgrad.trace.rules.letters import Letters, Term, cellwise, lettered


def dims_of(call: Call, rank: int) -> list[int]:
    """The axes that the call names, all where it names none."""
    given = call.given(1, "dim", "axis")
    if given is None or isinstance(given, bool | Labelled) or given == ():
        return list(range(rank))
    return sorted({dim % max(rank, 1) for dim in (given if isinstance(given, tuple | list) else [given])})


def reduced(call: Call, term: Term | None = None) -> Flow:
    """Over the axes that the call names; one that is kept has length 1 and its name."""
    tensor = call.tensors[0]
    rank = len(tensor.sizes)
    dims = dims_of(call, rank)
    kept = len(call.sizes) == rank
    result = [("kept", dim) if dim in dims else dim for dim in range(rank) if kept or dim not in dims]
    flow = _opened([tensor], [range(rank)], result, term)
    axes = tuple(axis for dim, axis in enumerate(tensor.axes) if kept or dim not in dims)
    return replace(flow, axes=axes)


def _opened(tensors: Sequence[Labelled], letters: Sequence[Letters], result: Letters, term: Term | None) -> Flow:
    """`lettered` where the result also has letters of no tensor; their axes are for the caller to say."""
    had = [letter for letter in result if any(letter in written for written in letters)]
    flow = lettered(tensors, letters, had, term)
    reads, places = flow.reads, [place for place, letter in enumerate(result) if letter in had]
    assert reads is not None
    return replace(flow, reads=lambda at, over: reads([at[place] for place in places], over))


def summed(call: Call) -> Flow:
    return reduced(call, only)


def deviations(call: Call) -> Flow:
    """var and std: what is added up are the squares of what each number is off the mean."""
    flow = reduced(call)
    places = tuple(range(-len(flow.over), 0))
    return replace(flow, term=lambda factors: (factors[0] - factors[0].mean(places, keepdims=True)) ** 2)


def extreme(call: Call) -> Flow:
    """max and min: the number that was found; of two tensors number by number."""
    if len(call.tensors) > 1:
        return cellwise(call)
    flow = reduced(call)
    tensor, made, reads = call.tensors[0].tensor, call.made, flow.reads
    if call.number or tensor is None or made is None or reads is None or tensor.is_meta:
        return flow
    numbers, found = tensor.detach().cpu(), made.detach().cpu()

    def best(at: Grid, over: Grid) -> list[Read]:
        (read,) = (read for read in reads(at, over) if read)
        there = numbers[tuple(np.asarray(part) for part in read.index)]
        return [replace(read, where=(there == found[tuple(at)]).numpy())]

    return replace(flow, reads=best, terms=replace(flow, reads=best, term=only))


def extreme_place(call: Call) -> Flow:
    """argmax and argmin: the place of the number that was found."""
    flow, tensor, made = reduced(call), call.tensors[0], call.made
    if made is None or made.is_meta:
        return flow
    rank, given = len(tensor.sizes), call.given(1, "dim", "axis")
    found = made.cpu().numpy()

    def reads(at: Grid, over: Grid) -> list[Read]:
        there = found[tuple(at)]
        if given is None:
            return [Read(unravelled(there, tensor.sizes))]
        others = iter(at)
        index = [there if place == given % rank else None for place in range(rank)]
        if len(at) == rank:
            return [Read(tuple(at[place] if part is None else part for place, part in enumerate(index)))]
        return [Read(tuple(next(others) if part is None else part for part in index))]

    return Flow(flow.axes, reads)


def along(call: Call) -> Flow:
    """softmax and its kind: each number from all of them along an axis."""
    tensor = call.tensors[0]
    rank = len(tensor.sizes)
    (dim,) = {dim % max(rank, 1) for dim in [call.given(1, "dim", default=-1)]}
    size = tensor.sizes[dim : dim + 1]

    def reads(at: Grid, over: Grid) -> list[Read]:
        return [Read(tuple(over[0] if place == dim else index for place, index in enumerate(at)))]

    return Flow(tensor.axes, reads, size or (1,))


def running(call: Call) -> Flow:
    """cumsum: up to each number's own place."""
    flow = along(call)
    reads, dim = flow.reads, call.given(1, "dim") % max(len(call.sizes), 1)
    assert reads is not None

    def before(at: Grid, over: Grid) -> list[Read]:
        return [replace(read, where=over[0] <= at[dim]) for read in reads(at, over) if read]

    return replace(flow, reads=before, term=only)
