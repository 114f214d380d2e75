"""Small made-up tensors for what a reader's lines take in."""

import math
from collections.abc import Sequence
from zlib import crc32

import torch
from torch import Tensor

from mnistgrad.common.tensors import FLOAT32, TRUTH, WHOLE
from mnistgrad.lines.typed_shapes import TypedShape

SHOWN = 6  # indices along an axis, which stay what they are in smaller tensors
Shapes = Sequence[TypedShape]


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


def smaller(shapes: Shapes, step: int = 1) -> tuple[tuple[TypedShape, ...], dict[int, int]]:
    """The same shapes with less in them: sizes up to SHOWN stay, longer ones become as many different ones beyond it.

    step: from one to the next. Also which became which.
    """
    long = sorted({size for shape in shapes for size in shape.sizes if size > SHOWN})
    of = {size: SHOWN + step * place for place, size in enumerate(long, 1)}
    return tuple(
        TypedShape(shape.name, tuple(of.get(size, size) for size in shape.sizes), shape.axes, shape.kind) for shape in shapes
    ), of
