"""The shapes that a reader types, parsed strictly: `h: n=32, j=64`, one tensor a line. Nothing typed is executed."""

import keyword
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mnistgrad.common import numbers
from mnistgrad.common.reading import code
from mnistgrad.lines.rules import (
    LARGEST_SIZE,
    LONGEST_SHAPES,
    MOST_AXES,
    MOST_NUMBERS,
    MOST_TENSORS,
    OURS,
    broken,
)

NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*){0,2}"
QUOTED = rf"""["']?({NAME})["']?"""
ENTRY = re.compile(rf"\s*{QUOTED}\s*(?:\.shape)?\s*(?:==|:|=)\s*(.*)", re.DOTALL)
NEXT = re.compile(rf"""[,;]\s*(?=["']?{NAME}["']?\s*:)|;|\n""")  # between one tensor and the next
KIND = re.compile(r"\b(float|float32|int|int64|long|bool)\s*$")
KINDS = {"float": "float", "float32": "float", "int": "int", "int64": "int", "long": "int", "bool": "bool"}
WRAPPED = re.compile(r"(?:torch\.)?(?:Size)?\s*(?:\(\s*\[(.*)\]\s*\)|\((.*)\)|\[(.*)\])", re.DOTALL)
AXIS = re.compile(r"([A-Za-z_]\w*)(?:\s*=\s*(.*))?", re.DOTALL)
TAKEN_NAMES = {"torch", "F", "nn", "math", "len", "range", "int", "float"}  # they mean something in a line
EXAMPLE = "as in `h: n=32, j=64` or `h: (32, 64)`"


@dataclass(frozen=True)
class TypedShape:
    """A tensor that goes in. axes: their names, "" where one has none. kind: "float", "int" or "bool" numbers."""

    name: str
    sizes: tuple[int, ...]
    axes: tuple[str, ...]
    kind: str = "float"


class _Part(NamedTuple):
    """One axis as typed; size None where another tensor, or the lesson, has to tell it."""

    axis: str
    size: int | None


def parse_shapes(text: str, known: Mapping[str, int] | None = None) -> tuple[TypedShape, ...]:
    """known: the sizes of axes that may stand without one. Raises BrokenRule."""
    if len(text) > LONGEST_SHAPES:
        broken(f"The shapes are {numbers.count(len(text), 'character')} long, and {LONGEST_SHAPES:,} are read; {OURS}.")
    typed = [_entry(entry) for entry in _entries(text)]
    if len(typed) > MOST_TENSORS:
        broken(f"There are {len(typed)} shapes, and {MOST_TENSORS} are read; {OURS}.")
    names = [name for name, _, _ in typed]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        broken(f"{code(twice)} has two shapes; it can have one.")
    sizes = dict(known or {}) | _sizes_of_axes(typed)
    return tuple(_shape(name, parts, kind, sizes) for name, parts, kind in typed)


def _entries(text: str) -> Iterator[str]:
    inside = text.strip()
    if inside[:1] == "{" and inside[-1:] == "}":
        inside = inside[1:-1]
    yield from (entry for part in NEXT.split(inside) if (entry := part.strip().rstrip(",").strip()) or "(" in part)


def _entry(entry: str) -> tuple[str, list[_Part], str]:
    """Its name, axes and kind."""
    found = ENTRY.fullmatch(entry)
    if not found:
        broken(f"A shape begins with a tensor's name, {EXAMPLE}; here stands {code(entry)}.")
    name, body = unicodedata.normalize("NFKC", found[1]).removesuffix(".shape"), found[2].strip()  # as Python reads it in a line
    if name in TAKEN_NAMES or keyword.iskeyword(name) or "__" in name:
        broken(f"{code(name)} has a meaning of its own in a line, so a tensor cannot be called that.")
    kind = KIND.search(body)
    body = body[: kind.start()].strip().rstrip(",") if kind else body
    return name, _parts(name, body), KINDS[kind[1]] if kind else "float"


def _parts(name: str, body: str) -> list[_Part]:
    if not body:
        broken(f"{code(name)} has no sizes; write them {EXAMPLE}, or `()` for one number.")
    wrapped = WRAPPED.fullmatch(body)
    inside = next((part for part in wrapped.groups() if part is not None), "") if wrapped else body
    parts = [part.strip() for part in inside.split(",")]
    if parts[-1] == "":
        parts.pop()
    if len(parts) > MOST_AXES:
        broken(f"{code(name)} has {len(parts)} axes, and {MOST_AXES} are read; {OURS}.")
    return [_part(name, part, place, parts) for place, part in enumerate(parts)]


def _part(name: str, part: str, place: int, parts: list[str]) -> _Part:
    if not (named := AXIS.fullmatch(part)):
        return _Part("", _size(name, part, place, parts))
    axis = named[1]
    if len(axis) > 12 or "__" in axis:
        broken(f"An axis has a name of at most 12 letters; that of {code(name)} is {code(axis)}.")
    return _Part(axis, None if named[2] is None else _size(name, named[2].strip(), place, parts))


def _size(name: str, text: str, place: int, parts: list[str]) -> int:
    plain = text.replace("_", "")
    if re.fullmatch("0[0-9]+", plain) and place:
        together = f"{parts[place - 1]},{text}"
        meant = re.sub("[^0-9]", "", together)
        broken(f"{code(together)} reads as two sizes: a comma stands between axes. For one axis of {name} write {code(meant)}.")
    if not re.fullmatch("[0-9]+", plain, re.ASCII):
        what = f"axis {place + 1} of {code(name)} is {code(text) if text else 'missing'}"
        broken(f"A size is a whole number, {EXAMPLE}; {what}.")
    if len(plain) > 20 or int(plain) > LARGEST_SIZE:
        broken(f"{code(name)} has an axis of {code(text)}, and up to {LARGEST_SIZE:,} is read; {OURS}.")
    return int(plain)


def _sizes_of_axes(typed: list[tuple[str, list[_Part], str]]) -> dict[str, int]:
    """Of each axis with a name; one that is 1 somewhere is repeated there."""
    found: dict[str, tuple[int, str]] = {}
    for name, parts, _ in typed:
        for axis, size in parts:
            if not axis or size is None or (size == 1 and axis in found):
                continue
            before, where = found.setdefault(axis, (size, name))
            if before == 1:
                found[axis] = size, name
            elif before != size:
                broken(
                    f"{code(axis)} is {before} in {code(where)} and {size} in {code(name)}; axes of one name have one size, or 1."
                )
    return {axis: size for axis, (size, _) in found.items()}


def _shape(name: str, parts: list[_Part], kind: str, known: Mapping[str, int]) -> TypedShape:
    for axis, size in parts:
        if size is None and axis not in known:
            broken(f"{code(name)} has an axis {code(axis)} without a size; write {code(f'{axis}=32')}, or another number.")
    sizes = tuple(known[axis] if size is None else size for axis, size in parts)
    few_enough(code(name), sizes)
    return TypedShape(name, sizes, tuple(axis for axis, _ in parts), kind)


def few_enough(what: str, shape: tuple[int, ...]) -> None:
    """Raises BrokenRule for a tensor that no machine would hold."""
    if (count := math.prod(shape)) > MOST_NUMBERS:
        most = numbers.scientific(MOST_NUMBERS)
        broken(
            f"{what}, {numbers.shape(shape)}, would hold {numbers.scientific(count)} numbers, and {most} are the most; {OURS}."
        )
