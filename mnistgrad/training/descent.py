"""Training with the true gradient, and with what a reader of the print might take for it, from the same start."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol, cast

import torch
from torch import Tensor

from mnistgrad.common.arguments import one_of, truth, whole_number
from mnistgrad.common.tensors import WHOLE
from mnistgrad.network.data import MnistBatch
from mnistgrad.network.gradients import Gradients, weight_grad
from mnistgrad.network.networks import NETWORKS, Network, loss_of, network_gradients, network_of, right_of, starting_weights
from mnistgrad.network.presets import DEFAULT_PRESET, HIDDEN_UNITS, LARGEST_SEED, MOST_HIDDEN_UNITS, PRESETS, Weights
from mnistgrad.network.sets.kinds import Trained

MOST_STEPS = 1_000
MEASURED = 16  # times in a training that loss and accuracy are measured
BEND = 1.5  # how much closer together they lie at the start, where the curves bend
DIVERGED = 10.0  # times the first loss
SUMMED = ("w1", "b1", "w2", "b2", "loss")  # of gradients: over images
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True)
class TrainingPlan:
    """How to train: everything but the method. Raises ValueError or TypeError for what cannot be trained.

    network: "cross-entropy" (ten outputs) or "mse" (the lesson's). rate: of RATES. batch_size: images a step, None for all.
    images: the first so many of the training split. seed: of the starting weights and of the order of mini-batches.
    normalise: whether the pixels are; as the preset says, unless given. source: the images' set.
    """

    network: str = "cross-entropy"
    rate: float = 0.1
    steps: int = 150
    batch_size: int | None = None
    images: int = 2_000
    seed: int = 0
    preset: str = DEFAULT_PRESET
    normalise: bool = cast(bool, None)
    nh: int = HIDDEN_UNITS
    source: Trained = field(default_factory=Trained)

    def __post_init__(self) -> None:
        one_of("network", self.network, NETWORKS)
        one_of("rate", self.rate, RATES)
        one_of("preset", self.preset, PRESETS)
        whole_number("steps", self.steps, 1, MOST_STEPS)
        whole_number("images", self.images, 1, self.source.most)
        whole_number("seed", self.seed, 0, LARGEST_SEED)
        whole_number("nh", self.nh, 1, MOST_HIDDEN_UNITS)
        if self.batch_size is not None:
            whole_number("batch_size", self.batch_size, 1, self.images)
        normalise = PRESETS[self.preset].normalise if self.normalise is None else truth("normalise", self.normalise)
        object.__setattr__(self, "normalise", normalise)


@dataclass(frozen=True)
class TrainingPoint:
    """A training after so many steps: the loss over all its images and the share of held-back images read right.

    A training that has diverged ends with a point without accuracy; its loss is the one that went beyond the limit.
    """

    step: int
    loss: float
    accuracy: float | None

    @property
    def diverged(self) -> bool:
        return self.accuracy is None


def best_rank_1(g: Tensor) -> Tensor:
    """The matrix of rank 1 nearest to g (r, c), its leading singular triple.

    The right vector is the leading eigenvector of g.t() @ g (Eckart and Young 1936): (c, c) is small where g is tall.
    """
    leading = torch.linalg.eigh(g.t() @ g).eigenvectors[:, -1]
    return (g @ leading).outer(leading)


Taken = Callable[[Tensor, Tensor], Tensor]
# From inp (m, 784) and l1.g (m, nh) what adds up, over images, to what is taken for w1.g: a matrix (784, nh), or the one row
# (nh,) that all its rows copy.
ADDED: dict[str, Taken] = {
    "true": weight_grad,
    "rank-1": weight_grad,
    "mean-row": lambda inp, l1_g: inp.mean(1) @ l1_g,
    "printed-row": lambda inp, l1_g: inp[:, 0] @ l1_g,
    "frozen": lambda inp, l1_g: l1_g.new_zeros(l1_g.shape[1]),
}
FINISHED: dict[str, Callable[[Tensor], Tensor]] = {
    "rank-1": best_rank_1
}  # what is made of the sum, where it is not taken as it is


def _taken(method: str) -> Taken:
    return lambda inp, l1_g: finished(method, ADDED[method](inp, l1_g))


TRAINING_METHODS = {method: _taken(method) for method in ADDED}


def finished(method: str, total: Tensor) -> Tensor:
    """What a method takes for w1.g, from what it adds up over all images of a batch."""
    return FINISHED[method](total) if method in FINISHED else total


def measured_steps(steps: int) -> list[int]:
    """When to measure: before the first step, after the last, and in between closer together at the start."""
    return sorted({round(steps * (place / MEASURED) ** BEND) for place in range(MEASURED + 1)})


def weights_of(plan: TrainingPlan) -> Weights:
    """The weights that every method begins with, the caller's own."""
    return starting_weights(plan.network, plan.nh, plan.seed, plan.preset, plan.source.classes)


class Feed(Protocol):
    """Images to train with or to test on, wherever they are; of several workers' each has a share."""

    def __len__(self) -> int:
        """All of them, whoever has them."""

    def parts(self, chosen: Tensor | None = None) -> Iterable[tuple[Tensor, Tensor]]:
        """This worker's, of all or of those chosen (m,): inp and labels, block by block; one at least, though it may be empty."""

    def add_up(self, *tensors: Tensor) -> None:
        """Each becomes, in place, the sum of all workers'."""


@dataclass(frozen=True)
class Whole:
    """A batch in memory, as one block, with one worker."""

    batch: MnistBatch

    def __len__(self) -> int:
        return len(self.batch)

    def parts(self, chosen: Tensor | None = None) -> Iterable[tuple[Tensor, Tensor]]:
        of = self.batch
        yield (of.inp, of.labels) if chosen is None else (of.inp[chosen], of.labels[chosen])

    def add_up(self, *tensors: Tensor) -> None:
        pass


def train(
    plan: TrainingPlan, method: str, training: MnistBatch, validation: MnistBatch, weights: Weights
) -> Iterator[TrainingPoint | None]:
    """As `train_on`, with batches in memory."""
    return train_on(plan, method, Whole(training), Whole(validation), weights)


def train_on(
    plan: TrainingPlan, method: str, training: Feed, validation: Feed, weights: Weights
) -> Iterator[TrainingPoint | None]:
    """Train `weights` in place with what TRAINING_METHODS[method] takes for w1.g, one step between one item and the next.

    Yields a TrainingPoint at `measured_steps` and None at all others, so that the caller can stop at any step. w2, b1 and b2 take
    their own gradients; only in a frozen first layer b1 stays too. Ends early where the loss of a step is not finite or
    more than DIVERGED times the first one. Raises ValueError for another method or images that are not the plan's.
    """
    one_of("method", method, TRAINING_METHODS)
    if len(training) != plan.images:
        raise ValueError(f"training has {len(training)} images; allowed are the {plan.images} of the plan")
    network, measured, limit = network_of(plan.network, plan.source.classes), set(measured_steps(plan.steps)), math.inf
    for step, chosen in enumerate(_batches(plan)):
        grads = _gradients(network, training, chosen, weights, method)
        loss = grads.loss.item()
        limit = DIVERGED * loss if step == 0 else limit
        if not (math.isfinite(loss) and loss <= limit):
            yield TrainingPoint(step, loss, None)
            return
        if step in measured:
            overall = _loss(network, training, weights) if plan.batch_size else loss
            yield TrainingPoint(step, overall, _accuracy(network, validation, weights))
        else:
            yield None
        if step == plan.steps:
            return
        _descend(weights, grads, method, plan.rate)


def _gradients(network: Network, feed: Feed, chosen: Tensor | None, weights: Weights, method: str) -> Gradients:
    """Of one step: each block's part added up, then each worker's."""
    n = len(feed) if chosen is None else len(chosen)
    first, *others = (network_gradients(network, inp, labels, weights, ADDED[method], n) for inp, labels in feed.parts(chosen))
    for other in others:
        for name in SUMMED:
            getattr(first, name).add_(getattr(other, name))
    feed.add_up(*(getattr(first, name) for name in SUMMED))
    return replace(first, w1=finished(method, first.w1))


def _loss(network: Network, feed: Feed, weights: Weights) -> float:
    return _total(feed, lambda inp, labels: loss_of(network, inp, labels, weights, len(feed)))


def _accuracy(network: Network, feed: Feed, weights: Weights) -> float:
    return _total(feed, lambda inp, labels: right_of(network, inp, labels, weights)) / len(feed)


def _total(feed: Feed, of: Callable[[Tensor, Tensor], Tensor]) -> float:
    first, *others = (of(inp, labels) for inp, labels in feed.parts())
    total = sum(others, first)
    feed.add_up(total)
    return total.item()


def _descend(weights: Weights, grads: Gradients, method: str, rate: float) -> None:
    weights.w1.sub_(grads.w1, alpha=rate)
    weights.w2.sub_(grads.w2, alpha=rate)
    weights.b2.sub_(grads.b2, alpha=rate)
    if method != "frozen":
        weights.b1.sub_(grads.b1, alpha=rate)


def _batches(plan: TrainingPlan) -> Iterator[Tensor | None]:
    """The images of each step: None for all of them, or shuffled once through before any comes again."""
    generator = torch.Generator().manual_seed(plan.seed)
    while True:
        if plan.batch_size is None:
            yield None
            continue
        yield from torch.randperm(plan.images, generator=generator, **WHOLE).split(plan.batch_size)
