"""Watches the lesson's functions run and notes every operation: a step on screen is an operation that really ran."""

import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from types import CodeType, FrameType
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from mnistgrad import lesson
from mnistgrad.axes import Axes, Axis, Labelled, operation_name, result_axes
from mnistgrad.data import PIXELS
from mnistgrad.source import Source, Span


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

    name: torch's name for it. function: the lesson function. caller: the call that ran it, as written. target: what
    its statement sets, as "w.g". value: the result, where real tensors were watched, else None. nbytes: of the result.
    """

    name: str
    function: str
    caller: str
    target: str
    expression: str
    span: Span
    operands: tuple[Operand, ...]
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    nbytes: int
    value: Tensor | None


class _Noted(NamedTuple):
    """An operation as seen while it runs; its axes may find their names later."""

    name: str
    place: "_Place"
    is_tensor: list[bool]  # for each argument, in the order of the source
    operands: list[tuple[Tensor, Axes]]
    result: Tensor
    axes: Axes


class _Place(NamedTuple):
    code: CodeType
    span: Span
    caller_code: CodeType
    caller_span: Span


class Recorder(TorchFunctionMode):
    """Notes the operations that the watched functions run while it is entered.

    functions: whose code is watched. axes: for each tensor that goes in, its axis letters.
    """

    def __init__(self, functions: Iterable[Callable[..., Any]], axes: Iterable[tuple[Tensor, str]]) -> None:
        super().__init__()
        self._watched = {function.__code__ for function in functions}
        named = {letter: Axis(letter) for _, letters in axes for letter in letters}
        self._axes = {id(tensor): tuple(named[letter] for letter in letters) for tensor, letters in axes}
        self._alive: list[Tensor] = [tensor for tensor, _ in axes]  # ids stay unique while these live
        self._noted: list[_Noted] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        frame = self._watched_frame()
        if frame is not None and isinstance(result, Tensor):
            self._note(func.__name__, frame, args, kwargs, result)
        return result

    def _watched_frame(self) -> FrameType | None:
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and frame.f_code not in self._watched:
            frame = frame.f_back  # a torch function written in Python stands in between
        return frame

    def _note(self, function: str, frame: FrameType, args: Any, kwargs: Any, result: Tensor) -> None:
        operands = [(a, self._axes_of(a)) for a in args if isinstance(a, Tensor)]
        name = operation_name(function)
        axes = result_axes(name, [Labelled(tuple(t.shape), a) for t, a in operands], args, kwargs)
        self._axes[id(result)] = axes
        self._alive.append(result)
        caller = frame.f_back
        assert caller is not None
        place = _Place(frame.f_code, _span(frame), caller.f_code, _span(caller))
        self._noted.append(_Noted(name, place, [isinstance(a, Tensor) for a in args], operands, result, axes))

    def _axes_of(self, tensor: Tensor) -> Axes:
        if id(tensor) not in self._axes:
            raise ValueError(f"a watched function takes a tensor of shape {tuple(tensor.shape)} whose axes were not named")
        return self._axes[id(tensor)]

    def operations(self) -> tuple[Operation, ...]:
        """What was noted, in order; an axis has the name that it found by the end."""
        return tuple(_finished(noted, self._watched) for noted in self._noted)


def _span(frame: FrameType) -> Span:
    line, end_line, start, end = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
    if line is None or end_line is None or start is None or end is None:
        raise RuntimeError("Python keeps no source positions; start it without -X no_debug_ranges")
    return Span(line, start, end_line, end)


def _finished(noted: _Noted, watched: set[CodeType]) -> Operation:
    source = Source.of(noted.place.code)
    span = source.whole(noted.place.span)
    texts = source.operand_texts(span, noted.is_tensor)
    operands = tuple(
        Operand(text, tuple(tensor.shape), _letters(axes), _real(tensor))
        for text, (tensor, axes) in zip(texts, noted.operands, strict=True)
    )
    called_from, result = noted.place.caller_code, noted.result
    caller = _text_of(called_from, noted.place.caller_span) if called_from in watched else ""
    return Operation(
        noted.name,
        noted.place.code.co_name,
        caller,
        source.target(span),
        source.text(span),
        span,
        operands,
        tuple(result.shape),
        _letters(noted.axes),
        result.numel() * result.element_size(),
        _real(result),
    )


def _text_of(code: CodeType, span: Span) -> str:
    source = Source.of(code)
    return source.text(source.whole(span))


def _letters(axes: Axes) -> tuple[str, ...]:
    return tuple(axis.resolved().name for axis in axes)


def _real(tensor: Tensor) -> Tensor | None:
    return None if tensor.is_meta else tensor


LESSON = tuple(function for _, function in inspect.getmembers(lesson, inspect.isfunction))


def record_pass(n: int, nh: int, relu: Callable[[Tensor], Tensor]) -> tuple[Operation, ...]:
    """The operations of the whole forward and backward pass at n images, on the meta device: shapes without memory."""
    with torch.device("meta"):
        inp, targ = torch.empty(n, PIXELS), torch.empty(n)
        w1, b1, w2, b2 = torch.empty(PIXELS, nh), torch.empty(nh), torch.empty(nh, 1), torch.empty(1)
    recorder = Recorder(LESSON, [(inp, "ni"), (targ, "n"), (w1, "ij"), (b1, "j"), (w2, "jk"), (b2, "k")])
    with recorder:
        lesson.forward_and_backward(inp, targ, w1, b1, w2, b2, relu)
    return recorder.operations()


def record_lin_grad(inp: Tensor, out_g: Tensor) -> tuple[Operation, ...]:
    """The operations of the first layer's `lin_grad` on real inp (n, i) and out_g (n, j), with their values."""
    out, w, b = out_g.clone(), inp.new_zeros(inp.shape[1], out_g.shape[1]), inp.new_zeros(out_g.shape[1])
    out.g = out_g  # type: ignore[attr-defined]  # the lesson hangs gradients on tensors
    recorder = Recorder(LESSON, [(inp, "ni"), (out, "nj"), (out_g, "nj"), (w, "ij"), (b, "j")])
    with recorder:
        lesson.lin_grad(inp, out, w, b)
    return recorder.operations()


def weight_gradient_steps(operations: Iterable[Operation]) -> tuple[Operation, ...]:
    """The operations of the line that sets w.g of the first layer, told by the axes of its result, (i, j)."""
    line = [o for o in operations if o.function == "lin_grad" and o.target == "w.g"]
    callers = {o.caller for o in line if o.axes == ("i", "j")}
    return tuple(o for o in line if o.caller in callers)
