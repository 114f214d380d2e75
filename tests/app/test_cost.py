"""The cost page in Streamlit's own simulation: the stored measurement, a reader's own, waiting, stopping and failing."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from app.opening import diagrams, headline, opened, spoken
from measurements import made_up_lines
from patience import SOON
from streamlit.testing.v1 import AppTest
from waiting import until

from mnistgrad.app.jobs.readers import Reader
from mnistgrad.app.kept import cost_runs
from mnistgrad.app.kept.process_runs import MEASUREMENTS
from mnistgrad.captions import cost as says
from mnistgrad.common import processes
from mnistgrad.common.faults import Ended
from mnistgrad.cost import measurement
from mnistgrad.cost import process as of_cost
from mnistgrad.cost.measurement import MeasurementPlan, read

BEGUN: list["Noted"] = []


class Noted(cost_runs.MeasurementRun):
    """Is remembered when the page has put it away."""

    def __init__(self, plan: MeasurementPlan, whose: Reader) -> None:
        super().__init__(plan, whose)
        BEGUN.append(self)


def words(app: AppTest) -> str:
    return spoken((*app.header, *app.markdown, *app.caption))


def running(app: AppTest) -> Noted:
    """The reader's measurement; where it has ended by now, the one begun last."""
    run = app.session_state[cost_runs.COSTS.run] if cost_runs.COSTS.run in app.session_state else BEGUN[-1]
    assert isinstance(run, Noted)
    return run


def wait_for(run: cost_runs.MeasurementRun) -> None:
    assert run.job.wait(SOON), "the measurement did not end"


def prints(*lines: str, then: str = "") -> list[str]:
    """A command in the place of the measuring module: it prints these lines and then does what `then` says."""
    return ["-c", f"for line in {lines!r}: print(line, flush=True)\n{then}"]


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What Python is told to run in the place of the measuring module; nothing of it is left behind."""
    command = prints(*made_up_lines(MeasurementPlan(largest=100)))
    monkeypatch.setattr(of_cost, "MODULE", command)
    monkeypatch.setattr(cost_runs.COSTS, "_begun", Noted)
    yield command
    until(lambda: not MEASUREMENTS.active, SOON, lambda: "a measurement goes on")


@pytest.mark.parametrize("query", [dict(n=1), dict(n=10), dict(n=37, nh=2), dict(n=50_000, preset="lesson-2022")], ids=str)
def test_stored_measurement_stands_there(query: dict[str, object]) -> None:
    app = opened("cost", **query)
    assert headline(app).startswith("A gradient for every weight")
    assert "A stored measurement" in words(app)
    assert len(app.get("vega_lite_chart")) == 5 and len(diagrams(app)) == 2


def test_page_leads_on() -> None:
    app = opened("cost")
    assert app.get("page_link")[-1].proto.page == "training"


def test_own_measurement_takes_the_place_of_the_stored_one(measuring: list[str]) -> None:
    app = opened("cost", n=5, largest="100")
    app.button(key="measure").click().run()
    wait_for(running(app))
    app.run()
    assert "Your measurement, up to 100 images: 2026-01-31, Test processor" in words(app)
    assert cost_runs.COSTS.run not in app.session_state
    found = read(made_up_lines(MeasurementPlan(largest=100)))
    assert says.lede(found, 5) in words(app)
    other = opened("cost", n=5)
    assert "A stored measurement" in words(other), "another reader sees what they measured"


def test_plan_is_what_the_controls_say(measuring: list[str]) -> None:
    app = opened("cost", nh=7, largest="1,000", budget="100 MB")
    app.button(key="measure").click().run()
    run = running(app)
    assert run.plan == MeasurementPlan(1_000, 100_000_000, 7)
    wait_for(run)


@pytest.mark.parametrize("query", [dict(largest="7"), dict(budget="99 GB"), dict(largest="", budget="x")], ids=str)
def test_choice_that_there_is_not_falls_back(measuring: list[str], query: dict[str, object]) -> None:
    app = opened("cost", **query)
    app.button(key="measure").click().run()
    assert headline(app) and running(app).plan == MeasurementPlan()
    running(app).stop()


def test_stop_ends_the_process_and_keeps_what_was_there(measuring: list[str]) -> None:
    measuring[:] = prints(*made_up_lines(MeasurementPlan(largest=100))[:4], then="import threading; threading.Event().wait()")
    app = opened("cost", largest="100")
    app.button(key="measure").click().run()
    run = running(app)
    until(lambda: run.done == 3, SOON, lambda: "no progress")
    app.run()
    assert "3 of 35: einsum at 1 image" in app.get("progress")[0].proto.text
    assert app.button(key="measure").disabled
    app.button(key="cost-stop").click().run()
    wait_for(run)
    app.run()
    assert headline(app) and "A stored measurement" in words(app) and not app.warning
    assert [info.value for info in app.info] == [says.stopped(3, 35)] and "Stopped after 3 of 35" in says.stopped(3, 35)
    assert not app.button(key="measure").disabled and not app.get("progress")
    measuring[:] = prints(*made_up_lines(MeasurementPlan(largest=100)))
    app.button(key="measure").click().run()
    wait_for(running(app))
    assert not app.run().info and "Your measurement" in words(app)


def begun(app: AppTest) -> Noted:
    """The reader's measurement, its first line there."""
    app.button(key="measure").click().run()
    run = running(app)
    until(lambda: bool(run._lines), SOON, lambda: "it does not begin")
    return run


def told(app: AppTest) -> str:
    return app.get("progress")[0].proto.text


def test_readers_measure_in_the_order_they_came_and_are_told_their_place(measuring: list[str]) -> None:
    measuring[:] = prints(made_up_lines(MeasurementPlan(largest=100))[0], then="import threading; threading.Event().wait()")
    one, other, third = (opened("cost", largest="100") for _ in range(3))
    first = begun(one)
    for app, place in ((other, "next in line"), (third, "second in line")):
        app.button(key="measure").click().run()
        assert told(app).endswith(f"Waiting for a turn: {place}.")
    measuring[:] = prints(*made_up_lines(MeasurementPlan(largest=100)))
    runs = [running(app) for app in (other, third)]
    one.button(key="cost-stop").click().run()
    wait_for(first)
    for run in runs:
        wait_for(run)
    assert "Your measurement" in words(other.run()) and "Your measurement" in words(third.run())
    assert "A stored measurement" in words(one.run())


def test_reader_who_waits_can_give_up(measuring: list[str]) -> None:
    measuring[:] = prints(made_up_lines(MeasurementPlan(largest=100))[0], then="import threading; threading.Event().wait()")
    holder, app = opened("cost", largest="100"), opened("cost", largest="100")
    first = begun(holder)
    app.button(key="measure").click().run()
    run = running(app)
    app.button(key="cost-stop").click().run()
    wait_for(run)
    assert not run._lines and first.active
    assert headline(app.run()) and "A stored measurement" in words(app)
    holder.button(key="cost-stop").click().run()


def test_measurement_that_cannot_be_started_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(processes.subprocess, "Popen", refuse)
    app = opened("cost", largest="100")
    app.button(key="measure").click().run()
    app.run()
    assert headline(app) and ["could not be started" in warning.value for warning in app.warning] == [True]


@pytest.mark.parametrize("given", [lambda lines: lines[:-1], lambda lines: [*lines, "Warning: disk full"], lambda lines: []])
def test_measurement_without_all_its_lines_is_told_as_failed(
    measuring: list[str], given: Callable[[list[str]], list[str]]
) -> None:
    measuring[:] = prints(*given(made_up_lines(MeasurementPlan(largest=100))))
    app = opened("cost", largest="100")
    app.button(key="measure").click().run()
    until(lambda: not MEASUREMENTS.active, SOON, lambda: "it does not end")
    for _ in range(2):
        app.run()
        assert headline(app) and ["did not tell all" in warning.value for warning in app.warning] == [True]
    measuring[:] = prints(*made_up_lines(MeasurementPlan(largest=100)))
    app.button(key="measure").click().run()
    until(lambda: not MEASUREMENTS.active, SOON, lambda: "it does not end")
    assert not app.run().warning and "Your measurement" in words(app)


@pytest.mark.parametrize("ends", ["input", "output"])
def test_process_ends_quietly_with_whoever_asked(ends: str) -> None:
    """As where the server was killed: the pipes to it are closed, by nobody's will."""
    command = [sys.executable, *of_cost.MODULE, "--largest=50000"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=processes.ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.readline()
        (process.stdin if ends == "input" else process.stdout).close()
        assert process.wait(SOON) == 1 and not process.stderr.read()


def test_process_that_is_let_comes_to_its_end_and_measures_one_core() -> None:
    command = [sys.executable, *of_cost.MODULE, "--largest=1", "--nh=2", "--budget=1000000"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=processes.ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout and process.stderr
        found = read(process.stdout)
        assert process.wait(SOON) == 0 and not process.stderr.read()
    assert found.plan == MeasurementPlan(1, 1_000_000, 2) and found.machine.threads == 1
    assert found.machine.torch == torch.__version__.split("+")[0] and found.machine.processor


@pytest.fixture
def nothing_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As after a broken installation."""
    monkeypatch.setattr(measurement, "STORED", tmp_path / "cost.jsonl")
    measurement.stored_measurement.cache_clear()
    yield
    monkeypatch.undo()
    measurement.stored_measurement.cache_clear()


def test_without_the_stored_measurement_a_reader_can_make_their_own(nothing_stored: None, measuring: list[str]) -> None:
    app = opened("cost", n=5, largest="100")
    assert not app.exception and len(app.title) == 1 and len(diagrams(app)) == 2
    (error,) = app.error
    assert "cost.jsonl cannot be read" in error.value and "install mnistgrad again" in error.value
    app.button(key="measure").click().run()
    wait_for(running(app))
    assert headline(app.run()) and "Your measurement" in words(app) and len(app.get("vega_lite_chart")) == 5


def test_measurement_that_fails_says_so(measuring: list[str]) -> None:
    measuring[:] = prints(made_up_lines(MeasurementPlan(largest=100))[0], then="raise SystemExit(3)")
    app = opened("cost", largest="100")
    app.button(key="measure").click().run()
    wait_for(running(app))
    app.run()
    assert headline(app) and [warning.value for warning in app.warning] == [says.failed(Ended(3))]
    measuring[:] = prints(*made_up_lines(MeasurementPlan(largest=100)))
    app.button(key="measure").click().run()
    wait_for(running(app))
    assert not app.run().warning and "Your measurement" in words(app)
