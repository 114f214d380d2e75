"""The cost page's measurement beside an outside one: timeit, and the peak of a new process that runs nothing else."""

import statistics
import subprocess
import sys
import timeit
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from benchmarks.ruler import Found

import mnistgrad as mg
from mnistgrad.cost.measurement import COST_METHODS, Measurement, MeasurementPlan, per_image_gradients, read
from mnistgrad.network.verification import autograd_gradients

ROOT = Path(__file__).parents[2]
COUNTS = (10, 1_000)
CODE = {
    "forward": "batch.inp @ weights.w1",
    "broadcast": "(batch.inp.unsqueeze(-1) * out_g.unsqueeze(1)).sum(0)",
    "einsum": 'torch.einsum("ni,nj->ij", batch.inp, out_g)',
    "matmul": "(out_g.t() @ batch.inp).t()",
    "manual": "mg.gradients(batch, weights)",
    "autograd": "autograd_gradients(batch, weights)",
    "per image": "per_image_gradients(batch, weights)",
}
PROGRAM = """
import torch, mnistgrad as mg
from mnistgrad.network.verification import autograd_gradients
from mnistgrad.cost.measurement import per_image_gradients
from mnistgrad.network.data import MnistBatch
torch.set_num_threads(1)
weights = mg.initial_weights()
data = MnistBatch(torch.randn(5_000, 784), torch.rand(5_000), torch.zeros(5_000, 28, 28), torch.zeros(5_000))
out_g = torch.ones(5_000, 50)
def run(n):
    batch, out_g = data.first(n), torch.ones(n, 50)
    {code}
def peak():  # ru_maxrss would not do: it begins with the size of the process that started this one
    status = open("/proc/self/status").read()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
run(1)
before = peak()
run(5_000)
print(peak() - before - out_g.nbytes)
"""


@pytest.fixture(scope="module")
def found() -> Measurement:
    """The page's own, in its own process."""
    command = [sys.executable, "-m", "mnistgrad.cost.measuring", "--out=-", "--largest=5000"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return read(done.stdout.splitlines())


def milliseconds(code: str, n: int) -> float:
    """By timeit, on one core."""
    torch.set_num_threads(1)
    batch, weights, out_g = mg.load_batch(n), mg.initial_weights(), torch.ones(n, 50)
    names = dict(batch=batch, weights=weights, out_g=out_g, mg=mg, torch=torch)
    names |= dict(autograd_gradients=autograd_gradients, per_image_gradients=per_image_gradients)
    timer = timeit.Timer(code, globals=names)
    loops = max(timer.autorange()[0] // 4, 1)
    return 1_000 * statistics.median(timer.repeat(7, loops)) / loops


@pytest.mark.parametrize("method", COST_METHODS)
def test_time_beside_timeit(method: str, found: Measurement, tell: Callable[[Found], None]) -> None:
    assert found.plan == MeasurementPlan(5_000)
    for n in COUNTS:
        ours, outside = 1_000 * found.at(method, n).seconds.median, milliseconds(CODE[method], n)
        tell(Found(f"the cost page's time, {method}, n = {n:,}", ours, outside, "ms", "timeit"))


@pytest.mark.parametrize("method", COST_METHODS)
def test_memory_beside_a_new_process(method: str, found: Measurement, tell: Callable[[Found], None]) -> None:
    command = [sys.executable, "-c", PROGRAM.format(code=CODE[method])]
    outside = int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout) / 1e6
    ours = found.at(method, 5_000).nbytes.median / 1e6
    tell(Found(f"the cost page's memory, {method}, n = 5,000", ours, outside, "MB", "a new process"))
