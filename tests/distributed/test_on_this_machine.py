"""Workers that this process starts by itself: they meet, nobody else reaches what they meet at, and a loss is told."""

import subprocess

import psutil
import pytest

from mnistgrad.captions import scaling as says
from mnistgrad.captions.split import same_to
from mnistgrad.distributed.measuring import measure, most_workers
from mnistgrad.distributed.on_this_machine import run_workers
from mnistgrad.distributed.scaling import ScalingPlan, read

MEET = """
import os
import psutil
from mnistgrad.common.processes import end_with_input
from mnistgrad.distributed.workers import joined
end_with_input()
with joined() as workers:
    ours = workers.gathered(os.getpid())
    for each in psutil.net_connections("inet") if workers.first else ():
        if each.status == psutil.CONN_LISTEN and each.pid in {*ours, os.getppid()}:
            print(each.pid, each.laddr.ip)
    workers.wait()
"""


def test_workers_meet_where_nobody_else_comes() -> None:
    before = psutil.Process().children(recursive=True)
    pids, addresses = zip(*map(str.split, run_workers(["-c", MEET], 2).splitlines()), strict=True)
    assert len(set(pids)) == 3 and set(addresses) <= {"127.0.0.1", "::1"}
    assert psutil.Process().children(recursive=True) == before


def test_the_sum_of_two_is_that_of_one_process() -> None:
    if most_workers() < 2:
        pytest.skip("there is one core")
    found = read(measure(ScalingPlan(37)))
    assert found.difference is not None and found.difference <= 1e-6
    assert says.source(found, own=True).endswith(f"; the sum: {same_to(found.difference)}.")


def test_the_loss_of_any_worker_is_told() -> None:
    for lost in "0", "1":
        with pytest.raises(subprocess.CalledProcessError):
            run_workers(["-c", f"import os, sys; sys.exit(os.environ['RANK'] == '{lost}')"], 2)
