"""Work in a process of its own: what it tells, gives and raises comes back, and it ends with whoever asked, however that ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from common import works
from patience import SOON
from waiting import until

from mnistgrad.captions.jobs import failed
from mnistgrad.common import beside
from mnistgrad.common.beside import LESS_URGENT, Standing, carry_out
from mnistgrad.common.data_files import DataFileError
from mnistgrad.common.faults import Ended
from mnistgrad.common.processes import ROOT

TESTS = Path(__file__).parents[1]
ASKS = """
from common import works
from mnistgrad.common import beside
beside.serve_many()
beside.carry_out(works.go_on_for_ever, take=lambda pid: print(pid, flush=True))
"""


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a server."""
    monkeypatch.setattr(beside, "_many", True)
    monkeypatch.setenv("PYTHONPATH", str(TESTS))


def test_it_is_another_process_that_gives_way_to_others_and_where_nobody_else_waits_it_is_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there, less_urgent, threads = carry_out(works.where)
    assert there != os.getpid() and less_urgent == min(os.nice(0) + LESS_URGENT, 19) and threads == 1
    monkeypatch.setattr(beside, "_many", False)
    assert carry_out(works.where)[0] == os.getpid()


def test_what_it_raises_is_raised_here_with_all_that_it_holds() -> None:
    with pytest.raises(DataFileError, match=r"a\.gz is missing") as error:
        carry_out(works.fail)
    assert "a.gz is missing" in error.value.told and "in fail" in "".join(error.value.__notes__)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_one_that_the_system_ends_is_told_in_a_sentence() -> None:
    with pytest.raises(Ended) as error:
        carry_out(works.go_on_for_ever, take=kill)
    assert failed("The file", error.value) == "The file failed: the system ended its process, perhaps for want of memory."


def test_it_ends_at_once_when_it_is_not_wanted_even_where_it_is_halted() -> None:
    ends: list[Callable[[], None]] = []
    pids: list[int] = []

    def halt_and_end(pid: int) -> None:
        os.kill(pid, signal.SIGSTOP)
        ends[0]()

    with pytest.raises(Ended):
        carry_out(works.go_on_for_ever, take=halt_and_end, begun=ends.append)

    def halt_and_go(pid: int) -> None:
        os.kill(pid, signal.SIGSTOP)
        pids.append(pid)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        carry_out(works.go_on_for_ever, take=halt_and_go)
    assert not psutil.pid_exists(*pids)


def test_it_ends_with_a_process_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", ASKS], cwd=ROOT, stdout=subprocess.PIPE, text=True) as asks:
        assert asks.stdout
        pid = int(asks.stdout.readline())
        asks.kill()
    until(lambda: not psutil.pid_exists(pid), SOON, lambda: f"{pid} runs on")


def test_one_that_stands_ready_does_one_piece_after_another_and_begins_anew_where_it_ended() -> None:
    standing = Standing()
    first, less_urgent, _ = standing.carry_out(works.where)
    assert first != os.getpid() and less_urgent == os.nice(0)
    assert standing.carry_out(works.where)[0] == first
    kill(first)
    until(lambda: psutil.Process(first).status() == psutil.STATUS_ZOMBIE, SOON, lambda: "it lives")
    second = standing.carry_out(works.where)[0]
    assert second != first
    with pytest.raises(DataFileError):
        standing.carry_out(works.fail)
    assert standing.carry_out(works.where)[0] not in (first, second, os.getpid())
    standing.end()
