"""An operation on two shapes that a reader types: its axes, its result, and the numbers that meet in each cell."""

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.common.tensors import FLOAT32, plain
from mnistgrad.lines.broadcasting import align, common_size
from mnistgrad.lines.two_shapes import LONGEST, ORDINALS, BrokenRule, Equation, Typed, few_enough, parse_equation, parsed_shapes
from mnistgrad.trace.recording import Operand

OPERATORS: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "@": operator.matmul,
}
EINSUM = "einsum"
FEW = 1_000_000  # numbers, which are soon made
OPERATIONS = (*OPERATORS, EINSUM)
OPERAND_NAMES = ("a", "b")
FEW, SHORT = 48, 12  # numbers of a tensor, and along one axis, that are still printed
LETTERS = "EFknij"  # of shapes aligned from the right; letters without a colour of their own are drawn in ink
FRONT = "DEFk"  # of the axes before the last two of a matrix product
COLOURED = "nijk"
FLOAT = 4  # bytes

Shapes = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class OwnOperation:
    """An operation on two shapes. Each axis has a letter of its own, the same in both operands where the two meet.

    kept: the letters of the result; the others are added up. sizes: what the sizes of each letter become, None where they
    clash; in the order in which the tensor of all products would have them. equation: of an einsum.
    """

    sign: str
    operands: tuple[Operand, Operand]
    kept: tuple[str, ...]
    sizes: Mapping[str, int | None]
    equation: Equation | None = None

    @property
    def clashes(self) -> tuple[str, ...]:
        return tuple(axis for axis, size in self.sizes.items() if size is None)

    @property
    def added_up(self) -> tuple[str, ...]:
        return tuple(axis for axis in self.sizes if axis not in self.kept)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the result, if nothing clashes."""
        return self._sizes_of(self.kept)

    @property
    def pairs_shape(self) -> tuple[int, ...]:
        """Of the tensor of all products that are to be added up; `*` and sum would form it."""
        return self._sizes_of(tuple(self.sizes))

    @property
    def expression(self) -> str:
        """As Python writes it."""
        if self.equation:
            return f'einsum("{self.equation}", {", ".join(OPERAND_NAMES)})'
        return f" {self.sign} ".join(OPERAND_NAMES)

    @property
    def is_small(self) -> bool:
        """Whether all its tensors are small enough to be printed."""
        shapes = (*(operand.shape for operand in self.operands), self.shape)
        return all(len(shape) <= 3 and math.prod(shape) <= FEW and max(shape, default=1) <= SHORT for shape in shapes)

    def _sizes_of(self, axes: Sequence[str]) -> tuple[int, ...]:
        return tuple(size for axis in axes if (size := self.sizes[axis]) is not None)


def own_operation(typed: Typed) -> OwnOperation:
    """What was typed means this. Raises BrokenRule."""
    shapes = parsed_shapes(typed.shapes)
    is_einsum = typed.sign == EINSUM
    found = _einsum(shapes, parse_equation(typed.equation)) if is_einsum else _understood(typed.sign, shapes)
    if not found.clashes:
        few_enough("the result", found.shape)
        few_enough("the products before they are added up", found.pairs_shape)
    return found


def torch_error(typed: Typed) -> str:
    """torch's own message for what was typed; "" where it runs, or where no shapes or no letters can be read.

    What runs is not run: torch's device without memory, "meta", would load half of torch for it. What is refused is asked of the
    CPU where that raises before it stores anything, or stores little; else of that device, which words some clashes otherwise.
    """
    equation = "".join(typed.equation.split())
    try:
        shapes = parsed_shapes(typed.shapes)
    except BrokenRule:
        return ""
    if _is_understood(typed, shapes) or (typed.sign == EINSUM and not re.fullmatch(rf"[a-z,>-]{{0,{LONGEST}}}", equation)):
        return ""
    if typed.sign == EINSUM:
        small = math.prod(map(math.prod, shapes)) <= FEW
        return _raised(EINSUM, [torch.zeros(shape, **FLOAT32) for shape in shapes] if small else _meta(shapes), equation)
    if typed.sign == "@" and min(map(len, shapes)) == 1 < max(map(len, shapes)) - 1:  # it makes room first
        return _raised(typed.sign, _meta(shapes))
    return _raised(typed.sign, [torch.zeros((), **FLOAT32).expand(shape) for shape in shapes])


def _is_understood(typed: Typed, shapes: Shapes) -> bool:
    """Whether it is known to run."""
    try:
        is_einsum = typed.sign == EINSUM
        found = _einsum(shapes, parse_equation(typed.equation)) if is_einsum else _understood(typed.sign, shapes)
    except BrokenRule:
        return False
    return not found.clashes


@plain()
def counted(shape: tuple[int, ...]) -> Tensor:
    """0, 1, 2, ... in this shape, as float32."""
    return torch.arange(math.prod(shape), **FLOAT32).reshape(shape)


def own_result(operation: OwnOperation, values: Sequence[Tensor]) -> Tensor:
    """The operation on these values, by torch."""
    return _run(operation.sign, values, str(operation.equation))


def terms(operation: OwnOperation, values: Sequence[Tensor], cell: Sequence[int]) -> list[tuple[float, ...]]:
    """The numbers of both operands that meet in a cell of the result: one pair for each term that is added up."""
    at = dict(zip(operation.kept, cell, strict=True))
    added = [range(operation.sizes[axis] or 0) for axis in operation.added_up]
    places = [at | dict(zip(operation.added_up, index, strict=True)) for index in product(*added)]
    return [
        tuple(
            float(value[tuple(0 if size == 1 else place[axis] for axis, size in zip(operand.axes, operand.shape, strict=True))])
            for operand, value in zip(operation.operands, values, strict=True)
        )
        for place in places
    ]


def _understood(sign: str, shapes: Shapes) -> OwnOperation:
    return _matmul(*shapes) if sign == "@" else _broadcast(sign, shapes)


def _broadcast(sign: str, shapes: Shapes) -> OwnOperation:
    axes = [tuple(LETTERS[-len(shape) :]) for shape in shapes]
    kept = max(axes, key=len)
    sizes = {letter: axis.size for letter, axis in zip(kept, align(shapes), strict=True)}
    return OwnOperation(sign, _operands(shapes, axes), kept, sizes)


def _matmul(left: tuple[int, ...], right: tuple[int, ...]) -> OwnOperation:
    """(..., n, i) @ (..., i, j); a shape with one axis has the axis i alone."""
    axes = [tuple((FRONT + last)[-len(shape) :]) if len(shape) > 1 else ("i",) for shape, last in ((left, "ni"), (right, "ij"))]
    operands = _operands((left, right), axes)
    batch = max((a[:-2] for a in axes), key=len)
    rows, columns = "n" * (len(left) > 1), "j" * (len(right) > 1)
    sizes = {axis: common_size(_sizes(operands, axis)) for axis in (*batch, *rows, "i", *columns)}
    if len(set(_sizes(operands, "i"))) > 1:
        sizes["i"] = None  # a 1 is not repeated here
    return OwnOperation("@", operands, (*batch, *rows, *columns), sizes)


def _einsum(shapes: Shapes, equation: Equation) -> OwnOperation:
    for which, shape, group in zip(ORDINALS, shapes, equation.groups, strict=True):
        if len(shape) != len(group):
            given = numbers.count(len(group), "letter") if group else "no letters"
            raise BrokenRule(
                f"The {which} shape has {numbers.count(len(shape), 'axis', 'axes')}, but the equation gives it {given}."
            )
    letters = list(dict.fromkeys("".join(equation.groups)))
    axis_of = _axis_letters(letters)
    operands = _operands(shapes, [tuple(axis_of[letter] for letter in group) for group in equation.groups])
    sizes = {axis: common_size(_sizes(operands, axis)) for axis in axis_of.values()}
    return OwnOperation(EINSUM, operands, tuple(axis_of[letter] for letter in equation.kept), sizes, equation)


def _axis_letters(letters: Sequence[str]) -> dict[str, str]:
    """The axis letter, and so the colour, of each letter of an equation: its own, or one that is free, or none."""
    free = iter([axis for axis in COLOURED if axis not in letters])
    return {letter: letter if letter in COLOURED else next(free, letter.upper()) for letter in letters}


def _operands(shapes: Sequence[tuple[int, ...]], axes: Sequence[tuple[str, ...]]) -> tuple[Operand, Operand]:
    first, second = (
        Operand(name, shape, letters, None) for name, shape, letters in zip(OPERAND_NAMES, shapes, axes, strict=True)
    )
    return first, second


def _sizes(operands: Sequence[Operand], axis: str) -> list[int]:
    return [o.shape[o.axes.index(axis)] for o in operands if axis in o.axes]


def _run(sign: str, tensors: Sequence[Tensor], equation: str) -> Tensor:
    return torch.einsum(equation, *tensors) if sign == EINSUM else OPERATORS[sign](*tensors)


def _meta(shapes: Sequence[tuple[int, ...]]) -> list[Tensor]:
    return [torch.empty(shape, dtype=torch.float32, device="meta") for shape in shapes]


def _raised(sign: str, tensors: Sequence[Tensor], equation: str = "") -> str:
    try:
        _run(sign, tensors, equation)
    except RuntimeError as error:
        return str(error)
    return ""
