"""What would fit where torch refuses two shapes: which transpose, which new axis."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mnistgrad.lines.broadcasting import align
from mnistgrad.trace.operation import Operand, Operation

PRODUCTS = {"matmul", "mm", "bmm"}
SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "gt": ">", "lt": "<", "ge": ">=", "le": "<=", "eq": "==", "ne": "!="}


class Fitting(NamedTuple):
    """What to write, the shape that comes out, and whether axes of one name meet, where all have names."""

    code: str
    shape: tuple[int, ...]
    meets: bool


class _Turned(NamedTuple):
    text: str
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    changed: bool = False


def fittings(refused: Operation) -> list[Fitting]:
    """The likeliest first; none where no one change of an operand helps."""
    if len(refused.operands) != 2:
        return []
    left, right = refused.operands
    if refused.name in PRODUCTS:
        found = _products(left, right)
    elif sign := SIGNS.get(refused.name, ""):
        found = [_cellwise(sign, one, _as_is(right)) for one in _with_axis(left, right)]
        found += [_cellwise(sign, _as_is(left), other) for other in _with_axis(right, left)]
        found += _products(left, right) if refused.name == "mul" and len(left.shape) == len(right.shape) > 1 else []
    else:
        return []
    return sorted((fitting for fitting in found if fitting), key=lambda fitting: not fitting.meets)


def _as_is(operand: Operand) -> _Turned:
    return _Turned(operand.text, operand.shape, operand.axes)


def _transposed(operand: Operand) -> Iterator[_Turned]:
    yield _as_is(operand)
    if len(operand.shape) > 1:
        method = ".t()" if len(operand.shape) == 2 else ".mT"
        turned = (*range(len(operand.shape) - 2), -1, -2)
        shape, axes = (tuple(part[place] for place in turned) for part in (operand.shape, operand.axes))
        yield _Turned(_called(operand.text, method), shape, axes, True)


def _with_axis(operand: Operand, other: Operand) -> Iterator[_Turned]:
    """With a new axis at each place, if it has fewer than the other; a matrix transposed."""
    if len(operand.shape) == len(other.shape) == 2:
        yield from (turned for turned in _transposed(operand) if turned.changed)
    if len(operand.shape) < len(other.shape):
        for place in range(len(operand.shape), -1, -1):
            shape, axes = ((*part[:place], new, *part[place:]) for part, new in ((operand.shape, 1), (operand.axes, "")))
            at = -1 if place == len(operand.shape) else place
            yield _Turned(_called(operand.text, f".unsqueeze({at})"), shape, axes, True)


def _called(text: str, method: str) -> str:
    plain = text.replace(".", "").replace("_", "").isalnum() or text.endswith((")", "]"))
    return f"{text}{method}" if plain else f"({text}){method}"


def _products(left: Operand, right: Operand) -> list[Fitting | None]:
    """Matrix products of them as they are, or with one or both transposed."""
    return [_product(one, other) for one in _transposed(left) for other in _transposed(right)]


def _product(left: _Turned, right: _Turned) -> Fitting | None:
    if not left.shape or not right.shape or left.shape[-1] != right.shape[-2:][0]:
        return None
    batch = align([left.shape[:-2], right.shape[:-2]])
    if any(axis.size is None for axis in batch):
        return None
    rows, columns = left.shape[-2:-1], right.shape[-1:] if len(right.shape) > 1 else ()
    shape = (*(axis.size or 0 for axis in batch), *rows, *columns)
    return Fitting(f"{left.text} @ {right.text}", shape, left.axes[-1] == right.axes[-2:][0])


def _cellwise(sign: str, left: _Turned, right: _Turned) -> Fitting | None:
    aligned = align([left.shape, right.shape])
    if any(axis.size is None for axis in aligned):
        return None
    shape = tuple(1 if axis.size is None else axis.size for axis in aligned)
    return Fitting(f"{left.text} {sign} {right.text}", shape, _names_meet(left, right))


def _names_meet(left: _Turned, right: _Turned) -> bool:
    """Whether axes that are set against each other, and are both longer than 1, have one name."""
    sides: list[Sequence[tuple[str, int]]] = [list(zip(side.axes, side.shape, strict=True))[::-1] for side in (left, right)]
    pairs = list(zip(*sides, strict=False))
    return all(one == other for one, other in pairs if one[1] != 1 and other[1] != 1)
