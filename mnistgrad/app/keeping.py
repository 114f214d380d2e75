"""Keeps what the pages make by small plain keys, for all sessions. What is kept is shared and must not be changed."""

import sys
from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from dataclasses import is_dataclass
from functools import partial
from threading import Condition
from types import NoneType
from typing import Any, ParamSpec, TypeVar

import numpy as np
import pandas as pd
from cachetools import LRUCache, cached
from cachetools.keys import hashkey
from torch import Tensor

from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.network.data import Batch
from mnistgrad.network.gradients import Layers
from mnistgrad.network.presets import Weights

P = ParamSpec("P")
R = TypeVar("R")
MB = 1_000_000
PLAIN = (str, int, float, bool, bytes, NoneType)
LIGHT = 2_000  # bytes of a key of plain values, which is not weighed
MANY = 16  # items of a long list that are weighed, since such lists are of one kind
ELSEWHERE = (Batch, Layers, Weights, WeightGradient)  # kept by themselves; not weighed with what refers to them


class _Weighed(LRUCache[Hashable, Any]):
    """Weighs what it keeps, and with it a key that holds what a reader typed."""

    def __init__(self, most: int) -> None:
        super().__init__(most, self._weigh)
        self._newest: Hashable = None

    def __setitem__(self, key: Hashable, result: Any) -> None:
        self._newest = key
        super().__setitem__(key, result)

    def _weigh(self, result: Any) -> float:
        return min(size_of(result) + max(size_of(self._newest) - LIGHT, 0), self.maxsize)


class Shelf:
    """A cache. holds: what. most: its bound in bytes; beyond it the result asked for longest ago goes, never the newest."""

    def __init__(self, holds: str, most: int) -> None:
        self.holds, self.most = holds, most
        self._results = _Weighed(most)
        self._made = Condition()

    @property
    def nbytes(self) -> int:
        """Of all that it holds."""
        return int(self._results.currsize)

    def find(self, key: Hashable) -> Any:
        """What was put there under this key; None where it made room."""
        with self._made:
            return self._results.get(key)

    def put(self, key: Hashable, result: Any) -> None:
        with self._made:
            self._results[key] = result

    def forget(self, images: str) -> None:
        """What was made of this set of images."""
        with self._made:
            for key in [key for key in self._results if _names(key, images)]:
                del self._results[key]

    def empty(self) -> None:
        """Forget all."""
        with self._made:
            self._results.clear()

    def keep(self, function: Callable[P, R]) -> Callable[P, R]:
        """Keeps the results of the function. While one is made, others who ask for the same wait for it.

        A kept result comes back in 2 µs; Streamlit's own cache takes 0.3 ms to make a key of a state, fifty times a page.
        """
        key: Callable[..., Hashable] = partial(hashkey, function)
        return cached(self._results, key, condition=self._made)(function)


# Every cache of the pages. The images themselves, 47 MB of bytes, are read once; everything else is made from them.
BATCHES = Shelf("inp of the first 1,000 and of all training images, normalised and raw", 320 * MB)
LAYERS = Shelf("numbers for every image: passes of a batch, their weight gradients, the terms of one weight", 128 * MB)
STATES = Shelf("weights, gradients, and what was found in them", 48 * MB)
PASSES = Shelf("recorded passes with the values of a few images", 32 * MB)
SWEEPS = Shelf("what was found at 1 to 50,000 images", 16 * MB)
PICTURES = Shelf("charts and diagrams", 48 * MB)
PACKED = Shelf("diagrams as they go to the browser", 16 * MB)


SHELVES = (BATCHES, LAYERS, STATES, PASSES, SWEEPS, PICTURES, PACKED)


def forget(images: str) -> None:
    """On every shelf."""
    for shelf in SHELVES:
        shelf.forget(images)


def let_go() -> None:
    """Of all that is kept, for whatever needs the memory; it can be made again."""
    for shelf in SHELVES:
        shelf.empty()


def _names(key: Hashable, images: str) -> bool:
    """Whether a key, or anything in it, names the set."""
    if isinstance(key, tuple):
        return any(_names(part, images) for part in key)
    return key == images or getattr(key, "images", None) == images


def size_of(value: Any) -> int:
    """About how many bytes a result keeps alive by itself; what it shares with what is kept elsewhere is not counted."""
    if isinstance(value, PLAIN):  # first, since most are
        return sys.getsizeof(value)
    if isinstance(value, Tensor):
        return 0 if value._is_view() else value.nbytes  # a view is of a batch
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, pd.DataFrame):
        return int(value.memory_usage(deep=True).sum())
    if is_dataclass(value):
        return sum(map(_size_inside, vars(value).values()))
    if isinstance(value, Mapping):
        return sum(map(_size_inside, value.values()))
    if isinstance(value, Sequence | Set):
        some = list(value)[:MANY]
        return sum(map(_size_inside, some)) * len(value) // max(len(some), 1)
    return sys.getsizeof(value)


def _size_inside(value: Any) -> int:
    return 0 if isinstance(value, ELSEWHERE) else size_of(value)
