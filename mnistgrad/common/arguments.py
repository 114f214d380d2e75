"""Checks of arguments: each error names the argument, what was given and what is allowed."""

from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import TypeVar

import torch
from torch import Tensor

T = TypeVar("T")
FLOATS = (torch.float32, torch.float64)
LONGEST = 80  # characters of what was given


def whole_number(name: str, value: object, low: int, high: int) -> int:
    """`value` as an int, if it is a whole number from low to high, NumPy's among them; else TypeError or ValueError."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        allowed = f"a whole number is allowed, as an int from {low:,} to {high:,}"
        raise TypeError(f"{name} is {told(value)}, of type {type(value).__name__}; {allowed}")
    number = int(value)
    if not low <= number <= high:
        raise ValueError(f"{name} is {number}; allowed are {low:,} to {high:,}")
    return number


def one_of(name: str, value: object, allowed: Iterable[T]) -> T:
    """What among `allowed` equals `value`; else ValueError."""
    choices = list(allowed)
    for choice in choices:
        if isinstance(value, bool) == isinstance(choice, bool) and _is(value, choice):
            return choice
    raise ValueError(f"{name} is {told(value)}; allowed are {', '.join(map(repr, choices))}")


def truth(name: str, value: object) -> bool:
    """`value`, if it is True or False; else TypeError."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} is {told(value)}, of type {type(value).__name__}; allowed are True and False")
    return value


def instance(name: str, value: object, kind: type[T]) -> T:
    """`value`, if it is of this type; else TypeError."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {told(value)}; allowed is a {kind.__name__} of mnistgrad")
    return value


def float_tensors(**given: object) -> None:
    """Raises TypeError unless they are tensors, all of float32 or all of float64 and on one device."""
    tensors = []
    for name, value in given.items():
        if not isinstance(value, Tensor):
            raise TypeError(f"{name} is {told(value)}, of type {type(value).__name__}; allowed is a torch.Tensor of floats")
        if value.dtype not in FLOATS:
            raise TypeError(f"{name} has dtype {value.dtype}; allowed are {' and '.join(map(str, FLOATS))}")
        tensors.append((name, value))
    for name, value in tensors[1:]:
        first, other = tensors[0]
        if (value.dtype, value.device) != (other.dtype, other.device):
            kinds = f"{first} has dtype {other.dtype} on {other.device} and {name} {value.dtype} on {value.device}"
            raise TypeError(f"{kinds}; allowed is the same for both")


def fitting_shapes(tensors: Mapping[str, tuple[Tensor, str]], sizes: Mapping[str, int]) -> None:
    """Raises ValueError unless each tensor has its axes, by letter, and a letter has one size in all of them.

    sizes: of the letters whose size is known.
    """
    known = dict(sizes)
    for name, (tensor, letters) in tensors.items():
        shape, axes = tuple(tensor.shape), f"({', '.join(letters)}{',' * (len(letters) == 1)})"
        if len(shape) != len(letters):
            raise ValueError(f"{name} has shape {shape}; allowed is {axes}")
        allowed = tuple(known.setdefault(letter, size) for letter, size in zip(letters, shape, strict=True))
        if shape != allowed:
            raise ValueError(f"{name} has shape {shape}; allowed is {axes}, here {allowed}")


def _is(value: object, choice: object) -> bool:
    try:
        return bool(value == choice)
    except (ValueError, RuntimeError, TypeError):  # an array or a tensor is equal entry by entry
        return False


def told(value: object) -> str:
    """A value in few words."""
    shape = getattr(value, "shape", ())
    if len(shape):
        return f"{type(value).__name__} of shape {tuple(shape)}"
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
