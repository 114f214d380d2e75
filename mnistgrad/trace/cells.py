"""One operation of the pass as a window shows it: its tables of numbers, and what one cell of its result is made of."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.network.data import SIDE
from mnistgrad.trace.operations import UNKNOWN, Effect
from mnistgrad.trace.painting import sums_over_images
from mnistgrad.trace.passes import ends_statement
from mnistgrad.trace.recording import Operand, Operation
from mnistgrad.trace.window import Window, power_of

SHOWN_TERMS = 8  # of a sum over pixels or units
LONGEST_TOTAL = 1e6  # where a cell has room for no more digits, its sum is counted in a larger unit, and so are the parts
FAR_SMALLER, FAR_LARGER = 0.1, 1_000.0  # of a largest number, when written in another's power of ten
Values = NDArray[np.floating]


@dataclass(frozen=True)
class Chosen:
    """The cell that a reader looks at: real indices, each one of those that the window shows."""

    image: int
    pixel: int
    unit: int

    def index(self, letter: str) -> int:
        """Its index along an axis; 0 along one of length 1."""
        return {"n": self.image, "i": self.pixel, "j": self.unit}.get(letter, 0)


@dataclass(frozen=True)
class NumberScale:
    """How numbers are written and coloured: counted in which power of ten, and the largest of them."""

    power: int = 0
    limit: float = 1.0
    signed: bool = False
    whole: bool = False
    boolean: bool = False

    def text(self, value: float) -> str:
        """Short, for a cell."""
        if self.boolean:
            return "on" if value else "off"
        scaled = value / 10.0**self.power
        if abs(scaled) >= 999.95:
            return f"{scaled:{'+' if self.signed else ''},.0f}".replace("-", numbers.MINUS)
        return numbers.fixed(scaled, 0 if self.whole else 2 if abs(scaled) < 9.995 else 1, self.signed)

    def digits(self, value: float) -> str:
        """With digits enough to check the arithmetic by, still counted in the power of ten."""
        return numbers.fixed(value / 10.0**self.power, 0 if self.whole else 4)

    def counted_in(self, power: int) -> "NumberScale":
        """The same in another power of ten."""
        return replace(self, power=power, whole=self.whole and not power)

    def exact(self, value: float) -> str:
        """The same with its unit: "−0.9123 thousandths"."""
        if self.boolean:
            return str(bool(value))
        unit = f" {numbers.unit_words(self.power).removeprefix('in ')}" if self.power and value else ""
        return self.digits(value) + unit


def scale_of(*values: Values) -> NumberScale:
    """One scale for all of these numbers."""
    flat = np.concatenate([np.ravel(part) for part in values])
    limit = float(np.abs(flat).max())
    whole = limit < 100 and bool((flat == np.rint(flat)).all())
    return NumberScale(power_of(limit), limit, bool((flat < 0).any()), whole)


@dataclass(frozen=True, eq=False)
class Table:
    """A tensor as the window shows it: its source text, its axes, the real indices along each, and its values there."""

    text: str
    axes: tuple[str, ...]
    indices: tuple[tuple[int, ...], ...]
    values: Values
    scale: NumberScale

    def position(self, chosen: Chosen) -> tuple[int, ...]:
        """Where the chosen cell's number stands in `values`; an axis of length 1 serves every index."""
        return tuple(
            0 if len(shown) == 1 else shown.index(chosen.index(letter))
            for letter, shown in zip(self.axes, self.indices, strict=True)
        )

    def at(self, chosen: Chosen) -> float:
        return float(self.values[self.position(chosen)])

    def index(self, chosen: Chosen) -> tuple[int, ...]:
        """The real indices of the chosen cell's number in the tensor."""
        return tuple(shown[place] for shown, place in zip(self.indices, self.position(chosen), strict=True))


class Terms(NamedTuple):
    """What is added up to one number, along the axis `letter` of `size` entries: those at `indices` are shown.

    factors: for each operand its numbers there. products: what is added, the operand's own numbers where there is one.
    power: of ten, that they and their sum are counted in.
    """

    letter: str
    size: int
    indices: tuple[int, ...]
    factors: tuple[Values, ...]
    products: Values
    power: int

    @property
    def added(self) -> float:
        return float(self.products.sum())

    @property
    def left_out(self) -> int:
        return self.size - len(self.indices)

    @property
    def scale(self) -> NumberScale:
        return scale_of(self.products, np.array([self.added])).counted_in(self.power)


@dataclass(frozen=True)
class ShownOperation:
    """An operation as recorded at n, its tables in the window, and what its result is called where its statement ends.

    excerpt: the same operation run on the window's images.
    """

    operation: Operation
    excerpt: Operation
    window: Window
    operands: tuple[Table, ...]
    result: Table
    sets: str

    @cached_property
    def letter(self) -> str:
        """The axis that is added up; "" where none is."""
        if self.operation.known.effect not in (Effect.REDUCED, Effect.CONTRACTED):
            return ""
        return next((letter for letter in self.operation.operands[0].axes if letter not in self.operation.axes), "")

    def terms(self, chosen: Chosen) -> Terms:
        """What the chosen cell of the result is the sum of."""
        operand = self.operation.operands[0]
        size = operand.shape[operand.axes.index(self.letter)]
        indices = self._shown_terms(size)
        factors = tuple(self._along(operand, indices, chosen) for operand in self.excerpt.operands)
        return Terms(self.letter, size, indices, factors, np.prod(factors, axis=0), self.result.scale.power)

    @property
    def total_limit(self) -> float:
        """The largest sum, before a mean divides it."""
        return self.result.scale.limit * (self.window.n if self.operation.known.averages else 1)

    def in_one_unit(self) -> "ShownOperation":
        """Parts and their sum counted in one power of ten: a sum in other units would seem smaller than its parts."""
        each = (self.window.indices(letter)[: None if letter in self.result.axes else 1] for letter in "nij")
        parts = max(float(np.abs(self.terms(Chosen(*at)).products).max()) for at in product(*each))
        power = power_of(parts) if parts else self.result.scale.power
        while self.total_limit / 10.0**power >= LONGEST_TOTAL:
            power += 3
        tables = [replace(table, scale=table.scale.counted_in(power)) for table in (*self.operands, self.result)]
        operands = tuple(tables[:-1]) if len(self.operands) == 1 else self.operands  # what is added, or what makes it
        return replace(self, operands=operands, result=tables[-1])

    def _shown_terms(self, size: int) -> tuple[int, ...]:
        shown = self.window.indices(self.letter)
        if self.letter == "i":
            row = shown[0] // SIDE * SIDE
            return _widened(shown, row, row + SIDE)
        return _widened(shown, 0, size) if self.letter == "j" else shown

    def _along(self, operand: Operand, indices: tuple[int, ...], chosen: Chosen) -> Values:
        assert operand.value is not None  # a window's operations have values
        at = (slice(None) if letter == self.letter else self._stored(letter, chosen.index(letter)) for letter in operand.axes)
        line = operand.value[tuple(at)]
        return line[[self._stored(self.letter, index) for index in indices]].double().numpy()

    def _stored(self, letter: str, index: int) -> int:
        """Where the entry stands in the excerpt's tensors, which hold the window's images alone."""
        return self.window.images.index(index) if letter == "n" else index


def show_operation(operations: Sequence[Operation], place: int, window: Window) -> ShownOperation:
    """The operation `place` of the pass recorded at the window's n, in the same form."""
    operation, excerpt = operations[place], window.operations[place]
    given = [(operand.text, operand.axes, seen.value) for operand, seen in zip(operation.operands, excerpt.operands, strict=True)]
    whole = sums_over_images(operation) and ends_statement(operations, place)
    value = window.whole[operation.sets] if whole else excerpt.value
    *operands, result = _tables([*given, (operation.expression, operation.axes, value)], operation, window)
    sets = operation.sets if ends_statement(operations, place) else ""
    shown = ShownOperation(operation, excerpt, window, tuple(operands), result, sets)
    return shown.in_one_unit() if shown.letter else shown


def _tables(given: Sequence[tuple[str, tuple[str, ...], Tensor | None]], operation: Operation, window: Window) -> list[Table]:
    tables = []
    for text, axes, value in given:
        assert value is not None  # a window's operations have values
        indices = tuple(_indices(window, letter, size) for letter, size in zip(axes, value.shape, strict=True))
        values = window.cells(value, axes)
        while values.ndim > 2 and operation.known is UNKNOWN:  # a page has two axes
            text, axes, indices, values = f"({text})[{indices[0][0]}]", axes[1:], indices[1:], values[0]
        scale = NumberScale(boolean=True) if value.dtype == torch.bool else scale_of(values)
        tables.append(Table(text, axes, indices, values, scale))
    if operation.known.one_scale:
        common = scale_of(*(table.values for table in tables))
        return [replace(table, scale=common) for table in tables]
    return _scaled_product(tables) if operation.known.sign == "×" else tables


def _scaled_product(tables: list[Table]) -> list[Table]:
    """A product is written like its last factor, unless it is of quite another size."""
    *others, factor, result = tables
    common = replace(scale_of(factor.values, result.values), power=factor.scale.power)
    if not FAR_SMALLER <= result.scale.limit / 10.0**common.power < FAR_LARGER and result.scale.limit:
        return tables
    return [*others, replace(factor, scale=common), replace(result, scale=common)]


def _indices(window: Window, letter: str, size: int) -> tuple[int, ...]:
    return (0,) if size == 1 and letter != "n" else window.indices(letter)


def _widened(shown: tuple[int, ...], low: int, high: int) -> tuple[int, ...]:
    """Eight neighbours around those shown, inside the bounds."""
    count = min(SHOWN_TERMS, high - low)
    first = min(max(shown[0] - max(count - len(shown), 0) // 2, low), high - count)
    return tuple(range(first, first + count))


def liveliest_cell(window: Window) -> Chosen:
    """The cell whose product of pixel and gradient, inp × l1.g, is the largest: where a reader starts."""
    inp = _first_operand(window, "l1")
    product = np.abs(np.einsum("ni,nj->nij", window.cells(inp, "ni"), window.cells(window.value_of("l1.g"), "nj")))
    image, pixel, unit = np.unravel_index(int(product.argmax()), product.shape)
    return Chosen(window.images[image], window.pixels[pixel], window.units[unit])


def _first_operand(window: Window, sets: str) -> Tensor:
    value = next(operation for operation in window.operations if operation.sets == sets).operands[0].value
    assert value is not None
    return value


def in_callers_words(text: str, names: Mapping[str, str]) -> str:
    """The text as the caller would write it: "out.g" is "l1.g" where the caller passes l1 as out."""
    return re.sub(r"(?<![\w.])[A-Za-z_]\w*", lambda found: names.get(found[0], found[0]), text)
