"""Images that belong together, with their labels, and the numbers that their pixels are normalised by."""

from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import FLOAT64, plain
from mnistgrad.network.sets.kinds import Kind, Trained

TRAINING_IMAGES = 50_000  # of the 60,000; the last 10,000 validate, as in the lesson
MOST_IMAGES = 60_000  # of a set; of a larger one the first
LEVELS = 256  # the lesson divides the bytes by 256
HELD_BACK_SHARE = 6  # one in six, as in the lesson
FEWEST_TO_HOLD_BACK = 60


@dataclass(frozen=True, repr=False, eq=False)
class ImageSet(Brief):
    """All images (m, 28, 28) uint8 and labels (m,) uint8 of a set. key: its name in a link. told: how they were made."""

    key: str
    images: Tensor
    labels: Tensor
    kind: Kind
    told: str = field(default="", repr=False)

    @property
    def most(self) -> int:
        """How many of the images a batch can have."""
        return min(len(self.images), TRAINING_IMAGES)

    @property
    def held_back(self) -> int:
        """How many at its end no training sees; 0 where there are too few."""
        return len(self.images) // HELD_BACK_SHARE if len(self.images) >= FEWEST_TO_HOLD_BACK else 0

    @property
    def trained(self) -> Trained:
        """What a training is told of it; at least as many classes as MNIST has, though images of some may be missing."""
        classes = max(len(self.kind.names), Trained.classes)
        return Trained(self.key, self.kind.title, self.kind.items, classes, self.held_back, max(self.most, Trained.most))

    @cached_property
    def classes(self) -> tuple[int, ...]:
        """The labels that occur."""
        return tuple(self.labels.unique().tolist())

    @property
    def mean(self) -> float:
        """Of pixel / 256, over the images that a batch can have."""
        return self._moments[0]

    @property
    def std(self) -> float:
        """Of the same; 1 where all pixels are alike."""
        return self._moments[1]

    @cached_property
    @plain()
    def _moments(self) -> tuple[float, float]:
        return moments_of(level_counts(self.images[: self.most]))


def level_counts(images: Tensor) -> Tensor:
    """How often each of the 256 levels (256,), float64, occurs in images uint8."""
    return torch.bincount(images.flatten(), minlength=LEVELS).double()


def moments_of(counts: Tensor) -> tuple[float, float]:
    """Mean and deviation of pixel / 256, from how often each level (256,) occurs; a deviation of 1 where all are alike."""
    level = torch.arange(LEVELS, **FLOAT64) / LEVELS
    mean = (counts * level).sum() / counts.sum()
    std = ((counts * (level - mean) ** 2).sum() / (counts.sum() - 1)).sqrt()
    return mean.item(), std.item() or 1.0
