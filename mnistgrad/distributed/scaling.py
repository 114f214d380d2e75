"""How long K workers take for a gradient: measured on this machine's cores, and calculated for more."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mnistgrad.common.arguments import whole_number
from mnistgrad.common.data_files import unusable
from mnistgrad.cost.measurement import Machine, Spread
from mnistgrad.distributed.parts import FLOAT
from mnistgrad.network.data import PIXELS, TRAINING_IMAGES
from mnistgrad.network.presets import HIDDEN_UNITS, MOST_HIDDEN_UNITS

STORED = Path(__file__).parent / "measured.jsonl"  # by python -m mnistgrad.distributed.measuring
MOST_WORKERS = 256  # that are calculated


@dataclass(frozen=True)
class ScalingPlan:
    """What each number of workers is timed with: n images, nh hidden units."""

    n: int = TRAINING_IMAGES
    nh: int = HIDDEN_UNITS

    def __post_init__(self) -> None:
        whole_number("n", self.n, 1, TRAINING_IMAGES)
        whole_number("nh", self.nh, 1, MOST_HIDDEN_UNITS)

    @property
    def nbytes(self) -> int:
        """That each worker tells: w1.g, b1.g, w2.g, b2.g and the loss."""
        return FLOAT * (PIXELS * self.nh + 2 * self.nh + 2)


@dataclass(frozen=True)
class Timed:
    """Seconds of so many workers: to compute, the slowest of them; to add up all that they found; to add up one number.

    difference: the largest of an entry of their sum from that of one process, as a share of the gradient's largest entry; None
    where it was not compared.
    """

    workers: int
    computing: Spread
    adding: Spread
    one_number: Spread
    difference: float | None = None


@dataclass(frozen=True)
class Place:
    """What a number of workers takes, in seconds. calculated: it was not run."""

    workers: int
    computing: float
    adding: float
    calculated: bool

    @property
    def total(self) -> float:
        return self.computing + self.adding


@dataclass(frozen=True)
class Scaling:
    """What was measured, from one worker on."""

    plan: ScalingPlan
    machine: Machine
    timed: tuple[Timed, ...]

    @property
    def measured(self) -> list[Place]:
        return [Place(each.workers, each.computing.median, each.adding.median, False) for each in self.timed]

    @property
    def calculated(self) -> list[Place]:
        """Twice as many workers and so on; none where only one was measured, which adds nothing up.

        Each computes its share of what one takes. The all-reduce goes in a ring: 2 (K - 1) steps, in each of which every worker
        tells its neighbour one part in K of the numbers. What a step takes at the least, and what a byte takes, are those of
        the most workers that were measured.
        """
        last = self.timed[-1]
        if last.workers < 2:
            return []
        steps = 2 * (last.workers - 1)
        step = last.one_number.median / steps
        byte = max(last.adding.median - last.one_number.median, 0.0) / (steps / last.workers * self.plan.nbytes)
        found, workers = [], last.workers * 2
        while workers <= MOST_WORKERS:
            ring = 2 * (workers - 1)
            adding = ring * (step + byte * self.plan.nbytes / workers)
            found.append(Place(workers, self.timed[0].computing.median / workers, adding, True))
            workers *= 2
        return found

    @property
    def places(self) -> list[Place]:
        return self.measured + self.calculated

    @property
    def fastest(self) -> Place:
        """The number of workers that takes least."""
        return min(self.places, key=lambda place: place.total)

    @property
    def difference(self) -> float | None:
        """The largest of several workers from one process, where one was compared."""
        return max((each.difference for each in self.timed[1:] if each.difference is not None), default=None)

    @property
    def speedup(self) -> float:
        """Of the most workers that were measured over one."""
        return self.measured[0].total / self.measured[-1].total


def head_line(plan: ScalingPlan, machine: Machine) -> str:
    return json.dumps(dict(plan=asdict(plan), machine=asdict(machine)))


def timed_line(timed: Timed) -> str:
    return json.dumps(asdict(timed))


def read(lines: Iterable[str]) -> Scaling:
    """What `head_line` and `timed_line` wrote. Raises ValueError where it is not whole."""
    head, *rows = [json.loads(line) for line in lines] or [{}]
    if not head or [row["workers"] for row in rows] != list(range(1, len(rows) + 1)) or not rows:
        raise ValueError("lines holds no measurement of one worker, two and so on")
    timed = tuple(_timed(**row) for row in rows)
    if not all(each.computing.low for each in timed):
        raise ValueError("lines holds a computation that took no time")
    return Scaling(ScalingPlan(**head["plan"]), Machine(**head["machine"]), timed)


def _timed(workers: int, difference: float | None = None, **times: dict[str, Any]) -> Timed:
    computing, adding, one_number = (Spread(**times[name]) for name in ("computing", "adding", "one_number"))
    return Timed(workers, computing, adding, one_number, difference)


@cache
def stored_scaling() -> Scaling:
    """The measurement that comes with the package. Raises DataFileError where its file is not as it was."""
    try:
        return read(STORED.read_text("utf-8").splitlines())
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise unusable(STORED, "cannot be read", error) from error
