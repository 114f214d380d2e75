"""A sweep over all counts beside each count by itself and beside one full gradient, in turns. Run with -s to see the figures."""

import statistics
import time

import torch

import mnistgrad as mg
from mnistgrad.gradient.statistics import spectrum
from mnistgrad.gradient.sweep import COUNTS, lit_pixels, sweep
from mnistgrad.network.gradients import block_gradients, run_layers

ROUNDS = 12


def test_sweep_beside_every_count_by_itself_and_one_full_gradient() -> None:
    batch, weights = mg.load_batch(COUNTS[-1]), mg.initial_weights()
    pixels = lit_pixels(batch.images, batch.labels)
    full = mg.gradients(batch, weights).w1.double()
    runs = {
        "the sweep, with all that it finds": lambda: sweep(pixels, weights),
        "its singular values alone": lambda: [spectrum(full) for _ in COUNTS],
        "one full gradient, in blocks": lambda: mg.gradients(batch, weights),
        "one full gradient, unblocked": lambda: block_gradients(run_layers(batch.inp, batch.targ, weights, len(batch))),
        "the gradient of every count by itself": lambda: [mg.gradients(batch.first(n), weights) for n in COUNTS],
        "the lit pixels, once for all seeds": lambda: lit_pixels(batch.images, batch.labels),
    }
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            times[name].append(1_000 * (time.perf_counter() - start))
    print(f"\n{torch.get_num_threads()} threads")
    for name, kept in times.items():
        print(f"{name:40} {statistics.median(kept[2:]):6.1f} ms")  # the first two warm up
