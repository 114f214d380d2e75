"""Every gradient on display against autograd and against finite differences."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from mnistgrad import lesson
from mnistgrad.data import Batch
from mnistgrad.gradients import Gradients
from mnistgrad.presets import Weights

NAMES = ("w1", "b1", "w2", "b2")
STEP = 1e-6  # of a weight: small enough that hardly a unit switches, large enough for float64's rounding


@dataclass(frozen=True)
class Check:
    """One gradient against a reference: the largest difference, and whether `torch.allclose` accepts it."""

    difference: float
    passed: bool


def autograd_gradients(batch: Batch, weights: Weights) -> Gradients:
    """What PyTorch's autograd makes of the lesson's forward pass."""
    w1, b1, w2, b2 = (t.detach().requires_grad_() for t in (weights.w1, weights.b1, weights.w2, weights.b2))
    l2 = weights.preset.relu(lesson.lin(batch.inp, w1, b1))
    loss = lesson.mse(lesson.lin(l2, w2, b2), batch.targ)
    w1_g, b1_g, w2_g, b2_g = torch.autograd.grad(loss, (w1, b1, w2, b2))
    return Gradients(w1_g, b1_g, w2_g, b2_g, loss.detach())


def compare(grads: Gradients, reference: Gradients, rtol: float, atol: float) -> dict[str, Check]:
    """Each gradient of `grads` against `reference`, by name; tolerances as in `torch.allclose`."""
    return {name: _check(getattr(grads, name), getattr(reference, name), rtol, atol) for name in NAMES}


def _check(ours: Tensor, reference: Tensor, rtol: float, atol: float) -> Check:
    return Check((ours - reference).abs().max().item(), torch.allclose(ours, reference, rtol=rtol, atol=atol))


def finite_differences(
    l1: Tensor, out: Tensor, batch: Batch, weights: Weights, entries: Sequence[tuple[int, int]]
) -> list[float]:
    """The slope of the loss along each w1[i, j] of `entries`, by a central difference in float64.

    l1 (n, nh) and out (n, 1): of the forward pass. Moving w1[i, j] moves only column j of l1, so only that runs again.
    """
    relu, w2, targ = weights.preset.relu, weights.w2.double(), batch.targ.double()
    slopes = []
    for i, j in entries:
        column, pixel = l1[:, j].double(), batch.inp[:, i].double()
        others = out.double().squeeze(-1) - relu(column) * w2[j]
        above, below = (lesson.mse((others + relu(column + move * pixel) * w2[j]).unsqueeze(-1), targ) for move in (STEP, -STEP))
        slopes.append(((above - below) / (2 * STEP)).item())
    return slopes
