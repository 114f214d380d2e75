"""Operations that a letter for each axis describes, as in einsum: what shares a letter is set against each other, and what the
result lacks is run along: number by number, sums, products of matrices, permutations.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mnistgrad.trace.axes import fresh, set_against
from mnistgrad.trace.flow import Call, Flow, Grid, Labelled, Numbers, Read, product

Letters = Sequence[Hashable]
Term = Callable[[Sequence[Numbers]], Numbers]


def lettered(tensors: Sequence[Labelled], letters: Sequence[Letters], result: Letters, term: Term | None = None) -> Flow:
    """letters: of each tensor's axes. result: those that stay; a letter that no tensor has is a new axis."""
    sides: dict[Hashable, list[tuple[int, Any]]] = {}
    for tensor, written in zip(tensors, letters, strict=True):
        for letter, size, axis in zip(written, tensor.sizes, tensor.axes, strict=True):
            sides.setdefault(letter, []).append((size, axis))
    axes = {letter: set_against(found) for letter, found in sides.items()}
    along = [letter for letter in sides if letter not in result]

    def reads(at: Grid, over: Grid) -> list[Read]:
        index = dict(zip([*result, *along], [*at, *over], strict=True))
        return [
            Read(tuple(index[letter] * (size > 1) for letter, size in zip(written, tensor.sizes, strict=True)))
            for tensor, written in zip(tensors, letters, strict=True)
        ]

    sizes = tuple(max(size for size, _ in sides[letter]) for letter in along)
    return Flow(tuple(axes[letter] for letter in result), reads, sizes, term)


def cellwise(call: Call) -> Flow:
    """Broadcasting: shapes are aligned from the right, and an axis of length 1 is stretched."""
    return lettered(call.tensors, [_from_right(tensor) for tensor in call.tensors], range(-len(call.sizes), 0))


def _from_right(tensor: Labelled) -> range:
    return range(-len(tensor.sizes), 0)


def where(call: Call) -> Flow:
    """Each number from the one side or the other. Of a condition alone, the places where it holds."""
    if len(call.args) + len(call.kwargs) == 1:
        return Flow(fresh(*call.sizes))
    flow = cellwise(call)
    condition = call.tensors[0].tensor
    if condition is None or flow.reads is None:
        return flow
    truth, reads = condition.cpu().numpy(), flow.reads
    sided = [isinstance(side, Labelled) for side in (call.given(1, "input", "self"), call.given(2, "other"))]

    def chosen(at: Grid, over: Grid) -> list[Read]:
        first, *sides = (read for read in reads(at, over) if read)
        holds = truth[first.index]
        wheres = [mask for mask, is_tensor in zip((holds, ~holds), sided, strict=True) if is_tensor]
        return [first, *(replace(side, where=mask) for side, mask in zip(sides, wheres, strict=True))]

    return replace(flow, reads=chosen)


def masked_fill(call: Call) -> Flow:
    """The operand's own numbers where the mask does not hold."""
    flow = cellwise(call)
    mask, reads = call.tensors[1].tensor, flow.reads
    if mask is None or reads is None:
        return flow
    truth = mask.cpu().numpy()

    def kept(at: Grid, over: Grid) -> list[Read]:
        own, told, *others = (read for read in reads(at, over) if read)
        holds = truth[told.index]
        return [replace(own, where=~holds), told, *(replace(other, where=holds) for other in others)]

    return replace(flow, reads=kept)


def permuted(order: Callable[[Call, int], Sequence[int]]) -> Callable[[Call], Flow]:
    """order: for each axis of the result which of the operand's it is."""

    def rule(call: Call) -> Flow:
        tensor = call.tensors[0]
        rank = len(tensor.sizes)
        return lettered([tensor], [range(rank)], [dim % rank for dim in order(call, rank)])

    return rule


def swapped(first: int, second: int, rank: int) -> list[int]:
    order = list(range(rank))
    order[first], order[second] = order[second], order[first]
    return order


def moved(call: Call, rank: int) -> list[int]:
    """Of movedim."""
    froms, tos = (
        [dim % rank for dim in (given if isinstance(given, tuple | list) else [given])]
        for given in (call.given(1, "source"), call.given(2, "destination"))
    )
    places = dict(zip(tos, froms, strict=True))
    others = iter([dim for dim in range(rank) if dim not in froms])
    return [places[place] if place in places else next(others) for place in range(rank)]


def permutation(call: Call, rank: int) -> Sequence[int]:
    given = call.given(1, "dims")
    return given if isinstance(given, tuple | list) else call.args[1:]


transposed = permuted(lambda call, rank: range(rank)[::-1])
swapped_last = permuted(lambda call, rank: swapped(-1, -2, rank))
swapped_two = permuted(lambda call, rank: swapped(call.given(1, "dim0", "axis0"), call.given(2, "dim1", "axis1"), rank))


def matmul(call: Call) -> Flow:
    """Of vectors, matrices and stacks of them."""
    left, right = call.tensors[:2]
    stack = max(len(left.sizes), len(right.sizes)) - 2
    of_left = [*range(-len(left.sizes), 0)][:-2] if len(left.sizes) > 1 else []
    of_right = [*range(-len(right.sizes), 0)][:-2] if len(right.sizes) > 1 else []
    rows = ["row"] if len(left.sizes) > 1 else []
    columns = ["column"] if len(right.sizes) > 1 else []
    letters = [[*of_left, *rows, "inner"], [*of_right, "inner", *columns]]
    return lettered([left, right], letters, [*range(-stack - 2, -2), *rows, *columns], product)


def outer(call: Call) -> Flow:
    return lettered(call.tensors, [["row"], ["column"]], ["row", "column"], None)


def dot(call: Call) -> Flow:
    return lettered(call.tensors, [["inner"], ["inner"]], [], product)


def linear(call: Call) -> Flow:
    """x @ w.t() + b."""
    x, w = call.tensors[:2]
    stack = list(range(len(x.sizes) - 1))
    rows = ["row"] if len(w.sizes) > 1 else []
    flow = lettered([x, w], [[*stack, "inner"], [*rows, "inner"]], [*stack, *rows], product)
    return plus(flow, call.tensors[2], call) if len(call.tensors) > 2 else flow


def addmm(call: Call) -> Flow:
    """b + x @ w."""
    added, x, w = call.tensors
    flow = matmul(Call((x, w), {}, call.results))
    if call.kwargs.keys() & {"alpha", "beta"}:
        return Flow(flow.axes)
    flow = plus(flow, added, call)
    reads = flow.reads
    assert reads is not None and flow.term is not None
    return replace(
        flow,
        reads=lambda at, over: [(found := list(reads(at, over)))[-1], *found[:-1]],
        term=lambda factors: factors[1] * factors[2] + factors[0],
    )


def plus(flow: Flow, added: Labelled, call: Call) -> Flow:
    """What is contracted, and a tensor added to it as one more term."""
    (size,) = flow.over
    rank, reads = len(call.sizes), flow.reads
    own = range(rank - len(added.sizes), rank)
    for place, (length, axis) in zip(own, zip(added.sizes, added.axes, strict=True), strict=True):
        set_against([(call.sizes[place], flow.axes[place]), (length, axis)])
    assert reads is not None

    def with_it(at: Grid, over: Grid) -> list[Read | None]:
        inside = over[0] < size
        factors = [replace(read, where=inside) for read in reads(at, [np.minimum(over[0], size - 1)]) if read]
        index = tuple(at[place] * (length > 1) for place, length in zip(own, added.sizes, strict=True))
        return [*factors, Read(index, ~inside)]

    return replace(flow, reads=with_it, over=(size + 1,), term=lambda factors: product(factors[:-1]) + factors[-1])


def einsum(call: Call) -> Flow:
    """With the letters of the equation; without an arrow it gives those that occur once, in their order."""
    operands, result = _equation(call)
    once = sorted({a for a in "".join(operands) if "".join(operands).count(a) == 1 and a != "."})
    letters = [_spelled(text, len(tensor.sizes)) for text, tensor in zip(operands, call.tensors, strict=True)]
    dots = max(sum(isinstance(a, int) for a in written) for written in letters)
    kept = _spelled("..." + "".join(once) if result is None else result, 0, dots)
    return lettered(call.tensors, letters, kept, product)


def _equation(call: Call) -> tuple[list[str], str | None]:
    if isinstance(call.args[0], str):
        operands, arrow, result = call.args[0].replace(" ", "").partition("->")
        return operands.split(","), result if arrow else None
    lists = [given for given in call.args if isinstance(given, list | tuple)]  # torch.einsum(a, [0, 1], b, [1, 2], [0, 2])
    texts = ["".join("..." if entry is Ellipsis else chr(ord("A") + entry) for entry in written) for written in lists]
    count = len(call.tensors)
    return texts[:count], texts[count] if len(texts) > count else None


def _spelled(text: str, rank: int, dots: int | None = None) -> list[Hashable]:
    """A letter for each axis; those that "..." stands for are counted from the right, below 0."""
    count = rank - len(text.replace("...", "")) if dots is None else dots
    before, ellipsis, after = text.partition("...")
    return [*before, *(range(-count, 0) if ellipsis else ()), *after]
