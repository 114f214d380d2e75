"""Measures time and peak memory in a process of its own: `python -m mnistgrad.cost.measuring --help`.

Time is wall-clock time on one core, so that other work on the machine disturbs it little. Memory is the largest resident
size of the process during a run less its size before, as the Linux kernel counts it (proc(5), VmHWM); nothing else happens
in this process. What is freed goes back to the system before each run, so that no run lives on what another left.
"""

import argparse
import ctypes
import datetime
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch

from mnistgrad.common import numbers
from mnistgrad.common.devices import CPU, DEVICES, device_of, finish
from mnistgrad.common.files import replacing
from mnistgrad.cost.measurement import COST_METHODS, STORED, Machine, MeasurementPlan, Prepared, Spread, cost_line, head_line
from mnistgrad.network.data import load_batch
from mnistgrad.network.presets import initial_weights

SECONDS = 0.1  # that the timed runs of one method at one count take, unless the fewest take longer
FEWEST, MOST = 7, 100  # timed runs
MEMORY_RUNS = 3
KERNEL = Path("/proc/self")
KILOBYTE = 1_024  # what the kernel calls kB
RESET_PEAK = "5"  # proc(5), clear_refs: the peak starts again at the present size


def measure(plan: MeasurementPlan, device: torch.device = CPU) -> Iterator[str]:
    """The lines of a measurement: first the plan and the machine, then each cost when it is known."""
    yield head_line(plan, machine())
    whole, weights = load_batch(plan.largest).on(device), initial_weights(plan.nh).on(device)
    for method in COST_METHODS.values():  # the first call of autograd alone loads 37 MB
        method.prepare(whole.first(1), weights)()
    for n, name in plan.tasks:
        run = COST_METHODS[name].prepare(whole.first(n), weights)
        run()
        nbytes = Spread.of([peak_bytes(run, device) for _ in range(MEMORY_RUNS)]) if can_tell_peak(device) else None
        yield cost_line(name, n, Spread.of(times(run, device)), nbytes)


def times(run: Prepared, device: torch.device = CPU) -> list[float]:
    """Seconds of each of several runs."""
    found: list[float] = []
    end = time.perf_counter() + SECONDS
    while len(found) < FEWEST or (len(found) < MOST and time.perf_counter() < end):
        finish(device)
        start = time.perf_counter()
        run()
        finish(device)
        found.append(time.perf_counter() - start)
    return found


def can_tell_peak(device: torch.device = CPU) -> bool:
    """Whether the system lets a process set its peak memory back: Linux does, and torch for what it holds on a GPU."""
    return device.type == "cuda" or os.access(KERNEL / "clear_refs", os.W_OK)


def peak_bytes(run: Prepared, device: torch.device = CPU) -> int:
    """By how much the process grew, at the most, while it ran; on a GPU, what torch held there."""
    if device.type == "cuda":
        return _peak_on_gpu(run, device)
    give_back_freed_memory()
    (KERNEL / "clear_refs").write_text(RESET_PEAK)
    before = _status("VmRSS")
    run()
    return max(_status("VmHWM") - before, 0)


def _peak_on_gpu(run: Prepared, device: torch.device) -> int:
    finish(device)
    torch.cuda.reset_peak_memory_stats(device)
    before = torch.cuda.memory_allocated(device)
    run()
    finish(device)
    return torch.cuda.max_memory_allocated(device) - before


def give_back_freed_memory() -> None:
    """To the system, where the C library can (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _status(entry: str) -> int:
    """Bytes of an entry of the kernel's record of this process."""
    line = next(line for line in (KERNEL / "status").read_text("utf-8").splitlines() if line.startswith(f"{entry}:"))
    return int(line.split()[1]) * KILOBYTE


def machine() -> Machine:
    """This machine, today."""
    version, today = torch.__version__.split("+")[0], datetime.date.today().isoformat()
    return Machine(_processor(), os.cpu_count() or 1, torch.get_num_threads(), version, today)


def _processor() -> str:
    """Its model where Linux tells it, else its kind."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    start = MeasurementPlan()
    parser.add_argument("--largest", type=int, default=start.largest, help="the largest count of images")
    parser.add_argument("--budget", type=int, default=start.budget, help="bytes that no run may need")
    parser.add_argument("--nh", type=int, default=start.nh, help="hidden units")
    parser.add_argument("--device", choices=DEVICES, default="cpu", help="what computes")
    parser.add_argument("--out", default=str(STORED), help="the file to write, or - to print; the package's own unless given")
    chosen = vars(parser.parse_args(arguments))
    out, name = chosen.pop("out"), chosen.pop("device")
    try:
        plan, device = MeasurementPlan(**chosen), device_of(name)
    except ValueError as error:
        parser.error(str(error))
    torch.set_num_threads(1)
    if out == "-":
        _print(plan, device)
    else:
        _write(plan, device, Path(out))


def _print(plan: MeasurementPlan, device: torch.device) -> None:
    try:
        for line in measure(plan, device):
            print(line, flush=True)
    except BrokenPipeError:  # nobody reads it any more
        os._exit(1)


def _write(plan: MeasurementPlan, device: torch.device, out: Path) -> None:
    try:
        with replacing(out) as file:
            for line in measure(plan, device):
                print(line, file=file)
    except OSError as error:
        sys.exit(f"Cannot write {out}: {error.strerror}. Nothing was changed.")
    print(f"Wrote {out}: {numbers.count(len(plan.tasks), 'cost')}, up to {numbers.count(plan.largest, 'image')}.")


if __name__ == "__main__":
    main()
