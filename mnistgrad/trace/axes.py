"""Axis names, carried through the operations that torch runs, never guessed from sizes.

An axis that `unsqueeze` adds has no name yet; it gets one when a later operation sets it against a named axis. A part of an axis,
a slice or what a mask leaves, keeps its name. Axes that a reshape merges become one of their own, called by all their names
where each has one, "ij"; cut up again in the same sizes, it gives them back, and so do pieces that are merged again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

AXIS_NAMES = {"n": "image", "i": "pixel", "j": "hidden unit", "k": "output"}


def noun(letter: str) -> str:
    """An axis' name in one word: "unit" for j."""
    return AXIS_NAMES[letter].split()[-1]


@dataclass(frozen=True, eq=False)
class Part:
    """Some entries of an axis, by their indices there."""

    of: "Axis"
    indices: range | NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Merged:
    """Axes that became one, the last running fastest, with their sizes."""

    axes: "tuple[Axis, ...]"
    sizes: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Piece:
    """One of the axes of these sizes that an axis was cut up into."""

    whole: "Axis"
    sizes: tuple[int, ...]
    place: int


@dataclass(frozen=True, eq=False)
class Joined:
    """Axes one after the other, with their sizes."""

    axes: "tuple[Axis, ...]"
    sizes: tuple[int, ...]


Origin = Part | Merged | Piece | Joined
DEEPEST = 30  # axes made of axes made of axes, beyond which only the name is kept


@dataclass(eq=False)
class Axis:
    """One axis of a recorded tensor. origin: what it was made of. `same_as` is the axis it was found to be.

    length: 1 as long as it was only seen in tensors that are 1 long there.
    """

    name: str = ""
    length: int = 0
    origin: Origin | None = field(default=None, repr=False)
    depth: int = field(default=0, repr=False)
    same_as: "Axis | None" = field(default=None, repr=False)

    def resolved(self) -> "Axis":
        found = self
        while found.same_as:
            found = found.same_as
        if found is not self:
            self.same_as = found  # a loop makes long chains
        return found


Axes = tuple[Axis, ...]


def fresh(*sizes: int) -> Axes:
    """New axes without names."""
    return tuple(Axis(length=size) for size in sizes)


def made_of(origin: Origin, length: int) -> Axis:
    """An axis that was made of others."""
    depth = 1 + max(axis.depth for axis in _parents(origin))
    if depth <= DEEPEST:
        return Axis(length=length, origin=origin, depth=depth)
    return Axis(label(Axis(origin=origin)), length)


def _parents(origin: Origin) -> Axes:
    match origin:
        case Part(of=axis) | Piece(whole=axis):
            return (axis.resolved(),)
        case Merged(axes=axes) | Joined(axes=axes):
            return tuple(axis.resolved() for axis in axes)


def _is_made_of(axis: Axis, other: Axis, seen: set[Axis]) -> bool:
    """Whether the other is among what the axis was made of, and what that was made of."""
    parents = [parent for parent in _parents(axis.origin) if parent not in seen] if axis.origin else []
    seen.update(parents)
    return other in parents or any(_is_made_of(parent, other, seen) for parent in parents)


def label(axis: Axis) -> str:
    """Its name, or the one that it has from what it was made of; "" where there is none."""
    axis = axis.resolved()
    match axis.origin:
        case _ if axis.name:
            return axis.name
        case Part(of=of):
            return label(of)
        case Merged(axes=axes):
            names = [label(part) for part in axes]
            return "".join(names) if all(names) else ""
        case Joined(axes=axes):
            joined = {label(part) for part in axes}
            return joined.pop() if len(joined) == 1 else ""
    return ""


def identify(left: Axis, right: Axis) -> Axis:
    """Take two axes for one unless both have names; returns the axis that stays."""
    left, right = left.resolved(), right.resolved()
    if left is right or (left.name and right.name):
        return left
    stays, goes = (left, right) if left.name or (left.origin and not right.name) else (right, left)
    goes.same_as = stays
    stays.length = max(stays.length, goes.length)
    if stays.origin is None and not (stays.name and isinstance(goes.origin, Part)):
        stays.origin, stays.depth = goes.origin, goes.depth
    if _is_made_of(stays, stays, set()):  # x + x[[2, 1, 0]]: the same axis in another order
        stays.origin = None
    return stays


def set_against(sides: Iterable[tuple[int, Axis]]) -> Axis:
    """The axis that comes of axes in one place, each with its size there: one of length 1 is stretched to the others.

    An axis that was only ever 1 long becomes the one that it is stretched to.
    """
    sides = list(sides)
    size, axis = max(sides, key=lambda side: side[0])
    for other_size, other in sides:
        if other_size == size or (other.resolved().length <= 1 and not other.resolved().name):
            axis = identify(axis, other)
    return axis
