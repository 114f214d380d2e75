"""What one reader, or all of them, can ask of the server has an end, and they are told."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest
from app.opening import opened
from patience import SOON

from mnistgrad.app.jobs import work
from mnistgrad.app.jobs.readers import Reader
from mnistgrad.app.jobs.work import Job, Lane, Stage
from mnistgrad.app.keeping import Shelf
from mnistgrad.app.kept.training_runs import TRAININGS
from mnistgrad.common.faults import Busy


@pytest.fixture
def lane() -> Iterator[tuple[Lane, Event]]:
    """With one worker and room for three, and what its work waits for."""
    one, go_on = Lane("test", 1, most_waiting=3), Event()
    yield one, go_on
    go_on.set()
    work.LANES.remove(one)


def asked(lane: Lane, readers: list[Reader], go_on: Event) -> list[Job[object]]:
    return [lane.ask(number, lambda job: go_on.wait(SOON), reader) for number, reader in enumerate(readers)]


def test_a_full_line_takes_nobody_on(lane: tuple[Lane, Event]) -> None:
    readers = [Reader(str(number)) for number in range(9)]
    jobs = asked(lane[0], readers, lane[1])
    refused = [job for job in jobs if job.error]
    assert 5 <= len(refused) <= 6 and len(lane[0].line) == 3
    assert all(isinstance(job.error, Busy) and not job.active and job.wait(0) for job in refused)
    lane[1].set()
    assert all(job.wait(SOON) for job in jobs) and lane[0].ask("after", lambda job: "done", readers[0]).wait(SOON)


def test_one_reader_has_only_so_much_in_work(lane: tuple[Lane, Event], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_OF_ONE", 2)
    greedy, other = Reader("greedy"), Reader("other")
    jobs = asked(lane[0], [greedy, greedy, greedy, other], lane[1])
    assert [bool(job.error) for job in jobs] == [False, False, True, False]


def test_without_a_thread_whoever_waits_is_told_and_the_next_is_served(
    lane: tuple[Lane, Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader("one")
    lane[1].set()

    def refuse(thread: Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(Thread, "start", refuse)
        job = lane[0].ask("a", lambda job: "done", reader)
    assert job.stage is Stage.FAILED and "thread" in str(job.error) and not lane[0].active
    later = lane[0].ask("a", lambda job: "done", reader)
    assert later.wait(SOON) and later.result == "done"


def test_run_that_is_refused_says_so_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TRAININGS, "most_waiting", 0)
    app = opened("training", trained=10, steps=1, seeds=1)
    app.button(key="run").click().run()
    told = " ".join(info.value for info in (*app.info, *app.caption))
    assert "The training failed: 0 others wait in line; try again later." in told and not app.button(key="run").disabled


def test_texts_of_a_reader_count_where_results_are_kept() -> None:
    shelf = Shelf("of a test", 1_000_000)
    keep = shelf.keep(lambda text: "")
    for number in range(400):
        keep(f"{number}" + "x" * 50_000)
    assert len(shelf._results) < 25
