"""Engine, training and measurement on every device: what a GPU finds is what the CPU finds."""

from collections.abc import Iterator

import pytest
import torch

import mnistgrad as mg
from mnistgrad.common.devices import CPU, DEVICES, device_of, finish
from mnistgrad.cost import measuring
from mnistgrad.cost.measurement import MeasurementPlan, read
from mnistgrad.distributed.gradient import split_gradients
from mnistgrad.distributed.images import InMemory
from mnistgrad.distributed.shares import survey
from mnistgrad.distributed.workers import Workers
from mnistgrad.gradient.sweep import lit_pixels, sweep
from mnistgrad.gradient.weight_gradient import LAYERS, weight_gradient_of
from mnistgrad.network.data import MnistBatch, mnist
from mnistgrad.network.presets import Weights
from mnistgrad.training.comparison import Experiment
from mnistgrad.training.descent import TrainingPlan
from mnistgrad.training.stored import compare

CLOSE = dict(rtol=1e-4, atol=1e-5)


@pytest.fixture(params=DEVICES)
def device(request: pytest.FixtureRequest) -> torch.device:
    if request.param == "cuda" and not torch.cuda.is_available():
        pytest.skip("torch finds no GPU on this machine")
    return device_of(request.param)


def parts(device: torch.device, n: int = 700) -> tuple[MnistBatch, Weights]:
    return mg.load_batch(n).on(device), mg.initial_weights(9).on(device)


def test_gradients_are_those_of_autograd(device: torch.device) -> None:
    batch, weights = parts(device)
    found = mg.gradients(batch, weights)
    leaves = [getattr(weights, name).clone().requires_grad_() for name in ("w1", "b1", "w2", "b2")]
    w1, b1, w2, b2 = leaves
    out = ((batch.inp @ w1 + b1).clamp_min(0) - 0.5) @ w2 + b2
    (out.squeeze(-1) - batch.targ).square().mean().backward()
    for name, leaf in zip(("w1", "b1", "w2", "b2"), leaves, strict=True):
        assert getattr(found, name).device == device
        torch.testing.assert_close(getattr(found, name), leaf.grad, **CLOSE)


def test_what_is_true_of_a_gradient_is_the_same_everywhere(device: torch.device) -> None:
    for layer in LAYERS:
        found, expected = (weight_gradient_of(layer, *parts(each)) for each in (device, CPU))
        torch.testing.assert_close(found.g.cpu(), expected.g, **CLOSE)
        assert (found.distinct, found.rank, found.sizes) == (expected.distinct, expected.rank, expected.sizes)


def test_sweeps_and_split_sums_are_the_same_everywhere(device: torch.device) -> None:
    source, weights = mnist(), mg.initial_weights(9)
    pixels = lit_pixels(source.images, source.labels, [1, 500, 900])
    found, expected = (sweep(pixels, weights, device=each)["w1"] for each in (device, CPU))
    torch.testing.assert_close(found.full, expected.full, **CLOSE)
    assert [point.rank for point in found.points] == [point.rank for point in expected.points]
    images, workers = InMemory(source), Workers(device=device)
    split = split_gradients(images, 900, weights, True, survey(images, workers), workers)
    torch.testing.assert_close(split.w1.cpu(), expected.full, **CLOSE)


def test_training_goes_the_same_way_everywhere(device: torch.device) -> None:
    experiment = Experiment(TrainingPlan(steps=5, images=100, batch_size=30), ("true", "rank-1", "mean-row"), 1)
    found, expected = (compare(experiment, device=each) for each in (device, CPU))
    for key, points in expected.curves.items():
        assert [point.loss for point in found.curves[key]] == pytest.approx([point.loss for point in points], rel=1e-3)
        assert found.after[key[0]].device == CPU


@pytest.fixture
def few_runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(measuring, "SECONDS", 0.0)
    yield


def test_measurement_is_whole(device: torch.device, few_runs: None) -> None:
    found = read(measuring.measure(MeasurementPlan(largest=5, budget=1_000_000, nh=3), device))
    assert all(0 < cost.seconds.low <= cost.seconds.median for cost in found.costs)


def test_times_are_taken_once_the_device_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(measuring, "finish", lambda device: told.append("waited"))
    monkeypatch.setattr(measuring, "SECONDS", 0.0)
    measuring.times(lambda: told.append("ran"))
    assert told == ["waited", "ran", "waited"] * measuring.FEWEST


def test_a_gpu_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[torch.device] = []
    monkeypatch.setattr(torch.cuda, "synchronize", waited.append)
    for each in (CPU, torch.device("cuda", 1)):
        finish(each)
    assert waited == [torch.device("cuda", 1)]


def test_a_device_is_chosen_by_its_name_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert device_of("cpu", 3) == CPU
    with pytest.raises(ValueError, match=r"device is 'tpu'; allowed are 'cpu', 'cuda'"):
        device_of("tpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match="torch finds no GPU here"):
        device_of("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    torch.backends.cuda.matmul.allow_tf32 = True
    assert [device_of("cuda", place).index for place in range(3)] == [0, 1, 0] and not torch.backends.cuda.matmul.allow_tf32
