"""Work that a reader began: it goes on whatever their page shows, until it ends or they end it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from mnistgrad.app.jobs.readers import Reader
from mnistgrad.app.jobs.work import Job, Lane, Stage
from mnistgrad.common.beside import carry_out

R = TypeVar("R")


class Run(ABC, Generic[R]):
    """One piece of work of one reader, in a lane. given: to the work, and held as long as that needs it."""

    def __init__(self, lane: Lane, whose: Reader, *given: Any) -> None:
        self._whose = whose
        nobody_elses = object()
        self.job: Job[R] = whose.start(lane, nobody_elses, lambda job: self._work(job, *given))

    @abstractmethod
    def _work(self, job: Job[R], *given: Any) -> R:
        """What comes out, made in a thread of the lane."""

    @property
    def active(self) -> bool:
        """Whether it runs, or waits for its turn."""
        return self.job.active and bool(self.job.wanted_by)

    @property
    def failed(self) -> bool:
        return self.job.stage is Stage.FAILED

    def stop(self) -> None:
        """End it; nothing comes out."""
        self.job.leave(self._whose)


def beside(job: Job[Any], take: Callable[[Any], object], work: Callable[..., R], *given: object) -> R:
    """The job's work, in a process of its own where others wait for this one. take: told whatever the work tells."""

    def told(what: Any) -> None:
        job.go_on()
        take(what)
        job.progress()

    def can_be_ended(end: Callable[[], None]) -> None:
        job.halt = end
        job.go_on()  # it may have been left before

    return carry_out(work, *given, take=told, begun=can_be_ended)
