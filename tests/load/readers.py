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
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests' own helpers

from load.budgets import (
    FEW,
    MOST,
    Held,
    by_minutes,
    mean_bytes,
    over_after_sessions,
    over_beside_heavy_work,
    over_while_read,
    part_within,
    waits,
)
from load.client import SEED, N, Reader, Seen
from server import running_server

COUNTS = (1, 10, 100, 500, FEW, 10_000, MOST)
SEEDS = 1_000
PAGES = ("story", "steps", "line", "gradient", "cost", "training")
SETTLES = 130.0  # seconds: Streamlit keeps a session for 120 after its page has gone
TRAIN, MEASURE = "Run", "Measure on this machine"  # buttons
WARM = 20.0  # seconds


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


def waited(seen: Seen, largest: int = MOST) -> str:
    times = waits(seen, largest)
    if not times:
        return "nothing"
    return ", ".join([*(f"p{part} {part_within(times, part):.2f} s" for part in (50, 95, 99)), f"longest {times[-1]:.2f} s"])


def report(seen: Seen, held: Sequence[Held]) -> Iterator[str]:
    first, last = held[0], held[-1]
    seconds, answers = last.at - first.at, len(seen.answers)
    computed = (last.computed - first.computed) / max(answers, 1)
    each = seen.nbytes / max(answers, 1) / 1e3
    yield f"{answers} answers, {answers / seconds:.1f} a second, {each:.0f} kB each; {len(seen.failed)} failed"
    yield f"to n = {FEW:,}: {waited(seen, FEW)}; all: {waited(seen)}"
    yield f"the server computed {1e3 * computed:.0f} ms for each answer, on {computed * answers / seconds:.2f} cores"
    yield "memory by the minute, MB: " + ", ".join(f"{mean_bytes(minute) / 1e6:.0f}" for minute in by_minutes(held))
    yield f"threads: {first.threads} before, {max(each.threads for each in held)} at most, {last.threads} after"
    yield from sorted(set(seen.failed))[:10]


def read_on(url: str, process: psutil.Process, chosen: argparse.Namespace) -> tuple[list[str], list[str]]:
    """What failed, and what is over its budget, with many readers at once and, if they are asked for, short sessions."""
    seen, held = asyncio.run(load(url, process, chosen.readers, chosen.largest, chosen.every, chosen.seconds))
    print(*report(seen, held), sep="\n", flush=True)
    failed, over = seen.failed, [*over_while_read(seen, held)]
    if chosen.sessions:
        left, before, after = leave_behind(url, process, chosen.sessions)
        failed, over = [*failed, *left.failed], [*over, *over_after_sessions(before, after)]
    return failed, over


def leave_behind(url: str, process: psutil.Process, sessions: int) -> tuple[Seen, Held, Held]:
    time.sleep(SETTLES)
    before, seen = Held.by(process), Seen()
    asyncio.run(short_sessions(url, sessions, seen))
    time.sleep(SETTLES)
    after = Held.by(process)
    more = after.nbytes / before.nbytes - 1
    print(
        f"{sessions} short sessions: {before.nbytes / 1e6:.0f} MB before, {after.nbytes / 1e6:.0f} MB after ({more:+.1%}); "
        f"{before.threads} threads before, {after.threads} after; {len(seen.failed)} failed"
    )
    return seen, before, after


def read_beside_heavy_work(url: str, process: psutil.Process, chosen: argparse.Namespace) -> tuple[list[str], list[str]]:
    """What failed, and what is over its budget."""
    alone, beside = asyncio.run(beside_heavy_work(url, process, chosen.seconds))
    print(f"alone: {waited(alone)}\nbeside two trainings and a measurement: {waited(beside)}")
    failed = sorted({*alone.failed, *beside.failed})
    print(*failed, sep="\n")
    return failed, [*over_beside_heavy_work(alone, beside)]


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
    parser.add_argument("--check", action="store_true", help="fail where a budget is exceeded, and say which")
    parser.add_argument("--server", help="the address of a running one; else one is started")
    parser.add_argument("--process", type=int, help="and the number of its process")
    chosen = parser.parse_args(arguments)
    run = read_beside_heavy_work if chosen.heavy else read_on
    with server(chosen.server, chosen.process) as (url, process):
        failed, over = run(url, process, chosen)
    if chosen.check:
        print(*(f"over its budget: {what}" for what in over), sep="\n")
    sys.exit(bool(failed or (chosen.check and over)))


if __name__ == "__main__":
    main()
