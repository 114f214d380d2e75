"""One line written wrongly, looked at closely: each call of it, the whole pass with it, and its distance from autograd."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from mnistgrad import lesson
from mnistgrad.common.tensors import FLOAT32, plain
from mnistgrad.lines import as_written
from mnistgrad.lines.wrong_lines import (
    CLOSE,
    GIVEN,
    WrongLine,
    autograd_results,
    changed_lines,
    complaint,
    gradient_on,
    is_close,
    recorded,
    recorded_pass,
    sample_size,
    torch_message,
)
from mnistgrad.network.data import Batch
from mnistgrad.network.gradients import check_fit
from mnistgrad.network.presets import Weights
from mnistgrad.trace.passes import INPUTS, axis_sizes, pass_stand_ins, real_inputs, record_pass, shapes_of_inputs
from mnistgrad.trace.recording import Operation, Recorder
from mnistgrad.trace.stand_ins import StandIns

Shape = tuple[int, ...]
Tensors = Mapping[str, Tensor]


@dataclass(frozen=True)
class Result:
    """One tensor that the pass sets, beside what autograd says it is.

    axes, needed: letters and shape that it must have at n images. shape: what it has, None where it was never set.
    difference: the largest from autograd's, None where the shapes differ. largest: of autograd's numbers. off: the share of
    numbers further off than rounding. factor: what all its numbers are of autograd's, None where they are no one multiple.
    """

    name: str
    axes: tuple[str, ...]
    needed: Shape
    shape: Shape | None
    difference: float | None
    largest: float
    off: float
    factor: float | None

    @property
    def verdict(self) -> str:
        """ "never" set, of another "shape", of other "numbers", or "right"."""
        if self.shape is None:
            return "never"
        if self.difference is None:
            return "shape"
        return "numbers" if self.off else "right"


@dataclass(frozen=True)
class Attempt:
    """One call of the wrong function by itself, given what the lesson's pass gives it.

    call: as the pass writes it. names: what the parameters are called there. line: the operations of the changed lines that
    ran, at n images; lesson: those of the lesson's lines. refused, message: the operation that torch refused, and its words.
    result: what the line sets. update: what torch says to `w -= w.g` where that has another shape than w, "" where it runs.
    """

    call: str
    names: Mapping[str, str]
    line: tuple[Operation, ...]
    lesson: tuple[Operation, ...]
    refused: Operation | None
    message: str
    result: Result
    update: str | None


@dataclass(frozen=True)
class Pairs:
    """What `mse` without its squeeze averages: the square of every output (m,) less every target (m,).

    loss: over each image with its own target. wrong_loss: over all pairs, as the wrong line returns it.
    """

    out: Tensor
    targ: Tensor
    loss: float
    wrong_loss: float


@dataclass(frozen=True)
class Study:
    """A wrong line at n images, with the numbers of the first `sample` of them.

    attempts: the function's calls, each by itself, in the order of the pass. refused, message: where the whole pass stops.
    results: what the whole pass sets, in its order. pairs: where the line takes every output less every target.
    """

    line: WrongLine
    n: int
    sample: int
    attempts: tuple[Attempt, ...]
    refused: Operation | None
    message: str
    results: tuple[Result, ...]
    pairs: Pairs | None

    @property
    def outcome(self) -> str:
        """ "raises", "wrong" or "right": of the whole pass."""
        if self.refused:
            return "raises"
        return "right" if all(result.verdict == "right" for result in self.results) else "wrong"

    @property
    def fate(self) -> str:
        """The same, with "wrong" told apart: a "shape", or only "numbers"."""
        if self.outcome != "wrong":
            return self.outcome
        return "shape" if any(result.verdict == "shape" for result in self.results) else "numbers"

    @property
    def stops_in_its_own_call(self) -> bool:
        """Whether the pass stops in the wrong function itself."""
        return self.refused is not None and self.refused.caller in [attempt.call for attempt in self.attempts]


@plain()
def study(line: WrongLine, batch: Batch, weights: Weights) -> Study:
    """Run the line, call by call and in the whole pass. Neither the batch nor the weights are changed."""
    check_fit(batch, weights)
    n, nh, relu = len(batch), weights.w1.shape[1], weights.preset.relu
    operations = record_pass(n, nh, relu)
    sample = batch.first(sample_size(line, n))
    reference = autograd_results(sample, weights)
    stand_ins = pass_stand_ins(n, nh)
    small = recorded_pass(line, shapes_of_inputs(n, nh, stand_ins), relu, stand_ins)
    refused = small.refused()
    shapes = {o.sets: o.shape for o in small.operations() if not refused or o.sets != refused.sets}
    values = {o.sets: o.value for o in recorded_pass(line, real_inputs(sample, weights), relu).operations()}
    results = [
        _result(needed, shapes.get(name), values.get(name), reference[name])
        for name, needed in {o.sets: o for o in operations}.items()
        if name == "loss" or name.endswith(".g")
    ]
    calls = {o.caller: o.names for o in operations if o.function == line.function}
    attempts = [_attempt(line, call, names, operations, stand_ins, reference) for call, names in calls.items()]
    all_pairs = any(o.name == "sub" and len(o.shape) > 1 for attempt in attempts for o in attempt.line)
    return Study(
        line,
        n,
        len(sample),
        tuple(attempts),
        refused,
        torch_message(refused) if refused else "",
        tuple(results),
        _pairs_of(reference["out"], reference["targ"]) if all_pairs else None,
    )


def _pairs_of(out: Tensor, targ: Tensor) -> Pairs:
    """out (m, 1), targ (m,)."""
    return Pairs(out.squeeze(-1), targ, lesson.mse(out, targ).item(), as_written.mse_without_squeeze(out, targ).item())


def _result(needed: Operation, shape: Shape | None, value: Tensor | None, reference: Tensor) -> Result:
    """needed: the lesson's operation that sets it. value: of the sample's images, as the reference is."""
    largest = reference.abs().max().item()
    if value is None or shape != needed.shape or value.shape != reference.shape:
        return Result(needed.sets, needed.axes, needed.shape, shape, None, largest, 0.0, None)
    differences = (value - reference).abs()
    off = (differences > CLOSE * largest).float().mean().item()
    factor = (value.double() * reference).sum().item() / (reference.double().square().sum().item() or 1)
    multiple = bool(factor) and is_close(value, factor * reference)
    return Result(
        needed.sets, needed.axes, needed.shape, shape, differences.max().item(), largest, off, factor if multiple else None
    )


def _attempt(
    line: WrongLine,
    call: str,
    names: Mapping[str, str],
    operations: Sequence[Operation],
    stand_ins: StandIns,
    reference: Tensors,
) -> Attempt:
    right, wrong = ({code.number for code in lines} for lines in zip(*changed_lines(line), strict=True))
    of_call = [o for o in operations if o.caller == call]
    needed = [o for o in of_call if o.target == line.sets][-1]
    recorder = _recorded_call(line, names, operations, stand_ins)
    refused = recorder.refused()
    shape = None if refused else [o.shape for o in recorder.operations() if o.target == line.sets][-1]
    value = None if refused else _run(line, _arguments(names, reference))
    result = _result(needed, shape, value, reference[needed.sets])
    return Attempt(
        call,
        names,
        tuple(o for o in recorder.operations() if o.span.line in wrong),
        tuple(o for o in of_call if o.span.line in right),
        refused,
        torch_message(refused) if refused else "",
        result,
        _update(result) if result.verdict == "shape" and line.sets == "w.g" else None,
    )


def _recorded_call(line: WrongLine, names: Mapping[str, str], operations: Sequence[Operation], stand_ins: StandIns) -> Recorder:
    """The call by itself, as shapes: what it is given has the shapes that the lesson's pass gives it."""
    sizes = axis_sizes(operations)
    shapes = {name: tuple(sizes[letter] for letter in letters) for name, letters in zip(GIVEN, INPUTS, strict=True)}
    shapes |= {o.sets: o.shape for o in operations}
    axes = dict(zip(GIVEN, INPUTS, strict=True)) | {o.sets: "".join(o.axes) for o in operations}
    arguments = _arguments(names, {name: stand_ins.tensor(shape) for name, shape in shapes.items()})
    watched = [(tensor, axes[names[parameter]]) for parameter, tensor in arguments.items()]
    watched += [(gradient_on(arguments["out"]), axes[names["out"]])] if "out" in arguments else []
    return recorded(Recorder([line.wrong], watched, stand_ins=stand_ins), partial(_run, line, arguments), stand_ins)


def _arguments(names: Mapping[str, str], tensors: Tensors) -> dict[str, Tensor]:
    """What a call is given, by parameter: views, and on `out` the gradient that flows back into the call."""
    given = {parameter: tensors[name].view_as(tensors[name]) for parameter, name in names.items()}
    if "out" in given:
        vars(given["out"])["g"] = tensors[f"{names['out']}.g"]
    return given


def _run(line: WrongLine, arguments: Mapping[str, Tensor]) -> Tensor:
    """Call the wrong function; what its changed line sets or returns."""
    returned = line.wrong(*arguments.values())
    return gradient_on(arguments[line.sets.removesuffix(".g")]) if line.sets else returned


def _update(result: Result) -> str:
    """What torch says to a step of training with the result."""
    assert result.shape is not None
    return complaint(lambda w, g: torch.zeros(w.shape, **FLOAT32).sub_(g), result.needed, result.shape)
