"""A reader's own tensors, arrays and lists as plain tensors: taken as they are meant, or refused by name."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnistgrad.common.arguments import FLOATS, float_tensors, told

Numbers: TypeAlias = "Tensor | NDArray[Any] | Sequence[Any]"
FORMS = "a tensor, a NumPy array or a list"
SIGNED = (torch.int8, torch.int16, torch.int32, torch.int64)
WHOLE = (*SIGNED, torch.uint8, torch.uint16, torch.uint32, torch.uint64)


def floats(name: str, value: object, like: torch.dtype = torch.float32) -> Tensor:
    """`value` as a tensor of float32 or float64 that belongs to no graph; a list becomes one of dtype `like`.

    A tensor's memory, or a writable array's, is shared. Raises TypeError for other kinds and dtypes, ValueError where a number
    is missing or infinite.
    """
    found = _tensor(name, value)
    if _has_no_dtype(value) and not found.is_complex() and found.dtype != torch.bool:
        found = _exactly(name, found, like)
    if found.dtype not in FLOATS:
        cast = "float()" if isinstance(value, Tensor) else 'astype("float32")'
        remedy = f": {name}.{cast} makes floats of {found.dtype}" if found.dtype in WHOLE else ""
        raise TypeError(f"{name} has dtype {found.dtype}; allowed are {' and '.join(map(str, FLOATS))}{remedy}")
    if not found.isfinite().all():
        place = tuple(map(int, (~found.isfinite()).nonzero()[0]))
        raise ValueError(f"{name} holds {found[place].item()} at {list(place)}; allowed are finite numbers alone")
    return found


def _exactly(name: str, found: Tensor, like: torch.dtype) -> Tensor:
    """A list's numbers in another dtype, if it holds all the whole ones."""
    if not found.is_floating_point() and (lost := found.to(like).long() != found.long()).any():
        held = f"{name} holds {found[lost][0].item()}, which {like} would round"
        raise ValueError(f"{held}; allowed are whole numbers that it holds, or an array of float64")
    return found.to(like)


def all_floats(**given: object) -> dict[str, Tensor]:
    """Each as `floats` makes it, all of one dtype, which lists take from the others. Raises as the checks of each do."""
    known = {name: floats(name, value) for name, value in given.items() if not _has_no_dtype(value)}
    like = next((tensor.dtype for tensor in known.values()), torch.float32)
    found = {name: known[name] if name in known else floats(name, value, like) for name, value in given.items()}
    float_tensors(**found)
    return found


def whole_numbers(name: str, value: object) -> Tensor:
    """`value` as a tensor of int64. Raises TypeError for what holds no whole numbers."""
    found = _tensor(name, value)
    if found.dtype not in WHOLE:
        raise TypeError(f"{name} has dtype {found.dtype}; allowed are whole numbers, as {name}.long() makes them")
    return found.long()


def _has_no_dtype(value: object) -> bool:
    return isinstance(value, list | tuple)


def _tensor(name: str, value: object) -> Tensor:
    if isinstance(value, Tensor):
        if value.layout != torch.strided or value.is_quantized or value.is_nested:
            raise TypeError(f"{name} is a tensor of layout {value.layout}, dtype {value.dtype}; allowed is a dense one")
        if value.device.type != "cpu":
            raise TypeError(f"{name} is on {value.device}; allowed is the cpu: {name}.cpu() brings it there")
        return value.detach().resolve_conj().resolve_neg()
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} is a masked array; allowed is {FORMS} of which every number counts")
    if not (_has_no_dtype(value) or hasattr(value, "__array__")):
        raise TypeError(f"{name} is {told(value)}, of type {type(value).__name__}; allowed is {FORMS} of numbers")
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, RuntimeError):
        kind = type(value).__name__
        raise TypeError(f"{name} is a {kind} whose parts differ in length or are no numbers; {_rectangle()}") from None
    if array.dtype.kind not in "iufbc":
        raise TypeError(f"{name} is a {type(value).__name__} with parts of type {array.dtype}; {_rectangle()}")
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    if not array.flags.writeable or any(stride < 0 for stride in array.strides):
        array = array.copy()
    try:
        return torch.from_numpy(array)
    except TypeError:
        raise TypeError(f"{name} has dtype {array.dtype}; allowed are {' and '.join(map(str, FLOATS))}") from None


def _rectangle() -> str:
    return f"allowed is {FORMS} of numbers, each row as long as the others"
