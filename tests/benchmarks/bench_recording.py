"""The lesson's pass with and without the recorder."""

from collections.abc import Callable
from functools import partial

import torch
from benchmarks.ruler import Found, in_turns

import mnistgrad as mg
from mnistgrad import lesson
from mnistgrad.trace.explaining import explain_run
from mnistgrad.trace.passes import INPUTS

ROUNDS = 10
NAMES = ("inp", "targ", "w1", "b1", "w2", "b2")


def whole_pass(inp, targ, w1, b1, w2, b2):
    return lesson.forward_and_backward(inp, targ, w1, b1, w2, b2, relu=lesson.relu, lin_grad=lesson.lin_grad_matmul)


def images_one_by_one(inp, targ, w1, b1, w2, b2):
    total = torch.zeros_like(w1)
    for image, gradient in zip(inp, inp @ w1, strict=True):
        total += image[:, None] * gradient
    return total


def test_recording_beside_the_code_alone(tell: Callable[[Found], None]) -> None:
    for n, function in ((1_000, whole_pass), (50_000, whole_pass), (2_000, images_one_by_one)):
        batch, weights = mg.load_batch(n), mg.initial_weights()
        given = (batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2)
        views = [tensor.view_as(tensor) for tensor in given]  # the lesson hangs a `.g` on them
        axes = dict(zip(NAMES, INPUTS, strict=True))
        alone, recorded = in_turns(ROUNDS, partial(function, *views), partial(explain_run, function, views, axes=axes))
        name = f"recording {function.__name__}, n = {n:,}"
        tell(Found(name, recorded, alone, "ms", "the code alone", 1.3 * alone + 200))
