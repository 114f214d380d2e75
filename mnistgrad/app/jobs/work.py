"""Jobs and the lanes they wait in. Knows nothing of pages: whoever wants a job is told when there is something new about it."""

import logging
import time
from collections import deque
from collections.abc import Callable, Hashable
from enum import Enum
from threading import Event, RLock, Thread
from typing import Any, Generic, Protocol, TypeVar
from weakref import WeakSet

from mnistgrad.app.keeping import Shelf
from mnistgrad.app.memory import give_back_soon
from mnistgrad.app.relief import relieve
from mnistgrad.common.faults import Busy, is_out_of_memory

R = TypeVar("R")
MOST_WAITING = 1_000  # in one lane, of all readers together, unless it says another number
MOST_OF_ONE = 25  # in one lane, of one reader: a page that gives way to the next asks for 20 sweeps
TOLD_EVERY = 1.5  # seconds between two pieces of news about the progress of one job
_lock = RLock()  # of every lane and job; held for moments only
_log = logging.getLogger(__name__)


class Stage(Enum):
    """Of a job. STOPPED: nobody wanted it any more."""

    WAITING, RUNNING, DONE, FAILED, STOPPED = range(5)


class Stopped(Exception):
    """Nobody wants the job any more; its work ends here."""


class Wanter(Protocol):
    """Wants jobs; held weakly, so one that is gone wants nothing."""

    def tell(self, job: "Job[Any]") -> None:
        """There is something new about the job."""


class Job(Generic[R]):
    """One piece of work in a lane. `result` once it is DONE, `error` once it has FAILED."""

    def __init__(
        self,
        lane: "Lane",
        key: Hashable,
        work: "Callable[[Job[R]], R]",
        result: R | None = None,
        error: Exception | None = None,
    ) -> None:
        """result: where it is known already. error: where it is not even begun."""
        self.lane, self.key = lane, key
        self.stage = Stage.FAILED if error else Stage.WAITING if result is None else Stage.DONE
        self.result = result
        self.error = error
        self.version = 0  # of what can be seen of it
        self.wanted_by: WeakSet[Wanter] = WeakSet()
        self.halt: Callable[[], None] | None = None  # for work that waits for something else: called once nobody wants it
        self._work: Callable[[Job[R]], R] | None = work if self.active else None  # gone once it has ended, with what it holds
        self._ended = Event()
        if not self.active:
            self._ended.set()
        self._told = 0.0

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.stage in (Stage.WAITING, Stage.RUNNING)

    @property
    def place(self) -> int:
        """In line: 1 for the next one, 0 for one that does not wait."""
        with _lock:
            return self.lane.line.index(self) + 1 if self in self.lane.line else 0

    def wait(self, seconds: float) -> bool:
        """Whether it ends within so many seconds."""
        return self._ended.wait(seconds)

    def go_on(self) -> None:
        """For the work itself, now and then: raises Stopped where nobody wants it any more."""
        with _lock:
            if not self.wanted_by:
                self.drop()
                raise Stopped

    def progress(self) -> None:
        """For the work itself: what can be seen of it has changed. Told at most every TOLD_EVERY seconds."""
        if time.monotonic() - self._told > TOLD_EVERY:
            self._told = time.monotonic()
            self.tell()

    def tell(self) -> None:
        self.version += 1
        for wanter in list(self.wanted_by):
            wanter.tell(self)

    def leave(self, wanter: Wanter) -> None:
        """The wanter wants it no more. Without any it leaves the line, or ends where its work next asks."""
        with _lock:
            self.wanted_by.discard(wanter)
            unwanted = self.active and not self.wanted_by
            if unwanted and self.stage is Stage.WAITING:
                self.drop()
        if unwanted and self.halt:
            self.halt()

    def drop(self) -> None:
        """It ends as it is: nobody wants it."""
        self._end(Stage.STOPPED)

    def fail(self, error: Exception) -> None:
        """It ends without having begun."""
        self.error = error
        self._end(Stage.FAILED)

    def run(self) -> None:
        """Do the work, in this thread."""
        assert self._work is not None
        stage = Stage.DONE
        try:
            self.result = self._work(self)
        except Stopped:
            stage = Stage.STOPPED
        except Exception as error:
            stage = Stage.FAILED if self.wanted_by else Stage.STOPPED  # what was halted may fail of it
            if stage is Stage.FAILED:
                _log.warning("A job failed", exc_info=error)
                self.error = error.with_traceback(None)
            if is_out_of_memory(error):
                relieve(error)
        self._end(stage)
        self.tell()

    def _end(self, stage: Stage) -> None:
        with _lock:
            if self.active:
                self.stage = stage
                self.lane.take_out(self)
                self._work = self.halt = None
                self._ended.set()


class Lane:
    """Jobs of one kind, each made once however often it is asked for.

    workers: as many run at a time; the others wait in the order they came. shelf: keeps what is done, for whoever asks later.
    most_waiting: beyond it nothing is taken on.
    """

    def __init__(self, name: str, workers: int, shelf: Shelf | None = None, most_waiting: int = MOST_WAITING) -> None:
        self.name, self.workers, self.most_waiting = name, workers, most_waiting
        self.line: deque[Job[Any]] = deque()
        self._active: dict[Hashable, Job[Any]] = {}
        self._shelf = shelf
        self._threads = 0
        LANES.append(self)

    def ask(self, key: Hashable, work: Callable[[Job[R]], R], wanter: Wanter) -> Job[R]:
        """The job of this key: one that waits, runs or is kept, or else a new one at the end of the line."""
        with _lock:
            if (result := self.kept(key)) is not None:
                return Job(self, key, work, result)
            job: Job[R] | None = self._active.get(key)
            if job is None:
                if busy := self._too_many(wanter):
                    return Job(self, key, work, error=busy)
                job = self._active[key] = Job(self, key, work)
                self.line.append(job)
            job.wanted_by.add(wanter)
            if self.line and self._threads < self.workers:
                self._begin()
        return job

    def _too_many(self, wanter: Wanter) -> Busy | None:
        """Why nothing more is taken on: for everybody, or for this wanter alone."""
        if len(self.line) >= self.most_waiting:
            return Busy(f"{len(self.line)} others wait in line; try again later")
        own = sum(wanter in job.wanted_by for job in self._active.values())
        return Busy(f"{own} of yours are in work; stop one, or wait for it") if own >= MOST_OF_ONE else None

    def _begin(self) -> None:
        """Another worker. Where no thread can be had and none is at work, whoever waits is told."""
        try:
            Thread(target=self._serve, name=self.name, daemon=True).start()
            self._threads += 1
        except RuntimeError as error:
            for job in list(self.line) if not self._threads else ():
                job.fail(error)

    def kept(self, key: Hashable) -> Any:
        """The result of this key, if it is done and kept; or None."""
        return self._shelf.find((self.name, key)) if self._shelf else None

    def keep(self, key: Hashable, result: R) -> R:
        """For whoever asks later, where the lane has a shelf."""
        if self._shelf:
            self._shelf.put((self.name, key), result)
        return result

    @property
    def active(self) -> bool:
        """Whether any of its jobs waits or runs."""
        return bool(self._active)

    def leave(self, wanter: Wanter) -> None:
        """The wanter wants none of these jobs any more."""
        with _lock:
            wanted = [job for job in self._active.values() if wanter in job.wanted_by]
        for job in wanted:
            job.leave(wanter)

    def take_out(self, job: Job[Any]) -> None:
        """It has ended; only what is done can be kept."""
        with _lock:
            del self._active[job.key]
            if job.stage is Stage.DONE:
                self.keep(job.key, job.result)
            if job in self.line:
                self.line.remove(job)
                self._tell_places()

    def _serve(self) -> None:
        while job := self._next():
            job.run()
            del job  # not to hold it while waiting for another
        give_back_soon()

    def _next(self) -> Job[Any] | None:
        with _lock:
            while self.line:
                job = self.line.popleft()
                if job.wanted_by:
                    job.stage = Stage.RUNNING
                    job.tell()
                    self._tell_places()
                    return job
                job.drop()
            self._threads -= 1
            return None

    def _tell_places(self) -> None:
        for waiting in self.line:
            waiting.tell()


LANES: list[Lane] = []


def leave_all(wanter: Wanter) -> None:
    """The wanter wants nothing any more."""
    for lane in LANES:
        lane.leave(wanter)
