"""Watches code run and notes every torch operation: a step on screen is an operation that really ran."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from types import CodeType
from typing import Any, Self

import torch
from torch import Tensor
from torch.multiprocessing.reductions import StorageWeakRef
from torch.overrides import TorchFunctionMode
from torch.utils.weak import WeakTensorKeyDictionary

from mnistgrad.trace.axes import Axes, Axis, fresh, label
from mnistgrad.trace.calls import arrangement, changes_operand, function_name, plain_arguments, replaced, results_of
from mnistgrad.trace.feeding import Source, feeding, look_back, look_in
from mnistgrad.trace.finishing import Noted, Seen, finished
from mnistgrad.trace.flow import Call, Flow, Labelled
from mnistgrad.trace.folding import Folded, Kept
from mnistgrad.trace.nested import every
from mnistgrad.trace.operation import Fed, Operand, Operation
from mnistgrad.trace.operations import flow_of, operation_name
from mnistgrad.trace.shown import Window
from mnistgrad.trace.source import Source as Text
from mnistgrad.trace.source import Span
from mnistgrad.trace.stand_ins import StandIns, TooLarge
from mnistgrad.trace.values import copied
from mnistgrad.trace.watching import Place, place_of, watched_frame

__all__ = ["Operand", "Operation", "Recorder"]

SHAPE = Tensor.shape.__get__  # type: ignore[attr-defined]  # a property of the tensors, whatever its annotation says
GRAD = Tensor.grad.__get__  # type: ignore[union-attr]
MOST_RESULTS = 6  # of an operation that are noted one by one; of more only the first is
NOTHING_RAISES = suppress(Exception)  # but the reader's own code: a tensor of a kind that nobody thought of is not noted
IN_FULL = 8  # times that the same operation is noted with its numbers


@dataclass(frozen=True, eq=False)
class Known:
    """What is remembered of a tensor while it lives."""

    axes: Axes
    made_by: Kept[Noted] | None = None
    text: str = ""  # what it is called where it comes from


class Recorder(TorchFunctionMode):
    """Notes the operations that the watched code runs while it is entered. It changes nothing of them. What torch runs on its
    own account, as autograd the backward of a Function, is not seen.

    functions: whose code is watched; None for every reader's. axes: for tensors that go in, their axis names. sizes: what
    `.shape` tells the watched code of an axis, by its letter, so that a few images are computed as a part of a larger batch.
    stand_ins: what the sizes stand for, where small tensors take the place of large ones; then shapes and bytes are those of
    the large, and no values are kept. window: by an axis' name the indices whose numbers are kept, the first six where it is
    not named; of given functions whole tensors are kept instead, and axes that nobody named have no letter.
    """

    def __init__(
        self,
        functions: Iterable[Callable[..., Any]] | None = None,
        axes: Iterable[tuple[Tensor, Iterable[str]]] = (),
        sizes: Mapping[str, int] | None = None,
        stand_ins: StandIns | None = None,
        window: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        super().__init__()
        self._watched: set[CodeType] | None = None if functions is None else {function.__code__ for function in functions}
        self._known = WeakTensorKeyDictionary()
        self._named: dict[str, Axis] = {}
        self._given_memory: set[int | None] = set()
        self._memory: dict[int, tuple[StorageWeakRef, int]] = {}
        for tensor, letters in axes:
            self.name(tensor, letters)
        self._sizes = sizes or {}
        self._stand_ins = stand_ins
        self._window = Window(window or {})
        self._standing: Place | None = None
        self._outermost: CodeType | None = None
        self._notes: Folded[Noted] = Folded()
        self._refused: tuple[Noted, Exception] | None = None

    def name(self, tensor: Tensor, letters: Iterable[str], text: str = "") -> None:
        """Name the axes of a tensor that comes from outside; axes of one name are one axis, and "" is none.

        text: what the tensor is called where no source tells it.
        """
        axes = tuple(self._named.setdefault(letter, Axis(letter)) if letter else Axis() for letter in letters)
        for axis, size in zip(axes, tensor.shape, strict=True):
            axis.length = max(axis.length, size)
        self._known[tensor] = Known(axes, text=text)
        self._given_memory.add(_memory_of(tensor))

    @property
    def names(self) -> set[str]:
        """Of the axes that were named."""
        return set(self._named)

    def standing_at(self, text: str, span: Span) -> None:
        """What is evaluated from now on, where no Python code runs it: a span of the text."""
        self._standing = Place(Text.of_text(text), span, "", (), None, span)

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        frame = None if self._standing else watched_frame(self._watched, above=1)
        if frame is None and self._standing is None:
            return func(*args, **kwargs)
        if func == SHAPE and self._watched is not None:
            result = func(*args, **kwargs)
            return self._told_shape(args[0], result) if sys._getframe(1).f_code in self._watched else result
        place = place_of(frame, self._watched, self._outermost, args) if frame else self._standing
        assert place is not None
        before: Noted | None = None
        if changes_operand(func, kwargs):
            with NOTHING_RAISES:
                before = self._attempt(func, place, args, kwargs)
        try:
            result = func(*args, **kwargs)
        except Exception as error:
            with NOTHING_RAISES:
                self._refuse(before or self._attempt(func, place, args, kwargs), error)
            raise
        with NOTHING_RAISES:
            if func == GRAD:
                self._carry_to_grad(args[0], result)
            elif results := results_of(func, args, result):
                self._note(func, place, before, args, kwargs, results)
        return result

    def __enter__(self) -> Self:
        frame = watched_frame(None, above=1)
        self._outermost = frame.f_code if frame else None
        return super().__enter__()  # type: ignore[no-untyped-call]

    def __exit__(self, *raised: Any) -> None:
        if self._refused and not _led_to(self._refused[1], raised[1]):
            self._refused = None  # the reader's code caught it
        super().__exit__(*raised)  # type: ignore[no-untyped-call]

    def _told_shape(self, tensor: Tensor, shape: torch.Size) -> torch.Size:
        if self._stand_ins:
            return self._stand_ins.shape(tensor)
        return told_shape(_letters(self._known_of(tensor).axes), shape, self._sizes)

    def _attempt(self, func: Any, place: Place, args: Any, kwargs: Any, light: bool = False) -> Noted:
        """What is known of an operation before it has a result. light: without numbers."""
        return Noted(
            operation_name(function_name(func)),
            place,
            tuple(arrangement(argument) for argument in args),
            {key: arrangement(value) for key, value in kwargs.items()},
            tuple(self._seen(tensor, light) for tensor in every(Tensor, (args, tuple(kwargs.values())))),
            plain_arguments(args, kwargs),
        )

    def _refuse(self, noted: Noted, error: Exception) -> None:
        if isinstance(error, TooLarge):
            noted = replace(noted, result=Seen(tuple(error.shape), (), None), nbytes=error.nbytes)
        self._refused = replace(noted, message=str(error)), error

    def _carry_to_grad(self, tensor: Tensor, grad: Tensor | None) -> None:
        """What autograd made has the axes of its tensor."""
        if grad is not None and grad not in self._known:
            self._known[grad] = Known(self._known_of(tensor).axes)
            self._given_memory.add(_memory_of(grad))

    def _note(self, func: Any, place: Place, before: Noted | None, args: Any, kwargs: Any, results: list[Tensor]) -> None:
        """before: of an operation that changes its operand, what is known of that; of others it is found now, since only now
        an axis may have found its name.
        """
        name = operation_name(function_name(func))
        tensors = every(Tensor, (args, tuple(kwargs.values())))
        sizes = [tuple(made.shape) for made in results]
        alike = [replaced(given, self._labelled) for given in (list(args), list(kwargs.values()))]
        kept: Kept[Noted] | None = None
        for number, made in enumerate(results):
            call = Call(alike[0], dict(zip(kwargs, alike[1], strict=True)), sizes, number, made)
            flow = flow_of(name, call)
            if number and len(results) > MOST_RESULTS:
                self._known[made] = Known(flow.axes, kept)
                continue
            key = (name, place, tuple(tensor.shape for tensor in tensors), sizes[number], number)
            light = self._notes.times(key) >= IN_FULL
            noted = before or self._attempt(func, place, args, kwargs, light)
            result = self._seen(made, light, flow.axes)
            noted = replace(
                noted,
                result=result,
                number=number,
                results=len(results),
                is_view=_memory_of(made) in {_memory_of(tensor) for tensor in tensors},
                nbytes=self._nbytes(made),
                live=self._live_bytes(made),
                in_place=before is not None,
                fed={} if light else self._fed(flow, noted, result, tensors, made),
            )
            kept = self._notes.add(key, noted)
            self._known[made] = Known(flow.axes, kept)

    def _labelled(self, tensor: Tensor) -> Labelled:
        numbered = None if self._stand_ins or tensor.is_meta else tensor
        return Labelled(tuple(tensor.shape), self._known_of(tensor).axes, numbered, tensor.dtype in (torch.bool, torch.uint8))

    def _known_of(self, tensor: Tensor) -> Known:
        if tensor not in self._known:  # from outside
            self._known[tensor] = Known(fresh(*tensor.shape))
            self._given_memory.add(_memory_of(tensor))
        return self._known[tensor]

    def _seen(self, tensor: Tensor, light: bool = False, axes: Axes | None = None) -> Seen:
        """axes: of a result, which is not known yet."""
        known = Known(axes) if axes is not None else self._known_of(tensor)
        shape = self._shape(tensor)
        value = tensor if self._watched is not None and not self._stand_ins else None
        if self._watched is not None or light:
            return Seen(shape, known.axes, value, tensor.dtype, made_by=known.made_by, text=known.text)
        shown = self._window.of(known.axes, shape)
        numbers = None if self._stand_ins else copied(tensor, shown)
        return Seen(shape, known.axes, value, tensor.dtype, shown, numbers, known.made_by, known.text)

    def _fed(self, flow: Flow, noted: Noted, result: Seen, tensors: list[Tensor], made: Tensor) -> Mapping[tuple[int, ...], Fed]:
        """What fed the result's window; nothing where it cannot be told."""
        if self._watched is not None or self._stand_ins:
            return {}
        sources = [
            Source(seen.shape, seen.shown, look_back(seen.numbers, seen.shown) if tensor is made else look_in(tensor))
            for seen, tensor in zip(noted.operands, tensors, strict=True)
        ]
        with NOTHING_RAISES:
            return feeding(flow, result.shown, sources, result.numbers)
        return {}

    def _live_bytes(self, result: Tensor) -> int:
        if _memory_of(result) is None:
            return sum(size for _, size in self._memory.values())
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
        return self._stand_ins.nbytes(tensor) if self._stand_ins else tensor.numel() * tensor.element_size()

    def operations(self) -> tuple[Operation, ...]:
        """What was noted, in order; an axis has the name that it found by the end."""
        return finished(self._notes.kept, lettered=self._watched is None)

    def refused(self) -> Operation | None:
        """The operation that torch refused, without a result: its shape is () and its bytes 0.

        Where it stopped for want of memory they are those of the result that it would have.
        """
        if self._refused is None:
            return None
        return finished([*self._notes.kept, Kept(None, self._refused[0])], lettered=self._watched is None)[-1]


def told_shape(axes: Iterable[str], shape: torch.Size, sizes: Mapping[str, int]) -> torch.Size:
    """With the sizes that some of the axes are to have."""
    return torch.Size(sizes.get(letter, size) for letter, size in zip(axes, shape, strict=True))


def _letters(axes: Axes) -> tuple[str, ...]:
    return tuple(label(axis) for axis in axes)


def _led_to(error: BaseException, raised: BaseException | None) -> bool:
    while raised is not None and raised is not error:
        raised = raised.__cause__ or raised.__context__
    return raised is error


def _memory_of(tensor: Tensor) -> int | None:
    """Which piece of memory it stands in; None for a tensor without one, as a sparse one is."""
    try:
        return tensor.untyped_storage()._cdata
    except (RuntimeError, NotImplementedError):
        return None
