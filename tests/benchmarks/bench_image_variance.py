"""The variance over images of every weight's gradient, beside torch.func's per-image gradients."""

from collections.abc import Callable

import torch
from benchmarks.ruler import Found, in_turns
from torch import Tensor
from torch.func import grad, vmap

import mnistgrad as mg
from mnistgrad.gradient.variance import image_variance
from mnistgrad.gradient.weight_gradient import weight_gradient_of

N = 2_000
ROUNDS = 7
AT_LEAST = 50  # times as fast


def test_variance_over_images_beside_per_image_gradients(tell: Callable[[Found], None]) -> None:
    batch, weights = mg.load_batch(N), mg.initial_weights()
    matrix = weight_gradient_of("w1", batch, weights)

    def loss(w1: Tensor, inp: Tensor, targ: Tensor) -> Tensor:
        l2 = weights.preset.relu(inp @ w1 + weights.b1)
        return (l2 @ weights.w2 + weights.b2 - targ).square().sum()

    def by_images() -> Tensor:
        return vmap(grad(loss), (None, 0, 0))(weights.w1, batch.inp, batch.targ).var(0, correction=0)

    expected, found = by_images(), image_variance(matrix).variance
    torch.testing.assert_close(found.float(), expected, rtol=1e-3, atol=1e-5 * expected.max().item())
    ours, theirs = in_turns(ROUNDS, lambda: image_variance(matrix), by_images)
    tell(Found(f"variance over images, n = {N:,}", ours, theirs, "ms", "a gradient an image", theirs / AT_LEAST))
