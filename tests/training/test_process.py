"""A training in a process of its own finds what one here finds, and tells what it raises."""

import pytest
import torch
from torch import Tensor

from mnistgrad.common import beside
from mnistgrad.common.beside import carry_out
from mnistgrad.network.data import load_batch, validation_batch
from mnistgrad.training.comparison import Experiment, Key, run_experiment
from mnistgrad.training.descent import TrainingPlan, TrainingPoint
from mnistgrad.training.process import Told, plain, train

Found = dict[tuple[Key, TrainingPoint], Tensor]


def test_finds_what_a_training_here_finds(one_thread: None) -> None:
    experiment = Experiment(TrainingPlan(steps=3, images=20, nh=3), ("true", "mean-row"), seeds=2)
    training, validation = load_batch(30).first(20), validation_batch().first(50)
    here: Found = {}
    steps = list(run_experiment(experiment, training, validation, lambda key, point, w1: here.update({(key, point): w1})))
    told: list[Told] = []
    carry_out(train, experiment, plain(training), plain(validation), take=told.append)
    found = {(each[0], each[1]): torch.from_numpy(each[2]) for each in told if isinstance(each, tuple)}
    assert here.keys() == found.keys() and [each for each in told if isinstance(each, int)] == sorted(set(steps))
    assert all(torch.equal(here[one], found[one]) for one in here)


def test_what_it_raises_is_raised_here() -> None:
    experiment = Experiment(TrainingPlan(steps=3, images=20, nh=3), ("true",), seeds=1)
    with pytest.raises(ValueError, match="training has 10 images"):
        carry_out(train, experiment, plain(load_batch(10)), plain(validation_batch().first(50)))


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a server."""
    monkeypatch.setattr(beside, "_many", True)


@pytest.fixture
def one_thread() -> object:
    """As there: several would add in another order."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
