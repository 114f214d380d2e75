"""A training in a process of its own finds what one here finds, tells what it raises, and ends when it is not wanted."""

import os
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from waiting import until

from mnistgrad.network.data import MnistBatch, load_batch, validation_batch
from mnistgrad.training.comparison import Experiment, Key, run_experiment
from mnistgrad.training.descent import TrainingPlan, TrainingPoint
from mnistgrad.training.process import run_beside

Found = dict[tuple[Key, TrainingPoint], Tensor]


def found_by(run: Callable[..., object], experiment: Experiment, training: MnistBatch) -> tuple[Found, list[int]]:
    found: Found = {}
    steps = list(run(experiment, training, validation_batch().first(50), lambda key, point, w1: found.update({(key, point): w1})))
    return found, steps


def test_finds_what_a_training_here_finds(one_thread: None) -> None:
    experiment = Experiment(TrainingPlan(steps=3, images=20, nh=3), ("true", "mean-row"), seeds=2)
    training = load_batch(30).first(20)
    here, steps = found_by(run_experiment, experiment, training)
    beside, told = found_by(run_beside, experiment, training)
    assert here.keys() == beside.keys() and told == sorted(set(steps))
    assert all(torch.equal(here[one], beside[one]) for one in here)


def test_what_it_raises_is_raised_here() -> None:
    with pytest.raises(ValueError, match="training has 10 images"):
        found_by(run_beside, Experiment(TrainingPlan(steps=3, images=20, nh=3), ("true",), seeds=1), load_batch(10))


def test_ends_at_once_when_it_is_not_wanted() -> None:
    ends: list[Callable[[], None]] = []
    experiment = Experiment(TrainingPlan(steps=1_000, images=2_000), ("true",), seeds=1)
    given = experiment, load_batch(2_000), validation_batch(), lambda *_: None
    running = run_beside(*given, ends.append)
    assert next(running) == 0
    (end,) = ends
    end()
    with pytest.raises(RuntimeError, match="ended with code -15"):
        list(running)

    other = run_beside(*given)
    assert next(other) == 0
    (child,) = children()
    other.close()  # whoever asked has gone
    until(lambda: not children(), 30, lambda: f"{child} runs on")


def children() -> list[str]:
    """The processes of this one that train."""
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/stat") as stat, open(f"/proc/{process}/cmdline") as command:
                if int(stat.read().rpartition(")")[2].split()[1]) == os.getpid() and "training.process" in command.read():
                    found.append(process)
        except OSError:  # it has ended
            continue
    return found


@pytest.fixture
def one_thread() -> object:
    """As there: several would add in another order."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
