"""What a batch is judged by, and the gradient that the loss sends back, both by hand.

targ says which: class indices are whole numbers, read by the cross-entropy; floats are what the mean square compares with.
"""

from collections.abc import Callable

import torch
from torch import Tensor

MSE, CROSS_ENTROPY = "mse", "cross-entropy"
Part = tuple[Tensor, Tensor]


def mse(out: Tensor, targ: Tensor, n: int) -> Part:
    """Each image's part (m,) of the mean square over all n images and k outputs, and out.g (m, k).

    out (m, k); targ (m, k), or (m,) where k is 1.
    """
    diff = out - (targ.unsqueeze(-1) if targ.ndim == 1 else targ)
    entries = n * out.shape[1]
    return diff.square().sum(1) / entries, diff * (2 / entries)


def cross_entropy(out: Tensor, targ: Tensor, n: int) -> Part:
    """Each image's part (m,) of the mean over all n images, and out.g (m, k): softmax and logarithm together.

    out (m, k); targ (m,) int64, the class of each image.
    """
    logs = out.t().contiguous().log_softmax(0).t()  # along (m, k) it takes five times as long
    right = targ.unsqueeze(-1)
    one_hot = torch.zeros_like(out).scatter_(1, right, 1)
    return -logs.gather(1, right).squeeze(-1) / n, (logs.exp() - one_hot) / n


LOSSES: dict[str, Callable[[Tensor, Tensor, int], Part]] = {MSE: mse, CROSS_ENTROPY: cross_entropy}


def loss_read_from(targ: Tensor) -> str:
    """Its name in LOSSES."""
    return MSE if targ.is_floating_point() else CROSS_ENTROPY
