"""Comparisons for the tests: made up where the numbers matter, and small ones that really ran."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import torch

from mnistgrad.training.comparison import Comparison, Experiment
from mnistgrad.training.descent import TrainingPlan, TrainingPoint
from mnistgrad.training.rates import Ending, RateStudy
from mnistgrad.training.stored import compare

LIMITLESS = TrainingPoint(3, float("inf"), None)


def made_up(accuracies: Mapping[str, Sequence[float | None]], network: str = "cross-entropy", steps: int = 20) -> Comparison:
    """Each method's accuracy at the end, seed by seed; None where it diverged at step 3."""
    seeds = len(next(iter(accuracies.values())))
    curves = {}
    for method, ends in accuracies.items():
        for seed, end in enumerate(ends):
            last = LIMITLESS if end is None else TrainingPoint(steps, 0.5 + seed, end)
            curves[method, seed] = (TrainingPoint(0, 2.0 + seed, 0.1), last)
    before = torch.linspace(-1, 1, 784 * 2).view(784, 2)
    after = {method: before + 0.5 if "row" in method else before * 2 for method in accuracies if method != "frozen"}
    if "frozen" in accuracies:
        after["frozen"] = before
    return Comparison(Experiment(TrainingPlan(network, steps=steps), tuple(accuracies), seeds), curves, before, after)


@lru_cache(maxsize=4)
def measured(network: str = "cross-entropy", rate: float = 0.1, seeds: int = 2) -> Comparison:
    """A few steps on a few images."""
    return compare(Experiment(TrainingPlan(network, rate, steps=12, images=60, nh=6), seeds=seeds))


def studied(
    ends: Mapping[str, Mapping[float, float | None]],
    network: str = "cross-entropy",
    on: float = 0.5,
    dead: float = 0.0,
    moved: float = 0.1,
    uphill: float = 0.0,
) -> RateStudy:
    """Each method's end at each rate, the same for two seeds: an accuracy or a loss; None where it diverged at step 3."""
    endings = {}
    for method, by_rate in ends.items():
        for rate, end in by_rate.items():
            accuracy, loss = (0.1, end or 1.0) if network == "mse" else (end, 0.5)
            point = LIMITLESS if end is None else TrainingPoint(20, loss, accuracy)
            endings |= {(method, rate, seed): Ending(point, on, dead, moved, uphill) for seed in (0, 1)}
    rates = tuple(dict.fromkeys(rate for _, rate, _ in endings))
    return RateStudy(Experiment(TrainingPlan(network, steps=20), tuple(ends), 2), rates, endings, 0.5)
