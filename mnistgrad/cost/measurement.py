"""What a weight gradient costs: the ways to compute it, what is measured of them, and what is only calculated.

Every way works on the first n training images. The forward product `inp @ w1` stands beside them as the reference: it takes
n · 784 · nh multiplications, and so does the gradient `inp.t() @ out.g`.
"""

import json
import math
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mnistgrad import lesson
from mnistgrad.common.arguments import one_of, whole_number
from mnistgrad.common.data_files import unusable
from mnistgrad.network.data import PIXELS, TRAINING_IMAGES, Batch
from mnistgrad.network.gradients import BLOCK, BUDGET, check_fit, gradients, product_bytes, run_layers, weight_grad
from mnistgrad.network.presets import HIDDEN_UNITS, MOST_HIDDEN_UNITS, Weights
from mnistgrad.network.verification import autograd_gradients

COUNTS = (1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, TRAINING_IMAGES)
STORED = Path(__file__).parent / "measured.jsonl"  # by python -m mnistgrad.cost.measuring
MOST_RUNS, MOST_CORES = 1_000, 4_096
FLOAT = 4  # bytes of a float32
# fast.ai's lesson, 02_fully_connected: the whole backward pass at 50,000 images, with the product and as a matrix product.
LESSON_SECONDS = {"broadcast": 3.4, "matmul": 0.14}

Prepared = Callable[[], object]


@dataclass(frozen=True)
class Method:
    """One way to compute: its name on a chart, its code, what runs it, and the bytes of the results it holds at once."""

    label: str
    code: str
    prepare: Callable[[Batch, Weights], Prepared]
    nbytes: Callable[[int, int], int]  # from n and nh


def multiplications(n: int, nh: int) -> int:
    """Of the forward product inp @ w1, and as many of the gradient inp.t() @ out.g."""
    return n * PIXELS * nh


def per_image_gradients(batch: Batch, weights: Weights) -> tuple[Tensor, ...]:
    """Each image's own gradients: w1 (n, 784, nh), b1 (n, nh), w2 (n, nh, 1), b2 (n, 1). Their mean is the batch's."""
    check_fit(batch, weights)

    def loss(w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, inp: Tensor, targ: Tensor) -> Tensor:
        l2 = weights.preset.relu(lesson.lin(inp.unsqueeze(0), w1, b1))
        return lesson.mse(lesson.lin(l2, w2, b2), targ.unsqueeze(0))

    each = torch.func.vmap(torch.func.grad(loss, argnums=(0, 1, 2, 3)), in_dims=(None, None, None, None, 0, 0))
    return each(weights.w1, weights.b1, weights.w2, weights.b2, batch.inp, batch.targ)


def _form(form: str) -> Callable[[Batch, Weights], Prepared]:
    def prepare(batch: Batch, weights: Weights) -> Prepared:
        out_g = run_layers(batch.inp, batch.targ, weights, len(batch)).l1_g
        return lambda: weight_grad(batch.inp, out_g, form)

    return prepare


def _gradient_bytes(nh: int) -> int:
    return FLOAT * PIXELS * nh


FORWARD = "forward"
COST_METHODS = {
    FORWARD: Method(
        "forward product", "inp @ w1", lambda batch, weights: lambda: batch.inp @ weights.w1, lambda n, nh: FLOAT * n * nh
    ),
    "broadcast": Method(
        "broadcast, then sum",
        "(inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)",
        _form("broadcast"),
        lambda n, nh: product_bytes(n, PIXELS, nh) + _gradient_bytes(nh),
    ),
    "einsum": Method("einsum", 'einsum("ni,nj->ij", inp, out.g)', _form("einsum"), lambda n, nh: _gradient_bytes(nh)),
    "matmul": Method("matmul", "inp.t() @ out.g", _form("matmul"), lambda n, nh: _gradient_bytes(nh)),
    "manual": Method(
        "manual pass",
        "mnistgrad.network.gradients",
        lambda batch, weights: lambda: gradients(batch, weights),
        lambda n, nh: FLOAT * 3 * min(n, BLOCK) * (nh + 1) + _gradient_bytes(nh),  # l1, l2, l1.g of a block
    ),
    "autograd": Method(
        "autograd",
        "torch.autograd.grad",
        lambda batch, weights: lambda: autograd_gradients(batch, weights),
        lambda n, nh: FLOAT * 4 * n * (nh + 1) + _gradient_bytes(nh),  # l1, l2 and the gradients of both
    ),
    "per image": Method(
        "each image apart",
        "vmap(grad(loss))",
        lambda batch, weights: lambda: per_image_gradients(batch, weights),
        lambda n, nh: product_bytes(n, PIXELS + 2, nh) + FLOAT * n,
    ),
}
LINE = (FORWARD, "broadcast", "einsum", "matmul")  # of w1.g alone, from inp and out.g
PASS = (FORWARD, "manual", "autograd", "per image")  # of every gradient, forward and back


@dataclass(frozen=True)
class MeasurementPlan:
    """What to measure. largest: the largest count of images. budget: bytes that no run may need. nh: hidden units."""

    largest: int = COUNTS[-1]
    budget: int = BUDGET
    nh: int = HIDDEN_UNITS

    def __post_init__(self) -> None:
        object.__setattr__(self, "largest", one_of("largest", self.largest, COUNTS))
        object.__setattr__(self, "nh", whole_number("nh", self.nh, 1, MOST_HIDDEN_UNITS))
        least = max(method.nbytes(1, self.nh) for method in COST_METHODS.values())  # every way runs at one image
        object.__setattr__(self, "budget", whole_number("budget", self.budget, least, BUDGET))

    @property
    def counts(self) -> tuple[int, ...]:
        return tuple(n for n in COUNTS if n <= self.largest)

    def fits(self, method: str, n: int) -> bool:
        """Whether it may run: its results take no more than the budget."""
        return COST_METHODS[method].nbytes(n, self.nh) <= self.budget

    @property
    def tasks(self) -> tuple[tuple[int, str], ...]:
        """What runs, in this order: (count, method)."""
        return tuple((n, method) for n in self.counts for method in COST_METHODS if self.fits(method, n))


@dataclass(frozen=True)
class Spread:
    """The median of several runs and where the middle half of them lies; without runs it is calculated."""

    low: float
    median: float
    high: float
    runs: int

    def __post_init__(self) -> None:
        """Raises ValueError or TypeError for what cannot have been measured, as in a file that is damaged."""
        if not 0 <= self.low <= self.median <= self.high < math.inf:
            raise ValueError(f"{self.low}, {self.median}, {self.high} are no low, median and high")
        whole_number("runs", self.runs, 0, MOST_RUNS)

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Of at least two values."""
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(low, median, high, len(values))

    @classmethod
    def worked_out(cls, value: float) -> "Spread":
        return cls(value, value, value, 0)

    @property
    def calculated(self) -> bool:
        return self.runs == 0


@dataclass(frozen=True)
class Cost:
    """Of one method at n images: seconds, and peak bytes beyond what was in memory before."""

    method: str
    n: int
    seconds: Spread
    nbytes: Spread


@dataclass(frozen=True)
class Machine:
    """Where it was measured, and when (ISO date)."""

    processor: str
    cores: int
    threads: int
    torch: str
    date: str

    def __post_init__(self) -> None:
        """Raises ValueError or TypeError for what is no machine, as in a file that is damaged."""
        if not all(isinstance(text, str) for text in (self.processor, self.torch)):
            raise TypeError("processor and torch are texts")
        whole_number("cores", self.cores, 1, MOST_CORES)
        whole_number("threads", self.threads, 1, MOST_CORES)
        date.fromisoformat(self.date)


@dataclass(frozen=True)
class Measurement:
    """What was measured of a plan, and beside it what would not fit its budget, calculated."""

    plan: MeasurementPlan
    machine: Machine
    costs: tuple[Cost, ...]

    @cached_property
    def _by_place(self) -> dict[tuple[str, int], Cost]:
        return {(cost.method, cost.n): cost for cost in self.costs}

    def at(self, method: str, n: int) -> Cost:
        """The cost at one of the plan's counts. Raises KeyError for another."""
        return self._by_place[method, n]

    def line_of(self, method: str) -> list[Cost]:
        """The method's costs by count."""
        return [self.at(method, n) for n in self.plan.counts]

    def nearest(self, n: int) -> int:
        """The plan's count that is nearest to n in proportion."""
        return min(self.plan.counts, key=lambda count: abs(math.log(count / n)))

    @property
    def memory_seen(self) -> bool:
        """Whether the system could tell the peak memory."""
        return any(not cost.nbytes.calculated for cost in self.costs)


def to_line(content: object) -> str:
    """A line of a measurement's file: its first holds the plan and the machine, each other one a cost."""
    return json.dumps(content)


def head_line(plan: MeasurementPlan, machine: Machine) -> str:
    return to_line(dict(plan=asdict(plan), machine=asdict(machine)))


def cost_line(method: str, n: int, seconds: Spread, nbytes: Spread | None) -> str:
    """nbytes: None where the system cannot tell."""
    return to_line(dict(method=method, n=n, seconds=asdict(seconds), nbytes=asdict(nbytes) if nbytes else None))


def read(lines: Iterable[str]) -> Measurement:
    """The measurement in the lines of its file. Raises ValueError where a cost that was to be measured is missing."""
    rows = [json.loads(line) for line in lines]
    if not rows:
        raise ValueError("lines is empty; the first line holds the plan and the machine")
    plan, machine = MeasurementPlan(**rows[0]["plan"]), Machine(**rows[0]["machine"])
    measured = {(row["n"], row["method"]): row for row in rows[1:]}
    if missing := [task for task in plan.tasks if task not in measured]:
        raise ValueError(f"lines lacks {len(missing)} of the {len(plan.tasks)} costs of its plan, the first {missing[0]}")
    return Measurement(plan, machine, tuple(_costs(plan, measured)))


def _costs(plan: MeasurementPlan, measured: dict[tuple[int, str], dict[str, Any]]) -> Iterator[Cost]:
    for method, way in COST_METHODS.items():
        each_image = 0.0  # seconds, at the last count that was measured
        for n in plan.counts:
            nbytes = Spread.worked_out(way.nbytes(n, plan.nh))
            if row := measured.get((n, method)):
                seconds = Spread(**row["seconds"])
                each_image = seconds.median / n
                yield Cost(method, n, seconds, Spread(**row["nbytes"]) if row["nbytes"] else nbytes)
            else:
                yield Cost(method, n, Spread.worked_out(each_image * n), nbytes)


@cache
def stored_measurement() -> Measurement:
    """The measurement that comes with the package. Raises DataFileError where its file is not as it was."""
    try:
        return read(STORED.read_text("utf-8").splitlines())
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise unusable(STORED, "cannot be read", error) from error
