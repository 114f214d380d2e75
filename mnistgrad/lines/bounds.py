"""How many numbers and how many tensors an operation makes at most, known before it runs."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mnistgrad.lines.arguments import entries
from mnistgrad.lines.vocabulary import BINARY, COMPARED, UNARY
from mnistgrad.trace.nested import every
from mnistgrad.trace.operations import OPERATIONS, Effect, operation_name

MOST_MADE = 4_000_000  # numbers that all operations of the lines may make or multiply, to be shown with numbers
GROWING = {"repeat", "expand", "one_hot", "zeros", "ones", "full", "linspace", "new_zeros", "new_ones", "new_full"}
SQUARED = {"eye", "diag"}  # a row becomes a square
SIGNS = {sign.__name__ for signs in (BINARY, COMPARED, UNARY) for sign in signs.values()} - {"matmul"}
STRETCHED = (Effect.CELLWISE, Effect.MOVED, Effect.REDUCED, Effect.ALONG, Effect.CHOSEN)


class TooMany(Exception):
    """The lines make more numbers than are made to be shown."""


class Budget:
    """Stops what would make too many numbers."""

    def __init__(self) -> None:
        self._left = MOST_MADE

    def spend(self, name: str, arguments: Sequence[Any]) -> None:
        """Raises TooMany."""
        self._left -= most_made(name, arguments)
        if self._left < 0:
            raise TooMany


def most_made(name: str, arguments: Sequence[Any]) -> int:
    """At least as many numbers as the operation makes or multiplies."""
    known, tensors = operation_name(name), every(Tensor, arguments)
    counts = [max(tensor.numel(), 1) for tensor in tensors]
    if known == "arange":
        return _most_between([*_given(arguments)])
    if known in SQUARED:
        return (sum(counts) + sum(_sizes(arguments))) ** 2
    grown = _grown(known, tensors, arguments)
    if known in ("matmul", "linear") and [tensor.ndim for tensor in tensors[:2]] == [2, 2]:
        return counts[0] * max(*tensors[1].shape, 1)
    effect = OPERATIONS[known].effect if known in OPERATIONS else Effect.UNKNOWN
    if effect is Effect.JOINED or (effect is Effect.PLACED and known != "one_hot"):
        return sum(counts)
    if (name in SIGNS or effect in STRETCHED) and known != "outer":
        try:
            return max(torch.broadcast_shapes(*(tensor.shape for tensor in tensors)).numel(), sum(counts)) * grown
        except RuntimeError:  # torch will refuse them, or takes them one after the other
            pass
    return math.prod(counts) * math.prod(map(entries, _lists_in(arguments))) * grown


def _grown(known: str, tensors: Sequence[Tensor], arguments: Sequence[Any]) -> int:
    """How many times as many numbers its own numbers make."""
    grown = math.prod(size or 1 for size in _sizes(arguments)) if known in GROWING else 1
    if known == "one_hot" and tensors and tensors[0].numel() and not tensors[0].is_meta:
        grown = max(grown, int(tensors[0].numpy().max()) + 1)  # by NumPy, which no recorder hears
    return grown


def _sizes(arguments: Sequence[Any]) -> Iterator[int]:
    """What torch may take for a size: also one of a shape, or in a tensor."""
    return (abs(number) for number in _given(arguments) if isinstance(number, int))


def _given(arguments: Sequence[Any]) -> Iterator[int | float]:
    for argument in arguments:
        if isinstance(argument, tuple | list):
            yield from _given(argument)
        elif isinstance(argument, int | float):
            yield argument
        elif isinstance(argument, Tensor) and argument.numel() == 1 and not argument.is_meta:
            yield argument.item()


def _most_between(given: Sequence[int | float]) -> int:
    """Numbers of an arange with these for its ends and its step, in any order; at most what torch counts to."""
    finite = [abs(number) for number in given if math.isfinite(number)]  # torch refuses the others
    steps = max([1.0, *(1 / number for number in finite if 0 < number < 1)])
    return math.ceil(min((sum(finite) + 1) * steps, 2.0**63))


def _lists_in(arguments: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """What an index chooses by, entry by entry."""
    for argument in arguments:
        if isinstance(argument, list | range) and argument:
            yield argument
        elif isinstance(argument, tuple):
            yield from _lists_in(argument)


def ends_the_process(name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> bool:
    """Whether whole numbers are divided that have no quotient among their kind, the smallest by -1: processors stop at that, and
    torch asks for it where it rounds towards 0."""
    if operation_name(name) != "div" or keywords.get("rounding_mode") != "trunc":
        return False
    given = [side for side in (keywords.get("input"), *arguments, keywords.get("other")) if side is not None]
    if len(given) != 2 or any(side.is_meta for side in every(Tensor, given)):
        return False
    above, below = (side.numpy() if isinstance(side, Tensor) else np.asarray(side) for side in given)
    if not above.dtype.kind == below.dtype.kind == "i":
        return False
    return bool((above == np.iinfo(above.dtype).min).any() and (below == -1).any())


def most_pieces(name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> int:
    """At least as many tensors as the operation gives."""
    longest = max((size for tensor in every(Tensor, arguments) for size in tensor.shape), default=1)
    given = [*arguments[1:2], *(value for key, value in keywords.items() if key != "dim")]
    how = given[0] if given else None
    if name == "unbind":
        return longest
    if name in ("split", "split_with_sizes", "chunk", "tensor_split"):
        if isinstance(how, int) and name == "split":
            return -(-longest // max(how, 1))
        return abs(how) if isinstance(how, int) else len(how) + 1 if isinstance(how, list | tuple) else longest
    return 1
