"""Every argument of the public face is taken, or refused by its name with what was given and what is allowed."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
import torch
from loops import over
from torch import Tensor

import mnistgrad as mg
from mnistgrad.cost.measurement import MeasurementPlan
from mnistgrad.network.data import Batch
from mnistgrad.network.presets import PRESETS, Weights
from mnistgrad.network.verification import PARAMETERS, autograd_gradients, verify
from mnistgrad.training.descent import TrainingPlan

ONES = torch.ones(3, 2)
ARRAY = np.ones((3, 2), dtype=np.float32)


@lru_cache(maxsize=1)
def parts() -> tuple[Batch, Weights]:
    return mg.load_batch(3), mg.initial_weights(2)


def gradients(**changed: object) -> object:
    """Of the batch and weights with some tensors changed."""
    of_batch = {name: value for name, value in changed.items() if hasattr(parts()[0], name)}
    of_weights = {name: value for name, value in changed.items() if name not in of_batch}
    return mg.gradients(replace(parts()[0], **of_batch), replace(parts()[1], **of_weights))


def whole(name: str, call: Callable[..., object]) -> list[Any]:
    """What is no whole number."""
    odd = [1.5, 2.0, np.float64(2), True, np.True_, "2", None, [2], np.array([2, 3]), torch.tensor(2), 2 + 0j]
    return [(name, TypeError, call, value) for value in odd]


def tensor(name: str, call: Callable[..., object], shape: tuple[int, ...]) -> list[Any]:
    """What is no tensor of floats."""
    ones = torch.ones(shape)
    odd = [ones.numpy(), ones.tolist(), None, ones.half(), ones.bfloat16(), ones.int(), ones.bool(), ones.to(torch.complex64)]
    return [(name, TypeError, call, value) for value in odd]


def among(name: str, call: Callable[..., object]) -> list[Any]:
    odd = ["loop", "", None, 1, True, np.array(["matmul", "x"]), torch.ones(2), ["matmul"], "x" * 500]
    return [(name, ValueError, call, value) for value in odd]


SHAPES = {"inp": (3, 784), "targ": (3,), "w1": (784, 2), "b1": (2,), "w2": (2, 1), "b2": (1,)}
REFUSED = [
    *whole("n", mg.load_batch),
    *whole("nh", mg.initial_weights),
    *[case for case in whole("seed", lambda value: mg.initial_weights(seed=value)) if case[-1] is not None],
    *whole("n", lambda value: parts()[0].first(value)),
    *whole("budget", lambda value: mg.weight_grad(ONES, ONES, "broadcast", value)),
    *whole("steps", lambda value: TrainingPlan(steps=value)),
    *whole("seed", lambda value: TrainingPlan(seed=value)),
    *whole("nh", lambda value: MeasurementPlan(nh=value)),
    *[("n", ValueError, mg.load_batch, value) for value in (0, -1, 50_001, np.int64(0), 10**30)],
    *[("budget", ValueError, lambda value: mg.weight_grad(ONES, ONES, "broadcast", value), value) for value in (-1, 2**70)],
    *among("preset", lambda value: mg.load_batch(1, preset=value)),
    *among("preset", lambda value: mg.initial_weights(preset=value)),
    *among("form", lambda value: mg.weight_grad(ONES, ONES, value)),
    *among("form", lambda value: mg.gradients(*parts(), value)),
    *among("name", lambda value: verify(value, *parts())),
    *[("normalise", TypeError, lambda value: mg.load_batch(1, value), value) for value in (1, 0, "no", np.True_, "lesson-2022")],
    *[("normalise", TypeError, lambda value: TrainingPlan(normalise=value), value) for value in (1, "no")],
    *tensor("inp", lambda value: mg.weight_grad(value, ONES), (3, 4)),
    *tensor("out_g", lambda value: mg.weight_grad(ONES, value), (3, 4)),
    *tensor("g", mg.column_variance, (3, 4)),
    *[
        case
        for name, shape in SHAPES.items()
        for case in tensor(name, lambda value, name=name: gradients(**{name: value}), shape)
        if name in ("inp", "targ") or not isinstance(case[-1], np.ndarray | list)  # which are taken
    ],
    *[
        (name, TypeError, lambda value, name=name: gradients(**{name: value}), torch.ones(SHAPES[name]).double())
        for name in SHAPES
    ],
    *[
        (name, ValueError, lambda value, name=name: gradients(**{name: value}), torch.ones(shape))
        for name, shapes in {
            "inp": [(784,), (3, 28, 28)],
            "targ": [(2,), (3, 2), (1, 3), ()],
            "w1": [(783, 2), (2, 784)],
            "b1": [(3,), (1, 2)],
            "w2": [(2, 10), (2,)],
            "b2": [(2,), ()],
        }.items()
        for shape in shapes
    ],
    *[("batch", TypeError, lambda value: mg.gradients(value, parts()[1]), value) for value in (ONES, (ONES, ONES), None)],
    *[("weights", TypeError, lambda value: mg.gradients(parts()[0], value), value) for value in (ONES, "lesson-2019", None)],
    *[("batch", TypeError, lambda value: autograd_gradients(value, parts()[1]), ARRAY)],
    *[("out_g", TypeError, lambda value: mg.weight_grad(ONES, value), ONES.double())],
    *[("g", ValueError, mg.column_variance, torch.ones(shape)) for shape in [(3,), (3, 2, 1), ()]],
    *[
        ("rows", TypeError, lambda value: mg.column_variance(ONES, value), value)
        for value in ("012", [0.0, 1.0], {0, 1}, torch.ones(2), object())
    ],
    *[
        ("rows", ValueError, lambda value: mg.column_variance(ONES, value), value)
        for value in ([3], [-4], [], [True, False], torch.ones(2, dtype=torch.bool), [[0, 1]], torch.tensor(1), [False] * 3)
    ],
]


@over("case", REFUSED)
def test_what_does_not_fit_is_refused_by_name(case: tuple[str, type[Exception], Callable[..., object], object]) -> None:
    name, kind, call, value = case
    with pytest.raises(kind) as raised:
        call(value)
    message = str(raised.value)
    assert re.search(rf"\b{name}\b", message.split(";")[0]), message
    assert re.search(r"allow|needed|budget", message)
    assert len(message) < 400
    assert "\n" not in message


@over("kind", [np.int8, np.uint8, np.int32, np.int64, np.uint64])
def test_numpys_integers_are_whole_numbers(kind: type) -> None:
    assert len(mg.load_batch(kind(3))) == 3
    assert torch.equal(mg.initial_weights(kind(2), kind(5)).w1, mg.initial_weights(2, 5).w1)
    assert len(mg.load_batch(3).first(kind(2))) == 2
    assert type(MeasurementPlan(kind(5)).largest) is int
    assert mg.weight_grad(ONES, ONES, "broadcast", budget=kind(100)).shape == (2, 2)


def test_rows_are_taken_in_every_form_of_a_list() -> None:
    expected = ONES.new_zeros(2)
    g = torch.tensor([[1.0, 2.0], [1.0, 2.0], [5.0, 7.0]])
    for rows in ([0, 1], (0, -2), np.array([0, 1]), torch.tensor([0, 1]), range(2), [True, True, False], np.array([1, 1, 0]) > 0):
        assert torch.equal(mg.column_variance(g, rows), expected)


@over(("batch", "weights"), [("lesson-2019", "lesson-2022"), ("lesson-2022", "lesson-2019")])
def test_pixels_of_one_preset_and_weights_of_the_other_are_refused(batch: str, weights: str) -> None:
    given, labels = (mg.load_batch(4, preset=batch), mg.initial_weights(3, preset=weights)), (PRESETS[batch], PRESETS[weights])
    calls: list[Callable[..., object]] = [mg.gradients, autograd_gradients, lambda *both: verify("w1", *both)]
    for call in calls:
        for one in (given[0], given[0].first(2)):
            with pytest.raises(ValueError, match=f"batch .*{labels[0].label}.* weights .*{labels[1].label}"):
                call(one, given[1])


@over("preset", PRESETS)
def test_a_choice_of_pixels_goes_with_any_weights(preset: str) -> None:
    weights = mg.initial_weights(3, preset=preset)
    own = mg.load_batch(5, preset=preset)
    for normalise in (True, False):
        batch = mg.load_batch(5, normalise)
        ours, reference = mg.gradients(batch, weights), autograd_gradients(batch, weights)
        for name in PARAMETERS:
            torch.testing.assert_close(getattr(ours, name), getattr(reference, name))
        assert torch.equal(batch.inp, own.inp) == (normalise == weights.preset.normalise)


@over(("n", "loss"), [(1_000, 4389.90), (50_000, 4308.76)])
def test_preset_of_2022_gives_the_losses_of_its_notebook(n: int, loss: float) -> None:
    """Its notebook's own numbers, by both ways to compute them, and its weights bit by bit."""
    batch, weights = mg.load_batch(n, preset="lesson-2022"), mg.initial_weights(preset="lesson-2022")
    with torch.random.fork_rng():
        torch.manual_seed(42)
        drawn: list[Tensor] = [torch.randn(784, 50), torch.randn(50, 1)]
    assert torch.equal(weights.w1, drawn[0]) and torch.equal(weights.w2, drawn[1])
    assert mg.gradients(batch, weights).loss.item() == pytest.approx(loss, abs=0.006)
    if n == 1_000:
        relu, lin_grad = weights.preset.relu, mg.lesson.lin_grad
        by_lesson = mg.lesson.forward_and_backward(
            batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2, relu, lin_grad
        )
        assert by_lesson.item() == pytest.approx(loss, abs=0.006)


def test_lessons_pass_refuses_to_guess_the_rectifier() -> None:
    batch, weights = parts()
    with pytest.raises(TypeError, match="relu"):
        mg.lesson.forward_and_backward(batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2)
