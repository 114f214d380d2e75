"""A short form of `python tests/load/readers.py`: three readers at once, over the websocket."""

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import TypeVar

import psutil
import pytest
from load import readers
from load.budgets import FEW, MOST, Held, over_after_sessions, over_beside_heavy_work, over_while_read
from load.client import SEED, N, Reader, Seen
from load.readers import main, read
from patience import SOON
from server import Server, running_server
from waiting import until

READERS, RERUNS = 3, 10
MB = 1_000_000
T = TypeVar("T")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("load") / "log") as own:
        yield own


def apart(run: Callable[[], T]) -> T:
    """In a thread of its own: this one may have a loop already, a browser's."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(run).result()


async def many(url: str, seen: Seen, first: int) -> None:
    await asyncio.gather(*(read(url, seen, number, FEW, 0, repeat(None, RERUNS)) for number in range(first, first + READERS)))


def test_readers_at_once_leave_no_error_no_thread_and_no_memory_behind(server: Server) -> None:
    process, seen = psutil.Process(server.process), Seen()
    for page_filling in (0, 100):  # what is kept, and what Python and torch load at first
        apart(lambda first=page_filling: asyncio.run(many(server.url, seen, first)))
    before = Held.by(process)
    apart(lambda: asyncio.run(many(server.url, seen, 200)))
    assert not seen.failed and len(seen.answers) == 3 * READERS * (RERUNS + 1)
    until(
        lambda: process.num_threads() <= before.threads, SOON, lambda: f"{before.threads} threads became {process.num_threads()}"
    )
    grown = process.memory_info().rss - before.nbytes
    assert grown < 60 * MB, f"{grown / MB:.0f} MB more after {READERS * RERUNS} reruns"


def test_of_rapid_wishes_the_last_is_drawn_and_stays(server: Server) -> None:
    async def wish(seen: Seen) -> None:
        async with Reader(server.url, seen) as reader:
            reader.turn_to("steps")
            await reader.ask()
            for n in range(900, 910):
                reader.set(N, n)
                await reader.send()
            await reader.see("909 images make 909 tables")
            await reader.ask()
            await reader.see("909 images make 909 tables")

    seen = Seen()
    apart(lambda: asyncio.run(wish(seen)))
    assert not seen.failed


def test_a_reader_is_answered_while_the_zip_of_another_stands_still(server: Server) -> None:
    async def read_on(seen: Seen) -> None:
        async with Reader(server.url, seen) as one, Reader(server.url, seen) as other:
            await one.press("All pages")
            work = await works(process)
            work.suspend()
            await one.ask()
            assert one.under_way
            for seed in (7, 8):
                other.set(SEED, seed)
                await other.ask()
            assert work.status() == psutil.STATUS_STOPPED and not seen.failed
            await one.ask()
            await one.press("Stop")

    process, seen = psutil.Process(server.process), Seen()
    apart(lambda: asyncio.run(read_on(seen)))
    until(lambda: not at_work(process), SOON, lambda: "its process is left")
    assert not seen.failed


def at_work(server: psutil.Process) -> list[psutil.Process]:
    """The processes that it began and gives way to."""
    return [child for child in server.children() if child.nice() > server.nice()]


async def works(server: psutil.Process) -> psutil.Process:
    """Raises TimeoutError where there is none."""
    async with asyncio.timeout(SOON):
        while not (found := at_work(server)):
            await asyncio.sleep(0.05)
    return found[0]


@pytest.fixture
def told(server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, int]]:
    """What the script prints with these arguments, without its waits, and its exit status."""
    monkeypatch.setattr(readers, "SETTLES", 0.0)
    monkeypatch.setattr(readers, "WARM", 0.0)

    def of(*given: str) -> tuple[str, int]:
        with pytest.raises(SystemExit) as ended:
            apart(lambda: main(["--server", server.url, "--process", str(server.process), *given, "--every", "0.1"]))
        return capsys.readouterr().out, int(ended.value.code or 0)

    return of


def test_the_script_tells_what_readers_saw_what_short_sessions_leave_and_what_is_over(
    told: Callable[..., tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("load.budgets.WAITS", {FEW: 0.0})
    words, status = told("--readers", "2", "--seconds", "1", "--sessions", "3", "--check")
    assert words.count("0 failed") == 2, words
    assert "p95" in words and "memory by the minute" in words and "3 short sessions" in words
    assert status == 1 and "over its budget: 95 %" in words


@pytest.mark.parametrize(("asked", "status"), [([], 0), (["--check"], 1)])
def test_only_where_it_is_asked_to_the_script_fails_over_a_budget(
    asked: list[str], status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(readers, "read_on", lambda *_: ([], ["530 MB"]))
    with pytest.raises(SystemExit) as ended:
        main(["--server", "one", "--process", str(os.getpid()), *asked])
    assert ended.value.code == status
    assert ("over its budget: 530 MB" in capsys.readouterr().out) == bool(asked)


def test_the_script_tells_what_a_reader_sees_beside_heavy_work(told: Callable[..., tuple[str, int]]) -> None:
    words, status = told("--heavy", "--seconds", "1")
    assert not status and "alone: p50" in words and "beside two trainings and a measurement: p50" in words, words


def held(*minutes: tuple[int, int]) -> list[Held]:
    """MB and threads, one a minute."""
    return [Held(60.0 * number, mb * MB, threads, 0.0) for number, (mb, threads) in enumerate(minutes)]


def answers(*each: tuple[float, int]) -> Seen:
    """The seconds, and the images."""
    return Seen([(0.0, took, n) for took, n in each])


def test_what_is_over_its_budget_is_said() -> None:
    steady = held((300, 10), (500, 20), (525, 20))
    quick = [(0.9, FEW)] * 99 + [(2.4, MOST)] * 10
    assert not [*over_while_read(answers(*quick), steady)]
    assert not [*over_while_read(answers(), held((300, 10), (900, 40)))]  # too short to say
    slow = [*over_while_read(answers(*[(1.1, FEW)] * 9, *[(2.6, MOST)] * 9), held((300, 10), (500, 20), (530, 21)))]
    assert [words.split(",")[0] for words in slow] == [
        "95 % of the answers to n = 1",
        "95 % of the answers to n = 50",
        "530 MB the last minute",
        "21 threads at the end",
    ]
    before, same, more = held((500, 20), (520, 20), (530, 22))
    assert not [*over_after_sessions(before, same)] and len([*over_after_sessions(before, more)]) == 2
    usual = answers(*[(0.2, 1)] * 9)
    assert not [*over_beside_heavy_work(usual, answers((0.39, 1)))]
    assert "beside heavy work" in next(over_beside_heavy_work(usual, answers((0.41, 1))))
