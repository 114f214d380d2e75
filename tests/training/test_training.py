"""Training by hand against torch's autograd and SGD, and what each replacement of w1.g is."""

import math
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over
from torch import Tensor

from mnistgrad.common.data_files import DataFileError
from mnistgrad.network.data import TRAINING_IMAGES, MnistBatch, load_batch, mnist, validation_batch
from mnistgrad.network.networks import NETWORKS, network_gradients, starting_weights
from mnistgrad.network.presets import LARGEST_SEED, PRESETS, Weights, initial_weights
from mnistgrad.training import stored as stored_file
from mnistgrad.training.comparison import Experiment, run_experiment
from mnistgrad.training.descent import (
    DIVERGED,
    MEASURED,
    TRAINING_METHODS,
    TrainingPlan,
    TrainingPoint,
    best_rank_1,
    measured_steps,
    train,
    weights_of,
)
from mnistgrad.training.stored import START_RATES, compare, default_experiment, stored_comparison, when_measured

SMALL = TrainingPlan(rate=0.1, steps=6, images=40, nh=7, seed=3)


@lru_cache(maxsize=2)
def held_back(normalise: bool = True) -> MnistBatch:
    """A few of them, to be quick."""
    whole = validation_batch(normalise)
    return MnistBatch(whole.inp[:300], whole.targ[:300], whole.images[:300], whole.labels[:300])


def points_of(plan: TrainingPlan, method: str) -> tuple[list[TrainingPoint], Weights]:
    weights = weights_of(plan)
    batch = load_batch(plan.images, plan.normalise)
    items = list(train(plan, method, batch, held_back(plan.normalise), weights))
    return [item for item in items if item], weights


def torch_loss(network: str, out: Tensor, labels: Tensor) -> Tensor:
    if network == "mse":
        return torch.nn.functional.mse_loss(out.squeeze(-1), labels.to(out.dtype))
    return torch.nn.functional.cross_entropy(out, labels)


def with_svd(g: Tensor) -> Tensor:
    u, s, vh = torch.linalg.svd(g, full_matrices=False)
    return s[0] * torch.outer(u[:, 0], vh[0])


REPLACED = {
    "true": lambda g: g,
    "rank-1": with_svd,
    "mean-row": lambda g: torch.ones(len(g), 1) @ g.sum(0, keepdim=True) / len(g),
    "printed-row": lambda g: torch.stack([g[0]] * len(g)),
    "frozen": lambda g: 0 * g,
}


def by_autograd(plan: TrainingPlan, method: str) -> tuple[list[float], list[float], list[Tensor]]:
    """Losses and accuracies before each step and after the last, by torch's modules, autograd and SGD."""
    start, batch, other = weights_of(plan), load_batch(plan.images, plan.normalise), held_back(plan.normalise)
    first, second = torch.nn.Linear(784, plan.nh), torch.nn.Linear(plan.nh, NETWORKS[plan.network].outputs)
    shift = PRESETS[plan.preset].relu_shift
    with torch.no_grad():
        for layer, w, b in ((first, start.w1, start.b1), (second, start.w2, start.b2)):
            layer.weight.copy_(w.t())
            layer.bias.copy_(b)
    trained = [second.weight, second.bias, first.weight] + ([] if method == "frozen" else [first.bias])
    sgd = torch.optim.SGD(trained, lr=plan.rate)
    losses, accuracies = [], []
    for step in range(plan.steps + 1):
        sgd.zero_grad()
        loss = torch_loss(plan.network, second(torch.relu(first(batch.inp)) - shift), batch.labels)
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            out = second(torch.relu(first(other.inp)) - shift)
            first.weight.grad = REPLACED[method](first.weight.grad.t()).t()
        digits = range(10)
        read = [
            min(digits, key=lambda digit: abs(digit - row[0])) if plan.network == "mse" else max(digits, key=lambda d: row[d])
            for row in out.tolist()
        ]
        accuracies.append(sum(a == b for a, b in zip(read, other.labels.tolist(), strict=True)) / len(read))
        if step < plan.steps:
            sgd.step()
    return losses, accuracies, [first.weight.t(), first.bias, second.weight.t(), second.bias]


@over("method", TRAINING_METHODS)
@over(
    ("network", "rate", "preset"),
    [("cross-entropy", 0.1, "lesson-2019"), ("mse", 0.005, "lesson-2019"), ("cross-entropy", 0.001, "lesson-2022")],
)
def test_training_agrees_with_autograd_and_sgd_with_the_gradient_replaced(
    method: str, network: str, rate: float, preset: str
) -> None:
    plan = replace(SMALL, network=network, rate=rate, preset=preset, normalise=PRESETS[preset].normalise)
    points, weights = points_of(plan, method)
    losses, accuracies, expected = by_autograd(plan, method)
    assert [point.step for point in points] == list(range(plan.steps + 1))
    assert [point.loss for point in points] == pytest.approx(losses, rel=1e-4)
    assert [point.accuracy for point in points] == pytest.approx(accuracies, abs=1.5 / 300)
    for ours, theirs in zip((weights.w1, weights.b1, weights.w2, weights.b2), expected, strict=True):
        torch.testing.assert_close(ours, theirs.detach(), rtol=1e-3, atol=1e-5)


@over("network", NETWORKS)
@over("preset", PRESETS)
def test_gradients_by_hand_are_autograds(network: str, preset: str) -> None:
    start = starting_weights(network, 6, 2, preset).to(torch.float64)
    batch = load_batch(11)
    leaves = [t.clone().requires_grad_() for t in (start.w1, start.b1, start.w2, start.b2)]
    inp = batch.inp.double()
    w1, b1, w2, b2 = leaves
    loss = torch_loss(network, start.preset.relu(inp @ w1 + b1) @ w2 + b2, batch.labels)
    expected = torch.autograd.grad(loss, leaves)
    ours = network_gradients(NETWORKS[network], inp, batch.labels, start)
    torch.testing.assert_close(ours.loss, loss.detach())
    for mine, theirs in zip((ours.w1, ours.b1, ours.w2, ours.b2), expected, strict=True):
        torch.testing.assert_close(mine, theirs)


@settings(max_examples=30, derandomize=True)
@given(st.integers(1, 9), st.integers(1, 6), st.integers(0, 99))
def test_best_rank_1_is_the_leading_singular_triple(rows: int, columns: int, seed: int) -> None:
    g = torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    values = torch.linalg.svdvals(g)
    left = g - best_rank_1(g)
    assert left.norm().item() == pytest.approx(values[1:].norm().item(), abs=1e-6)
    assert torch.linalg.matrix_rank(best_rank_1(g)) == 1


def test_copied_rows_and_a_frozen_layer_move_as_they_say() -> None:
    before = weights_of(SMALL)
    for method in ("mean-row", "printed-row"):
        change = points_of(SMALL, method)[1].w1 - before.w1
        assert change.abs().max() > 1e-4
        torch.testing.assert_close(change, change[:1].expand_as(change), rtol=0, atol=1e-6)
    frozen = points_of(SMALL, "frozen")[1]
    assert torch.equal(frozen.w1, before.w1) and torch.equal(frozen.b1, before.b1)
    assert not torch.equal(frozen.w2, before.w2) and not torch.equal(frozen.b2, before.b2)


def test_every_method_and_both_networks_start_from_the_same_first_layer() -> None:
    for network in NETWORKS:
        plan = replace(SMALL, network=network)
        assert torch.equal(weights_of(plan).w1, initial_weights(plan.nh, plan.seed).w1)
        assert len({points_of(plan, method)[0][0] for method in TRAINING_METHODS}) == 1
    assert weights_of(SMALL).w2.shape == (7, 10)
    assert not torch.equal(weights_of(SMALL).w2.flatten(), weights_of(SMALL).w1.flatten()[:70])


def test_mini_batches_take_every_image_once_before_any_again(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Tensor] = []
    batch = load_batch(10)
    monkeypatch.setattr(
        "mnistgrad.training.descent.network_gradients",
        lambda network, inp, *rest: (seen.append(inp), network_gradients(network, inp, *rest))[1],
    )
    plan = TrainingPlan(steps=8, images=10, batch_size=4, nh=3)
    points = [p for p in train(plan, "true", batch, held_back(), weights_of(plan)) if p]
    assert [len(inp) for inp in seen] == [4, 4, 2] * 3
    for epoch in range(3):
        rows = torch.cat(seen[3 * epoch : 3 * epoch + 3])
        assert {tuple(row) for row in rows.tolist()} == {tuple(row) for row in batch.inp.tolist()}
    assert not torch.equal(torch.cat(seen[:3]), torch.cat(seen[3:6]))
    whole = network_gradients(NETWORKS[plan.network], batch.inp, batch.labels, weights_of(plan)).loss
    assert points[0].loss == pytest.approx(whole.item())


def test_run_that_grows_beyond_the_limit_ends_and_says_so() -> None:
    plan = TrainingPlan("mse", 1.0, 50, images=30, nh=5)
    points, _ = points_of(plan, "true")
    assert points[-1].diverged and points[-1].step < 50
    losses = by_autograd(replace(plan, steps=points[-1].step), "true")[0]
    assert [loss > DIVERGED * losses[0] for loss in losses] == [False] * points[-1].step + [True]
    assert not any(point.diverged for point in points[:-1])


@over("steps", [1, 2, 7, 60, 150, 1_000])
def test_measured_steps_begin_end_and_spread(steps: int) -> None:
    at = measured_steps(steps)
    assert at[0] == 0 and at[-1] == steps and at == sorted(set(at)) and len(at) == min(steps, MEASURED) + 1
    gaps = [b - a for a, b in pairwise(at)]
    assert sum(gaps[: len(gaps) // 2]) <= sum(gaps[len(gaps) // 2 :])


@over("normalise", [True, False])
def test_validation_images_are_the_last_with_the_training_pixels(normalise: bool) -> None:
    batch, source = validation_batch(normalise), mnist()
    assert len(batch) == 10_000 and torch.equal(batch.labels, source.labels[TRAINING_IMAGES:].long())
    pixels = source.images[-1].flatten().double() / 256
    expected = (pixels - 0.1304) / 0.3073 if normalise else pixels
    torch.testing.assert_close(batch.inp[-1].double(), expected, rtol=0, atol=2e-3)


@over(
    ("bad", "error"),
    [
        (dict(network="rnn"), ValueError),
        (dict(rate=0.3), ValueError),
        (dict(steps=0), ValueError),
        (dict(steps=1.5), TypeError),
        (dict(images=50_001), ValueError),
        (dict(batch_size=41), ValueError),
        (dict(preset="2030"), ValueError),
    ],
)
def test_bad_plan_is_refused(bad: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error, match=next(iter(bad))):
        replace(SMALL, **bad)


def test_bad_method_and_wrong_images_are_refused() -> None:
    batch = load_batch(5)
    with pytest.raises(ValueError, match="method"):
        next(train(SMALL, "mean", batch, held_back(), weights_of(SMALL)))
    with pytest.raises(ValueError, match="40 of the plan"):
        next(train(SMALL, "true", batch, held_back(), weights_of(SMALL)))
    with pytest.raises(ValueError, match="seeds"):
        Experiment(SMALL, seeds=6)


def test_side_by_side_gives_what_each_gives_alone() -> None:
    experiment = Experiment(SMALL, ("true", "mean-row"), seeds=2)
    found: dict[tuple[str, int], list[TrainingPoint]] = {key: [] for key in experiment.keys}
    batch = load_batch(SMALL.images)
    steps = list(run_experiment(experiment, batch, held_back(), lambda key, point, w1: found[key].append(point)))
    assert steps == [step for step in range(SMALL.steps + 1) for _ in experiment.keys]
    for plan in experiment.plans:
        for method in experiment.methods:
            assert found[method, plan.seed] == points_of(plan, method)[0]


def test_seeds_before_the_largest_are_compared_with_it() -> None:
    last = Experiment(replace(SMALL, seed=LARGEST_SEED), seeds=3)
    assert [plan.seed for plan in last.plans] == [LARGEST_SEED, LARGEST_SEED - 2, LARGEST_SEED - 1]


def test_comparison_takes_the_median_of_what_did_not_diverge() -> None:
    found = replace(
        compare(Experiment(replace(SMALL, steps=1), ("true",), 3)),
        curves={
            ("true", 3): [TrainingPoint(0, 2.0, 0.1), TrainingPoint(1, 1.0, 0.5)],
            ("true", 4): [TrainingPoint(0, 4.0, 0.3), TrainingPoint(1, 9.0, 0.9), TrainingPoint(2, 9.0, 0.9)],
            ("true", 5): [TrainingPoint(0, 2.0, 0.1), TrainingPoint(1, math.inf, None)],
        },
    )
    assert found.median("true") == [TrainingPoint(0, 3.0, 0.2), TrainingPoint(1, 5.0, 0.7)]
    assert found.last("true") == TrainingPoint(1, 5.0, 0.7) and len(found.diverged("true")) == 1
    assert found.last("frozen") is None and found.methods == ["true"]


@over("network", START_RATES)
def test_stored_result_is_what_the_first_steps_give(network: str) -> None:
    experiment, kept = default_experiment(network), stored_comparison(network)
    assert set(kept.curves) == set(experiment.keys) == {(m, s) for m in TRAINING_METHODS for s in (0, 1, 2)}
    plan, validation = experiment.plan, validation_batch(True)
    batch = load_batch(plan.images)
    for method in TRAINING_METHODS:
        items = train(plan, method, batch, validation, weights_of(plan))
        first = [point for point in (next(items) for _ in range(4)) if point]
        for ours, theirs in zip(first, kept.curves[method, 0], strict=False):
            assert ours.step == theirs.step and ours.loss == pytest.approx(theirs.loss, rel=1e-3)
            assert ours.accuracy == pytest.approx(theirs.accuracy, abs=0.002)
    assert all(points[-1].step == plan.steps for points in kept.curves.values())


@pytest.mark.parametrize("broken", [None, "", "[]", "{}", "cut", "altered"], ids=str)
def test_broken_stored_file_is_told_with_its_remedy(broken: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, path = stored_file.FILE.read_text(), tmp_path / "training.json"
    if broken is not None:
        path.write_text({"cut": whole[:-200], "altered": whole.replace("0.8959", "0.9959")}.get(broken, broken))
    monkeypatch.setattr(stored_file, "FILE", path)
    stored_file._stored.cache_clear()
    for read in (lambda: stored_comparison("mse"), when_measured):
        with pytest.raises(DataFileError, match=r"training\.json .*install mnistgrad again"):
            read()
    path.write_text(whole)
    assert stored_comparison("mse").curves  # a failure is not kept


def test_stored_weights_show_what_each_method_can_learn() -> None:
    kept = stored_comparison("cross-entropy")
    spread = {method: float((after - kept.before).std(0).max()) for method, after in kept.after.items()}
    assert spread["true"] > 0.01 and spread["rank-1"] > 0.01
    assert max(spread["mean-row"], spread["printed-row"], spread["frozen"]) < 1e-6
