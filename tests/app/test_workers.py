"""The sum, split over workers, in Streamlit's own simulation: the link's workers, a reader's own run, stopping and failing."""

import json
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from app.opening import diagrams, opened, spoken
from measurements import MACHINE
from patience import SOON
from pictures.every_picture.scaling import scaling
from streamlit.testing.v1 import AppTest
from waiting import until

from mnistgrad.app.kept import scaling_runs
from mnistgrad.app.kept.process_runs import MEASUREMENTS
from mnistgrad.captions import scaling as says
from mnistgrad.distributed.scaling import ScalingPlan, head_line, read, stored_scaling, timed_line

FOUND = scaling(3)
LINES = [head_line(ScalingPlan(37, 2), MACHINE), *map(timed_line, FOUND.timed)]


def words(app: AppTest) -> str:
    return spoken((*app.subheader, *app.header, *app.markdown, *app.caption))


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What Python is told to run in the place of the measuring module."""
    command = ["-c", f"for line in {LINES!r}: print(line, flush=True)"]
    monkeypatch.setattr(scaling_runs, "MODULE", command)
    yield command
    until(lambda: not MEASUREMENTS.active, SOON, lambda: "a measurement goes on")


def pressed(app: AppTest, lines: int) -> scaling_runs.ScalingRun:
    """The reader's run, so many of its lines there."""
    app.button(key="run-workers").click().run()
    run: scaling_runs.ScalingRun = app.session_state[scaling_runs.SCALINGS.run]
    until(lambda: len(run._lines) >= lines or not run.active, SOON, lambda: "it does not begin")
    return run


def test_the_link_says_how_many_workers_there_are_and_a_stored_measurement_stands_there() -> None:
    app = opened("cost", workers=3, n=10)
    assert "3 workers, one sum" in words(app) and says.title(stored_scaling()) in words(app)
    (split,) = (svg for svg in diagrams(app) if "all-reduce" in svg)
    assert "worker 2" in split and "worker 3" not in split and "images 6 to 9" in split
    app.number_input(key="workers").set_value(1).run()
    assert "One worker: the sum is not split" in words(app)


def test_a_run_of_ones_own_takes_the_place_of_the_stored_one_and_can_be_stopped_or_fail(runs: list[str]) -> None:
    whole, app = list(runs), opened("cost", n=37, nh=2)
    runs[:] = ["-c", f"for line in {LINES[:2]!r}: print(line, flush=True)\nimport threading; threading.Event().wait()"]
    run = pressed(app, 2)
    assert run.plan == ScalingPlan(37, 2)
    app.run()
    assert app.get("progress")[0].proto.text.startswith("1 of ") and app.button(key="run-workers").disabled
    app.button(key="workers-stop").click().run()
    assert run.job.wait(SOON) and "Stopped after 1 of" in app.run().info[0].value
    runs[:] = ["-c", "raise SystemExit(1)"]
    app.button(key="run-workers").click().run()
    until(lambda: not MEASUREMENTS.active, SOON, lambda: "it does not fail")
    assert app.run().warning[0].value == says.failed() and says.title(stored_scaling()) in words(app)
    runs[:] = whole
    app.button(key="run-workers").click().run()
    until(lambda: not MEASUREMENTS.active, SOON, lambda: "it does not end")
    app.run()
    assert says.title(FOUND) in words(app) and "Yours, 2026-01-31: 37 images, Test processor" in words(app)
    assert not app.warning and not app.info
    assert says.title(stored_scaling()) in words(opened("cost")), "another reader sees what they measured"


def test_what_is_calculated_follows_from_what_was_measured() -> None:
    found = scaling(2)
    four = found.calculated[0]
    assert (four.workers, four.calculated) == (4, True) and four.computing == pytest.approx(0.05)
    # A ring of 2 takes 2 steps and tells 1 · bytes; one of 4 takes 6 and tells 1.5 · bytes: 3 · 1 ms and 1.5 · 2 ms.
    assert four.adding == pytest.approx(3 * 0.001 + 1.5 * 0.002)
    assert found.fastest.total == min(place.total for place in found.places) and found.speedup == pytest.approx(0.203 / 0.103)
    assert scaling(1).calculated == [] and read(LINES).timed == FOUND.timed
    assert read(LINES).difference is None and "; the sum" not in says.source(FOUND, own=False)
    for bad in ([], LINES[:1], [LINES[0], LINES[2]], [json.dumps(asdict(FOUND.timed[0]))]):
        with pytest.raises((ValueError, KeyError)):
            read(bad)
