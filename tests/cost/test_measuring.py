"""The measuring itself: it sees what is allocated, and times each run."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest
from loops import over
from patience import ENDED_WITHIN

from mnistgrad.cost import measuring
from mnistgrad.cost.measurement import COST_METHODS, MeasurementPlan, Method, read
from mnistgrad.cost.measuring import can_tell_peak, measure, times

ROOT = Path(__file__).parents[2]
MEGABYTE = 1_000_000
# A process of its own: in this one threads of other tests may take memory at the same time.
PEAKS = """
import json
import torch
from mnistgrad.cost.measuring import peak_bytes

def take(*megabytes):
    for each in megabytes:
        torch.ones(each * 250_000)

found = {}
for each in (1, 20, 100):
    take(each)
    found[f"{each} MB"] = peak_bytes(lambda: take(each))
take(40, 1)
found["40 MB, then 1 MB"] = peak_bytes(lambda: take(40, 1))
peak_bytes(lambda: take(200))
found["1 MB after 200 MB"] = peak_bytes(lambda: take(1))
print(json.dumps(found))
"""
tells_peak = pytest.mark.skipif(not can_tell_peak(), reason="this system does not tell a process its peak memory")


@pytest.fixture(scope="module")
def peaks() -> dict[str, int]:
    run = subprocess.run(
        [sys.executable, "-c", PEAKS], cwd=ROOT, capture_output=True, text=True, check=True, timeout=ENDED_WITHIN
    )
    return dict(json.loads(run.stdout))


@tells_peak
@over("megabytes", [1, 20, 100])
def test_peak_is_what_a_run_allocates(megabytes: int, peaks: dict[str, int]) -> None:
    assert peaks[f"{megabytes} MB"] == pytest.approx(megabytes * MEGABYTE, rel=0.05, abs=MEGABYTE / 10)


@tells_peak
def test_peak_counts_what_was_freed_on_the_way(peaks: dict[str, int]) -> None:
    assert peaks["40 MB, then 1 MB"] == pytest.approx(40 * MEGABYTE, rel=0.05)


@tells_peak
def test_peak_forgets_what_ran_before(peaks: dict[str, int]) -> None:
    assert peaks["1 MB after 200 MB"] == pytest.approx(MEGABYTE, rel=0.2)


@pytest.mark.parametrize(("each", "runs"), [(1.0, measuring.FEWEST), (1e-9, measuring.MOST)])
def test_number_of_runs_has_its_bounds(each: float, runs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(0, each)
    monkeypatch.setattr(measuring.time, "perf_counter", lambda: next(clock))
    assert times(lambda: None) == pytest.approx([each] * runs, rel=1e-3)


def test_every_run_is_timed() -> None:
    called: list[int] = []
    assert len(times(lambda: called.append(1))) == len(called)


@pytest.fixture
def fewest_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SECONDS", 0.0)


def test_measurement_holds_every_cost_that_fits(fewest_runs: None) -> None:
    found = read(measure(MeasurementPlan(largest=5, budget=1_000_000, nh=3)))
    assert len(found.costs) == 2 * len(COST_METHODS)
    assert all(0 < cost.seconds.low <= cost.seconds.median <= cost.seconds.high for cost in found.costs)
    assert all(cost.seconds.runs >= measuring.FEWEST for cost in found.costs)


def test_what_does_not_fit_the_budget_never_runs(fewest_runs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[int] = []
    broadcast = COST_METHODS["broadcast"]
    spied = lambda batch, weights: (ran.append(len(batch)), broadcast.prepare(batch, weights))[1]  # noqa: E731
    monkeypatch.setitem(COST_METHODS, "broadcast", Method(broadcast.label, broadcast.code, spied, broadcast.nbytes))
    list(measure(MeasurementPlan(largest=10, budget=6 * 784 * 3 * 4, nh=3)))
    assert ran == [1, 1, 5]  # the warm-up, then the two counts that fit


def test_memory_is_left_open_where_the_system_does_not_tell_it(fewest_runs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "can_tell_peak", lambda _: False)
    assert not read(measure(MeasurementPlan(largest=1, nh=2))).memory_seen


def test_module_refuses_a_plan_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        measuring.main(["--largest=3", "--out=-"])
    said = capsys.readouterr()
    assert ended.value.code and not said.out and "largest is 3; allowed are 1, 5" in said.err
