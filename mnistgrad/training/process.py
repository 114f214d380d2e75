"""A training as work for a process of its own: its many small steps would hold Python's lock."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from mnistgrad.network.data import MnistBatch
from mnistgrad.training.comparison import Experiment, Key, run_experiment
from mnistgrad.training.descent import TrainingPoint

Plain = tuple[Any, ...]
Told = int | tuple[Key, TrainingPoint, Any]  # the number of a step, once; or a point, and w1 there as an array


def train(tell: Callable[[Told], object], experiment: Experiment, training: Plain, validation: Plain) -> None:
    """As `run_experiment`, of `plain` images."""
    last = -1

    def take(key: Key, point: TrainingPoint, w1: Tensor) -> None:
        tell((key, point, w1.numpy()))

    for step in run_experiment(experiment, _batch(training), _batch(validation), take):
        if step != last:
            tell(last := step)


def plain(batch: MnistBatch) -> Plain:
    """Its own numbers alone: a tensor that is a view would take the whole one with it."""
    return tuple(part.numpy() for part in (batch.inp, batch.targ, batch.images, batch.labels))


def _batch(plain: Plain) -> MnistBatch:
    inp, targ, images, labels = map(torch.from_numpy, plain)
    return MnistBatch(inp, targ, images, labels)
