"""A check must pass what is right and fail what is wrong."""

from dataclasses import replace

import pytest
import torch

from mnistgrad import gradients, initial_weights, lesson, load_batch
from mnistgrad.checks import NAMES, autograd_gradients, compare, finite_differences
from mnistgrad.data import Batch
from mnistgrad.presets import PRESETS, Weights


def network(n: int, preset: str) -> tuple[Batch, Weights]:
    return load_batch(n, PRESETS[preset].normalise), initial_weights(5, 1, preset)


def test_a_gradient_passes_against_itself_without_any_tolerance() -> None:
    grads = gradients(*network(4, "lesson-2019"))
    assert all(check.passed and check.difference == 0 for check in compare(grads, grads, 0, 0).values())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("preset", PRESETS)
def test_one_wrong_entry_fails_its_gradient_and_no_other(name: str, preset: str) -> None:
    batch, weights = network(4, preset)
    reference = autograd_gradients(batch, weights)
    wrong = getattr(reference, name).clone()
    entry = wrong.abs().argmin()
    wrong.view(-1)[entry] += 0.25
    chosen = PRESETS[preset]
    checks = compare(replace(reference, **{name: wrong}), reference, chosen.rtol, chosen.atol)
    assert checks[name].difference == pytest.approx(0.25)
    assert {failed for failed, check in checks.items() if not check.passed} == {name}


def test_a_gradient_without_the_sum_over_images_fails() -> None:
    batch, weights = network(4, "lesson-2019")
    reference = autograd_gradients(batch, weights)
    first_image_only = autograd_gradients(batch.first(1), weights)
    assert not any(check.passed for check in compare(first_image_only, reference, 1e-3, 1e-5).values())


def test_the_tolerances_are_relative_to_the_reference_and_absolute() -> None:
    grads = gradients(*network(4, "lesson-2019"))
    off = replace(grads, b2=grads.b2 * 1.01)
    assert compare(off, grads, 0.011, 0)["b2"].passed
    assert not compare(off, grads, 0.009, 0)["b2"].passed
    difference = compare(off, grads, 0, 0)["b2"].difference
    assert compare(off, grads, 0, difference * 1.01)["b2"].passed
    assert not compare(off, grads, 0, difference * 0.99)["b2"].passed


@pytest.mark.parametrize("preset", PRESETS)
def test_autograd_leaves_the_weights_as_they_were(preset: str) -> None:
    batch, weights = network(4, preset)
    autograd_gradients(batch, weights)
    assert not weights.w1.requires_grad
    assert weights.w1.grad is None


@pytest.mark.parametrize("preset", PRESETS)
def test_finite_differences_are_those_of_the_whole_network_run_again(preset: str) -> None:
    batch, weights = network(20, preset)
    entries = [(400, 0), (350, 3), (0, 4)]
    l1 = lesson.lin(batch.inp.double(), weights.w1.double(), weights.b1.double())
    out = lesson.lin(weights.preset.relu(l1), weights.w2.double(), weights.b2.double())
    slow = [slope_by_running_all(batch, weights, *entry) for entry in entries]
    quick = finite_differences(l1, out, batch, weights, entries)
    assert quick == pytest.approx(slow, rel=1e-5, abs=1e-7)
    exact = autograd_gradients(batch, weights).w1
    assert quick == pytest.approx([exact[entry].item() for entry in entries], rel=1e-3, abs=1e-5)


def slope_by_running_all(batch: Batch, weights: Weights, i: int, j: int, step: float = 1e-6) -> float:
    losses = []
    for move in (step, -step):
        wide = weights.to(torch.float64)
        wide.w1[i, j] += move
        l2 = wide.preset.relu(batch.inp.double() @ wide.w1 + wide.b1)
        losses.append(((l2 @ wide.w2 + wide.b2).squeeze(-1) - batch.targ.double()).square().mean().item())
    return (losses[0] - losses[1]) / (2 * step)
