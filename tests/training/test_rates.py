"""How trainings end at each rate: against plain runs, the other stored result, and hand-made layers."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from loops import over

from mnistgrad.common.data_files import DataFileError
from mnistgrad.network.data import MnistBatch, load_batch, validation_batch
from mnistgrad.network.networks import NETWORKS, forward, loss_of
from mnistgrad.training import measuring, rates
from mnistgrad.training.comparison import Experiment
from mnistgrad.training.descent import RATES, TRAINING_METHODS, TrainingPlan, train, weights_of
from mnistgrad.training.rates import Ending, RateStudy, ending_of, stored_study, studied_when, study
from mnistgrad.training.stored import START_RATES, default_experiment, stored_comparison

PLAN = TrainingPlan(steps=7, images=40, nh=6, seed=3)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> MnistBatch:
    """To be quick, so many of the held-back images are read."""
    whole = validation_batch(True)
    held_back = MnistBatch(whole.inp[:300], whole.targ[:300], whole.images[:300], whole.labels[:300])
    monkeypatch.setattr(rates, "_images", lambda count, normalise: (load_batch(count, normalise), held_back))
    return held_back


@pytest.mark.parametrize("method", TRAINING_METHODS)
@pytest.mark.parametrize(("network", "rate"), [("cross-entropy", 0.5), ("mse", 0.01), ("mse", 1.0)])
def test_an_ending_is_that_of_a_plain_run(method: str, network: str, rate: float, few: MnistBatch) -> None:
    plan = replace(PLAN, network=network, rate=rate)
    batch, weights = load_batch(plan.images), weights_of(plan)
    points = [point for point in train(plan, method, batch, few, weights) if point]
    found = ending_of(plan, method)
    assert found.point == points[-1]
    on = forward(batch.inp, weights)[0] > 0
    assert found.on == pytest.approx(on.double().mean().item(), abs=1e-6)
    assert found.dead == pytest.approx(sum(not unit.any() for unit in on.t()) / plan.nh, abs=1e-6)
    start = weights_of(plan).w1
    assert found.moved == pytest.approx((weights.w1 - start).norm().item() / start.norm().item(), rel=1e-4)


def test_uphill_is_a_step_that_raises_the_loss_when_only_w1_takes_a_short_one(few: MnistBatch) -> None:
    plan = replace(PLAN, steps=1, images=30, nh=3, seed=0)
    batch, weights = load_batch(plan.images), weights_of(plan)
    before = loss_of(NETWORKS[plan.network], batch.inp, batch.labels, weights)
    leaves = [tensor.clone().requires_grad_() for tensor in (weights.w1, weights.b1, weights.w2, weights.b2)]
    l1 = batch.inp @ leaves[0] + leaves[1]
    l1.retain_grad()
    out = (l1.relu() - weights.preset.relu_shift) @ leaves[2] + leaves[3]
    torch.nn.functional.cross_entropy(out, batch.labels).backward()
    seen = set()
    for method, taken in TRAINING_METHODS.items():
        moved = weights_of(plan)
        moved.w1.sub_(taken(batch.inp, l1.grad), alpha=0.02)
        after = loss_of(NETWORKS[plan.network], batch.inp, batch.labels, moved)
        uphill = ending_of(plan, method).uphill
        assert uphill == (after > before + 1e-7), method
        seen.add(uphill)
    assert seen == {0.0, 1.0}


def test_a_study_holds_every_method_rate_and_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also written and read again, by the command."""
    experiment = Experiment(replace(PLAN, steps=2), ("true", "frozen"), 2)
    monkeypatch.setattr(rates, "NETWORKS", {"cross-entropy": NETWORKS["cross-entropy"]})
    monkeypatch.setattr(rates, "default_experiment", lambda network: experiment)
    monkeypatch.setattr(rates, "study", lambda of: study(of, (0.1, 1.0)))
    out = tmp_path / "rates.json"
    measuring.main(["--rates", f"--out={out}"])
    monkeypatch.setattr(rates, "FILE", out)
    rates._stored.cache_clear()
    try:
        found = stored_study("cross-entropy")
    finally:
        rates._stored.cache_clear()
    assert found.rates == (0.1, 1.0) and [*tmp_path.iterdir()] == [out]
    assert [*found.endings] == [(m, rate, seed) for rate in (0.1, 1.0) for seed in (3, 4) for m in ("true", "frozen")]
    for (method, rate, seed), ending in found.endings.items():
        alone = ending_of(replace(experiment.plan, rate=rate, seed=seed), method)
        assert ending.point.loss == pytest.approx(alone.point.loss, rel=1e-3) and ending.moved == pytest.approx(
            alone.moved, rel=1e-3
        )


@over("network", START_RATES)
def test_stored_study_ends_as_the_stored_curves_do(network: str) -> None:
    found, curves = stored_study(network), stored_comparison(network)
    rate = START_RATES[network]
    assert found.experiment == default_experiment(network) and found.rates == RATES and "torch" in studied_when()
    for (method, seed), points in curves.curves.items():
        end = found.endings[method, rate, seed].point
        assert end.step == points[-1].step and end.loss == pytest.approx(points[-1].loss, rel=1e-2)
        assert end.accuracy == pytest.approx(points[-1].accuracy, abs=0.005)


def ended(*values: float | None, network: str = "cross-entropy", rate: float = 0.1) -> dict[tuple[str, float, int], Ending]:
    return {
        ("true", rate, seed): Ending(rates.TrainingPoint(9, 2.0 if value is None else value, value), 0.5, 0.0, 0.1, 0.0)
        for seed, value in enumerate(values)
    }


def test_the_end_is_the_median_of_what_settled_and_the_best_is_where_all_did() -> None:
    experiment = Experiment(TrainingPlan(steps=9), ("true",), 3)
    endings = ended(0.2, 0.4, 0.3) | ended(0.9, None, 0.7, rate=0.2) | ended(None, None, None, rate=0.5)
    found = RateStudy(experiment, (0.1, 0.2, 0.5), endings, 0.5)
    assert [found.end("true", rate) for rate in found.rates] == [0.3, pytest.approx(0.8), None]
    assert [len(found.diverged("true", rate)) for rate in found.rates] == [0, 1, 3]
    assert found.best("true") == (0.1, 0.3)
    lesson = replace(found, experiment=replace(experiment, plan=TrainingPlan("mse", 0.1, 9)))
    assert lesson.best("true") == (0.1, 0.3) and lesson.end("true", 0.2) == pytest.approx(0.8)
    assert replace(found, endings=ended(None, 0.1, 0.1), rates=(0.1,)).best("true") is None


def test_broken_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "FILE", tmp_path / "rates.json")
    rates._stored.cache_clear()
    try:
        with pytest.raises(DataFileError, match=r"rates\.json is missing"):
            stored_study("mse")
    finally:
        rates._stored.cache_clear()
