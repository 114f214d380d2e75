"""A run of the default experiments, alone and two at once."""

import time
from collections.abc import Callable

import pytest
from benchmarks.ruler import Found

from mnistgrad.app.kept.training_runs import TrainingRun
from mnistgrad.network.data import load_batch, validation_batch
from mnistgrad.training.stored import START_RATES, default_experiment


@pytest.mark.parametrize("network", START_RATES)
def test_two_runs_beside_one(network: str, tell: Callable[[Found], None]) -> None:
    experiment = default_experiment(network)
    training, validation = load_batch(experiment.plan.images), validation_batch(True)

    def seconds(readers: int) -> float:
        begun = time.perf_counter()
        runs = [TrainingRun(experiment, training, validation) for _ in range(readers)]
        for run in runs:
            run.wait(600)
        return time.perf_counter() - begun

    seconds(1)  # warms up
    tell(Found(f"two trainings of {network} at once", seconds(2), seconds(1), "s", "one"))
