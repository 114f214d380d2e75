"""What is noted of one torch operation: its code, its tensors with their axes and numbers, and what fed each number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnistgrad.trace.operations import OPERATIONS, UNKNOWN, Effect, TorchOperation
from mnistgrad.trace.source import CodeLine, Span

Numbers = NDArray[Any]


@dataclass(frozen=True)
class Operand:
    """A tensor that an operation takes: its source text, sizes and axis letters ("" where an axis has no name).

    value: the tensor itself, where whole tensors are kept. shown: for each axis the indices that the window shows; numbers: a
    copy of the numbers there from just before the operation ran, None where there are none. made_by: the place of the
    operation that made it, None for what came from outside.
    """

    text: str
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    value: Tensor | None = None
    dtype: torch.dtype = torch.float32
    shown: tuple[tuple[int, ...], ...] = ()
    numbers: Numbers | None = None
    made_by: int | None = None


@dataclass(frozen=True)
class Term:
    """One number that is added up, or the one there is. index: for each operand the full index, None where it gives nothing.

    factors: each operand's number there. value: what is added.
    """

    index: tuple[tuple[int, ...] | None, ...]
    factors: tuple[float, ...]
    value: float


@dataclass(frozen=True, eq=False)
class Fed:
    """What one number of a result is made of.

    cells: for each operand, which numbers of its window feed it. count: how many terms are added up, 1 where nothing is.
    terms: the largest of them, at most 6; () where they are not known.
    """

    cells: tuple[NDArray[np.bool_], ...]
    count: int
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Operation:
    """One torch operation that ran.

    name: torch's name for it. function: the one whose code ran it. caller: the call that ran that, as written; caller_line: its
    line. names: what the function's parameters are called there, {"inp": "l2"}. target: what its statement sets, as "w.g";
    sets: the same in the caller's words, "w2.g", or "l1" for what a function returns. arguments: those that are no tensors.
    is_view: the result shares its operand's memory. nbytes: of the result. live: bytes of all results alive while it ran,
    this one's included; only true where no values were kept. value: the result, where whole tensors are kept.
    place: its number. dtype, shown, numbers: of the result, as an operand's. result: which of several results this is, from 0,
    and results: of how many. repeats: how often a loop ran the same. in_place: the result is its first operand, changed.
    message: what torch says, where it refused. fed: what made the number at a position in the result's window.
    code: the lines around it, as a reader sees them.
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
    place: int = 0
    dtype: torch.dtype = torch.float32
    shown: tuple[tuple[int, ...], ...] = ()
    numbers: Numbers | None = None
    result: int = 0
    results: int = 1
    repeats: int = 1
    in_place: bool = False
    message: str = ""
    fed: Mapping[tuple[int, ...], Fed] = field(default_factory=dict)
    code: tuple[CodeLine, ...] = ()

    @cached_property
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

    @cached_property
    def letters(self) -> frozenset[str]:
        """Every axis of its operands and its result."""
        return frozenset(letter for axes in (self.axes, *(operand.axes for operand in self.operands)) for letter in axes)

    @property
    def rank(self) -> int:
        """The most axes that one of its tensors has."""
        return max(len(axes) for axes in (self.axes, *(operand.axes for operand in self.operands)))
