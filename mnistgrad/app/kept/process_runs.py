"""What readers have measured: each in a process of its own, one after the other, with its progress and an end to it."""

import subprocess
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

from mnistgrad.app.jobs.readers import Reader
from mnistgrad.app.jobs.work import Job, Lane, Stage

T = TypeVar("T")
MEASUREMENTS = Lane("measurements", 1, most_waiting=30)  # one at a time on this machine


class ProcessRun(ABC, Generic[T]):
    """One measurement of one reader, which its process tells line by line; the first line holds the plan.

    total: how many lines follow. code: the process's own, once it has ended.
    """

    def __init__(self, total: int, whose: Reader) -> None:
        self.total = total
        self.code: int | None = None
        self._lines: list[str] = []
        self._whose = whose
        self.job: Job[T] = whose.start(MEASUREMENTS, object(), self._measure)

    @abstractmethod
    def _process(self) -> AbstractContextManager["subprocess.Popen[str]"]:
        """The process, begun."""

    @abstractmethod
    def _read(self, lines: list[str]) -> T:
        """What all its lines say."""

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

    def _measure(self, job: Job[T]) -> T:
        with self._process() as process:
            job.halt = process.terminate
            assert process.stdout is not None
            for line in process.stdout:
                job.go_on()
                self._lines.append(line)
                job.progress()
            self.code = process.wait()
        job.go_on()
        if self.code:
            raise RuntimeError(f"the process ended with code {self.code}")
        return self._read(self._lines)
