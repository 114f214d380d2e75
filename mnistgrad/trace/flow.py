"""What a rule says of an operation: the axes of its result, and which numbers of its operands each number comes from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from mnistgrad.trace.axes import Axes
from mnistgrad.trace.nested import every

Indices = NDArray[np.int64]
Grid = Sequence[Indices]  # for each axis its indices, laid so that they broadcast against each other


@dataclass(frozen=True, eq=False)
class Labelled:
    """A tensor's sizes and axes, as the rules see it. is_mask: whether it holds truths.

    tensor: itself, for rules whose effect depends on its numbers; None where there are none.
    """

    sizes: tuple[int, ...]
    axes: Axes
    tensor: Tensor | None = None
    is_mask: bool = False


@dataclass(frozen=True, eq=False)
class Call:
    """A call of torch as the rules see it, with a Labelled in the place of each tensor.

    results: the sizes of what it gave, one or several; number: the one in question. made: that tensor.
    """

    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    results: Sequence[tuple[int, ...]]
    number: int = 0
    made: Tensor | None = None

    @property
    def sizes(self) -> tuple[int, ...]:
        return self.results[self.number]

    @property
    def tensors(self) -> list[Labelled]:
        """All of them, in the order of the arguments."""
        return every(Labelled, (*self.args, *self.kwargs.values()))

    def given(self, place: int, *names: str, default: Any = None) -> Any:
        """The argument at the place, or by one of the names."""
        if place < len(self.args):
            return self.args[place]
        return next((self.kwargs[name] for name in names if name in self.kwargs), default)


@dataclass(frozen=True, eq=False)
class Read:
    """Where an operand is read: an index for each of its axes. where: whether it is, True for everywhere."""

    index: tuple[Indices | int, ...]
    where: NDArray[np.bool_] | bool = True


Reads = Callable[[Grid, Grid], Sequence[Read | None]]
Numbers = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Flow:
    """How numbers flow through an operation.

    axes: of its result. reads: for indices of the result, and of what runs along the axes `over`, of these sizes, where each
    operand is read; None where it is not known. term: what is added up along these, from the operands' numbers, 0 where one
    is not read; None where nothing is added. terms: says the terms where another flow than this one lights the cells; where
    this one has no term, it is the one number that was chosen.
    """

    axes: Axes
    reads: Reads | None = None
    over: tuple[int, ...] = ()
    term: Callable[[Sequence[Numbers]], Numbers] | None = None
    terms: "Flow | None" = field(default=None, repr=False)


def product(factors: Sequence[Numbers]) -> Numbers:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def only(factors: Sequence[Numbers]) -> Numbers:
    """What is added is the first operand's own."""
    return factors[0]


def unravelled(flat: Indices, sizes: Sequence[int]) -> tuple[Indices, ...]:
    """The index along each axis of the numbers at flat places."""
    return tuple(flat // prod(sizes[place + 1 :]) % size for place, size in enumerate(sizes))


def ravelled(index: Sequence[Indices | int], sizes: Sequence[int]) -> Indices:
    """Their flat places, from the index along each axis."""
    return sum((np.asarray(part) * prod(sizes[place + 1 :]) for place, part in enumerate(index)), np.zeros((), np.int64))
