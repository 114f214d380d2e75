"""Training with the true gradient, and with what a reader of the print might take for it, from the same start."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

import torch
from torch import Tensor

from mnistgrad.common.arguments import one_of, truth, whole_number
from mnistgrad.common.tensors import WHOLE
from mnistgrad.network.data import TRAINING_IMAGES, MnistBatch
from mnistgrad.network.gradients import Gradients, weight_grad
from mnistgrad.network.networks import NETWORKS, accuracy_of, loss_of, network_gradients, network_of, starting_weights
from mnistgrad.network.presets import DEFAULT_PRESET, HIDDEN_UNITS, LARGEST_SEED, MOST_HIDDEN_UNITS, PRESETS, Weights
from mnistgrad.network.sets.kinds import Trained

MOST_STEPS = 1_000
MEASURED = 16  # times in a training that loss and accuracy are measured
BEND = 1.5  # how much closer together they lie at the start, where the curves bend
DIVERGED = 10.0  # times the first loss
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
        whole_number("images", self.images, 1, TRAINING_IMAGES)
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


# From inp (n, 784) and l1.g (n, nh) what is taken for w1.g: a matrix (784, nh), or the one row (nh,) that all its rows copy.
TRAINING_METHODS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "true": weight_grad,
    "rank-1": lambda inp, l1_g: best_rank_1(weight_grad(inp, l1_g)),
    "mean-row": lambda inp, l1_g: inp.mean(1) @ l1_g,
    "printed-row": lambda inp, l1_g: inp[:, 0] @ l1_g,
    "frozen": lambda inp, l1_g: l1_g.new_zeros(l1_g.shape[1]),
}


def measured_steps(steps: int) -> list[int]:
    """When to measure: before the first step, after the last, and in between closer together at the start."""
    return sorted({round(steps * (place / MEASURED) ** BEND) for place in range(MEASURED + 1)})


def weights_of(plan: TrainingPlan) -> Weights:
    """The weights that every method begins with, the caller's own."""
    return starting_weights(plan.network, plan.nh, plan.seed, plan.preset, plan.source.classes)


def train(
    plan: TrainingPlan, method: str, training: MnistBatch, validation: MnistBatch, weights: Weights
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
    for step, (inp, labels) in enumerate(_batches(plan, training)):
        grads = network_gradients(network, inp, labels, weights, TRAINING_METHODS[method])
        loss = grads.loss.item()
        limit = DIVERGED * loss if step == 0 else limit
        if not (math.isfinite(loss) and loss <= limit):
            yield TrainingPoint(step, loss, None)
            return
        if step in measured:
            overall = loss_of(network, training.inp, training.labels, weights) if plan.batch_size else loss
            yield TrainingPoint(step, overall, accuracy_of(network, validation.inp, validation.labels, weights))
        else:
            yield None
        if step == plan.steps:
            return
        _descend(weights, grads, method, plan.rate)


def _descend(weights: Weights, grads: Gradients, method: str, rate: float) -> None:
    weights.w1.sub_(grads.w1, alpha=rate)
    weights.w2.sub_(grads.w2, alpha=rate)
    weights.b2.sub_(grads.b2, alpha=rate)
    if method != "frozen":
        weights.b1.sub_(grads.b1, alpha=rate)


def _batches(plan: TrainingPlan, training: MnistBatch) -> Iterator[tuple[Tensor, Tensor]]:
    """Images and labels step by step: all of them, or shuffled once through before any comes again."""
    generator = torch.Generator().manual_seed(plan.seed)
    while True:
        if plan.batch_size is None:
            yield training.inp, training.labels
            continue
        for chosen in torch.randperm(len(training), generator=generator, **WHOLE).split(plan.batch_size):
            yield training.inp[chosen], training.labels[chosen]
