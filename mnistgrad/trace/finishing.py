"""Turns what was noted while code ran into operations: their texts, and the letters that their axes found by the end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, repeat
from string import ascii_lowercase
from typing import Any

import torch
from torch import Tensor

from mnistgrad.trace.axes import AXIS_NAMES, Axes, Axis, Part, label
from mnistgrad.trace.folding import Kept
from mnistgrad.trace.operation import Fed, Numbers, Operand, Operation
from mnistgrad.trace.source import Arrangement
from mnistgrad.trace.watching import Place


@dataclass(frozen=True, eq=False)
class Seen:
    """A tensor as seen while it lived; its axes may find their names later."""

    shape: tuple[int, ...]
    axes: Axes
    value: Tensor | None
    dtype: torch.dtype = torch.float32
    shown: tuple[tuple[int, ...], ...] = ()
    numbers: Numbers | None = None
    made_by: "Kept[Noted] | None" = None
    text: str = ""


@dataclass(frozen=True, eq=False)
class Noted:
    """An operation as seen while it ran. args, kwargs: which of its arguments are tensors. number: of its result, of so many."""

    name: str
    place: Place
    args: tuple[Arrangement, ...]
    kwargs: Mapping[str, Arrangement]
    operands: tuple[Seen, ...]
    arguments: tuple[Any, ...]
    result: Seen = field(default_factory=lambda: Seen((), (), None))
    number: int = 0
    results: int = 1
    is_view: bool = False
    nbytes: int = 0
    live: int = 0
    in_place: bool = False
    message: str = ""
    fed: Mapping[tuple[int, ...], Fed] = field(default_factory=dict)


class _Letters:
    """The axes' names; where they are wanted, one for each axis that nobody named, in the order in which they come up."""

    def __init__(self, noted: Sequence[Noted], lettered: bool) -> None:
        self._of: dict[Axis, str] = {}
        axes = [axis.resolved() for one in noted for seen in (*one.operands, one.result) for axis in seen.axes]
        self._unused = _alphabet({label(axis) for axis in axes} | AXIS_NAMES.keys()) if lettered else repeat("")
        for axis in axes:
            self._letter(axis)

    def __call__(self, axes: Axes) -> tuple[str, ...]:
        return tuple(self._letter(axis) for axis in axes)

    def _letter(self, axis: Axis) -> str:
        axis = axis.resolved()
        if axis not in self._of:
            known = label(axis)
            if not known and isinstance(axis.origin, Part):
                known = self._letter(axis.origin.of)
            self._of[axis] = known or next(self._unused)
        return self._of[axis]


def _alphabet(taken: set[str]) -> Iterator[str]:
    """a, b, c, ..., and then a1, b1, ..., without those that are taken; n, i, j and k mean something to the reader."""
    for lap in count():
        names = (f"{letter}{lap or ''}" for letter in ascii_lowercase)
        yield from (name for name in names if name not in taken)


def finished(kept: Sequence[Kept[Noted]], lettered: bool) -> tuple[Operation, ...]:
    """lettered: whether an axis that nobody named gets a letter of its own."""
    noted = [one.noted for one in kept if one.noted]
    letters = _Letters(noted, lettered)
    places = {one: place for place, one in enumerate(kept)}
    done: list[Operation] = []
    for place, one in enumerate(kept):
        if one.noted:
            done.append(replace(_operation(one.noted, letters, places, done), place=place, repeats=one.times))
    return tuple(done)


def _operation(noted: Noted, letters: _Letters, places: Mapping[Kept[Noted], int], before: Sequence[Operation]) -> Operation:
    place, result, source = noted.place, noted.result, noted.place.source
    span = source.assignment(place.span) if noted.name == "setitem" else source.whole(place.span)
    caller, names, returned_to = _call(place)
    texts = source.operand_texts(noted.name, span, noted.args, noted.kwargs, place.turned)
    target = source.target(span)
    return Operation(
        noted.name,
        place.function,
        caller,
        place.caller_span.line,
        names,
        target,
        _in_callers_words(target, names) if target else returned_to,
        source.text(span) if source.knows(span) else f"{noted.name}({', '.join(texts)})",
        span,
        tuple(_operand(text, seen, letters, places, before) for text, seen in zip(texts, noted.operands, strict=True)),
        noted.arguments,
        result.shape,
        letters(result.axes),
        noted.is_view,
        noted.nbytes,
        noted.live,
        result.value,
        dtype=result.dtype,
        shown=result.shown,
        numbers=result.numbers,
        result=noted.number,
        results=noted.results,
        in_place=noted.in_place,
        message=noted.message,
        code=source.around(span),
        fed=noted.fed,
    )


def _operand(text: str, seen: Seen, letters: _Letters, places: Mapping[Kept[Noted], int], before: Sequence[Operation]) -> Operand:
    """Where nothing tells how it was written, it is called as where it comes from, or by what made it."""
    made_by = places.get(seen.made_by.first()) if seen.made_by else None
    if text.startswith("operand_") and seen.text:
        text = seen.text
    elif text.startswith("operand_") and made_by is not None and made_by < len(before):
        text = before[made_by].target or before[made_by].expression
    return Operand(text, seen.shape, letters(seen.axes), seen.value, seen.dtype, seen.shown, seen.numbers, made_by)


def _call(place: Place) -> tuple[str, dict[str, str], str]:
    """The call that ran the function: its text, what it calls the parameters, and what its statement sets."""
    source = place.caller
    if source is None:
        return "", {}, ""
    span = source.whole(place.caller_span)
    if not source.knows(span):
        return "", {}, ""
    given = source.argument_texts(span, method=place.parameters[:1] in (("self",), ("cls",)))
    return source.text(span), dict(zip(place.parameters, given, strict=False)), source.target(span)


def _in_callers_words(target: str, names: Mapping[str, str]) -> str:
    """ "w.g" is "w2.g" where the caller passes w2 as w."""
    owner, dot, attribute = target.partition(".")
    theirs = names.get(owner, owner)
    return theirs + dot + attribute if theirs.replace(".", "").isidentifier() else target
