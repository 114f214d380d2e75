"""The numbers of a tensor at a few indices of each axis, copied while they are what they are."""

from collections.abc import Sequence

import torch
from torch import Tensor

from mnistgrad.trace.operation import Numbers

IN_NUMPY = (torch.float16, torch.float32, torch.float64)  # of the floating dtypes


def copied(tensor: Tensor, shown: Sequence[Sequence[int]]) -> Numbers | None:
    """The numbers at these indices along each axis; None for a tensor without numbers, or with such as NumPy cannot hold."""
    if tensor.is_meta:
        return None
    try:
        with torch.no_grad(), torch._C.DisableTorchFunctionSubclass():
            return in_numpy(_taken(tensor.detach(), shown)).copy()
    except (RuntimeError, TypeError, NotImplementedError):
        return None


def in_numpy(tensor: Tensor) -> Numbers:
    """The same numbers, as float32 where NumPy has no such dtype."""
    lacks = tensor.is_floating_point() and tensor.dtype not in IN_NUMPY
    return (tensor.float() if lacks else tensor).cpu().resolve_conj().resolve_neg().numpy()


def _taken(tensor: Tensor, shown: Sequence[Sequence[int]]) -> Tensor:
    """Neighbours as a view; then what is left of the longest axes first, so that little is copied."""
    scattered = []
    for place, indices in enumerate(shown):
        low, high = (min(indices), max(indices) + 1) if indices else (0, 0)
        tensor = tensor.narrow(place, low, high - low)
        if list(indices) != list(range(low, high)):
            scattered.append((tensor.shape[place], place, [index - low for index in indices]))
    for _, place, offsets in sorted(scattered, reverse=True):
        tensor = tensor.index_select(place, torch.tensor(offsets, dtype=torch.int64, device=tensor.device))
    return tensor
