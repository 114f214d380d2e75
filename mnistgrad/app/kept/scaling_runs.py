"""The measurement of several workers that a reader asks for, and which one the page shows."""

import subprocess
import sys
from contextlib import AbstractContextManager

import streamlit as st

from mnistgrad.app.jobs.readers import Reader, reader
from mnistgrad.app.kept.process_runs import ProcessRun
from mnistgrad.cost.process import running
from mnistgrad.distributed.measuring import most_workers
from mnistgrad.distributed.scaling import Scaling, ScalingPlan, read, stored_scaling

RUN, FOUND, UNFINISHED = "scaling-run", "scaling-found", "scaling-unfinished"  # in the session
MODULE = ["-m", "mnistgrad.distributed.measuring", "--out=-"]


class ScalingRun(ProcessRun[Scaling]):
    """One measurement of one reader."""

    def __init__(self, plan: ScalingPlan, whose: Reader) -> None:
        self.plan = plan
        super().__init__(most_workers(), whose)

    def _process(self) -> AbstractContextManager["subprocess.Popen[str]"]:
        options = [f"--images={self.plan.n}", f"--units={self.plan.nh}", "--while-input-lasts"]
        return running([sys.executable, *MODULE, *options])

    def _read(self, lines: list[str]) -> Scaling:
        return read(lines)


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
