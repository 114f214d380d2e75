"""Small tensors in the place of large ones, so that a pass at any n shows its shapes and takes no memory.

torch's own device without memory, "meta", loads half of torch at its first operation: over a second and 110 MB.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from mnistgrad.common.tensors import FLOAT32

MEMORY = 64_000_000_000  # bytes: no tensor of a pass may need more, whatever this machine has


class TooLarge(RuntimeError):
    """A tensor that a machine with MEMORY does not hold, in torch's words. shape, nbytes: the tensor's."""

    def __init__(self, shape: torch.Size, nbytes: int) -> None:
        super().__init__(f"DefaultCPUAllocator: can't allocate memory: you tried to allocate {nbytes} bytes.")
        self.shape, self.nbytes = shape, nbytes


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


class Bounded(TorchFunctionMode):
    """Where small tensors stand for large ones, stops at a result that stands for more than MEMORY, as torch would."""

    def __init__(self, stand_ins: StandIns) -> None:
        super().__init__()
        self._stand_ins = stand_ins

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if isinstance(result, Tensor) and (needed := self._stand_ins.nbytes(result)) > MEMORY:
            raise TooLarge(self._stand_ins.shape(result), needed)
        return result
