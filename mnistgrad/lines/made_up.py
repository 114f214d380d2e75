"""Small made-up tensors for what a reader's lines take in, and how many numbers an operation on them may make."""

import math
from collections.abc import Iterator, Sequence
from typing import Any
from zlib import crc32

import torch
from torch import Tensor

from mnistgrad.common.tensors import FLOAT32, TRUTH, WHOLE
from mnistgrad.lines.arguments import numbers_in, tensors_in
from mnistgrad.lines.typed_shapes import TypedShape
from mnistgrad.lines.vocabulary import BINARY, COMPARED, GROWING, UNARY
from mnistgrad.trace.operations import OPERATIONS, Effect, operation_name

MOST_MADE = 4_000_000  # numbers that all operations of the lines may make or multiply, to be shown with numbers
SHOWN = 6  # indices along an axis, which stay what they are in smaller tensors
SIGNS = {sign.__name__ for signs in (BINARY, COMPARED, UNARY) for sign in signs.values()} - {"matmul"}
Shapes = Sequence[TypedShape]


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
    shapes = [tensor.shape for tensor in tensors_in(arguments)]
    counts = [max(shape.numel(), 1) for shape in shapes]
    if name == "arange":
        return sum(int(abs(number)) for number in arguments if isinstance(number, int | float))
    grown = math.prod(abs(number) or 1 for number in numbers_in(arguments)) if name in GROWING else 1
    if name == "eye":
        grown **= 2
    if name in ("matmul", "linear") and [len(shape) for shape in shapes[:2]] == [2, 2]:
        return counts[0] * max(*shapes[1], 1)
    if _keeps_count(name):
        try:
            return max(torch.broadcast_shapes(*shapes).numel(), sum(counts)) * grown
        except RuntimeError:  # torch will refuse them, or takes them one after the other
            pass
    return math.prod(counts) * math.prod(map(len, _lists_in(arguments))) * grown


def _keeps_count(name: str) -> bool:
    """Whether the operation makes no more numbers than its operands have once they are stretched to one shape."""
    effect = OPERATIONS[known].effect if (known := operation_name(name)) in OPERATIONS else Effect.UNKNOWN
    return name in SIGNS or name in GROWING or effect in (Effect.CELLWISE, Effect.MOVED, Effect.REDUCED)


def _lists_in(arguments: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """What an index chooses by, entry by entry."""
    for argument in arguments:
        if isinstance(argument, list | range) and argument:
            yield argument
        elif isinstance(argument, tuple):
            yield from _lists_in(argument)


def made_up(shapes: Shapes) -> dict[str, Tensor]:
    """A tensor for each, always with the same numbers: decimals of one digit, whole numbers that are indices, or truths."""
    sizes = [size for shape in shapes for size in shape.sizes if size > 1]
    classes = min(sizes, default=1)
    return {shape.name: _numbers(shape, classes) for shape in shapes}


def _numbers(shape: TypedShape, classes: int) -> Tensor:
    source = torch.Generator("cpu").manual_seed(crc32(shape.name.encode()))
    if shape.kind == "int":
        return torch.randint(classes, shape.sizes, generator=source, **WHOLE)
    numbers = torch.randn(shape.sizes, generator=source, **FLOAT32)
    return numbers > 0 if shape.kind == "bool" else (numbers * 10).round() / 10


def without_numbers(shapes: Shapes) -> dict[str, Tensor]:
    """The same on torch's device without memory, whose first use takes a second."""
    kinds = {"float": FLOAT32, "int": WHOLE, "bool": TRUTH}
    return {s.name: torch.empty(s.sizes, dtype=kinds[s.kind]["dtype"], device="meta") for s in shapes}


def count_of(shapes: Shapes) -> int:
    """Of the numbers that go in."""
    return sum(math.prod(shape.sizes) for shape in shapes)


def smaller(shapes: Shapes) -> tuple[tuple[TypedShape, ...], dict[int, int]]:
    """The same shapes with less in them: sizes up to SHOWN stay, longer ones become as many different ones just beyond it.

    Also which became which.
    """
    long = sorted({size for shape in shapes for size in shape.sizes if size > SHOWN})
    of = {size: SHOWN + place for place, size in enumerate(long, 1)}
    return tuple(
        TypedShape(shape.name, tuple(of.get(size, size) for size in shape.sizes), shape.axes, shape.kind) for shape in shapes
    ), of
