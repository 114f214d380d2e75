"""Watches the lesson's functions run and notes every operation: a step on screen is an operation that really ran."""

import sys
import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from types import CodeType, FrameType
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.multiprocessing.reductions import StorageWeakRef
from torch.overrides import TorchFunctionMode

from mnistgrad.trace.axes import Axes, Axis, Labelled
from mnistgrad.trace.operations import OPERATIONS, UNKNOWN, Effect, TorchOperation, operation_name, result_axes
from mnistgrad.trace.source import Source, Span
from mnistgrad.trace.stand_ins import StandIns, TooLarge

SHAPE = Tensor.shape.__get__  # type: ignore[attr-defined]  # a property of the tensors, whatever its annotation says


@dataclass(frozen=True)
class Operand:
    """A tensor that an operation takes: its source text, sizes and axis letters ("" where an axis has no name)."""

    text: str
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    value: Tensor | None


@dataclass(frozen=True)
class Operation:
    """One torch operation of a lesson function.

    name: torch's name for it. function: the lesson function. caller: the call that ran it, as written; caller_line: its
    line. names: what the function's parameters are called there, {"inp": "l2"}. target: what its statement sets, as "w.g";
    sets: the same in the caller's words, "w2.g", or "l1" for what a function returns. arguments: those that are no tensors.
    is_view: the result shares its operand's memory. nbytes: of the result. live: bytes of all results alive while it ran,
    this one's included; only true where no values were kept. value: the result, where real tensors were watched, else None.
    """

    name: str
    function: str
    caller: str
    caller_line: int
    names: Mapping[str, str]
    target: str
    sets: str
    expression: str
    span: Span
    operands: tuple[Operand, ...]
    arguments: tuple[Any, ...]
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    is_view: bool
    nbytes: int
    live: int
    value: Tensor | None

    @property
    def known(self) -> TorchOperation:
        """Its row in the table of operations; UNKNOWN where it has none or an axis has no name."""
        return UNKNOWN if "" in self.letters else OPERATIONS.get(self.name, UNKNOWN)

    @property
    def manner(self) -> str:
        """What is done, for words and pictures: its name, with "sheets" where an axis of three is made or added up, and
        "number" where one tensor meets a number with a sign between. "" where it is not known.
        """
        known = self.known
        if self.rank > 2 and known.effect is not Effect.CONTRACTED:
            return f"{known.name} sheets".strip()
        return f"{known.name} number" if known.sign and len(self.operands) == 1 else known.name

    @property
    def letters(self) -> set[str]:
        """Every axis of its operands and its result."""
        return {letter for axes in (self.axes, *(operand.axes for operand in self.operands)) for letter in axes}

    @property
    def rank(self) -> int:
        """The most axes that one of its tensors has."""
        return max(len(axes) for axes in (self.axes, *(operand.axes for operand in self.operands)))


class _Seen(NamedTuple):
    """A tensor as seen while it lived; its axes may find their names later."""

    shape: tuple[int, ...]
    axes: Axes
    value: Tensor | None


class _Noted(NamedTuple):
    """An operation as seen while it ran."""

    name: str
    place: "_Place"
    is_tensor: list[bool]  # for each argument, in the order of the source
    operands: list[_Seen]
    arguments: tuple[Any, ...]
    result: _Seen = _Seen((), (), None)
    is_view: bool = False
    nbytes: int = 0
    live: int = 0


class _Place(NamedTuple):
    code: CodeType
    span: Span
    caller_code: CodeType
    caller_span: Span


class Recorder(TorchFunctionMode):
    """Notes the operations that the watched functions run while it is entered.

    functions: whose code is watched. axes: for each tensor that goes in, its axis letters. sizes: what `.shape` tells the
    watched code of an axis, by its letter, so that a few images are computed as a part of a larger batch. stand_ins: what the
    sizes stand for, where small tensors take the place of large ones; then shapes and bytes are those of the large, and no
    values are kept.
    Raises ValueError for a tensor that came from elsewhere and whose axes nobody named.
    """

    def __init__(
        self,
        functions: Iterable[Callable[..., Any]],
        axes: Iterable[tuple[Tensor, str]],
        sizes: Mapping[str, int] | None = None,
        stand_ins: StandIns | None = None,
    ) -> None:
        super().__init__()
        self._watched = {function.__code__ for function in functions}
        self._given = list(axes)  # ids stay unique while these live
        named = {letter: Axis(letter) for _, letters in self._given for letter in letters}
        self._axes = {id(tensor): tuple(named[letter] for letter in letters) for tensor, letters in self._given}
        self._sizes = sizes or {}
        self._stand_ins = stand_ins
        self._noted: list[_Noted] = []
        self._refused: _Noted | None = None
        self._given_memory = {tensor.untyped_storage()._cdata for tensor, _ in self._given}
        self._memory: dict[int, tuple[StorageWeakRef, int]] = {}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        try:
            result = func(*args, **kwargs)
        except RuntimeError as error:
            frame = self._watched_frame()
            self._refused = self._attempt(func.__name__, frame, args, kwargs) if frame else None
            if self._refused and isinstance(error, TooLarge):
                self._refused = self._refused._replace(result=_Seen(tuple(error.shape), (), None), nbytes=error.nbytes)
            raise
        if func == SHAPE and sys._getframe(1).f_code in self._watched:
            return self._told_shape(args[0], result)
        frame = self._watched_frame()
        if frame is not None and isinstance(result, Tensor):
            self._note(func.__name__, frame, args, kwargs, result)
        elif frame is not None and isinstance(result, tuple | list):  # several results are no step, but may be used in one
            for part in result:
                if isinstance(part, Tensor):
                    self._remember(part, tuple(Axis() for _ in range(part.ndim)))
        return result

    def _told_shape(self, tensor: Tensor, shape: torch.Size) -> torch.Size:
        if self._stand_ins:
            return self._stand_ins.shape(tensor)
        letters = _letters(self._axes_of(tensor))
        return torch.Size(self._sizes.get(letter, size) for letter, size in zip(letters, shape, strict=True))

    def _watched_frame(self) -> FrameType | None:
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and frame.f_code not in self._watched:
            frame = frame.f_back  # a torch function written in Python stands in between
        return frame

    def _note(self, function: str, frame: FrameType, args: Any, kwargs: Any, result: Tensor) -> None:
        tensors = [a for a in args if isinstance(a, Tensor)]
        labelled = [Labelled(self._shape(t), self._axes_of(t)) for t in tensors]
        axes = result_axes(operation_name(function), labelled, args, kwargs, result.ndim)
        self._remember(result, axes)
        self._noted.append(
            self._attempt(function, frame, args, kwargs)._replace(
                result=_Seen(self._shape(result), axes, self._value(result)),
                is_view=any(_shares_memory(result, tensor) for tensor in tensors),
                nbytes=self._nbytes(result),
                live=self._live_bytes(result),
            )
        )

    def _attempt(self, function: str, frame: FrameType, args: Any, kwargs: Any) -> _Noted:
        """What is known of an operation before it has a result."""
        caller = frame.f_back
        assert caller is not None
        return _Noted(
            operation_name(function),
            _Place(frame.f_code, _span(frame), caller.f_code, _span(caller)),
            [isinstance(a, Tensor) for a in args],
            [_Seen(self._shape(a), self._axes_of(a), self._value(a)) for a in args if isinstance(a, Tensor)],
            (*(a for a in args if not isinstance(a, Tensor)), *kwargs.values()),
        )

    def _remember(self, tensor: Tensor, axes: Axes) -> None:
        self._axes[id(tensor)] = axes
        weakref.finalize(tensor, partial(self._axes.pop, id(tensor), None))  # the id may come again

    def _live_bytes(self, result: Tensor) -> int:
        storage = result.untyped_storage()
        size = self._stand_ins.nbytes(result) if self._stand_ins else storage.nbytes()
        self._memory.setdefault(storage._cdata, (StorageWeakRef(storage), size))
        self._memory = {
            key: kept for key, kept in self._memory.items() if key not in self._given_memory and not kept[0].expired()
        }
        return sum(size for _, size in self._memory.values())

    def _shape(self, tensor: Tensor) -> tuple[int, ...]:
        return tuple(self._stand_ins.shape(tensor) if self._stand_ins else tensor.shape)

    def _nbytes(self, tensor: Tensor) -> int:
        return self._stand_ins.nbytes(tensor) if self._stand_ins else tensor.nbytes

    def _value(self, tensor: Tensor) -> Tensor | None:
        return None if self._stand_ins else tensor

    def _axes_of(self, tensor: Tensor) -> Axes:
        if id(tensor) not in self._axes:
            raise ValueError(f"a watched function takes a tensor of shape {tuple(tensor.shape)} whose axes were not named")
        return self._axes[id(tensor)]

    def operations(self) -> tuple[Operation, ...]:
        """What was noted, in order; an axis has the name that it found by the end."""
        return tuple(_finished(noted, self._watched) for noted in self._noted)

    def refused(self) -> Operation | None:
        """The operation that raised a RuntimeError in a watched function, without a result: its shape is () and its bytes 0.

        Where it stopped for want of memory they are those of the result that it would have.
        """
        return _finished(self._refused, self._watched) if self._refused else None


def _span(frame: FrameType) -> Span:
    line, end_line, start, end = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
    if line is None or end_line is None or start is None or end is None:
        raise RuntimeError("Python keeps no source positions; start it without -X no_debug_ranges")
    return Span(line, start, end_line, end)


def _finished(noted: _Noted, watched: set[CodeType]) -> Operation:
    code, result = noted.place.code, noted.result
    source = Source.of(code)
    span = source.whole(noted.place.span)
    texts = source.operand_texts(span, noted.is_tensor)
    caller, names, returned_to = _call(noted.place) if noted.place.caller_code in watched else ("", {}, "")
    target = source.target(span)
    return Operation(
        noted.name,
        code.co_name,
        caller,
        noted.place.caller_span.line,
        names,
        target,
        _in_callers_words(target, names) if target else returned_to,
        source.text(span),
        span,
        tuple(
            Operand(text, seen.shape, _letters(seen.axes), seen.value) for text, seen in zip(texts, noted.operands, strict=True)
        ),
        noted.arguments,
        result.shape,
        _letters(result.axes),
        noted.is_view,
        noted.nbytes,
        noted.live,
        result.value,
    )


def _call(place: _Place) -> tuple[str, dict[str, str], str]:
    """The call that ran the function: its text, what it calls the parameters, and what its statement sets."""
    source = Source.of(place.caller_code)
    span = source.whole(place.caller_span)
    parameters = place.code.co_varnames[: place.code.co_argcount]
    return source.text(span), dict(zip(parameters, source.argument_texts(span), strict=False)), source.target(span)


def _in_callers_words(target: str, names: Mapping[str, str]) -> str:
    """ "w.g" is "w2.g" where the caller passes w2 as w."""
    owner, dot, attribute = target.partition(".")
    return names.get(owner, owner) + dot + attribute


def _letters(axes: Axes) -> tuple[str, ...]:
    return tuple(axis.resolved().name for axis in axes)


def _shares_memory(one: Tensor, other: Tensor) -> bool:
    return one.untyped_storage()._cdata == other.untyped_storage()._cdata
