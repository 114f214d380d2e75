"""`gradients` beside the two matrix products that it cannot avoid, and autograd beside the same."""

from collections.abc import Callable

import pytest
import torch
from benchmarks.ruler import Found, in_turns

import mnistgrad as mg
from mnistgrad.network.verification import autograd_gradients

ROUNDS = 40


@pytest.mark.parametrize("n", [1_000, 2_000, 5_000, 10_000, 20_000, 50_000])
def test_gradients_beside_the_bare_products(n: int, tell: Callable[[Found], None]) -> None:
    batch, weights = mg.load_batch(n), mg.initial_weights()
    l1_g = torch.randn(n, 50)
    bare, ours, autograd = in_turns(
        ROUNDS,
        lambda: (batch.inp @ weights.w1, batch.inp.t() @ l1_g),
        lambda: mg.gradients(batch, weights),
        lambda: autograd_gradients(batch, weights),
    )
    for name, time in (("gradients", ours), ("autograd", autograd)):
        tell(Found(f"{name}, n = {n:,}", time, bare, "ms", "two products"))
