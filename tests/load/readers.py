"""Many readers at once, over Streamlit's own protocol: `python tests/load/readers.py --help`.

Each opens the story and then changes n, the seed or the page, every so often. Printed: how long they waited, what failed, what
the server computed for each answer, and how its memory and threads went.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests' own helpers

from load.client import SEED, N, Reader, Seen
from server import running_server

FEW = 1_000
COUNTS = (1, 10, 100, 500, FEW, 10_000, 50_000)
SEEDS = 1_000
PAGES = ("story", "steps", "line", "gradient", "cost", "training")
SETTLES = 130.0  # seconds: Streamlit keeps a session for 120 after its page has gone
TRAIN, MEASURE = "Run", "Measure on this machine"  # buttons
MINUTE = 60.0
WARM = 20.0  # seconds


@dataclass(frozen=True)
class Held:
    """What the server held at a time: bytes, threads; and the processor time that it had used."""

    at: float
    nbytes: int
    threads: int
    computed: float

    @classmethod
    def by(cls, process: psutil.Process) -> "Held":
        used = process.cpu_times()
        return cls(time.monotonic(), process.memory_info().rss, process.num_threads(), used.user + used.system)


def change(reader: Reader, dice: random.Random, largest: int) -> None:
    """Of n, the seed and the page, one; of a field that the page does not have, the page."""
    what = dice.choice((N, SEED, "page"))
    if what not in reader.fields:
        reader.turn_to(dice.choice(PAGES))
    elif what == N:
        reader.set(N, dice.choice([n for n in COUNTS if n <= largest]))
    else:
        reader.set(SEED, dice.randrange(SEEDS))


async def read(url: str, seen: Seen, number: int, largest: int, every: float, changes: Iterator[object]) -> None:
    """changes: one for each; none comes before `every` seconds have passed since the one before."""
    dice = random.Random(number)
    await asyncio.sleep(every * dice.random())  # they do not act in step
    async with Reader(url, seen) as reader:
        for _ in changes:
            began = time.monotonic()
            change(reader, dice, largest)
            await reader.ask()
            await asyncio.sleep(max(every - (time.monotonic() - began), 0))


def for_seconds(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield


async def watch(process: psutil.Process, held: list[Held]) -> None:
    while True:
        held.append(Held.by(process))
        await asyncio.sleep(1)


async def load(
    url: str, process: psutil.Process, readers: int, largest: int, every: float, seconds: float
) -> tuple[Seen, list[Held]]:
    seen, held = Seen(), [Held.by(process)]
    watching = asyncio.create_task(watch(process, held))
    found = await asyncio.gather(
        *(read(url, seen, number, largest, every, for_seconds(seconds)) for number in range(readers)), return_exceptions=True
    )
    watching.cancel()
    held.append(Held.by(process))
    seen.failed += [f"{type(error).__name__}: {error}" for error in found if isinstance(error, BaseException)]
    return seen, held


async def short_sessions(url: str, sessions: int, seen: Seen) -> None:
    """One after the other, each opens the story and leaves."""
    for _ in range(sessions):
        async with Reader(url, seen):
            pass


async def beside_heavy_work(url: str, process: psutil.Process, seconds: float) -> tuple[Seen, Seen]:
    """What one reader sees alone, and while two others train and a third measures."""
    alone, beside, others = Seen(), Seen(), Seen()
    await read(url, Seen(), 0, FEW, 0, for_seconds(WARM))
    await read(url, alone, 1, FEW, 0, for_seconds(seconds))
    async with Reader(url, others) as one, Reader(url, others) as two, Reader(url, others) as three:
        for seed, reader in enumerate((one, two)):
            reader.turn_to("training")
            await reader.ask()
            reader.set(SEED, 100 + seed)
            reader.set("Steps", 1_000)
            await reader.ask()
            await reader.press(TRAIN)
        three.turn_to("cost")
        await three.ask()
        await three.press(MEASURE)
        await read(url, beside, 2, FEW, 0, for_seconds(seconds))
        for reader in (one, two, three):
            await reader.ask()
            if not reader.under_way:
                others.failed.append("the work ended before the reader did: ask for fewer seconds")
    beside.failed += others.failed
    return alone, beside


def waited(seen: Seen, largest: int = max(COUNTS)) -> str:
    times = sorted(took for _, took, n in seen.answers if n <= largest)
    if not times:
        return "nothing"
    share = {part: times[min(part * len(times) // 100, len(times) - 1)] for part in (50, 95, 99)}
    return ", ".join([*(f"p{part} {took:.2f} s" for part, took in share.items()), f"longest {times[-1]:.2f} s"])


def report(seen: Seen, held: Sequence[Held]) -> Iterator[str]:
    first, last = held[0], held[-1]
    seconds, answers = last.at - first.at, len(seen.answers)
    computed = (last.computed - first.computed) / max(answers, 1)
    each = seen.nbytes / max(answers, 1) / 1e3
    yield f"{answers} answers, {answers / seconds:.1f} a second, {each:.0f} kB each; {len(seen.failed)} failed"
    yield f"to n = {FEW:,}: {waited(seen, FEW)}; all: {waited(seen)}"
    yield f"the server computed {1e3 * computed:.0f} ms for each answer, on {computed * answers / seconds:.2f} cores"
    minutes: dict[float, list[int]] = {}
    for each_second in held:
        minutes.setdefault((each_second.at - first.at) // MINUTE, []).append(each_second.nbytes)
    yield "memory by the minute, MB: " + ", ".join(f"{sum(of) / len(of) / 1e6:.0f}" for of in minutes.values())
    yield f"threads: {first.threads} before, {max(each.threads for each in held)} at most, {last.threads} after"
    yield from sorted(set(seen.failed))[:10]


def leave_behind(url: str, process: psutil.Process, sessions: int) -> tuple[Seen, str]:
    time.sleep(SETTLES)
    before, seen = Held.by(process), Seen()
    asyncio.run(short_sessions(url, sessions, seen))
    time.sleep(SETTLES)
    after = Held.by(process)
    more = after.nbytes / before.nbytes - 1
    return seen, (
        f"{sessions} short sessions: {before.nbytes / 1e6:.0f} MB before, {after.nbytes / 1e6:.0f} MB after ({more:+.1%}); "
        f"{before.threads} threads before, {after.threads} after; {len(seen.failed)} failed"
    )


@contextmanager
def server(url: str | None, process: int | None) -> Iterator[tuple[str, psutil.Process]]:
    """The one that is named, or one of its own."""
    if url:
        yield url, psutil.Process(process)
        return
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder) / "log") as own:
        yield own.url, psutil.Process(own.process)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--every", type=float, default=2, help="seconds from one change of a reader to the next")
    parser.add_argument("--largest", type=int, default=FEW, help="the largest count of images that readers ask for")
    parser.add_argument("--sessions", type=int, default=0, help="short sessions afterwards")
    parser.add_argument(
        "--heavy", action="store_true", help="instead: one reader alone, then beside two trainings and a measurement"
    )
    parser.add_argument("--server", help="the address of a running one; else one is started")
    parser.add_argument("--process", type=int, help="and the number of its process")
    chosen = parser.parse_args(arguments)
    with server(chosen.server, chosen.process) as (url, process):
        if chosen.heavy:
            alone, beside = asyncio.run(beside_heavy_work(url, process, chosen.seconds))
            print(f"alone: {waited(alone)}\nbeside two trainings and a measurement: {waited(beside)}")
            print(*sorted({*alone.failed, *beside.failed}), sep="\n")
            sys.exit(bool(alone.failed or beside.failed))
        seen, held = asyncio.run(load(url, process, chosen.readers, chosen.largest, chosen.every, chosen.seconds))
        print(*report(seen, held), sep="\n", flush=True)
        failed = bool(seen.failed)
        if chosen.sessions:
            seen, words = leave_behind(url, process, chosen.sessions)
            print(words)
        sys.exit(failed or bool(seen.failed))


if __name__ == "__main__":
    main()
