"""The lesson's pass with and without the recorder, in turns. Run with -s to see the figures."""

import statistics
import time
from collections.abc import Callable

import torch

import mnistgrad as mg
from mnistgrad import lesson
from mnistgrad.trace.explaining import explain_run
from mnistgrad.trace.passes import INPUTS

ROUNDS = 12
NAMES = ("inp", "targ", "w1", "b1", "w2", "b2")


def whole_pass(inp, targ, w1, b1, w2, b2):
    return lesson.forward_and_backward(inp, targ, w1, b1, w2, b2, relu=lesson.relu, lin_grad=lesson.lin_grad_matmul)


def images_one_by_one(inp, targ, w1, b1, w2, b2):
    total = torch.zeros_like(w1)
    for image, gradient in zip(inp, inp @ w1, strict=True):
        total += image[:, None] * gradient
    return total


def seconds(run: Callable[..., object], *given: object, **named: object) -> float:
    start = time.perf_counter()
    run(*given, **named)
    return time.perf_counter() - start


def test_recording_beside_the_code_alone() -> None:
    print(f"\n{torch.get_num_threads()} threads; medians of {ROUNDS} turns, in seconds")
    for n, function in ((1_000, whole_pass), (50_000, whole_pass), (2_000, images_one_by_one)):
        batch, weights = mg.load_batch(n), mg.initial_weights()
        given = (batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2)
        views = [tensor.view_as(tensor) for tensor in given]  # the lesson hangs a `.g` on them
        axes = dict(zip(NAMES, INPUTS, strict=True))
        alone, recorded = [], []
        for _ in range(ROUNDS):
            alone.append(seconds(function, *views))
            recorded.append(seconds(explain_run, function, views, axes=axes))
        one, other = statistics.median(alone), statistics.median(recorded)
        print(f"{function.__name__:18} n = {n:6,}: {one:.3f} alone, {other:.3f} recorded; at most {1.3 * one + 0.2:.3f}")
