"""What readers may wait, and what a server may hold and keep of them: the budgets of `readers.py --check`."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psutil
from load.client import Seen

FEW, MOST = 1_000, 50_000  # images
WAITS = {FEW: 1.0, MOST: 2.5}  # seconds within which 95 % of the answers to so many images come
SLOWED = 2.0  # times what one reader waits alone, beside heavy work
GROWN = 0.05  # of the memory
MINUTE = 60.0


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


def waits(seen: Seen, largest: int = MOST) -> list[float]:
    """In seconds, the shortest first, for the answers to so many images or fewer."""
    return sorted(took for _, took, n in seen.answers if n <= largest)


def part_within(times: Sequence[float], part: int) -> float:
    """The time within which so many percent of these, sorted, came."""
    return times[min(part * len(times) // 100, len(times) - 1)]


def by_minutes(held: Sequence[Held]) -> list[list[Held]]:
    minutes: dict[float, list[Held]] = {}
    for each in held:
        minutes.setdefault((each.at - held[0].at) // MINUTE, []).append(each)
    return list(minutes.values())


def mean_bytes(held: Sequence[Held]) -> float:
    return sum(each.nbytes for each in held) / len(held)


def over_while_read(seen: Seen, held: Sequence[Held]) -> Iterator[str]:
    """What exceeds the budgets while readers read. In the first minute memory and threads still grow."""
    for largest, within in WAITS.items():
        if (times := waits(seen, largest)) and (took := part_within(times, 95)) > within:
            yield f"95 % of the answers to n = {largest:,} came within {took:.2f} s, not {within:g}"
    minutes = by_minutes(held)
    if len(minutes) > 2:
        second, last = minutes[1], minutes[-1]
        yield from over_in_memory("the last minute", mean_bytes(second), mean_bytes(last))
        yield from over_in_threads("at the end", max(each.threads for each in second), last[-1].threads)


def over_after_sessions(before: Held, after: Held) -> Iterator[str]:
    yield from over_in_memory("after short sessions", before.nbytes, after.nbytes)
    yield from over_in_threads("after short sessions", before.threads, after.threads)


def over_beside_heavy_work(alone: Seen, beside: Seen) -> Iterator[str]:
    slow, usual = (part_within(times, 95) if (times := waits(seen)) else 0.0 for seen in (beside, alone))
    if slow > SLOWED * usual:
        yield f"beside heavy work 95 % of the answers came within {slow:.2f} s, alone {usual:.2f} s: more than {SLOWED:g} times"


def over_in_memory(when: str, before: float, after: float) -> Iterator[str]:
    if after > (1 + GROWN) * before:
        yield f"{after / 1e6:.0f} MB {when}, {before / 1e6:.0f} before: more than {GROWN:.0%} more"


def over_in_threads(when: str, before: int, after: int) -> Iterator[str]:
    if after > before:
        yield f"{after} threads {when}, {before} before"
