"""Axis names, carried through the operations that torch runs, never guessed from sizes.

An axis that `unsqueeze` adds has no name yet; it gets one when a later operation sets it against a named axis.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

AXIS_NAMES = {"n": "image", "i": "pixel", "j": "hidden unit", "k": "output"}


def noun(letter: str) -> str:
    """An axis' name in one word: "unit" for j."""
    return AXIS_NAMES[letter].split()[-1]


@dataclass(eq=False)
class Axis:
    """One axis of a recorded tensor. `same_as` is the axis it was found to be."""

    name: str = ""
    same_as: "Axis | None" = field(default=None, repr=False)

    def resolved(self) -> "Axis":
        return self.same_as.resolved() if self.same_as else self


Axes = tuple[Axis, ...]


@dataclass(frozen=True)
class Labelled:
    """A tensor's sizes and axes, as the rules below see it."""

    sizes: tuple[int, ...]
    axes: Axes


def identify(left: Axis, right: Axis) -> Axis:
    """Take two axes for one if either has no name; returns the axis that stays."""
    left, right = left.resolved(), right.resolved()
    if left is right or (left.name and right.name):
        return left
    stays, goes = (left, right) if left.name else (right, left)
    goes.same_as = stays
    return stays


def elementwise(tensors: Sequence[Labelled], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Axes:
    """Broadcasting: shapes are aligned from the right, and an axis of length 1 is stretched."""
    rank = max(len(tensor.axes) for tensor in tensors)
    result: list[Axis] = []
    for place in range(-rank, 0):
        here = [(t.sizes[place], t.axes[place]) for t in tensors if len(t.axes) >= -place]
        size, axis = max(here, key=lambda pair: pair[0])
        for other_size, other in here:
            if other_size == size or not other.resolved().name:
                axis = identify(axis, other)
        result.append(axis)
    return tuple(result)


def unsqueeze(tensors: Sequence[Labelled], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Axes:
    axes = list(tensors[0].axes)
    place = _dim(args, kwargs)
    axes.insert(place if place >= 0 else len(axes) + 1 + place, Axis())
    return tuple(axes)


def squeeze(tensors: Sequence[Labelled], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Axes:
    tensor, place = tensors[0], _dim(args, kwargs)
    goes = place % len(tensor.axes)
    return tuple(a for p, a in enumerate(tensor.axes) if p != goes or tensor.sizes[p] != 1)


def reduction(tensors: Sequence[Labelled], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Axes:
    """sum and mean: over the one axis that is named, or over all."""
    place = _dim(args, kwargs)
    axes = tensors[0].axes
    return () if place is None else tuple(a for p, a in enumerate(axes) if p != place % len(axes))


def transpose(tensors: Sequence[Labelled], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Axes:
    return tensors[0].axes[::-1]


def matmul(tensors: Sequence[Labelled], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Axes:
    """Of two matrices."""
    (left, right), ranks = tensors, {len(tensor.axes) for tensor in tensors}
    if ranks != {2}:
        raise ValueError(f"a factor has {max(ranks)} axes; allowed are 2")
    identify(left.axes[-1], right.axes[0])
    return left.axes[:-1] + right.axes[1:]


def einsum(tensors: Sequence[Labelled], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Axes:
    """With the letters of the equation, whose result must be written out: "ni,nj->ij"."""
    operands, result = args[0].replace(" ", "").split("->")
    found: dict[str, Axis] = {}
    for letters, tensor in zip(operands.split(","), tensors, strict=True):
        for letter, axis in zip(letters, tensor.axes, strict=True):
            found[letter] = identify(found[letter], axis) if letter in found else axis
    return tuple(found[letter] for letter in result)


def _dim(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    return args[1] if len(args) > 1 else kwargs.get("dim")
