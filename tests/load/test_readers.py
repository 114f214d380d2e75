"""A short form of `python tests/load/readers.py`: three readers at once, over the websocket."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import TypeVar

import psutil
import pytest
from load.client import SEED, N, Reader, Seen
from load.readers import FEW, Held, main, read
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


def test_the_script_tells_what_readers_saw(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--server", server.url, "--process", str(server.process), "--readers", "2", "--seconds", "1", "--every", "0.1"]
    with pytest.raises(SystemExit) as ended:
        apart(lambda: main(given))
    assert not ended.value.code
    told = capsys.readouterr().out
    assert "0 failed" in told and "p95" in told and "memory by the minute" in told
