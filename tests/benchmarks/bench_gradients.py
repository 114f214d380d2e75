"""`gradients` beside the two matrix products that it cannot avoid, and beside autograd. Run with -s to see the figures."""

import statistics
import time
from collections.abc import Callable

import pytest
import torch

import mnistgrad as mg
from mnistgrad.checks import autograd_gradients

ROUNDS = 15


def milliseconds(*runs: Callable[[], object]) -> list[float]:
    """The median time of each, the runs taking turns so that a drifting machine drifts for all."""
    times: list[list[float]] = [[] for _ in runs]
    for round_ in range(ROUNDS + 2):
        for run, kept in zip(runs, times, strict=True):
            start = time.perf_counter()
            run()
            if round_ >= 2:  # the first two warm up
                kept.append(1_000 * (time.perf_counter() - start))
    return [statistics.median(kept) for kept in times]


@pytest.mark.parametrize("n", [1_000, 2_000, 5_000, 10_000, 20_000, 50_000])
def test_gradients_beside_the_bare_products(n: int) -> None:
    batch, weights = mg.load_batch(n), mg.initial_weights()
    l1_g = torch.randn(n, 50)
    ours, bare, autograd = milliseconds(
        lambda: mg.gradients(batch, weights),
        lambda: (batch.inp @ weights.w1, batch.inp.t() @ l1_g),
        lambda: autograd_gradients(batch, weights),
    )
    print(f"\nn = {n:6,}: gradients {ours:6.2f} ms, two products {bare:6.2f} ms ({ours / bare:.2f}), autograd {autograd:6.2f} ms")
