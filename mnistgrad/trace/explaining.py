"""Runs any function as it stands and notes what torch did: the operations, or how far it came."""

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import Module

from mnistgrad.trace.operation import Operation
from mnistgrad.trace.recording import Recorder

AxisNames = str | Sequence[str]
Window = Mapping[str, Sequence[int]]


class Run(NamedTuple):
    """What a function did. refused: the operation that torch refused, where that ended it. returned: what it gave back.

    error: what it raised, of torch's or of its own; None where it ran to its end.
    """

    operations: tuple[Operation, ...]
    refused: Operation | None
    returned: Any
    error: Exception | None


def explain_run(
    function: Callable[..., Any],
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    axes: Mapping[str, AxisNames] | None = None,
    window: Window | None = None,
) -> Run:
    """Call the function and note its operations. It is given what the caller gives, NumPy arrays as tensors on their memory.

    axes: by the name of a parameter, or of a tensor that the function finds elsewhere, or the way to one ("layer.w"), the names
    of its axes: "n i", "ni" or a list. window: by the name of an axis the indices whose numbers are kept.
    Raises ValueError for axes of what is no tensor or has another number of axes, and for a window of an axis not named.
    """
    given = [as_tensors(value) for value in args]
    named = {name: as_tensors(value) for name, value in (kwargs or {}).items()}
    recorder = recorder_for(_surroundings(function, given, named), axes, window)
    returned, error = None, None
    try:
        with recorder:
            returned = function(*given, **named)
    except Exception as raised:
        error = raised
    return Run(recorder.operations(), recorder.refused(), returned, error)


def recorder_for(names: Mapping[str, Any], axes: Mapping[str, AxisNames] | None = None, window: Window | None = None) -> Recorder:
    """One that watches every reader's code. names: what the code's names stand for, of whose tensors `axes` names the axes.

    Raises ValueError for axes of what is no tensor or has another number of axes, and for a window of an axis not named.
    """
    recorder = Recorder(window=window)
    for path, tensor in _tensors(names):
        recorder.name(tensor, [""] * tensor.ndim, path)
    for path, tensor, letters in _axes(axes or {}, names):
        recorder.name(tensor, letters, path)
    unknown = sorted(set(window or {}) - recorder.names)
    if unknown:
        raise ValueError(f"window names the axis {unknown[0]!r}; named are {', '.join(sorted(recorder.names)) or 'none'}")
    return recorder


def as_tensors(value: Any) -> Any:
    """A NumPy array as a tensor that shares its memory, also in a list, a tuple or a dict; all else as it is."""
    if isinstance(value, np.ndarray):
        return _tensor(value)
    if isinstance(value, list | tuple) and any(isinstance(part, np.ndarray | list | tuple | dict) for part in value):
        parts = [as_tensors(part) for part in value]
        return parts if isinstance(value, list) else type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, dict) and any(isinstance(part, np.ndarray) for part in value.values()):
        return {name: as_tensors(part) for name, part in value.items()}
    return value


def _tensor(array: np.ndarray[Any, Any]) -> Any:
    """The array itself where torch has no tensor like it, as one of texts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of an array that may not be written to
        try:
            return torch.from_numpy(array)
        except ValueError:  # strides below 0
            return torch.from_numpy(array.copy())
        except TypeError:
            return array


def _surroundings(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the function's names stand for when it begins."""
    called = function.forward if isinstance(function, Module) else function
    plain = inspect.unwrap(called)
    found: dict[str, Any] = dict(getattr(getattr(plain, "__func__", plain), "__globals__", {}))
    with suppress(TypeError):  # an object that can be called
        found |= inspect.getclosurevars(plain).nonlocals
    try:
        bound = inspect.signature(called).bind(*args, **kwargs)
        bound.apply_defaults()
        found |= bound.arguments
    except (TypeError, ValueError):  # the call itself will say what does not fit
        found |= kwargs
    owner = function if isinstance(function, Module) else getattr(function, "__self__", found.get("self"))
    return found | {"self": owner}


def _tensors(names: Mapping[str, Any]) -> Iterator[tuple[str, Tensor]]:
    """Those that go by a name, and those of modules by the way to them."""
    for name, value in names.items():
        if isinstance(value, Module):
            yield from value.named_buffers(name)
            yield from value.named_parameters(name)
        elif isinstance(value, Tensor):
            yield name, value


def _axes(axes: Mapping[str, AxisNames], names: Mapping[str, Any]) -> Iterator[tuple[str, Tensor, Sequence[str]]]:
    for path, letters in axes.items():
        first, *rest = path.split(".")
        value = names.get(first)
        for attribute in rest:
            value = getattr(value, attribute, None)
        if not isinstance(value, Tensor):
            raise ValueError(f"axes names {path!r}, which is no tensor that the function is given")
        yield path, value, split_names(path, letters, value.ndim)


def split_names(path: str, letters: AxisNames, count: int) -> Sequence[str]:
    """ "n i" and "ni" are the names of two axes. Raises ValueError for another number of them than `count`."""
    names = letters.split() if isinstance(letters, str) else list(letters)
    if isinstance(letters, str) and len(names) != count and len(names) == 1:
        names = list(names[0])
    if len(names) != count:
        raise ValueError(f"axes[{path!r}] is {letters!r}; {path} has {count} axes")
    return names
