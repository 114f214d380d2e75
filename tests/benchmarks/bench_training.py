"""Seconds that a run of the default experiments takes, alone and two at once. Run with -s to see the figures."""

import time

import pytest

from mnistgrad.app.kept.training_runs import TrainingRun
from mnistgrad.network.data import load_batch, validation_batch
from mnistgrad.training.stored import START_RATES, default_experiment


@pytest.mark.parametrize("network", START_RATES)
@pytest.mark.parametrize("readers", [1, 2])
def test_default_run(network: str, readers: int) -> None:
    experiment = default_experiment(network)
    training, validation = load_batch(experiment.plan.images), validation_batch(True)
    begun = time.perf_counter()
    runs = [TrainingRun(experiment, training, validation) for _ in range(readers)]
    for run in runs:
        run.wait(600)
    print(f"\n{network}, {readers} at once: {time.perf_counter() - begun:.1f} s")
