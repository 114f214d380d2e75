"""The variance over images of every weight's gradient, beside torch.func's per-image gradients. Run with -s for figures."""

import time
from collections.abc import Callable

import torch
from torch import Tensor
from torch.func import grad, vmap

import mnistgrad as mg
from mnistgrad.gradient.variance import image_variance
from mnistgrad.gradient.weight_gradient import weight_gradient_of

N = 2_000
ROUNDS = 7
AT_LEAST = 50  # times as fast


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def test_variance_over_images_beside_per_image_gradients() -> None:
    batch, weights = mg.load_batch(N), mg.initial_weights()
    matrix = weight_gradient_of("w1", batch, weights)

    def loss(w1: Tensor, inp: Tensor, targ: Tensor) -> Tensor:
        l2 = weights.preset.relu(inp @ w1 + weights.b1)
        return (l2 @ weights.w2 + weights.b2 - targ).square().sum()

    def by_images() -> Tensor:
        return vmap(grad(loss), (None, 0, 0))(weights.w1, batch.inp, batch.targ).var(0, correction=0)

    expected, found = by_images(), image_variance(matrix).variance
    torch.testing.assert_close(found.float(), expected, rtol=1e-3, atol=1e-5 * expected.max().item())
    pairs = [(seconds(lambda: image_variance(matrix)), seconds(by_images)) for _ in range(ROUNDS)]
    ours, theirs = (1_000 * min(times) for times in zip(*pairs, strict=True))  # the least disturbed
    print(f"\nn = {N:,}: ours {ours:.1f} ms, per-image gradients {theirs:.0f} ms, {theirs / ours:.0f} times as long")
    assert theirs / ours >= AT_LEAST
