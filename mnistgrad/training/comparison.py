"""Several ways to train and several seeds side by side."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from mnistgrad.common.arguments import one_of, whole_number
from mnistgrad.common.devices import CPU
from mnistgrad.common.shown import Brief
from mnistgrad.network.data import MnistBatch
from mnistgrad.network.seeds import seeds_from
from mnistgrad.training.descent import TRAINING_METHODS, TrainingPlan, TrainingPoint, train, weights_of

MOST_SEEDS = 5
SHOWN_UNITS = 12  # whose weights are kept

Key = tuple[str, int]  # a method and a seed


@dataclass(frozen=True)
class Experiment:
    """What to train: a plan with its first seed, the methods, and how many seeds, by `seeds_from`."""

    plan: TrainingPlan = field(default_factory=TrainingPlan)
    methods: tuple[str, ...] = tuple(TRAINING_METHODS)
    seeds: int = 3

    def __post_init__(self) -> None:
        whole_number("seeds", self.seeds, 1, MOST_SEEDS)
        for method in self.methods:
            one_of("method", method, TRAINING_METHODS)

    @property
    def plans(self) -> list[TrainingPlan]:
        """One for each seed."""
        return [replace(self.plan, seed=seed) for seed in seeds_from(self.plan.seed, self.seeds)]

    @property
    def keys(self) -> list[Key]:
        return [(method, plan.seed) for plan in self.plans for method in self.methods]


@dataclass(frozen=True, repr=False)
class Comparison(Brief):
    """What an experiment has found so far.

    curves: the points of each method and seed. before: w1 of the first seed (784, units), the first few units. after: the same
    as each method has it by now.
    """

    experiment: Experiment
    curves: Mapping[Key, Sequence[TrainingPoint]]
    before: Tensor
    after: Mapping[str, Tensor]

    def of(self, method: str) -> list[Sequence[TrainingPoint]]:
        """The curves of the method that have begun, one for each seed."""
        return [points for (name, _), points in self.curves.items() if name == method and points]

    def diverged(self, method: str) -> list[Sequence[TrainingPoint]]:
        return [points for points in self.of(method) if points[-1].diverged]

    def settled(self, method: str) -> list[Sequence[TrainingPoint]]:
        """The curves of the method that did not diverge."""
        return [points for points in self.of(method) if not points[-1].diverged]

    def median(self, method: str) -> list[TrainingPoint]:
        """The median over the seeds that did not diverge, as far as all of them have come."""
        return [
            TrainingPoint(
                points[0].step,
                statistics.median(point.loss for point in points),
                statistics.median(point.accuracy for point in points if point.accuracy is not None),
            )
            for points in zip(*self.settled(method), strict=False)
        ]

    def last(self, method: str) -> TrainingPoint | None:
        """The end of the median; None where every seed diverged or none has begun."""
        median = self.median(method)
        return median[-1] if median else None

    @property
    def stopped(self) -> bool:
        """Some training has begun and neither come to its last step nor diverged."""
        ends = [points[-1] for points in self.curves.values() if points]
        return any(end.step < self.experiment.plan.steps and not end.diverged for end in ends)

    @property
    def methods(self) -> list[str]:
        """The methods that have begun."""
        return [method for method in self.experiment.methods if self.of(method)]


def run_experiment(
    experiment: Experiment,
    training: MnistBatch,
    validation: MnistBatch,
    take: Callable[[Key, TrainingPoint, Tensor], None],
    device: torch.device = CPU,
) -> Iterator[int]:
    """All trainings of the experiment side by side, a step of one after that of another; yields the number of the step.

    take: told each point of a training, with the first units of its w1 now (784, units), a copy. device: that trains.
    """
    training, validation = training.on(device), validation.on(device)
    weights = {(method, plan.seed): weights_of(plan).on(device) for plan in experiment.plans for method in experiment.methods}
    trainings = [
        train(plan, method, training, validation, weights[method, plan.seed])
        for plan in experiment.plans
        for method in experiment.methods
    ]
    for step in range(experiment.plan.steps + 1):
        for key, training_of_key in zip(weights, trainings, strict=True):
            if point := next(training_of_key, None):
                take(key, point, weights[key].w1[:, :SHOWN_UNITS].to(CPU, copy=True))
            yield step
