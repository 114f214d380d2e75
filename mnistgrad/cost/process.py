"""A measurement in a process of its own, where nothing else is in memory."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mnistgrad.cost.measurement import MeasurementPlan

ROOT = Path(__file__).parents[2]
MODULE = ["-m", "mnistgrad.cost.measuring", "--out=-"]
COMPILED = {"TORCHINDUCTOR_CACHE_DIR": str(ROOT)}  # here nothing is compiled; without it torch needs a temporary folder


@contextmanager
def measuring(plan: MeasurementPlan, device: str = "cpu") -> Iterator["subprocess.Popen[str]"]:
    """The process, whose output are the lines of a measurement. Whatever happens, it has ended behind this.

    It ends with its input, so also where this one is killed; a Ctrl-C in the terminal is not for it.
    """
    options = [
        f"--largest={plan.largest}",
        f"--budget={plan.budget}",
        f"--nh={plan.nh}",
        f"--device={device}",
        "--while-input-lasts",
    ]
    with running([sys.executable, *MODULE, *options]) as process:
        yield process


@contextmanager
def running(command: Sequence[str]) -> Iterator["subprocess.Popen[str]"]:
    """A process that ends with its input; whatever happens, it has ended behind this. A Ctrl-C in the terminal is not for it."""
    pipe, environment = subprocess.PIPE, COMPILED | os.environ
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, encoding="utf-8", start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
