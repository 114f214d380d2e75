"""Measurements of several workers that readers ask for: one at a time on this machine, with progress and an end to it."""

import subprocess
import sys

import streamlit as st

from mnistgrad.app.jobs.readers import Reader, reader
from mnistgrad.app.jobs.work import Job, Stage
from mnistgrad.app.kept.cost_runs import MEASUREMENTS
from mnistgrad.cost.process import running
from mnistgrad.distributed.measuring import most_workers
from mnistgrad.distributed.scaling import Scaling, ScalingPlan, read, stored_scaling

RUN, FOUND, UNFINISHED = "scaling-run", "scaling-found", "scaling-unfinished"  # in the session
MODULE = ["-m", "mnistgrad.distributed.measuring", "--out=-"]


class ScalingRun:
    """One measurement of one reader. total: how many numbers of workers it tries."""

    def __init__(self, plan: ScalingPlan, whose: Reader) -> None:
        self.plan, self.total = plan, most_workers()
        self._lines: list[str] = []
        self._whose = whose
        self.job: Job[Scaling] = whose.start(MEASUREMENTS, object(), self._measure)

    @property
    def active(self) -> bool:
        """Whether it runs, or waits for its turn."""
        return self.job.active and bool(self.job.wanted_by)

    @property
    def done(self) -> int:
        return max(len(self._lines) - 1, 0)

    @property
    def failed(self) -> bool:
        return self.job.stage is Stage.FAILED

    def stop(self) -> None:
        """End it; nothing comes out."""
        self.job.leave(self._whose)

    def _measure(self, job: Job[Scaling]) -> Scaling:
        options = [f"--images={self.plan.n}", f"--units={self.plan.nh}", "--while-input-lasts"]
        with running([sys.executable, *MODULE, *options]) as process:
            job.halt = process.terminate
            assert process.stdout is not None
            for line in process.stdout:
                job.go_on()
                self._lines.append(line)
                job.progress()
            code = process.wait()
        job.go_on()
        if code:
            raise subprocess.CalledProcessError(code, MODULE)
        return read(self._lines)


def current() -> ScalingRun | None:
    """The session's measurement that runs or waits. One that has ended is put away, its result kept for the session."""
    run: ScalingRun | None = st.session_state.get(RUN)
    if run is None or run.active:
        return run
    del st.session_state[RUN]
    st.session_state[UNFINISHED if run.job.result is None else FOUND] = run if run.job.result is None else run.job.result
    return None


def start(plan: ScalingPlan) -> None:
    """Begin to measure, unless this session already does."""
    if current() is None:
        st.session_state[UNFINISHED] = None
        st.session_state[RUN] = ScalingRun(plan, reader())


def shown() -> tuple[Scaling, bool]:
    """The session's last measurement, or the stored one; and whether it is the session's own. Raises DataFileError."""
    own: Scaling | None = st.session_state.get(FOUND)
    return (own, True) if own else (stored_scaling(), False)


def unfinished() -> ScalingRun | None:
    """The session's last measurement, where it failed or was stopped."""
    run: ScalingRun | None = st.session_state.get(UNFINISHED)
    return run
