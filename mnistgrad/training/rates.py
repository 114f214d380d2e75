"""Is it the rate? How the default experiments end at each rate that can be chosen, measured once and kept in the package.

`python -m mnistgrad.training.measuring --rates` measures them again and writes the file.
"""

import statistics
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch

from mnistgrad.common import numbers
from mnistgrad.network.data import MnistBatch, load_batch, validation_batch
from mnistgrad.network.networks import NETWORKS, forward, network_gradients
from mnistgrad.network.presets import Weights
from mnistgrad.training.comparison import Experiment
from mnistgrad.training.descent import RATES, TRAINING_METHODS, TrainingPlan, TrainingPoint, train, weights_of
from mnistgrad.training.stored import default_experiment, read_record, when, whole, write_record

FILE = Path(__file__).parent / "rates.json"

Place = tuple[str, float, int]  # a method, a rate and a seed


@dataclass(frozen=True)
class Ending:
    """How a training ended: its last point, and its first layer then.

    on: the share of training images for which a hidden unit passes anything on, over all units. dead: the share of hidden
    units that pass on nothing for any of them. moved: how far w1 came from its start, as a share of the start's norm.
    uphill: the share of the measured steps at which what was taken for w1.g pointed against the true one.
    """

    point: TrainingPoint
    on: float
    dead: float
    moved: float
    uphill: float


@dataclass(frozen=True)
class RateStudy:
    """How an experiment ends at each of some rates; its plan's own rate counts for nothing.

    start: the share of training images for which a hidden unit is on before the first step.
    """

    experiment: Experiment
    rates: Sequence[float]
    endings: Mapping[Place, Ending]
    start: float

    @cached_property
    def seeds(self) -> list[int]:
        return [plan.seed for plan in self.experiment.plans]

    @property
    def digits(self) -> bool:
        """Whether an end is the share of digits read right; else the loss."""
        return self.experiment.plan.network != "mse"

    def of(self, method: str, rate: float) -> list[Ending]:
        """One for each seed; none where it was not studied."""
        return [self.endings[method, rate, seed] for seed in self.seeds if (method, rate, seed) in self.endings]

    def settled(self, method: str, rate: float) -> list[Ending]:
        """Those that did not diverge."""
        return [ending for ending in self.of(method, rate) if not ending.point.diverged]

    def diverged(self, method: str, rate: float) -> list[Ending]:
        return [ending for ending in self.of(method, rate) if ending.point.diverged]

    def end(self, method: str, rate: float) -> float | None:
        """The median over the seeds that did not diverge; None where all did."""
        ends = [self.value(ending.point) for ending in self.settled(method, rate)]
        return statistics.median(ends) if ends else None

    def value(self, point: TrainingPoint) -> float:
        """What counts of a training that did not diverge: its accuracy or its loss."""
        return (point.accuracy or 0.0) if self.digits else point.loss

    def best(self, method: str) -> tuple[float, float] | None:
        """The rate at which the method ends best, and that end, of those where no seed diverged; None where there are none."""
        ends = [(rate, end) for rate in self.rates if not self.diverged(method, rate) and (end := self.end(method, rate))]
        return (max if self.digits else min)(ends, key=lambda place: place[1], default=None)


def ending_of(plan: TrainingPlan, method: str) -> Ending:
    """Train to the end, here and now."""
    training, validation = _images(plan.images, plan.normalise)
    weights = weights_of(plan)
    start = weights.w1.clone()
    points, uphill = [], []
    for point in filter(None, train(plan, method, training, validation, weights)):
        points.append(point)
        if not point.diverged and point.step < plan.steps:
            uphill.append(_is_uphill(plan, method, training, weights))
    lit = _lit(weights, training)
    moved = (weights.w1 - start).norm() / start.norm()
    return Ending(points[-1], lit.mean().item(), (lit == 0).double().mean().item(), moved.item(), sum(uphill) / len(uphill))


def _is_uphill(plan: TrainingPlan, method: str, training: MnistBatch, weights: Weights) -> bool:
    """Whether a step with the method raises the loss over all images, to first order, as far as it is w1's."""
    of = (NETWORKS[plan.network], training.inp, training.labels, weights)
    true, taken = (network_gradients(*of, TRAINING_METHODS[name]).w1 for name in ("true", method))
    return bool((true * taken).sum() < 0)


def study(experiment: Experiment, rates: Sequence[float] = RATES) -> RateStudy:
    """Train the experiment at each of the rates, on all cores."""
    plans = {(m, rate, p.seed): replace(p, rate=rate) for rate in rates for p in experiment.plans for m in experiment.methods}
    methods = [method for method, _, _ in plans]
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=torch.set_num_threads, initargs=(1,)) as pool:
        endings = dict(zip(plans, pool.map(ending_of, plans.values(), methods), strict=True))
    return RateStudy(experiment, rates, endings, _on_at_start(experiment))


def store(path: Path = FILE) -> None:
    """Study both default experiments and write what came out, all or nothing. Raises OSError before, where it cannot."""
    write_record(path, lambda: {network: _record(study(default_experiment(network))) for network in NETWORKS})


def stored_study(network: str) -> RateStudy:
    """Of the network's default experiment. It is shared and must not be changed. Raises DataFileError."""
    return _stored()[1][network]


def studied_when() -> str:
    """The date, and the version of torch. Raises DataFileError."""
    return _stored()[0]


@cache
def _stored() -> tuple[str, dict[str, RateStudy]]:
    content = read_record(FILE)
    with whole(FILE):
        return when(content), {network: _read(network, content["networks"][network]) for network in NETWORKS}


@lru_cache(maxsize=2)
def _images(count: int, normalise: bool) -> tuple[MnistBatch, MnistBatch]:
    return load_batch(count, normalise), validation_batch(normalise)


def _lit(weights: Weights, training: MnistBatch) -> torch.Tensor:
    """(nh,): for each unit the share of images for which it is on."""
    return (forward(training.inp, weights)[0] > 0).double().mean(0)


def _on_at_start(experiment: Experiment) -> float:
    training, _ = _images(experiment.plan.images, experiment.plan.normalise)
    return statistics.median(_lit(weights_of(plan), training).mean().item() for plan in experiment.plans)


def _record(found: RateStudy) -> dict[str, Any]:
    rows = []
    for place, ending in found.endings.items():
        point, first_layer = ending.point, (ending.on, ending.dead, ending.moved, ending.uphill)
        rows.append([*place, point.step, *map(_short, (point.loss, point.accuracy, *first_layer))])
    return dict(start=_short(found.start), endings=rows)


def _short(value: float | None) -> float | None:
    return None if value is None else numbers.rounded(value, 4)


def _read(network: str, record: dict[str, Any]) -> RateStudy:
    """What `_record` wrote."""
    endings = {
        (method, rate, seed): Ending(TrainingPoint(step, loss, accuracy), *rest)
        for method, rate, seed, step, loss, accuracy, *rest in record["endings"]
    }
    rates = tuple(dict.fromkeys(rate for _, rate, _ in endings))
    return RateStudy(default_experiment(network), rates, endings, record["start"])
