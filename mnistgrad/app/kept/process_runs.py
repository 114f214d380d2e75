"""What readers have measured: each in a process of its own, one after the other, with its progress and an end to it."""

import subprocess
from abc import abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar

import streamlit as st

from mnistgrad.app.jobs.readers import Reader, reader
from mnistgrad.app.jobs.runs import Run
from mnistgrad.app.jobs.work import Job, Lane
from mnistgrad.common.faults import Ended

T = TypeVar("T")
Plan = TypeVar("Plan")
Of = TypeVar("Of", bound="ProcessRun[Any]")
MEASUREMENTS = Lane("measurements", 1, most_waiting=30)  # one at a time on this machine


class ProcessRun(Run[T]):
    """One measurement of one reader, which its process tells line by line; the first line holds the plan.

    total: how many lines follow.
    """

    def __init__(self, total: int, whose: Reader) -> None:
        self.total = total
        self._lines: list[str] = []
        super().__init__(MEASUREMENTS, whose)

    @abstractmethod
    def _process(self) -> AbstractContextManager["subprocess.Popen[str]"]:
        """The process, begun."""

    @abstractmethod
    def _read(self, lines: list[str]) -> T:
        """What all its lines say."""

    @property
    def done(self) -> int:
        return max(len(self._lines) - 1, 0)

    def _work(self, job: Job[T], *given: Any) -> T:
        with self._process() as process:
            job.halt = process.kill
            job.go_on()
            assert process.stdout is not None
            for line in process.stdout:
                job.go_on()
                self._lines.append(line)
                job.progress()
            code = process.wait()
        job.go_on()
        if code:
            raise Ended(code)
        return self._read(self._lines)


class Measured(Generic[Plan, Of, T]):
    """What a session has measured of one kind. run, found, unfinished: the names of what it holds."""

    def __init__(self, kind: str, begun: Callable[[Plan, Reader], Of]) -> None:
        self.run, self.found, self.unfinished = (f"{kind}-{what}" for what in ("run", "found", "unfinished"))
        self._begun = begun

    def start(self, plan: Plan) -> None:
        """Begin to measure, unless the session already does."""
        if self.current() is None:
            st.session_state[self.unfinished] = None
            st.session_state[self.run] = self._begun(plan, reader())

    def current(self) -> Of | None:
        """The one that runs or waits. One that has ended is put away, its result kept for the session."""
        run: Of | None = st.session_state.get(self.run)
        if run is None or run.active:
            return run
        del st.session_state[self.run]
        if run.job.result is None:
            st.session_state[self.unfinished] = run
        else:
            st.session_state[self.found] = run.job.result
        return None

    def own(self) -> T | None:
        """The last result."""
        found: T | None = st.session_state.get(self.found)
        return found

    def left(self) -> Of | None:
        """The last one, where it failed or was stopped."""
        run: Of | None = st.session_state.get(self.unfinished)
        return run
