"""Small tensors in the place of large ones, so that a pass at any n shows its shapes and takes no memory.

torch's own device without memory, "meta", loads half of torch at its first operation: over a second and 110 MB.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from mnistgrad.common.tensors import FLOAT32


@dataclass(frozen=True)
class StandIns:
    """Sizes that stand for others: two are equal where those are, and 1 stands for 1 alone, so that torch broadcasts, multiplies
    and refuses as it would there. of: the small size for each of the others.
    """

    of: Mapping[int, int]

    @classmethod
    def for_sizes(cls, sizes: Iterable[int]) -> "StandIns":
        return cls({1: 1} | {size: small for small, size in enumerate(sorted({*sizes} - {1}), 2)})

    def tensor(self, shape: Sequence[int]) -> Tensor:
        """Zeros that stand for a float32 tensor of this shape, whose sizes are all known here."""
        return torch.zeros([self.of[size] for size in shape], **FLOAT32)

    def shape(self, tensor: Tensor) -> torch.Size:
        """What the tensor's shape stands for."""
        sizes = {small: size for size, small in self.of.items()}
        return torch.Size(sizes[small] for small in tensor.shape)

    def nbytes(self, tensor: Tensor) -> int:
        """Of the tensor that it stands for."""
        return math.prod(self.shape(tensor)) * tensor.element_size()
