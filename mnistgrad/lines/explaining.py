"""Typed lines run on shapes and on small made-up numbers: the operations, or the one at which torch stops."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mnistgrad.common.reading import code
from mnistgrad.common.tensors import plain
from mnistgrad.lines.bounds import TooMany
from mnistgrad.lines.made_up import Shapes, smaller
from mnistgrad.lines.rules import BrokenRule, broken
from mnistgrad.lines.running import Ran, run_as_shapes, run_stood_in, run_with_numbers
from mnistgrad.lines.typed_lines import TypedLines, parse_lines
from mnistgrad.lines.typed_shapes import TypedShape, parse_shapes
from mnistgrad.trace.operation import Operand, Operation

Replaced = dict[int, int]


@dataclass(frozen=True, eq=False)
class Explained:
    """What typed lines do. refused: the operation that torch stopped at; message: its words, also where no operation is to blame.

    results: the shape of each tensor that the lines set or give, by its name, in order. smaller: of each size, which stands for
    it in the numbers; {} where the numbers are of these very sizes. numbered: whether there are numbers.
    """

    lines: TypedLines
    shapes: tuple[TypedShape, ...]
    operations: tuple[Operation, ...]
    refused: Operation | None
    message: str
    results: Mapping[str, tuple[int, ...]]
    smaller: Mapping[int, int]
    numbered: bool


def explained(lines: str, shapes: str, known: Mapping[str, int] | None = None) -> Explained:
    """known: the sizes of axes that may stand without one. Raises BrokenRule."""
    return explain(parse_lines(lines), parse_shapes(shapes, known))


@plain()
def explain(lines: TypedLines, shapes: tuple[TypedShape, ...]) -> Explained:
    """The same of what was parsed. Raises BrokenRule."""
    _check_inputs(lines, shapes)
    used = tuple(shape for shape in shapes if shape.name in lines.inputs)
    try:
        ran, replaced, numbered = run_with_numbers(lines, used), Replaced(), True
    except TooMany:
        ran, replaced, numbered = _with_numbers(run_stood_in(lines, used) or run_as_shapes(lines, used), lines, used)
    return Explained(lines, used, ran.operations, ran.refused, ran.message, ran.results, replaced, numbered)


def _check_inputs(lines: TypedLines, shapes: tuple[TypedShape, ...]) -> None:
    known = {shape.name for shape in shapes}
    missing = [name for name in lines.inputs if name not in known]
    if missing:
        names = " and ".join(code(name) for name in missing[:4])
        example = code(f"{missing[0]}: n=32, j=64")
        broken(f"{names} {'has' if len(missing) == 1 else 'have'} no shape yet. Write what goes in, as in {example}.")


def _with_numbers(large: Ran, lines: TypedLines, shapes: Shapes) -> tuple[Ran, Replaced, bool]:
    """The numbers of a smaller run, if it does the same; sizes that stand in the lines may not let it."""
    small_shapes, of = smaller(shapes)
    try:
        small = run_with_numbers(lines, small_shapes)
    except (BrokenRule, TooMany):
        return large, Replaced(), False
    pairs = list(zip(large.operations, small.operations, strict=False))
    if len(large.operations) != len(small.operations) or not all(_alike(one, other) for one, other in pairs):
        return large, Replaced(), False
    return replace(large, operations=tuple(_numbered(one, other) for one, other in pairs)), of, True


def _alike(one: Operation, other: Operation) -> bool:
    windows = [[*(operand.shown for operand in each.operands), each.shown] for each in (one, other)]
    return (one.name, one.span) == (other.name, other.span) and windows[0] == windows[1]


def _numbered(large: Operation, small: Operation) -> Operation:
    operands: tuple[Operand, ...] = tuple(
        replace(one, numbers=other.numbers) for one, other in zip(large.operands, small.operands, strict=True)
    )
    return replace(large, operands=operands, numbers=small.numbers, fed=small.fed)
