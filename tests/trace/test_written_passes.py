"""Backward passes as people write them run as they stand: every operation is known, and gradients have their tensors' axes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from loops import over
from written_passes import PASSES

from mnistgrad.trace.explaining import Run, explain_run
from mnistgrad.trace.operations import UNKNOWN

each_pass = over("function", PASSES)


def explained(function: Callable[..., Any]) -> tuple[Run, dict[str, torch.Tensor]]:
    given = PASSES[function].given()
    run = explain_run(function, kwargs=given, axes=PASSES[function].axes)
    assert run.error is None, run.error
    return run, given


@each_pass
def test_every_operation_has_a_rule_its_texts_and_what_fed_it(function: Callable[..., Any]) -> None:
    run, _ = explained(function)
    for operation in run.operations:
        assert operation.known is not UNKNOWN and operation.fed, operation.expression
        assert "" not in operation.letters
        assert not any("operand_" in operand.text for operand in operation.operands), operation.expression


@each_pass
def test_gradients_are_autograds_and_have_the_axes_of_their_tensors(function: Callable[..., Any]) -> None:
    run, given = explained(function)
    leaves = {name: tensor.clone().requires_grad_() for name, tensor in given.items() if tensor.is_floating_point()}
    function(**given | leaves)["loss"].backward()
    for name, gradient in run.returned.items():
        if name != "loss":
            torch.testing.assert_close(gradient, leaves[name].grad)
            assert axes_of(run, gradient) == axes_of(run, given[name]), name


def axes_of(run: Run, tensor: torch.Tensor) -> tuple[str, ...]:
    """Those of the operand or the last result that holds its numbers, or would, had a loop not been folded."""
    for operation in reversed(run.operations):
        for seen in (operation, *operation.operands):
            same = seen.shape == tensor.shape and np.array_equal(seen.numbers, tensor.numpy()[np.ix_(*seen.shown)])
            if same or (operation.repeats > 1 and operation.shape == tensor.shape):
                return seen.axes
    raise AssertionError("no operation has it")


@each_pass
def test_recording_changes_no_bit_and_no_tensor(function: Callable[..., Any]) -> None:
    given = PASSES[function].given()
    before = {name: (tensor.clone(), tensor._version, set(vars(tensor))) for name, tensor in given.items()}
    run = explain_run(function, kwargs=given)
    for name, plain in function(**given).items():
        assert torch.equal(run.returned[name], plain) and not run.returned[name].requires_grad
    for name, (numbers, version, attributes) in before.items():
        tensor = given[name]
        assert torch.equal(tensor, numbers) and (tensor._version, set(vars(tensor))) == (version, attributes)


@each_pass
def test_a_pass_is_recorded_under_autograd_as_without(function: Callable[..., Any]) -> None:
    given = PASSES[function].given()
    leaves = {name: t.clone().requires_grad_() if t.is_floating_point() else t for name, t in given.items()}
    if function.__name__ == "a_class_per_layer":
        leaves["y"].requires_grad_(False)
    plain, tracked = explain_run(function, kwargs=given).operations, explain_run(function, kwargs=leaves).operations
    assert [(o.expression, o.axes, o.repeats) for o in plain] == [(o.expression, o.axes, o.repeats) for o in tracked]
    for one, other in zip(plain, tracked, strict=True):
        np.testing.assert_array_equal(one.numbers, other.numbers)


def test_a_loop_is_folded() -> None:
    run, _ = explained(next(function for function in PASSES if function.__name__ == "characters_and_batch_norm"))
    assert [o.repeats for o in run.operations if "d_table[" in o.sets] == [33] * 5
    assert {o.repeats for o in run.operations if "d_table[" not in o.sets} == {1}
