"""Images that belong together, with their labels, and the numbers that their pixels are normalised by."""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import FLOAT64, plain

MNIST = "mnist"  # the set of the package
TRAINING_IMAGES = 50_000  # of the 60,000; the last 10,000 validate, as in the lesson
LEVELS = 256  # the lesson divides the bytes by 256


@dataclass(frozen=True, repr=False, eq=False)
class ImageSet(Brief):
    """All images (m, 28, 28) uint8 and labels (m,) uint8 of a set. key: its name in a link."""

    key: str
    images: Tensor
    labels: Tensor

    @property
    def most(self) -> int:
        """How many of the images a batch can have."""
        return min(len(self.images), TRAINING_IMAGES)

    @property
    def mean(self) -> float:
        """Of pixel / 256, over the images that a batch can have."""
        return self._moments[0]

    @property
    def std(self) -> float:
        """Of the same."""
        return self._moments[1]

    @cached_property
    @plain()
    def _moments(self) -> tuple[float, float]:
        # From how often each of the 256 levels occurs.
        counts = torch.bincount(self.images[: self.most].flatten(), minlength=LEVELS).double()
        level = torch.arange(LEVELS, **FLOAT64) / LEVELS
        mean = (counts * level).sum() / counts.sum()
        std = ((counts * (level - mean) ** 2).sum() / (counts.sum() - 1)).sqrt()
        return mean.item(), std.item()
