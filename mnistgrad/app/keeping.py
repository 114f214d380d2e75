"""Keeps what the pages make by small plain keys, for all sessions. What is kept is shared and must not be changed."""

from collections.abc import Callable
from threading import Condition
from typing import ParamSpec, TypeVar

from cachetools import LRUCache, cached

P = ParamSpec("P")
R = TypeVar("R")

STATES = 64  # as many as are kept of what is small
LARGE = 8  # of what holds numbers for every image, up to 20 MB each


def kept(most: int = STATES) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keeps the last `most` results of a function. While one is made, others who ask for the same wait for it.

    A kept result comes back in 2 µs; Streamlit's own cache takes 0.3 ms to make a key of a state, fifty times a page.
    """
    return cached(LRUCache(most), condition=Condition())
