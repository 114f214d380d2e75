"""Measurements that readers ask for: each in a process of its own, one after the other, with its progress and an end to it."""

import json
import subprocess
import sys
from pathlib import Path
from threading import Event, Lock, Thread

import streamlit as st

from mnistgrad.cost.measurement import Measurement, MeasurementPlan, read, stored_measurement

ROOT = Path(__file__).parents[3]
MODULE = ["-m", "mnistgrad.cost.measuring"]
RUN, FOUND, UNFINISHED = "cost-run", "cost-found", "cost-unfinished"  # in the session
PATIENCE = 0.2  # seconds between two looks at whether a waiting reader gave up


@st.cache_resource(show_spinner=False)
def _turn() -> Lock:
    """Held by the one measurement that runs on this machine."""
    return Lock()


class Run:
    """One measurement. `waiting` until it is its turn, `active` until it ends; then `measurement`, or `code` if it failed."""

    def __init__(self, plan: MeasurementPlan) -> None:
        self.plan = plan
        self.waiting = self.active = True
        self.code: int | None = None
        self._lines: list[str] = []
        self._stopped, self._turn = Event(), _turn()
        self._process: subprocess.Popen[str] | None = None
        Thread(target=self._work, daemon=True).start()

    @property
    def total(self) -> int:
        return len(self.plan.tasks)

    @property
    def done(self) -> int:
        return max(len(self._lines) - 1, 0)

    @property
    def last(self) -> tuple[str, int, float] | None:
        """The method, count and seconds that were measured last."""
        if not self.done:
            return None
        row = json.loads(self._lines[-1])
        return row["method"], row["n"], row["seconds"]["median"]

    @property
    def measurement(self) -> Measurement | None:
        """What came out, where it ran to its end."""
        return read(self._lines) if not self.active and self.code == 0 else None

    @property
    def failed(self) -> bool:
        return not self.active and self.code != 0 and not self._stopped.is_set()

    def stop(self) -> None:
        """End it; nothing comes out."""
        self._stopped.set()
        if self._process:
            self._process.terminate()

    def _work(self) -> None:
        try:
            while not self._turn.acquire(timeout=PATIENCE):
                if self._stopped.is_set():
                    return
            try:
                self._measure()
            finally:
                self._turn.release()
        finally:
            self.active = False

    def _measure(self) -> None:
        self.waiting = False
        plan = self.plan
        options = [f"--largest={plan.largest}", f"--budget={plan.budget}", f"--nh={plan.nh}"]
        command = [sys.executable, *MODULE, *options]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as self._process:
            if self._stopped.is_set():
                self._process.terminate()
            assert self._process.stdout is not None
            for line in self._process.stdout:
                if line.endswith("\n"):  # the last may be cut where it was stopped
                    self._lines.append(line)
        self.code = self._process.returncode


def current() -> Run | None:
    """The session's running measurement. One that has ended is put away, its result kept for the session."""
    run: Run | None = st.session_state.get(RUN)
    if run is None or run.active:
        return run
    if (measurement := run.measurement) is not None:
        st.session_state[FOUND] = measurement
    else:
        st.session_state[UNFINISHED] = run
    del st.session_state[RUN]
    return None


def start(plan: MeasurementPlan) -> None:
    """Begin to measure, unless this session already does."""
    if current() is None:
        st.session_state[UNFINISHED] = None
        st.session_state[RUN] = Run(plan)


def shown() -> tuple[Measurement, bool]:
    """The session's last measurement, or the stored one; and whether it is the session's own."""
    own: Measurement | None = st.session_state.get(FOUND)
    return (own, True) if own else (stored_measurement(), False)


def unfinished() -> Run | None:
    """The session's last measurement, where it failed or was stopped."""
    run: Run | None = st.session_state.get(UNFINISHED)
    return run
