"""Lines of the lesson written wrongly, run in the place of the right ones: what torch refuses, and what it lets pass.

Shapes are those at the batch's n, from runs on small tensors that stand for large ones. Numbers are of the batch's first
images only, where all of them would take too long; `sample_size` says how many.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType
from typing import Any

import torch
from torch import Tensor

from mnistgrad import lesson
from mnistgrad.common.tensors import FLOAT32, plain, with_autograd
from mnistgrad.lines import as_written
from mnistgrad.network.data import PIXELS, Batch
from mnistgrad.network.gradients import check_fit
from mnistgrad.network.presets import Weights
from mnistgrad.network.verification import autograd_pass
from mnistgrad.trace.passes import INPUTS, LESSON, pass_stand_ins, real_inputs, shapes_of_inputs
from mnistgrad.trace.recording import Operation, Recorder
from mnistgrad.trace.source import CodeLine, code_lines
from mnistgrad.trace.stand_ins import Bounded, StandIns, TooLarge

SAMPLE = 200  # images that a product (n, i, j) is formed of
LOSS_SAMPLE = 1_000  # images that all pairs are formed of
CLOSE = 1e-5  # of autograd's largest number: float32 adds up in another order, and is no further off than this
SHAPES_KEPT = 512  # those of all the lines at three dozen sizes
GIVEN = ("inp", "targ", "w1", "b1", "w2", "b2")
Relu = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class WrongLine:
    """A line written wrongly. name: in the link. right and wrong: the lesson's function and the same with that line.

    sets: what the line ends up setting, in the function's words; "" where the function returns it.
    """

    name: str
    right: Callable[..., Any]
    wrong: Callable[..., Any]
    sets: str

    @property
    def function(self) -> str:
        """The lesson's name of the function."""
        return self.right.__name__


WRONG_LINES = {
    line.name: line
    for line in (
        WrongLine("without unsqueeze(-1)", lesson.lin_grad, as_written.lin_grad_flat_inp, "w.g"),
        WrongLine("without unsqueeze(1)", lesson.lin_grad, as_written.lin_grad_flat_out, "w.g"),
        WrongLine("without either unsqueeze", lesson.lin_grad, as_written.lin_grad_both_flat, "w.g"),
        WrongLine("unsqueeze(0) for unsqueeze(1)", lesson.lin_grad, as_written.lin_grad_unsqueeze_0, "w.g"),
        WrongLine("sum(1) for sum(0)", lesson.lin_grad, as_written.lin_grad_sum_1, "w.g"),
        WrongLine("sum(-1) for sum(0)", lesson.lin_grad, as_written.lin_grad_sum_last, "w.g"),
        WrongLine("mean(0) for sum(0)", lesson.lin_grad, as_written.lin_grad_mean, "w.g"),
        WrongLine("out.g @ w for out.g @ w.t()", lesson.lin_grad, as_written.lin_grad_without_t, "inp.g"),
        WrongLine("x * w for x @ w", lesson.lin, as_written.lin_times, ""),
        WrongLine("mse without squeeze", lesson.mse, as_written.mse_without_squeeze, ""),
        WrongLine("mse_grad without squeeze", lesson.mse_grad, as_written.mse_grad_without_squeeze, "inp.g"),
        WrongLine("mse_grad without squeeze and unsqueeze", lesson.mse_grad, as_written.mse_grad_without_either, "inp.g"),
        WrongLine("mse_grad without 1/n", lesson.mse_grad, as_written.mse_grad_without_n, "inp.g"),
        WrongLine("relu_grad with out > 0", lesson.relu_grad, as_written.relu_grad_of_out, "inp.g"),
    )
}


def changed_lines(line: WrongLine) -> list[tuple[CodeLine, CodeLine]]:
    """The lines that differ, as the lesson has them and as they are written wrongly."""
    pairs = zip(code_lines(line.right)[1:], code_lines(line.wrong)[1:], strict=True)
    return [(right, wrong) for right, wrong in pairs if right.text != wrong.text]


def sample_size(line: WrongLine, n: int) -> int:
    """How many images the numbers are of. More than there are hidden units, so that no two axes meet by accident; and all
    where n is the number of pixels, since then two do.
    """
    if line.right is lesson.mse:
        return min(n, LOSS_SAMPLE)
    return n if n == PIXELS else min(n, SAMPLE)


@plain()
def outcomes(batch: Batch, weights: Weights) -> dict[str, str]:
    """What becomes of the whole pass with each line, by its name: it "raises", or ends "wrong" or "right"."""
    check_fit(batch, weights)
    n = len(batch)
    references = {m: autograd_results(batch.first(m), weights) for m in {sample_size(each, n) for each in WRONG_LINES.values()}}
    return {name: _outcome(each, batch, weights, references[sample_size(each, n)]) for name, each in WRONG_LINES.items()}


def _outcome(line: WrongLine, batch: Batch, weights: Weights, reference: Mapping[str, Tensor]) -> str:
    relu = weights.preset.relu
    shapes = _shapes(line, len(batch), weights.w1.shape[1], relu)
    if shapes is None:
        return "raises"
    if any(shape != reference[name].shape for name, shape in shapes.items()):
        return "wrong"
    values = _finished_pass(line, real_inputs(batch.first(sample_size(line, len(batch))), weights), relu)
    return "right" if all(is_close(value, reference[name]) for name, value in values.items()) else "wrong"


@lru_cache(maxsize=SHAPES_KEPT)
def _shapes(line: WrongLine, n: int, nh: int, relu: Relu) -> dict[str, torch.Size] | None:
    """Of the loss and the weights' gradients, which depend on no seed and no pixel; None where torch stops."""
    stand_ins = pass_stand_ins(n, nh)
    try:
        with Bounded(stand_ins):
            finished = _finished_pass(line, shapes_of_inputs(n, nh, stand_ins), relu)
    except RuntimeError:
        return None
    return {name: stand_ins.shape(tensor) for name, tensor in finished.items()}


def is_close(value: Tensor, reference: Tensor) -> bool:
    """Whether two tensors of one shape are the same but for rounding."""
    return bool((value - reference).abs().max() <= CLOSE * reference.abs().max())


def _finished_pass(line: WrongLine, inputs: Sequence[Tensor], relu: Relu) -> dict[str, Tensor]:
    """The loss and the weights' gradients. Raises RuntimeError where torch refuses an operation."""
    loss = _run(line, inputs, relu)
    weights = dict(zip(GIVEN, inputs, strict=True)).items()
    return {"loss": loss} | {f"{name}.g": gradient_on(tensor) for name, tensor in weights if name not in ("inp", "targ")}


def recorded_pass(line: WrongLine, inputs: Sequence[Tensor], relu: Relu, stand_ins: StandIns | None = None) -> Recorder:
    """The whole pass with the wrong function, as far as torch lets it run."""
    recorder = Recorder([*LESSON, line.wrong], zip(inputs, INPUTS, strict=True), stand_ins=stand_ins)
    return recorded(recorder, lambda: _run(line, inputs, relu), stand_ins)


def recorded(recorder: Recorder, run: Callable[[], object], stand_ins: StandIns | None = None) -> Recorder:
    """Run to the end, or until torch refuses an operation; where sizes stand for others, also for want of memory."""
    try:
        with Bounded(stand_ins) if stand_ins else nullcontext(), recorder:
            run()
    except RuntimeError:
        if recorder.refused() is None:
            raise
    return recorder


def _run(line: WrongLine, inputs: Sequence[Tensor], relu: Relu) -> Tensor:
    """The lesson's own pass with the wrong function in the place of the right one. Returns the loss."""
    functions = vars(lesson) | {line.function: line.wrong}
    if line.right is lesson.mse:
        functions["lin_grad"] = lesson.lin_grad_matmul  # no gradient depends on the loss, and this one forms no product
    return FunctionType(lesson.forward_and_backward.__code__, functions)(*inputs, relu, functions["lin_grad"])


def gradient_on(tensor: Tensor) -> Tensor:
    """What the lesson hung on it as `.g`."""
    return vars(tensor)["g"]


@with_autograd()
def autograd_results(batch: Batch, weights: Weights) -> dict[str, Tensor]:
    """Every tensor of the lesson's forward pass by its name, and its gradient by autograd by its name with ".g"."""
    tensors = autograd_pass(batch.inp, batch.targ, weights)
    others = {name: tensor for name, tensor in tensors.items() if name != "loss"}
    grads = torch.autograd.grad(tensors["loss"], list(others.values()))
    forward = {name: tensor.detach() for name, tensor in tensors.items()} | {"targ": batch.targ}
    return forward | {f"{name}.g": grad for name, grad in zip(others, grads, strict=True)}


def torch_message(refused: Operation) -> str:
    """What torch says of the operation at its true sizes."""
    if refused.nbytes:
        return str(TooLarge(torch.Size(refused.shape), refused.nbytes))
    return complaint(getattr(torch, refused.name), *(operand.shape for operand in refused.operands))


def complaint(function: Callable[..., Any], *shapes: Sequence[int]) -> str:
    """The error that a torch function raises for tensors of these shapes, "" for none. Each is one number, repeated."""
    try:
        function(*(torch.zeros((), **FLOAT32).expand(shape) for shape in shapes))
    except RuntimeError as error:
        return str(error)
    return ""
