"""A worker that dies or hangs ends the job, and the sweep goes on from what was done."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from distributed.started import COMMAND, torchrun, workers_of
from patience import ENDED_WITHIN, SOON
from waiting import until

import mnistgrad as mg
from mnistgrad.distributed import checkpoint
from mnistgrad.distributed.checkpoint import UnusableCheckpoint
from mnistgrad.distributed.images import Block, InMemory
from mnistgrad.distributed.sweep import Steps, reaches_at, split_sweep
from mnistgrad.distributed.workers import Workers
from mnistgrad.gradient.sweep import counts_to
from mnistgrad.network.data import mnist

SWEEP = (*COMMAND, "sweep", "--nh", "512", "--checkpoint", "kept.npz", "--format", "csv", "--out", "sweep.csv")


def begun(process: "subprocess.Popen[str]", kept: Path) -> list[int]:
    """Its workers, once a count is done."""
    until(lambda: kept.exists() or process.poll() is not None, ENDED_WITHIN, lambda: "no count was done")
    assert process.poll() is None, process.communicate()
    return workers_of(process)


@pytest.mark.parametrize("killed", [0, 1])
def test_a_killed_worker_ends_the_job_and_the_sweep_goes_on_behind_it(killed: int, tmp_path: Path) -> None:
    kept = tmp_path / "kept.npz"
    with torchrun(*SWEEP, folder=tmp_path) as process:
        os.kill(begun(process, kept)[killed], signal.SIGKILL)
        _, says = process.communicate(timeout=SOON)
    assert process.returncode == 1 and "Error: " in says and "gone" in says
    assert not (tmp_path / "sweep.csv").exists()
    if killed:
        return  # to go on once is enough
    with np.load(kept) as arrays:
        done = sorted({int(name.partition(".")[0]) for name in arrays.files if name.endswith(".w1")})
    assert 0 < len(done) < len(counts_to(50_000))
    with torchrun(*SWEEP, folder=tmp_path) as process:
        _, says = process.communicate(timeout=ENDED_WITHIN)
    assert process.returncode == 0 and f"Goes on behind {done[-1]:,} image" in says
    assert (tmp_path / "sweep.csv").read_text().count("\n") == 1 + len(counts_to(50_000)) and not kept.exists()


def test_a_worker_that_hangs_is_told(tmp_path: Path) -> None:
    with torchrun(*SWEEP, folder=tmp_path) as process:
        hangs = begun(process, tmp_path / "kept.npz")[1]
        os.kill(hangs, signal.SIGSTOP)
        try:
            until(lambda: len(workers_of(process)) < 2 or process.poll() is not None, ENDED_WITHIN, lambda: "nobody noticed")
        finally:
            os.kill(hangs, signal.SIGCONT)
        _, says = process.communicate(timeout=ENDED_WITHIN)
    assert process.returncode == 1 and "Error: Worker 1 of 2 is gone" in says


class Counted(InMemory):
    """Tells which images are read."""

    def __init__(self) -> None:
        super().__init__(mnist())
        self.__dict__["told"] = []

    def read(self, chosen: slice | torch.Tensor) -> Block:
        self.__dict__["told"].append(chosen)
        return super().read(chosen)


COUNTS = [1, 3, 600, 1_000]
WEIGHTS = mg.initial_weights(3)


def swept(images: InMemory, steps: Steps, done: Callable[[int, Steps], None] = lambda n, steps: None) -> dict[str, object]:
    moments = images.source.mean, images.source.std
    found = split_sweep(images, steps, WEIGHTS, moments, Workers(), done)
    return {layer: each.points for layer, each in found.items()}


def test_what_is_done_is_not_done_again_and_the_result_is_the_same(tmp_path: Path) -> None:
    images, path = Counted(), tmp_path / "kept.npz"
    told = checkpoint.told_of(images, WEIGHTS, 0, (0.1, 0.3), COUNTS)

    def broken_off(n: int, steps: Steps) -> None:
        checkpoint.write(path, told, steps)
        if n == 600:
            raise InterruptedError

    whole = swept(images, Steps(reaches_at(images, COUNTS, Workers()), {}))
    with pytest.raises(InterruptedError):
        swept(images, Steps(reaches_at(images, COUNTS, Workers()), {}), broken_off)
    steps = checkpoint.read(path, told)
    assert steps and list(steps.sums) == [1, 3, 600]
    images.__dict__["told"].clear()
    assert swept(images, steps) == whole
    assert images.__dict__["told"] == [slice(600, 1_000)]


def test_checkpoint_that_is_damaged_or_anothers_is_told(tmp_path: Path) -> None:
    images, path = InMemory(mnist()), tmp_path / "kept.npz"
    told = checkpoint.told_of(images, WEIGHTS, 0, (0.1, 0.3), COUNTS)
    assert checkpoint.read(path, told) is None
    checkpoint.write(path, told, Steps(reaches_at(images, COUNTS, Workers()), {}))
    whole = path.read_bytes()
    for name, other in (("seed", 1), ("weights", "0"), ("counts", [1, 2]), ("moments", [0.0, 1.0]), ("images", "mine")):
        with pytest.raises(UnusableCheckpoint, match=f"another sweep's, with other {name}"):
            checkpoint.read(path, {**told, name: other})
    middle = len(whole) // 2
    for damaged in (b"", b"no archive", whole[:middle], whole[:middle] + b"\xff\x00\xff" + whole[middle + 3 :]):
        path.write_bytes(damaged)
        with pytest.raises(UnusableCheckpoint, match="is damaged"):
            checkpoint.read(path, told)
