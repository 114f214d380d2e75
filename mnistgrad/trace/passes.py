"""The lesson's pass as programs to step through: one for each form of the weight gradient, as shapes or with numbers."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from mnistgrad import lesson
from mnistgrad.common.tensors import FLOAT32, plain
from mnistgrad.network.data import PIXELS, Batch
from mnistgrad.network.gradients import Gradients
from mnistgrad.network.presets import Weights
from mnistgrad.trace.recording import Operation, Recorder
from mnistgrad.trace.replay import Replay
from mnistgrad.trace.source import CodeLine, code_lines
from mnistgrad.trace.stand_ins import StandIns

LESSON = tuple(function for _, function in inspect.getmembers(lesson, inspect.isfunction))
PROGRAMS: dict[str, Callable[..., None]] = {
    "broadcast": lesson.lin_grad,
    "einsum": lesson.lin_grad_einsum,
    "matmul": lesson.lin_grad_matmul,
}
WHOLE_PASS = "whole pass"
SHEETS = ["unsqueeze sheets", "unsqueeze sheets", "mul sheets", "sum sheets"]  # a w.g line in its broadcast form
INPUTS = ("ni", "n", "ij", "j", "jk", "k")  # axes of inp, targ, w1, b1, w2, b2


def record_pass(n: int, nh: int, relu: Callable[[Tensor], Tensor], form: str = "broadcast") -> tuple[Operation, ...]:
    """The operations of the whole forward and backward pass at n images, as shapes without memory."""
    stand_ins = pass_stand_ins(n, nh)
    return _record(shapes_of_inputs(n, nh, stand_ins), relu, form, stand_ins=stand_ins)


@plain()
def record_excerpt(batch: Batch, weights: Weights, images: Sequence[int], form: str = "broadcast") -> tuple[Operation, ...]:
    """The same operations run on some images of the batch, with their values.

    The lesson's code is told the batch's own n, so each number is the one that the whole batch has for that image. What is
    added up or averaged over images is so over these alone; `whole_results` has the batch's.
    """
    inputs, relu = real_inputs(batch, weights, images), weights.preset.relu
    again = Replay(_noted_once(len(images), len(batch), weights.w1.shape[1], relu, form), {"n": len(batch)})
    _run(again, inputs, relu, form)
    return tuple(again.operations)


@lru_cache(maxsize=64)
@plain()
def _noted_once(images: int, n: int, nh: int, relu: Callable[[Tensor], Tensor], form: str) -> tuple[Operation, ...]:
    """An excerpt without values: it is the same for every seed, and to note it takes longer than to run it."""
    sizes = _sizes(images, nh)
    inputs = [torch.zeros([sizes[letter] for letter in letters], **FLOAT32) for letters in INPUTS]
    return tuple(
        replace(operation, value=None, operands=tuple(replace(operand, value=None) for operand in operation.operands))
        for operation in _record(inputs, relu, form, sizes={"n": n})
    )


def pass_stand_ins(n: int, nh: int) -> StandIns:
    """For every size that occurs in the pass."""
    return StandIns.for_sizes(_sizes(n, nh).values())


def shapes_of_inputs(n: int, nh: int, stand_ins: StandIns) -> list[Tensor]:
    """What the pass is given at n images, as small tensors that stand for it."""
    sizes = _sizes(n, nh)
    return [stand_ins.tensor([sizes[letter] for letter in letters]) for letters in INPUTS]


def _sizes(n: int, nh: int) -> dict[str, int]:
    return {"n": n, "i": PIXELS, "j": nh, "k": 1}


def real_inputs(batch: Batch, weights: Weights, images: Sequence[int] | None = None) -> list[Tensor]:
    """What the pass is given, for some images or all; views, since the lesson hangs a `.g` on them."""
    chosen = slice(None) if images is None else list(images)
    given = (batch.inp[chosen], batch.targ[chosen], weights.w1, weights.b1, weights.w2, weights.b2)
    return [tensor.view_as(tensor) for tensor in given]


@plain()
def _record(
    inputs: list[Tensor],
    relu: Callable[[Tensor], Tensor],
    form: str,
    sizes: dict[str, int] | None = None,
    stand_ins: StandIns | None = None,
) -> tuple[Operation, ...]:
    recorder = Recorder(LESSON, zip(inputs, INPUTS, strict=True), sizes, stand_ins)
    _run(recorder, inputs, relu, form)
    return recorder.operations()


def _run(watching: TorchFunctionMode, inputs: list[Tensor], relu: Callable[[Tensor], Tensor], form: str) -> None:
    inp, targ, w1, b1, w2, b2 = inputs
    with watching:
        lesson.forward_and_backward(inp, targ, w1, b1, w2, b2, relu=relu, lin_grad=PROGRAMS[form])


def shown_code(operations: Sequence[Operation], place: int) -> list[CodeLine]:
    """The lesson's function that runs the operation, the pass that calls it, and the call of that pass as it was made."""
    functions = getattr(lesson, operations[place].function), lesson.forward_and_backward
    return [line for function in functions for line in code_lines(function)] + _call_of_the_pass(operations)


def _call_of_the_pass(operations: Sequence[Operation]) -> list[CodeLine]:
    """With the functions that ran for its parameters. It stands in no file, so its lines have no number."""
    ran = {operation.caller.partition("(")[0]: operation.function for operation in operations}
    name, parameters = lesson.forward_and_backward.__name__, inspect.signature(lesson.forward_and_backward).parameters
    tensors = ", ".join(parameter for parameter in parameters if parameter not in ran)
    first, *others = [tensors, *(f"{parameter}={ran[parameter]}" for parameter in parameters if parameter in ran)]
    lines = ",\n".join([f"{name}({first}", *(" " * (len(name) + 1) + other for other in others)]) + ")"
    return [CodeLine(0, line, "") for line in lines.split("\n")]


def whole_results(grads: Gradients) -> dict[str, Tensor]:
    """What the pass adds up over all images, by the name it sets."""
    return {"loss": grads.loss, "w1.g": grads.w1, "b1.g": grads.b1, "w2.g": grads.w2, "b2.g": grads.b2}


def scopes(operations: Sequence[Operation]) -> dict[str, range]:
    """What can be stepped through, by name, as places in the pass: the whole pass, each call, and each line of a long call."""
    found = {WHOLE_PASS: range(len(operations))}
    for call, places in groupby(range(len(operations)), key=lambda place: operations[place].caller):
        found[call] = _range(list(places))
        lines = [(name, _range(list(inside))) for name, inside in groupby(found[call], key=lambda place: operations[place].sets)]
        found |= dict(lines) if len(lines) > 1 else {}
    return found


def _range(places: list[int]) -> range:
    return range(places[0], places[-1] + 1)


def statement_of(operations: Sequence[Operation], place: int) -> range:
    """The places of the operations of the same statement, in the same call."""
    call, name = operations[place].caller, operations[place].sets
    return _range([p for p, o in enumerate(operations) if (o.caller, o.sets) == (call, name)])


def ends_statement(operations: Sequence[Operation], place: int) -> bool:
    """Whether the operation's result is what its statement sets."""
    return place == statement_of(operations, place)[-1]


def is_outer_product(operations: Sequence[Operation], place: int) -> bool:
    """Whether the operation is one of the four of a w.g line in its broadcast form."""
    return [operations[p].manner for p in statement_of(operations, place)] == SHEETS


def completed_gradient(operations: Sequence[Operation], place: int) -> str:
    """The tensor whose gradient is complete with the operation, as "l1"; "" where none is."""
    name = operations[place].sets
    return name.removesuffix(".g") if name.endswith(".g") and ends_statement(operations, place) else ""


def axis_sizes(operations: Sequence[Operation]) -> dict[str, int]:
    """The length of each axis of the pass; one that unsqueeze adds is 1 long until it is stretched."""
    sizes: dict[str, int] = {}
    tensors = [(t.axes, t.shape) for o in operations for t in o.operands] + [(o.axes, o.shape) for o in operations]
    for axes, shape in tensors:
        for letter, size in zip(axes, shape, strict=True):
            sizes[letter] = max(size, sizes.get(letter, 1))
    return sizes


def peak(operations: Sequence[Operation]) -> int:
    """The place of the first operation while which most bytes were alive."""
    return max(range(len(operations)), key=lambda place: operations[place].live)
