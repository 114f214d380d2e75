"""Typed lines run on shapes and on small made-up numbers: the operations, or the one at which torch stops."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from mnistgrad.common.reading import code
from mnistgrad.common.tensors import plain
from mnistgrad.lines.bounds import MOST_MADE, Budget, TooMany
from mnistgrad.lines.evaluating import Evaluator
from mnistgrad.lines.made_up import Shapes, count_of, made_up, smaller, without_numbers
from mnistgrad.lines.rules import BrokenRule, broken
from mnistgrad.lines.typed_lines import TypedLines, parse_lines, targets_set
from mnistgrad.lines.typed_shapes import TypedShape, parse_shapes
from mnistgrad.lines.wrong_lines import complaint
from mnistgrad.trace.operation import Operand, Operation
from mnistgrad.trace.operations import Effect
from mnistgrad.trace.recording import Recorder

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


@dataclass(frozen=True, eq=False)
class _Ran:
    operations: tuple[Operation, ...]
    refused: Operation | None
    message: str
    values: Mapping[str, object]
    returned: object


def explained(lines: str, shapes: str, known: Mapping[str, int] | None = None) -> Explained:
    """known: the sizes of axes that may stand without one. Raises BrokenRule."""
    return explain(parse_lines(lines), parse_shapes(shapes, known))


@plain()
def explain(lines: TypedLines, shapes: tuple[TypedShape, ...]) -> Explained:
    """The same of what was parsed. Raises BrokenRule."""
    _check_inputs(lines, shapes)
    used = tuple(shape for shape in shapes if shape.name in lines.inputs)
    try:
        ran, replaced, numbered = _run(lines, used, numbered=True), Replaced(), True
    except TooMany:
        ran, replaced, numbered = _with_numbers(_run(lines, used, numbered=False), lines, used)
    return Explained(lines, used, ran.operations, ran.refused, ran.message, _results(lines, ran), replaced, numbered)


def _check_inputs(lines: TypedLines, shapes: tuple[TypedShape, ...]) -> None:
    known = {shape.name for shape in shapes}
    missing = [name for name in lines.inputs if name not in known]
    if missing:
        names = " and ".join(code(name) for name in missing[:4])
        example = code(f"{missing[0]}: n=32, j=64")
        broken(f"{names} {'has' if len(missing) == 1 else 'have'} no shape yet. Write what goes in, as in {example}.")


def _run(lines: TypedLines, shapes: Shapes, numbered: bool) -> _Ran:
    """With numbers, or as shapes alone. Raises TooMany for too many numbers."""
    if numbered and count_of(shapes) > MOST_MADE:
        raise TooMany
    inputs = made_up(shapes) if numbered else without_numbers(shapes)
    recorder = Recorder(axes=[(inputs[shape.name], shape.axes) for shape in shapes])
    evaluator = Evaluator(lines, inputs, recorder.standing_at, Budget().spend if numbered else _unbounded)
    message = ""
    try:
        with torch.device("cpu" if numbered else "meta"), recorder:
            evaluator.run()
    except (BrokenRule, TooMany):
        raise
    except Exception as error:  # torch's, of whatever kind
        message = str(error) or type(error).__name__
    refused = recorder.refused()
    if refused and not numbered:
        message = words_on_cpu(refused) or message
        refused = replace(refused, message=message)
    return _Ran(recorder.operations(), refused, message, evaluator.values, evaluator.returned)


def words_on_cpu(refused: Operation) -> str:
    """What torch says there to a sign between shapes that clash: it raises before it makes room. "" of anything else."""
    shapes = [operand.shape for operand in refused.operands]
    makes_room_first = refused.name == "matmul" and min(map(len, shapes), default=0) == 1 < max(map(len, shapes), default=0) - 1
    if len(shapes) != 2 or refused.arguments or makes_room_first:
        return ""
    if refused.name != "matmul" and refused.known.effect is not Effect.CELLWISE:
        return ""
    return complaint(getattr(torch, refused.name), *shapes)


def _unbounded(name: str, arguments: Sequence[Any]) -> None:
    """A shape without numbers costs nothing."""


def _with_numbers(large: _Ran, lines: TypedLines, shapes: Shapes) -> tuple[_Ran, Replaced, bool]:
    """The numbers of a smaller run, if it does the same; sizes that stand in the lines may not let it."""
    small_shapes, of = smaller(shapes)
    try:
        small = _run(lines, small_shapes, numbered=True)
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


def _results(lines: TypedLines, ran: _Ran) -> dict[str, tuple[int, ...]]:
    names = dict.fromkeys(targets_set(lines))
    found = {name: tuple(value.shape) for name in names if isinstance(value := ran.values.get(name), Tensor)}
    if isinstance(ran.returned, Tensor):
        found[""] = tuple(ran.returned.shape)
    return found
