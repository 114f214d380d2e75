"""What a benchmark says: a figure of ours beside a named baseline, taken in turns, and how much of its budget that uses."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

WARM_UP = 2  # turns that do not count
HEAD = ("", "ours", "beside", "", "ratio", "at most", "used")


@dataclass(frozen=True)
class Found:
    """One figure. ours, baseline: in `unit`. against: what the baseline is. at_most: what ours may be, in `unit`; None where
    no budget is set.
    """

    name: str
    ours: float
    baseline: float
    unit: str
    against: str
    at_most: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.baseline

    @property
    def is_over(self) -> bool:
        return self.at_most is not None and self.ours > self.at_most

    def row(self) -> tuple[str, ...]:
        """As `HEAD` names its cells."""
        allowed = ("", "") if self.at_most is None else (f"{self.at_most:,.4g}", f"{self.ours / self.at_most:.0%}")
        ours, baseline = (f"{value:,.4g}" for value in (self.ours, self.baseline))
        return self.name, f"{ours} {self.unit}", baseline, self.against, f"{self.ratio:.2f}", *allowed


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """In columns as wide as their widest cell."""
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def milliseconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return 1_000 * (time.perf_counter() - start)


def in_turns(rounds: int, *runs: Callable[[], object]) -> list[float]:
    """The median milliseconds of each, one after the other in each round: a machine that drifts drifts for all."""
    rows = [[milliseconds(run) for run in runs] for _ in range(WARM_UP + rounds)]
    return [statistics.median(times[WARM_UP:]) for times in zip(*rows, strict=True)]
