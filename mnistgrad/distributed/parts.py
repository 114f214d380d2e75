"""What each of some workers would add to a batch's w1.g, and what their all-reduce makes of it, worked out in one process."""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from mnistgrad.common.arguments import whole_number
from mnistgrad.common.shown import Brief
from mnistgrad.common.tensors import plain
from mnistgrad.distributed.workers import share
from mnistgrad.network.gradients import Layers

MOST_SHOWN = 8
FLOAT = 4  # bytes of a float32


@dataclass(frozen=True, repr=False, eq=False)
class SplitSum(Brief):
    """images: of each of K workers. parts (K, 784, nh): what it finds, float32 as it would be sent. whole (784, nh): w1.g of one
    process.
    """

    images: tuple[slice, ...]
    parts: Tensor
    whole: Tensor

    @property
    def n(self) -> int:
        return self.images[-1].stop

    @property
    def workers(self) -> int:
        return len(self.images)

    @cached_property
    def total(self) -> Tensor:
        """The parts added up (784, nh), one after the other."""
        total = torch.zeros_like(self.whole)
        for part in self.parts:
            total += part
        return total

    @cached_property
    def difference(self) -> float:
        """The largest difference of an entry from that of one process, as a share of the largest entry; 0 where all are 0."""
        largest = self.whole.abs().max().item()
        return (self.total - self.whole).abs().max().item() / largest if largest else 0.0

    @property
    def nbytes(self) -> int:
        """That each worker has to tell."""
        return self.whole.numel() * FLOAT


@plain()
def split_sum(layers: Layers, whole: Tensor, workers: int) -> SplitSum:
    """Of the batch's layers and its w1.g (784, nh). Raises ValueError or TypeError for fewer workers than 1 or more than 8."""
    workers = whole_number("workers", workers, 1, MOST_SHOWN)
    images = tuple(share(0, len(layers.inp), rank, workers) for rank in range(workers))
    parts = torch.stack([layers.inp[own].t() @ layers.l1_g[own] for own in images])
    return SplitSum(images, parts, whole)
