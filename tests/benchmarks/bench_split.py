"""A gradient over 50,000 images on one worker and on two, each on one core, beside one process on one core."""

import json
from collections.abc import Callable

import torch
from benchmarks.ruler import Found, in_turns

import mnistgrad as mg
from mnistgrad.distributed.measuring import measure
from mnistgrad.distributed.scaling import ScalingPlan

ROUNDS = 5
LEAST = 0.55  # of one process's time, on as many cores as workers


def test_a_gradient_on_one_worker_and_on_two(tell: Callable[[Found], None]) -> None:
    plan, threads = ScalingPlan(), torch.get_num_threads()
    batch, weights = mg.load_batch(plan.n), mg.initial_weights(plan.nh)
    torch.set_num_threads(1)
    (alone,) = in_turns(ROUNDS, lambda: mg.gradients(batch, weights))
    torch.set_num_threads(threads)
    _, *lines = measure(plan)
    for workers, line in enumerate(lines[:2], 1):
        found = json.loads(line)
        ours = 1_000 * (found["computing"]["median"] + found["adding"]["median"])
        at_most = alone * LEAST if workers == 2 else None
        tell(Found(f"gradient on {workers} of gloo's workers", ours, alone, "ms", "one process, one core", at_most))
