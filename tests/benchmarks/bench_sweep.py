"""A sweep over all counts beside one full gradient, and what else could be done in its place."""

from collections.abc import Callable

from benchmarks.ruler import Found, in_turns

import mnistgrad as mg
from mnistgrad.gradient.statistics import spectrum
from mnistgrad.gradient.sweep import COUNTS, lit_pixels, sweep
from mnistgrad.network.gradients import block_gradients, run_layers

ROUNDS = 10


def test_sweep_beside_one_full_gradient(tell: Callable[[Found], None]) -> None:
    batch, weights = mg.load_batch(COUNTS[-1]), mg.initial_weights()
    pixels = lit_pixels(batch.images, batch.labels)
    full = mg.gradients(batch, weights).w1.double()
    runs = {
        "one full gradient, in blocks": lambda: mg.gradients(batch, weights),
        "sweep, with all that it finds": lambda: sweep(pixels, weights),
        "sweep: its singular values alone": lambda: [spectrum(full) for _ in COUNTS],
        "sweep: the lit pixels, once for all seeds": lambda: lit_pixels(batch.images, batch.labels),
        "one full gradient, unblocked": lambda: block_gradients(run_layers(batch.inp, batch.targ, weights, len(batch))),
        "each count's gradient by itself": lambda: [mg.gradients(batch.first(n), weights) for n in COUNTS],
    }
    baseline, *others = in_turns(ROUNDS, *runs.values())
    against, *names = runs
    for name, time in zip(names, others, strict=True):
        tell(Found(name, time, baseline, "ms", against))
