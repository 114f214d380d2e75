"""The mechanism of background work, with work that does nothing but wait for the test."""

import gc
import sys
import weakref
from collections.abc import Callable, Iterator
from threading import Event

import pytest
from patience import SOON
from waiting import until

from mnistgrad.app.jobs import sessions, work
from mnistgrad.app.jobs.readers import Reader
from mnistgrad.app.jobs.work import Job, Lane, Stage
from mnistgrad.app.keeping import Shelf


class Work:
    """A job's work that tells when it has begun, and goes on when it is told to."""

    def __init__(self, result: object = None) -> None:
        self.begun, self.go_on = Event(), Event()
        self.result = result
        self.times = 0

    def __call__(self, job: Job[object]) -> object:
        self.times += 1
        self.begun.set()
        assert self.go_on.wait(SOON)
        job.go_on()
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


@pytest.fixture
def lane() -> Iterator[Callable[..., Lane]]:
    """Makes lanes; none is left behind."""
    made: list[Lane] = []

    def make(workers: int = 1, kept: int = 0) -> Lane:
        made.append(Lane("test", workers, Shelf("of a test", kept * sys.getsizeof("a")) if kept else None))
        return made[-1]

    yield make
    for one in made:
        work.LANES.remove(one)


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sessions that were woken, with something new to draw."""
    found: list[str] = []
    monkeypatch.setattr(sessions, "wake", lambda session, needed: found.append(session) if needed() is not None else None)
    return found


def drawn(reader: Reader, *asked: tuple[Lane, str, Callable[[Job[object]], object]]) -> list[Job[object]]:
    """A whole run of the reader's page that asks for these."""
    reader.begin()
    jobs = [reader.ask(*each) for each in asked]
    for job in jobs:
        if job.active:
            reader.run_again_when(lambda job=job: not job.active)
    reader.settle()
    return jobs


def ends(job: Job[object], stage: Stage) -> bool:
    return job.wait(SOON) and job.stage is stage


def test_the_same_work_is_done_once_for_whoever_asks_and_however_often(lane: Callable[..., Lane], woken: list[str]) -> None:
    once, checks, one, other = Work("found"), lane(4), Reader("one"), Reader("other")
    jobs = [*(drawn(one, (checks, "w1", once))[0] for _ in range(4)), *drawn(other, (checks, "w1", once))]
    assert len(set(jobs)) == 1
    once.go_on.set()
    assert ends(jobs[0], Stage.DONE) and jobs[0].result == "found" and once.times == 1
    until(lambda: sorted(woken) == ["one", "other"], SOON, lambda: f"woken: {woken}")


def test_kept_result_is_there_at_once_and_the_oldest_makes_room(lane: Callable[..., Lane]) -> None:
    checks, reader, made = lane(kept=2), Reader(""), []

    def make(job: Job[object]) -> object:
        made.append(job.key)
        return job.key

    for name in ("a", "b", "a", "c", "b"):
        (job,) = drawn(reader, (checks, name, make))
        assert ends(job, Stage.DONE) and job.result == name
    assert made == ["a", "b", "c", "b"]


def test_what_nobody_waits_for_leaves_the_line(lane: Callable[..., Lane]) -> None:
    running, left, asked = Work(), Work(), Work()
    checks, one, other = lane(), Reader("one"), Reader("other")
    (first,) = drawn(one, (checks, "first", running))
    assert running.begun.wait(SOON)
    drawn(other, (checks, "left", left))
    (last,) = drawn(one, (checks, "first", running), (checks, "last", asked))[1:]
    assert last.place == 2
    (next_state,) = drawn(other, (checks, "last", asked))
    assert next_state is last and last.place == 1
    running.go_on.set()
    asked.go_on.set()
    assert ends(first, Stage.DONE) and ends(last, Stage.DONE) and not left.times


def test_work_under_way_that_nobody_wants_stops_where_it_can(lane: Callable[..., Lane]) -> None:
    unwanted, checks, reader = Work(), lane(kept=1), Reader("")
    (job,) = drawn(reader, (checks, "w1", unwanted))
    assert unwanted.begun.wait(SOON)
    drawn(reader)
    unwanted.go_on.set()
    assert ends(job, Stage.STOPPED)
    (anew,) = drawn(reader, (checks, "w1", unwanted))
    assert ends(anew, Stage.DONE) and unwanted.times == 2


def test_who_comes_back_in_time_finds_the_work_going_on(lane: Callable[..., Lane]) -> None:
    once, checks, reader = Work(), lane(), Reader("")
    (job,) = drawn(reader, (checks, "w1", once))
    assert once.begun.wait(SOON)
    drawn(reader)
    assert drawn(reader, (checks, "w1", once)) == [job]
    once.go_on.set()
    assert ends(job, Stage.DONE) and once.times == 1


def test_run_that_was_broken_off_gives_nothing_up_and_holds_nothing(lane: Callable[..., Lane]) -> None:
    old, new, lost, checks, reader = Work(), Work(), Work(), lane(3), Reader("")
    (before,) = drawn(reader, (checks, "old", old))
    reader.begin()
    broken_off = reader.ask(checks, "lost", lost)
    assert before.wanted_by, "given up before it was known what the page asks for"
    drawn(reader, (checks, "new", new))
    assert not before.wanted_by and not broken_off.wanted_by
    for each in (old, new, lost):
        each.go_on.set()


def test_failure_is_told_to_who_asked_and_not_kept(lane: Callable[..., Lane]) -> None:
    broken, whole = Work(MemoryError("no more")), Work("found")
    checks, reader, other = lane(kept=100), Reader(""), Reader("other")
    broken.go_on.set()
    whole.go_on.set()
    (job,) = drawn(reader, (checks, "w1", broken))
    assert ends(job, Stage.FAILED) and isinstance(job.error, MemoryError) and job.error.__traceback__ is None
    assert drawn(reader, (checks, "w1", whole)) == [job], "tried again unasked"
    (others,) = drawn(other, (checks, "w1", whole))
    assert ends(others, Stage.DONE)
    reader.try_again([job])
    (anew,) = drawn(reader, (checks, "w1", broken))
    assert anew.stage is Stage.DONE and anew.result == "found"


def test_lane_runs_no_more_at_a_time_than_it_has_workers_and_the_others_in_order(lane: Callable[..., Lane]) -> None:
    checks, works, readers = lane(2), [Work() for _ in range(5)], [Reader("") for _ in range(5)]
    jobs = [drawn(reader, (checks, str(id(reader)), each))[0] for reader, each in zip(readers, works, strict=True)]
    assert works[0].begun.wait(SOON) and works[1].begun.wait(SOON)
    for next_one in (2, 3, 4):
        assert [job.place for job in jobs[next_one:]] == [*range(1, 6 - next_one)]
        works[next_one - 2].go_on.set()
        assert works[next_one].begun.wait(SOON)
    for each in works:
        each.go_on.set()
    assert all(ends(job, Stage.DONE) for job in jobs)


def test_reader_who_is_gone_wants_nothing(lane: Callable[..., Lane]) -> None:
    running, never, checks, reader = Work(), Work(), lane(), Reader("")
    drawn(reader, (checks, "first", running))
    assert running.begun.wait(SOON)
    (job,) = drawn(Reader("gone"), (checks, "second", never))
    until(lambda: gc.collect() is not None and not job.wanted_by, SOON, lambda: "still wanted")
    running.go_on.set()
    assert ends(job, Stage.STOPPED) and not never.times


def test_readers_are_told_their_place_as_it_changes(lane: Callable[..., Lane], woken: list[str]) -> None:
    measuring, works, readers = lane(), [Work() for _ in range(4)], [Reader(str(place)) for place in range(4)]
    jobs = [reader.start(measuring, reader, each) for reader, each in zip(readers, works, strict=True)]
    assert works[0].begun.wait(SOON)
    assert [job.place for job in jobs] == [0, 1, 2, 3]
    last = jobs[3].version
    readers[3].begin()
    readers[3].run_again_when(lambda: jobs[3].version != last)
    readers[3].settle()
    readers[1].end()
    assert jobs[1].stage is Stage.STOPPED and [job.place for job in jobs] == [0, 0, 1, 2] and woken == ["3"]
    for each in (works[0], works[2]):
        each.go_on.set()
    assert works[3].begun.wait(SOON) and jobs[2].stage is Stage.DONE and not works[1].times
    works[3].go_on.set()
    assert ends(jobs[3], Stage.DONE)


def test_page_runs_again_once_for_what_is_new_however_much_else_has_news(lane: Callable[..., Lane], woken: list[str]) -> None:
    awaited, other, checks, reader = Work(), Work(), lane(2), Reader("one")
    (job,) = drawn(reader, (checks, "w1", awaited))
    awaited.go_on.set()
    until(lambda: woken == ["one"], SOON, lambda: f"woken: {woken}")
    begun = reader.start(checks, "training", other)
    for _ in range(3):
        begun.tell()
    other.go_on.set()
    assert ends(begun, Stage.DONE) and ends(job, Stage.DONE) and woken == ["one"]


def test_session_that_has_ended_wants_nothing_and_halts_what_waits(lane: Callable[..., Lane]) -> None:
    halted, reader, measuring = Event(), Reader(""), lane()

    def measure(job: Job[None]) -> None:
        job.halt = halted.set
        assert halted.wait(SOON)
        job.go_on()

    job = reader.start(measuring, "one", measure)
    until(lambda: job.halt is not None, SOON, lambda: "it does not begin")
    reader.disconnected()  # there is no server that could keep the session
    assert ends(job, Stage.STOPPED) and halted.is_set()


def test_what_fails_because_it_was_halted_was_stopped(lane: Callable[..., Lane]) -> None:
    halted, reader, training = Event(), Reader(""), lane()

    def train(job: Job[None]) -> None:
        job.halt = halted.set
        assert halted.wait(SOON)
        raise RuntimeError("the process ended with code -15")

    job = reader.start(training, "one", train)
    until(lambda: job.halt is not None, SOON, lambda: "it does not begin")
    job.leave(reader)
    assert ends(job, Stage.STOPPED) and job.error is None


def test_nothing_holds_what_has_ended(lane: Callable[..., Lane]) -> None:
    checks, reader = lane(), Reader("")
    once = Work()
    once.go_on.set()
    job = reader.start(checks, "w1", once)
    assert ends(job, Stage.DONE)
    held = weakref.ref(job)
    worked = weakref.ref(once)
    del job, once
    until(lambda: gc.collect() is not None and held() is None and worked() is None, SOON, lambda: "still held")


def test_progress_is_not_told_all_the_time(lane: Callable[..., Lane], monkeypatch: pytest.MonkeyPatch) -> None:
    now, told = [100.0], []
    monkeypatch.setattr(work.time, "monotonic", lambda: now[0])
    reader = Reader("")
    job = Job(lane(), "w1", lambda job: None)
    job.wanted_by.add(reader)
    monkeypatch.setattr(reader, "tell", told.append)
    for moment in (100.0, 100.4, 101.6, 102.9, 103.2):
        now[0] = moment
        job.progress()
    assert len(told) == 3
