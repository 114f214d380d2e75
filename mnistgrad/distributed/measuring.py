"""Times gradients on 1, 2 and more workers, as many as there are cores: `python -m mnistgrad.distributed.measuring --help`.

Each number of workers is a job of its own, each worker a process on one core. Its images lie in its memory before.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

import torch

from mnistgrad.common.devices import DEVICES, finish
from mnistgrad.common.files import replacing
from mnistgrad.common.processes import WITH_INPUT
from mnistgrad.cost.measurement import Spread
from mnistgrad.cost.measuring import machine
from mnistgrad.distributed.on_this_machine import run_workers
from mnistgrad.distributed.scaling import STORED, ScalingPlan, Timed, head_line, timed_line
from mnistgrad.distributed.workers import Workers, joined
from mnistgrad.network.data import load_batch
from mnistgrad.network.gradients import BLOCK, Gradients, add_block, block_gradients, gradients, run_layers
from mnistgrad.network.presets import Weights, initial_weights

ROUNDS = 11
WARM_UP = 3  # of them
MOST = 8  # workers
TINY = torch.finfo(torch.float32).tiny  # in the place of an entry 0, by which nothing is divided
SUMMED = ("w1", "b1", "w2", "b2", "loss")


def time_workers(plan: ScalingPlan, workers: Workers) -> Timed:
    """What these workers take; each of them finds the same."""
    inp, targ, weights = _share(plan, workers)
    found: list[list[float]] = [[], [], []]
    for _ in range(ROUNDS):
        workers.wait()
        start = perf_counter()
        part = _part(inp, targ, weights, plan.n)
        finish(workers.device)
        times = [perf_counter() - start]
        for tensors in ([getattr(part, name) for name in SUMMED], [part.loss]):
            workers.wait()
            start = perf_counter()
            workers.add_up(*tensors)
            times.append(perf_counter() - start)
        slowest = torch.tensor(times, dtype=torch.float64, device=workers.device)
        workers.largest(slowest)
        for kept, seconds in zip(found, slowest.tolist(), strict=True):
            kept.append(seconds)
    computing, adding, one_number = (Spread.of(kept[WARM_UP:]) for kept in found)
    return Timed(workers.count, computing, adding, one_number, _difference(part, plan, workers.device))


def _difference(total: Gradients, plan: ScalingPlan, device: torch.device) -> float:
    """The largest of an entry from the engine's own gradient, as a share of its largest; the loss was added up twice."""
    expected = gradients(load_batch(plan.n).on(device), initial_weights(plan.nh).on(device))
    pairs = [(getattr(total, name), getattr(expected, name)) for name in SUMMED if name != "loss"]
    return max(((ours - theirs).abs().max() / theirs.abs().max().clamp_min(TINY)).item() for ours, theirs in pairs)


def _share(plan: ScalingPlan, workers: Workers) -> tuple[torch.Tensor, torch.Tensor, Weights]:
    own, batch = workers.share(0, plan.n), load_batch(plan.n)
    inp, targ = (tensor[own].clone().to(workers.device) for tensor in (batch.inp, batch.targ))
    return inp, targ, initial_weights(plan.nh).on(workers.device)


def _part(inp: torch.Tensor, targ: torch.Tensor, weights: Weights, n: int) -> Gradients:
    """Of this worker's images, as `gradients` does it."""
    total = block_gradients(run_layers(inp[:BLOCK], targ[:BLOCK], weights, n))
    for start in range(BLOCK, len(inp), BLOCK):
        add_block(total, run_layers(inp[start : start + BLOCK], targ[start : start + BLOCK], weights, n))
    return total


def most_workers() -> int:
    """On this machine."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST)


def measure(plan: ScalingPlan, options: Sequence[str] = ()) -> Iterator[str]:
    """The lines of a measurement: first the plan and the machine, then each number of workers when it is known.

    options: of `main`, for each worker. Raises CalledProcessError.
    """
    yield head_line(plan, machine())
    asked = [*WITH_INPUT, __spec__.name, f"--images={plan.n}", f"--units={plan.nh}", "--worker", *options]
    for workers in range(1, most_workers() + 1):
        yield run_workers(asked, workers).strip()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    start = ScalingPlan()
    parser.add_argument("--images", type=int, default=start.n, help="in the batch")
    parser.add_argument("--units", type=int, default=start.nh, help="hidden units")
    parser.add_argument("--device", choices=DEVICES, default="cpu")
    parser.add_argument("--out", default=str(STORED), help="the file to write, or - to print; the package's own unless given")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    options = [f"--device={chosen.device}"]
    try:
        plan = ScalingPlan(chosen.images, chosen.units)
    except ValueError as error:
        parser.error(str(error))
    if chosen.worker:
        _work(plan, chosen.device)
    elif chosen.out == "-":
        for line in measure(plan, options):
            print(line, flush=True)
    else:
        _write(plan, options, Path(chosen.out))


def _work(plan: ScalingPlan, device: str) -> None:
    torch.set_num_threads(1)
    with joined(device) as workers:
        found = time_workers(plan, workers)
        if workers.first:
            print(timed_line(found), flush=True)


def _write(plan: ScalingPlan, options: Sequence[str], out: Path) -> None:
    try:
        with replacing(out) as file:
            for line in measure(plan, options):
                print(line, file=file)
    except OSError as error:
        sys.exit(f"Cannot write {out}: {error.strerror}. Nothing was changed.")
    print(f"Wrote {out}.")


if __name__ == "__main__":
    main()
