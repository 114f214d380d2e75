"""Measurements that readers ask for: each in a process of its own, one after the other, with its progress and an end to it."""

import json

import streamlit as st

from mnistgrad.app.controls import RESULT
from mnistgrad.app.jobs.readers import Reader, reader
from mnistgrad.app.jobs.work import Job, Lane, Stage
from mnistgrad.cost.carried import carried, uncarried
from mnistgrad.cost.measurement import Measurement, MeasurementPlan, read, stored_measurement
from mnistgrad.cost.process import measuring

RUN, FOUND, UNFINISHED, LINKED = "cost-run", "cost-found", "cost-unfinished", "cost-linked"  # in the session
MEASUREMENTS = Lane("measurements", 1, most_waiting=30)  # one at a time on this machine


class MeasurementRun:
    """One measurement of one reader.

    code: its process's own, once it has ended. last: the method, count and seconds that were measured last.
    """

    def __init__(self, plan: MeasurementPlan, whose: Reader) -> None:
        self.plan = plan
        self.code: int | None = None
        self.last: tuple[str, int, float] | None = None
        self._lines: list[str] = []
        self._whose = whose
        self.job: Job[Measurement] = whose.start(MEASUREMENTS, object(), self._measure)

    @property
    def active(self) -> bool:
        """Whether it runs, or waits for its turn."""
        return self.job.active and bool(self.job.wanted_by)

    @property
    def total(self) -> int:
        return len(self.plan.tasks)

    @property
    def done(self) -> int:
        return max(len(self._lines) - 1, 0)

    @property
    def failed(self) -> bool:
        return self.job.stage is Stage.FAILED

    def stop(self) -> None:
        """End it; nothing comes out."""
        self.job.leave(self._whose)

    def _measure(self, job: Job[Measurement]) -> Measurement:
        with measuring(self.plan) as process:
            job.halt = process.terminate
            assert process.stdout is not None
            for line in process.stdout:
                job.go_on()
                self._take(line)
                job.progress()
            self.code = process.wait()
        job.go_on()
        if self.code:
            raise RuntimeError(f"the process ended with code {self.code}")
        return read(self._lines)

    def _take(self, line: str) -> None:
        if self._lines:  # the first holds the plan
            row = json.loads(line)
            self.last = row["method"], row["n"], row["seconds"]["median"]
        self._lines.append(line)


def current() -> MeasurementRun | None:
    """The session's measurement that runs or waits. One that has ended is put away, its result kept for the session."""
    run: MeasurementRun | None = st.session_state.get(RUN)
    if run is None or run.active:
        return run
    del st.session_state[RUN]
    if run.job.result is None:
        st.session_state[UNFINISHED] = run
    else:
        st.session_state[FOUND] = run.job.result
    return None


def start(plan: MeasurementPlan) -> None:
    """Begin to measure, unless this session already does."""
    if current() is None:
        st.session_state[UNFINISHED] = None
        st.session_state[RUN] = MeasurementRun(plan, reader())


def shown() -> tuple[Measurement, str]:
    """The session's last measurement, "own", or that of its link, "link", or the stored one, "". Raises DataFileError."""
    own: Measurement | None = st.session_state.get(FOUND)
    if own:
        return own, "own"
    text = st.session_state.get(LINKED)
    return (uncarried(text), "link") if text else (stored_measurement(), "")


def keep_in_link() -> None:
    """A result that is not the stored one travels in the page's link; one that came there is kept for the session."""
    own: Measurement | None = st.session_state.get(FOUND)
    asked = st.query_params.get(RESULT.key, "")
    if asked and not own:
        st.session_state[LINKED] = asked
    held = carried(own) if own else st.session_state.get(LINKED, "")
    if held != asked:
        st.query_params[RESULT.key] = held


def unfinished() -> MeasurementRun | None:
    """The session's last measurement, where it failed or was stopped."""
    run: MeasurementRun | None = st.session_state.get(UNFINISHED)
    return run
