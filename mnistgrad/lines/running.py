"""The three ways to run typed lines: with numbers; on small tensors that stand for large ones; as shapes without memory."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from mnistgrad.lines.arguments import numbers_in
from mnistgrad.lines.bounds import MOST_MADE, SIGNS, Budget, TooMany
from mnistgrad.lines.evaluating import Evaluator
from mnistgrad.lines.kinds import KindsOfTheCpu
from mnistgrad.lines.made_up import SHOWN, Shapes, count_of, made_up, smaller, without_numbers
from mnistgrad.lines.rules import MOST_NUMBERS, BrokenRule
from mnistgrad.lines.typed_lines import TypedLines, targets_set
from mnistgrad.lines.wrong_lines import complaint
from mnistgrad.trace.nested import every
from mnistgrad.trace.operation import Operation
from mnistgrad.trace.operations import Effect
from mnistgrad.trace.recording import Recorder
from mnistgrad.trace.stand_ins import StandIns

Spend = Callable[[str, Sequence[Any]], None]
Shape = tuple[int, ...]
STEPS = (1, 6)  # between the sizes that stand for large ones: what comes out the same in both is no accident


@dataclass(frozen=True, eq=False)
class Ran:
    """What lines did. refused: where torch stopped; message: its words. results: shapes, by name; "" for a last line's value."""

    operations: tuple[Operation, ...]
    refused: Operation | None
    message: str
    results: Mapping[str, Shape]


class _Unsure(Exception):
    """Small tensors may not do here what large ones do."""


def run_with_numbers(lines: TypedLines, shapes: Shapes) -> Ran:
    """Raises TooMany for too many numbers."""
    if count_of(shapes) > MOST_MADE:
        raise TooMany
    inputs = made_up(shapes)
    return _run(lines, shapes, inputs, Budget().spend, "cpu")


def run_as_shapes(lines: TypedLines, shapes: Shapes) -> Ran:
    """On torch's device "meta", whose first use takes a second and 160 MB."""
    with KindsOfTheCpu():
        ran = _run(lines, shapes, without_numbers(shapes), lambda name, arguments: None, "meta")
    return _in_words_of_the_cpu(ran) or ran


def run_stood_in(lines: TypedLines, shapes: Shapes) -> Ran | None:
    """The same by small tensors, where that is sure: twice, in other sizes, with one result. None where it is not."""
    try:
        one, other = (_stood_in(lines, shapes, step) for step in STEPS)
    except (TooMany, BrokenRule, KeyError, _Unsure):  # KeyError: a size that stands for none
        return None
    told = [[(step.name, step.span, step.shape) for step in ran.operations] for ran in (one, other)]
    if told[0] != told[1] or one.results != other.results or any(math.prod(shape) > MOST_NUMBERS for *_, shape in told[0]):
        return None
    return _in_words_of_the_cpu(one) if one.message or other.message else one


def _stood_in(lines: TypedLines, shapes: Shapes, step: int) -> Ran:
    small, of = smaller(shapes, step)
    stand_ins = StandIns({size: size for size in range(SHOWN + 1)} | of)
    budget = Budget()

    def spend(name: str, arguments: Sequence[Any]) -> None:
        """Sizes and places that are typed mean others in a small tensor, and what a mask leaves depends on its numbers."""
        typed = any(abs(number) > SHOWN and number not in of.values() for number in numbers_in(arguments))
        masks = any(tensor.dtype == torch.bool for tensor in every(Tensor, arguments[1:]))
        if (typed and name not in SIGNS) or (masks and name == "getitem") or name == "one_hot":
            raise _Unsure
        budget.spend(name, arguments)

    return _run(lines, small, made_up(small), spend, "cpu", stand_ins)


def _run(
    lines: TypedLines, shapes: Shapes, inputs: Mapping[str, Tensor], spend: Spend, device: str, stand_ins: StandIns | None = None
) -> Ran:
    recorder = Recorder(axes=[(inputs[shape.name], shape.axes) for shape in shapes], stand_ins=stand_ins)
    evaluator = Evaluator(lines, inputs, recorder.standing_at, spend)
    message = ""
    try:
        with torch.device(device), recorder:
            evaluator.run()
    except (BrokenRule, TooMany, _Unsure):
        raise
    except Exception as error:  # torch's, of whatever kind
        if stand_ins and isinstance(error, KeyError):
            raise
        message = str(error) or type(error).__name__
    values = {name: evaluator.values.get(name) for name in targets_set(lines)} | {"": evaluator.returned}
    shape_of = stand_ins.shape if stand_ins else Tensor.size
    results = {name: tuple(shape_of(value)) for name, value in values.items() if isinstance(value, Tensor)}
    return Ran(recorder.operations(), recorder.refused(), message, results)


def _in_words_of_the_cpu(ran: Ran) -> Ran | None:
    """The same with what torch says there; None where it cannot be asked without making room."""
    message = words_on_cpu(ran.refused) if ran.refused else ""
    return replace(ran, refused=replace(ran.refused, message=message), message=message) if ran.refused and message else None


def words_on_cpu(refused: Operation) -> str:
    """What torch says to a sign between shapes that clash: it raises before it makes room. "" of anything else."""
    shapes = [operand.shape for operand in refused.operands]
    makes_room_first = refused.name == "matmul" and min(map(len, shapes), default=0) == 1 < max(map(len, shapes), default=0) - 1
    if len(shapes) != 2 or refused.arguments or makes_room_first:
        return ""
    if refused.name != "matmul" and refused.known.effect is not Effect.CELLWISE:
        return ""
    return complaint(getattr(torch, refused.name), *shapes)
