"""A check must pass what is right and fail what is wrong."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
import torch
from loops import over

from mnistgrad import gradients, initial_weights, lesson, load_batch
from mnistgrad.network import verification
from mnistgrad.network.data import PIXELS, Batch
from mnistgrad.network.gradients import Gradients, run_layers
from mnistgrad.network.presets import PRESETS, Weights
from mnistgrad.network.verification import (
    NUDGE,
    PARAMETERS,
    PER_IMAGE,
    Agreement,
    autograd_gradients,
    finite_differences,
    largest_entries,
    verify,
)

ALL = (*PER_IMAGE, *PARAMETERS)
each_name = over("name", ALL)
each_preset = pytest.mark.parametrize("preset", PRESETS)
each_count = over("n", [1, 3, 50, 1_000, 3_100])  # the last is more than one block


@lru_cache(maxsize=16)
def network(n: int, preset: str, nh: int = 5) -> tuple[Batch, Weights]:
    return load_batch(n, PRESETS[preset].normalise), initial_weights(nh, 1, preset)


def compare(ours: Gradients, reference: Gradients, rtol: float, atol: float, preset: str = "lesson-2019") -> dict[str, Agreement]:
    """The checks of four images' gradients, at these tolerances."""
    batch, weights = network(4, preset)
    weights = replace(weights, preset=replace(weights.preset, rtol=rtol, atol=atol))
    return {name: verify(name, batch, weights, (ours, reference)).autograd for name in PARAMETERS}


def test_a_gradient_passes_against_itself_without_any_tolerance() -> None:
    grads = gradients(*network(4, "lesson-2019"))
    assert all(check.passed and check.difference == 0 for check in compare(grads, grads, 0, 0).values())


@pytest.mark.parametrize("name", PARAMETERS)
@each_preset
def test_one_wrong_entry_fails_its_gradient_and_no_other(name: str, preset: str) -> None:
    batch, weights = network(4, preset)
    reference = autograd_gradients(batch, weights)
    wrong = getattr(reference, name).clone()
    entry = wrong.abs().argmin()
    wrong.view(-1)[entry] += 0.25
    chosen = PRESETS[preset]
    found = compare(replace(reference, **{name: wrong}), reference, chosen.rtol, chosen.atol, preset)
    assert found[name].difference == pytest.approx(0.25)
    assert {failed for failed, check in found.items() if not check.passed} == {name}


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


@over("off", [0, 1e-6, 1e-4, 0.1, float("nan"), float("inf")])
def test_a_check_passes_what_allclose_passes(off: float) -> None:
    grads = gradients(*network(4, "lesson-2019"))
    wrong = replace(grads, w1=grads.w1 + off)
    assert compare(wrong, grads, 1e-3, 1e-5)["w1"].passed == torch.allclose(wrong.w1, grads.w1, rtol=1e-3, atol=1e-5)
    assert compare(wrong, grads, 0, 1e-5)["w1"].passed == torch.allclose(wrong.w1, grads.w1, rtol=0, atol=1e-5)


def shape_of(name: str, n: int, nh: int = 5) -> tuple[int, ...]:
    return {
        "inp": (n, PIXELS),
        "l1": (n, nh),
        "l2": (n, nh),
        "out": (n, 1),
        "w1": (PIXELS, nh),
        "b1": (nh,),
        "w2": (nh, 1),
        "b2": (1,),
    }[name]


@each_name
@each_preset
@each_count
def test_every_gradient_of_the_pass_passes_its_checks(name: str, preset: str, n: int) -> None:
    found = verify(name, *network(n, preset))
    assert (found.name, found.size, found.preset) == (name, int(np.prod(shape_of(name, n))), PRESETS[preset])
    assert found.autograd.passed
    assert found.autograd.difference <= 1e-5 * found.largest
    assert found.slope <= 1e-4 * found.largest
    assert len(set(found.entries)) == len(found.entries) == min(4, shape_of(name, n)[name not in PER_IMAGE and name == "w1"])
    assert all(all(0 <= at < size for at, size in zip(entry, shape_of(name, n), strict=True)) for entry in found.entries)


@each_name
@each_preset
def test_the_largest_entry_is_that_of_the_lessons_own_gradient(name: str, preset: str) -> None:
    batch, weights = network(50, preset)
    found = verify(name, batch, weights)
    assert found.largest == pytest.approx(lesson_gradients(batch, weights)[name].abs().max().item(), rel=1e-4)


def lesson_gradients(batch: Batch, weights: Weights) -> dict[str, torch.Tensor]:
    """What the lesson's functions hang on every tensor, called one by one."""
    tensors = (batch.inp, weights.w1, weights.b1, weights.w2, weights.b2)
    inp, w1, b1, w2, b2 = (tensor.clone() for tensor in tensors)
    l1 = lesson.lin(inp, w1, b1)
    l2 = weights.preset.relu(l1)
    out = lesson.lin(l2, w2, b2)
    lesson.mse_grad(out, batch.targ)
    lesson.lin_grad(l2, out, w2, b2)
    lesson.relu_grad(l1, l2)
    lesson.lin_grad(inp, l1, w1, b1)
    found = dict(inp=inp, l1=l1, l2=l2, out=out, w1=w1, b1=b1, w2=w2, b2=b2)
    return {name: tensor.g for name, tensor in found.items()}


@pytest.mark.parametrize("name", PER_IMAGE)
@each_preset
def test_a_wrong_gradient_of_the_images_fails_both_checks(name: str, preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, weights = network(3_100, preset)
    right, rule = verify(name, batch, weights), PER_IMAGE[name]
    by = 2 + 2 * PRESETS[preset].atol / right.largest  # far enough off for an absolute tolerance
    monkeypatch.setitem(verification.PER_IMAGE, name, lambda layers, weights: rule(layers, weights) * by)
    wrong = verify(name, batch, weights)
    assert not wrong.autograd.passed
    assert wrong.autograd.difference == pytest.approx((by - 1) * right.largest, rel=1e-3)
    assert wrong.slope > 100 * right.slope


def test_one_wrong_image_in_the_last_block_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    batch, weights = network(3_100, "lesson-2019")
    last = batch.inp[-1]

    def off(layers: verification.Layers, weights: Weights) -> torch.Tensor:
        return layers.l1_g + 0.5 * (layers.inp == last).all(1, keepdim=True)

    monkeypatch.setitem(verification.PER_IMAGE, "l1", off)
    found = verify("l1", batch, weights)
    assert found.autograd.difference == pytest.approx(0.5)
    assert not found.autograd.passed


@pytest.mark.parametrize("name", PARAMETERS)
@each_preset
def test_a_wrong_gradient_of_a_parameter_fails_both_checks(name: str, preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, weights = network(40, preset)
    right = verify(name, batch, weights)
    monkeypatch.setattr(verification, "gradients", lambda batch, weights: gradients(batch.first(20), weights))
    wrong = verify(name, batch, weights)
    assert not wrong.autograd.passed
    assert wrong.autograd.difference > 0.001 * right.largest
    assert wrong.slope > 100 * right.slope


def test_another_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="name is 'loss'; allowed are 'inp', 'l1', 'l2', 'out', 'w1', 'b1', 'w2', 'b2'"):
        verify("loss", *network(4, "lesson-2019"))


@each_name
@each_preset
def test_checking_leaves_the_batch_and_the_weights_as_they_were(name: str, preset: str) -> None:
    batch, weights = load_batch(9, PRESETS[preset].normalise), initial_weights(5, 1, preset)
    shared = [batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2]
    before = [tensor.clone() for tensor in shared]
    verify(name, batch, weights)
    for tensor, old in zip(shared, before, strict=True):
        assert torch.equal(tensor, old)
        assert not tensor.requires_grad and tensor.grad is None and not hasattr(tensor, "g")


@each_name
@each_preset
def test_finite_differences_are_those_of_the_whole_network_run_again(name: str, preset: str) -> None:
    batch, weights = network(20, preset)
    rows, *columns = shape_of(name, 20)
    entries = [(rows - 1, *(0 for _ in columns)), (rows // 2, *(size - 1 for size in columns))]
    slow = [slope_by_running_all(name, entry, batch, weights) for entry in entries]
    assert finite_differences(name, entries, batch, weights) == pytest.approx(slow, rel=1e-4, abs=1e-6)
    exact = lesson_gradients(batch, weights)[name]
    assert slow == pytest.approx([exact[entry].item() for entry in entries], rel=1e-3, abs=1e-5)


@each_name
def test_a_batch_in_float64_is_not_moved(name: str) -> None:
    batch, weights = network(4, "lesson-2019")
    wide = replace(batch, inp=batch.inp.double(), targ=batch.targ.double())
    entry = tuple(size - 1 for size in shape_of(name, 4))
    found = finite_differences(name, [entry, entry], wide, weights.to(torch.float64))
    assert found[0] == found[1] == pytest.approx(finite_differences(name, [entry], batch, weights)[0], rel=1e-4, abs=1e-7)
    assert torch.equal(wide.inp, batch.inp.double())


def slope_by_running_all(name: str, entry: tuple[int, ...], batch: Batch, weights: Weights) -> float:
    losses = []
    for move in (NUDGE, -NUDGE):
        wide = weights.to(torch.float64)
        given = dict(inp=batch.inp, w1=wide.w1, b1=wide.b1, w2=wide.w2, b2=wide.b2)
        tensors = {key: tensor.double().clone() for key, tensor in given.items()}

        def moved(this: str, tensor: torch.Tensor, move: float = move) -> torch.Tensor:
            if this == name:
                tensor[entry] += move
            return tensor

        inp, w1, b1, w2, b2 = (moved(key, tensor) for key, tensor in tensors.items())
        l1 = moved("l1", inp @ w1 + b1)
        l2 = moved("l2", weights.preset.relu(l1).clone())
        out = moved("out", l2 @ w2 + b2)
        losses.append((out[:, 0] - batch.targ.double()).square().mean().item())
    return (losses[0] - losses[1]) / (2 * NUDGE)


def test_entries_to_try_are_the_largest_of_different_columns_or_of_the_one_there_is() -> None:
    g = torch.zeros(7, 6)
    for column, (row, size) in enumerate([(3, 9.0), (0, -8.0), (6, 1.0), (2, -7.0), (5, 2.0), (1, 6.0)]):
        g[row, column] = size
    assert largest_entries(g) == largest_entries(g.t().contiguous().t()) == [(3, 0), (0, 1), (2, 3), (1, 5)]
    assert largest_entries(torch.tensor([1.0, -9.0, 3.0, 0.0, 5.0, 4.0])) == [(1,), (4,), (5,), (2,)]
    assert largest_entries(torch.tensor([[1.0], [-9.0], [3.0]])) == [(1, 0), (2, 0), (0, 0)]
    assert largest_entries(torch.tensor([4.0])) == [(0,)]


@pytest.mark.parametrize("name", PARAMETERS)
@each_preset
def test_gradients_that_are_known_already_are_the_ones_checked(name: str, preset: str) -> None:
    batch, weights = network(30, preset)
    ours, reference = gradients(batch, weights), autograd_gradients(batch, weights)
    assert verify(name, batch, weights, (ours, reference)) == verify(name, batch, weights)
    moved = replace(reference, **{name: getattr(reference, name) + 0.5})
    assert verify(name, batch, weights, (ours, moved)).autograd.difference == pytest.approx(0.5, abs=1e-3)


@each_name
@each_preset
def test_layers_that_are_known_already_give_the_same_check(name: str, preset: str) -> None:
    batch, weights = network(3_100, preset)
    layers = run_layers(batch.inp, batch.targ, weights, 3_100)
    assert verify(name, batch, weights, None, layers) == verify(name, batch, weights)


@pytest.mark.parametrize("name", PER_IMAGE)
@each_preset
def test_layers_of_another_batch_fail_the_check_of_an_image(name: str, preset: str) -> None:
    batch, weights = network(50, preset)
    right = verify(name, batch, weights)
    wrong = verify(name, batch, weights, None, run_layers(batch.inp.flip(0), batch.targ, weights, 50))
    assert wrong.slope > 100 * right.slope
