"""What each worker reads of its share, block by block, and what is known of all images before any sum."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from mnistgrad.distributed.images import Images, InMemory
from mnistgrad.distributed.workers import Workers
from mnistgrad.network.data import inp_of
from mnistgrad.network.gradients import BLOCK
from mnistgrad.network.sets.image_set import level_counts, moments_of
from mnistgrad.network.sets.kinds import Trained

GRAIN = 16  # images: products of fewer round in another way, so that the same image would tell something else elsewhere


@dataclass(frozen=True)
class Survey:
    """Of all images: the mean and deviation of pixel / 256, and how many classes there are at least."""

    mean: float
    std: float
    classes: int

    def moments(self, normalise: bool) -> tuple[float, float]:
        """What makes inp of pixel / 256; 0 and 1 where it is not normalised."""
        return (self.mean, self.std) if normalise else (0.0, 1.0)


def survey(images: Images, workers: Workers) -> Survey:
    """One pass over all of them, each worker over its share; of a set in memory it is known."""
    if isinstance(images, InMemory):
        source = images.source
        return Survey(source.mean, source.std, source.trained.classes)
    levels = level_counts(torch.zeros(0, dtype=torch.uint8, device="cpu"))
    highest = torch.zeros(1, dtype=torch.float64, device="cpu")
    for block in pieces(workers.share(0, images.most)):
        pictures, labels = images.read(block)
        levels += level_counts(pictures)
        highest.clamp_(min=float(labels.max()) if len(labels) else 0.0)
    levels, highest = levels.to(workers.device), highest.to(workers.device)
    workers.add_up(levels)
    workers.largest(highest)
    return Survey(*moments_of(levels.cpu()), max(int(highest) + 1, Trained.classes))


def pieces(images: slice, longest: int = BLOCK) -> Iterator[slice]:
    """Neighbours as long as each other; one that is empty where there is no image."""
    size = images.stop - images.start
    count = max(-(-size // longest), 1)
    for place in range(count):
        yield slice(images.start + size * place // count, images.start + size * (place + 1) // count)


@dataclass(frozen=True)
class Shares:
    """A worker's share of the images from start to end as blocks of inp and labels; a `Feed` to train with."""

    images: Images
    start: int
    end: int
    moments: tuple[float, float]
    dtype: torch.dtype
    workers: Workers

    def __len__(self) -> int:
        return self.end - self.start

    def parts(self, chosen: Tensor | None = None) -> Iterator[tuple[Tensor, Tensor]]:
        """inp (b, 784) and labels (b,) int64, of all or of those chosen (m,), which count from start."""
        if chosen is None:
            for block in pieces(self.workers.share(self.start, self.end, grain=self._grain)):
                yield self._ready(block)
        else:
            own = chosen[self.workers.share(0, len(chosen))]
            for block in pieces(slice(0, len(own))):
                yield self._ready(own[block] + self.start)

    def add_up(self, *tensors: Tensor) -> None:
        self.workers.add_up(*tensors)

    @property
    def _grain(self) -> int:
        return 1 if self.dtype == torch.float64 else GRAIN

    def _ready(self, block: slice | Tensor) -> tuple[Tensor, Tensor]:
        pictures, labels = self.images.read(block)
        inp = inp_of(pictures.to(self.workers.device), *self.moments).to(self.dtype)
        return inp, labels.to(self.workers.device).long()
