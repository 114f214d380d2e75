"""`gradients` beside the two matrix products that it cannot avoid, and beside autograd. Run with -s to see the figures."""

import statistics
import time
from collections.abc import Callable

import pytest
import torch

import mnistgrad as mg
from mnistgrad.network.verification import autograd_gradients

SECONDS = 2.0  # of each comparison


def milliseconds(*runs: Callable[[], object]) -> list[float]:
    """The median time of each, the runs taking turns so that a drifting machine drifts for all."""
    times: list[list[float]] = [[] for _ in runs]
    until = time.perf_counter() + SECONDS
    while time.perf_counter() < until or len(times[0]) < 10:
        for run, kept in zip(runs, times, strict=True):
            start = time.perf_counter()
            run()
            kept.append(1_000 * (time.perf_counter() - start))
    return [statistics.median(kept[2:]) for kept in times]  # the first two warm up


@pytest.mark.parametrize("n", [1_000, 2_000, 5_000, 10_000, 20_000, 50_000])
def test_gradients_beside_the_bare_products(n: int) -> None:
    batch, weights = mg.load_batch(n), mg.initial_weights()
    l1_g = torch.randn(n, 50)
    bare, ours = milliseconds(
        lambda: (batch.inp @ weights.w1, batch.inp.t() @ l1_g),
        lambda: mg.gradients(batch, weights),
    )
    [autograd] = milliseconds(lambda: autograd_gradients(batch, weights))
    print(f"\nn = {n:6,}: gradients {ours:6.2f} ms, two products {bare:6.2f} ms ({ours / bare:.2f}), autograd {autograd:6.2f} ms")
