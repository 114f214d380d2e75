"""Watches code run and notes every torch operation: a step on screen is an operation that really ran."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import CodeType, FrameType
from typing import Any, Self

import torch
from torch import Tensor
from torch.multiprocessing.reductions import StorageWeakRef
from torch.overrides import TorchFunctionMode
from torch.utils.weak import WeakTensorKeyDictionary

from mnistgrad.trace.axes import Axes, Axis, Labelled
from mnistgrad.trace.finishing import Noted, Seen, finished
from mnistgrad.trace.operation import Operand, Operation
from mnistgrad.trace.operations import operation_name, result_axes
from mnistgrad.trace.source import Arrangement, Source, Span
from mnistgrad.trace.stand_ins import StandIns, TooLarge
from mnistgrad.trace.values import copied
from mnistgrad.trace.watching import Place, place_of, watched_frame

__all__ = ["Operand", "Operation", "Recorder"]

SHAPE = Tensor.shape.__get__  # type: ignore[attr-defined]  # a property of the tensors, whatever its annotation says
GRAD = Tensor.grad.__get__  # type: ignore[union-attr]
WINDOW = 6  # indices of an axis whose numbers are kept where nobody chose others


@dataclass
class _Known:
    """What is remembered of a tensor while it lives."""

    axes: Axes
    made_by: int | None = None


class Recorder(TorchFunctionMode):
    """Notes the operations that the watched code runs while it is entered. It changes nothing of them.

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
        self._given_memory: set[int] = set()
        self._memory: dict[int, tuple[StorageWeakRef, int]] = {}
        for tensor, letters in axes:
            self.name(tensor, letters)
        self._sizes = sizes or {}
        self._stand_ins = stand_ins
        self._window = window or {}
        self._standing: Place | None = None
        self._outermost: CodeType | None = None
        self._noted: list[Noted] = []
        self._refused: tuple[Noted, Exception] | None = None

    def name(self, tensor: Tensor, letters: Iterable[str]) -> None:
        """Name the axes of a tensor that comes from outside; axes of one name are one axis, and "" is none."""
        axes = tuple(self._named.setdefault(letter, Axis(letter)) if letter else Axis() for letter in letters)
        self._known[tensor] = _Known(axes)
        self._given_memory.add(_memory_of(tensor))

    @property
    def names(self) -> set[str]:
        """Of the axes that were named."""
        return set(self._named)

    def standing_at(self, text: str, span: Span) -> None:
        """What is evaluated from now on, where no Python code runs it: a span of the text."""
        self._standing = Place(Source.of_text(text), span, "", (), None, span)

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        frame = None if self._standing else watched_frame(self._watched, above=1)
        if frame is None and self._standing is None:
            return func(*args, **kwargs)
        if func == SHAPE and self._watched is not None:
            result = func(*args, **kwargs)
            return self._told_shape(args[0], result) if sys._getframe(1).f_code in self._watched else result
        before = self._attempt(func, frame, args, kwargs) if _changes_operand(func, kwargs) else None
        try:
            result = func(*args, **kwargs)
        except Exception as error:
            self._refuse(before or self._attempt(func, frame, args, kwargs), error)
            raise
        if func == GRAD:
            self._carry_to_grad(args[0], result)
        elif results := _results(func, args, result):
            noted = replace(before, in_place=True) if before else self._attempt(func, frame, args, kwargs)
            self._note(noted, args, kwargs, results)
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
        letters = _letters(self._known_of(tensor).axes)
        return torch.Size(self._sizes.get(letter, size) for letter, size in zip(letters, shape, strict=True))

    def _attempt(self, func: Any, frame: FrameType | None, args: Any, kwargs: Any) -> Noted:
        """What is known of an operation before it has a result: in place, it changes its operand."""
        place = place_of(frame, self._watched, self._outermost) if frame else self._standing
        assert place is not None
        name = _function_name(func)
        return Noted(
            operation_name(name),
            place,
            tuple(_arrangement(arg) for arg in args),
            {key: _arrangement(value) for key, value in kwargs.items()},
            tuple(self._seen(tensor) for tensor in _tensors((args, tuple(kwargs.values())))),
            (*(arg for arg in args if _plain(arg)), *(value for value in kwargs.values() if _plain(value))),
        )

    def _refuse(self, noted: Noted, error: Exception) -> None:
        if isinstance(error, TooLarge):
            noted = replace(noted, result=Seen(tuple(error.shape), (), None), nbytes=error.nbytes)
        self._refused = replace(noted, message=str(error)), error

    def _carry_to_grad(self, tensor: Tensor, grad: Tensor | None) -> None:
        """What autograd made has the axes of its tensor."""
        if grad is not None and grad not in self._known:
            self._known[grad] = _Known(self._known_of(tensor).axes)
            self._given_memory.add(_memory_of(grad))

    def _note(self, noted: Noted, args: Any, kwargs: Any, results: list[Tensor]) -> None:
        tensors = _tensors((args, tuple(kwargs.values())))
        for number, made in enumerate(results):
            labelled = [Labelled(seen.shape, seen.axes) for seen in noted.operands]
            axes = result_axes(noted.name, labelled, args, kwargs, made.ndim)
            if not noted.in_place:  # an axis may have found its name
                noted = replace(noted, operands=tuple(self._seen(tensor) for tensor in tensors))
            self._known[made] = _Known(axes, len(self._noted))
            self._noted.append(
                replace(
                    noted,
                    result=self._seen(made),
                    number=number,
                    results=len(results),
                    is_view=any(_memory_of(made) == _memory_of(tensor) for tensor in tensors),
                    nbytes=self._nbytes(made),
                    live=self._live_bytes(made),
                )
            )

    def _known_of(self, tensor: Tensor) -> _Known:
        if tensor not in self._known:  # from outside
            self._known[tensor] = _Known(tuple(Axis() for _ in range(tensor.ndim)))
            self._given_memory.add(_memory_of(tensor))
        return self._known[tensor]

    def _seen(self, tensor: Tensor) -> Seen:
        known, shape = self._known_of(tensor), self._shape(tensor)
        value = tensor if self._watched is not None and not self._stand_ins else None
        if self._watched is not None:
            return Seen(shape, known.axes, value, tensor.dtype, made_by=known.made_by)
        shown = tuple(self._shown(axis, size) for axis, size in zip(known.axes, shape, strict=True))
        numbers = None if self._stand_ins else copied(tensor, shown)
        return Seen(shape, known.axes, value, tensor.dtype, shown, numbers, known.made_by)

    def _shown(self, axis: Axis, size: int) -> tuple[int, ...]:
        chosen = tuple(index for index in self._window.get(axis.resolved().name, ()) if index < size)
        return chosen or tuple(range(min(size, WINDOW)))

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

    def operations(self) -> tuple[Operation, ...]:
        """What was noted, in order; an axis has the name that it found by the end."""
        return finished(self._noted, lettered=self._watched is None)

    def refused(self) -> Operation | None:
        """The operation that torch refused, without a result: its shape is () and its bytes 0.

        Where it stopped for want of memory they are those of the result that it would have.
        """
        if self._refused is None:
            return None
        return finished([*self._noted, self._refused[0]], lettered=self._watched is None)[-1]


def _function_name(func: Any) -> str:
    """torch's; of a property, which is read by its "__get__", the property's."""
    name = getattr(func, "__name__", "")
    return func.__self__.__name__ if name == "__get__" else name


def _changes_operand(func: Any, kwargs: Mapping[str, Any]) -> bool:
    """torch's names end in an underscore then, as add_ does."""
    name = _function_name(func)
    return (name.endswith("_") and not name.endswith("__")) or name == "__setitem__" or "out" in kwargs


def _results(func: Any, args: Any, result: Any) -> list[Tensor]:
    """The tensors that it gives; an assignment to a part gives the whole."""
    if _function_name(func) == "__setitem__":
        return [args[0]]
    return _tensors(result if isinstance(result, tuple | list) else (result,))


def _led_to(error: BaseException, raised: BaseException | None) -> bool:
    while raised is not None and raised is not error:
        raised = raised.__cause__ or raised.__context__
    return raised is error


def _plain(argument: Any) -> bool:
    return not _tensors((argument,))


def _arrangement(argument: Any) -> Arrangement:
    if isinstance(argument, tuple | list):
        return tuple(_arrangement(part) for part in argument)
    return isinstance(argument, Tensor)


def _tensors(parts: Iterable[Any]) -> list[Tensor]:
    """All of them, however deep in lists and tuples."""
    found: list[Tensor] = []
    for part in parts:
        if isinstance(part, Tensor):
            found.append(part)
        elif isinstance(part, tuple | list):
            found += _tensors(part)
    return found


def _letters(axes: Axes) -> tuple[str, ...]:
    return tuple(axis.resolved().name for axis in axes)


def _memory_of(tensor: Tensor) -> int:
    return tensor.untyped_storage()._cdata
