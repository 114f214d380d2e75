"""What tests have several workers do at once: each case's result, of the first worker, in a file that torch reads."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from mnistgrad.distributed.gradient import SUMMED, split_gradients
from mnistgrad.distributed.images import InMemory
from mnistgrad.distributed.shares import survey
from mnistgrad.distributed.sweep import Steps, reaches_at, split_sweep
from mnistgrad.distributed.training import split_training
from mnistgrad.distributed.workers import Workers, joined
from mnistgrad.gradient.sweep import counts_to
from mnistgrad.network.data import mnist
from mnistgrad.network.presets import Weights, initial_weights
from mnistgrad.training.comparison import Experiment
from mnistgrad.training.descent import TRAINING_METHODS, TrainingPlan

IMAGES = InMemory(mnist())
FEW = InMemory(replace(mnist(), images=mnist().images[:601], labels=mnist().labels[:601]))  # so that few are to be tested with
COUNTS = (1, 3, 501, 2_501)  # fewer than workers, and no multiple of them
SWEPT, UNITS = 2_501, 20
PLANS = (
    TrainingPlan(steps=6, images=101, rate=0.5),
    TrainingPlan(steps=6, images=101, batch_size=3),
    TrainingPlan("mse", 0.005, steps=4, images=31),
)
EXPERIMENTS = tuple(Experiment(plan, tuple(TRAINING_METHODS), 1) for plan in PLANS)


def results(workers: Workers) -> dict[str, Any]:
    known, weights = survey(IMAGES, workers), initial_weights(UNITS)
    found: dict[str, Any] = {}
    for n in COUNTS:
        whole = split_gradients(IMAGES, n, weights, True, known, workers)
        found[f"gradient {n}"] = {name: getattr(whole, name) for name in SUMMED}
    steps = Steps(reaches_at(IMAGES, counts_to(SWEPT), workers), {})
    swept = split_sweep(IMAGES, steps, weights, known.moments(True), workers)
    found["sweep"] = {layer: (vars_of(each.points), each.full) for layer, each in swept.items()}
    for place, experiment in enumerate(EXPERIMENTS):
        curves = split_training(experiment, FEW, survey(FEW, workers), workers)
        found[f"training {place}"] = {key: [vars(point) for point in of] for key, of in curves.items()}
    return found


def vars_of(points: Any) -> list[dict[str, Any]]:
    return [vars(point) | {"away": vars(point.away) if point.away else None} for point in points]


def averaged_by_torch(workers: Workers, n: int, weights: Weights) -> dict[str, Tensor]:
    """Each gradient, in the lesson's shape, by DistributedDataParallel, which averages what each worker finds."""
    l1, l2 = nn.Linear(784, UNITS), nn.Linear(UNITS, 1)
    for layer, w, b in ((l1, weights.w1, weights.b1), (l2, weights.w2, weights.b2)):
        layer.weight.data, layer.bias.data = w.t().clone(), b.clone()

    class Lesson(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.l1, self.l2 = l1, l2

        def forward(self, inp: Tensor) -> Tensor:
            return self.l2(self.l1(inp).clamp_min(0) - 0.5)

    model = DistributedDataParallel(Lesson())
    own = workers.share(0, n)
    source = IMAGES.source
    inp = (source.images[own].reshape(-1, 784).float() / 256 - source.mean) / source.std
    errors = model(inp).squeeze(-1) - source.labels[own].float()
    (errors.square().sum() * workers.count / n).backward()
    return dict(w1=l1.weight.grad.t(), b1=l1.bias.grad, w2=l2.weight.grad.t(), b2=l2.bias.grad)


if __name__ == "__main__":
    with joined() as workers:
        found = results(workers)
        found["ddp"] = averaged_by_torch(workers, SWEPT, initial_weights(UNITS))
        if workers.first:
            torch.save(found, Path(sys.argv[1]))
