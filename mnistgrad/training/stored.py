"""Results of the two default experiments, measured once and kept in the package, so that the page is never empty.

`store()` measures them again and writes the file.
"""

import base64
import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.network.data import PIXELS, load_batch, validation_batch
from mnistgrad.training.comparison import SHOWN_UNITS, Comparison, Experiment, Key, run
from mnistgrad.training.descent import Plan, Point, weights_of

FILE = Path(__file__).parent / "measured.json"
START_RATES = {"cross-entropy": 0.1, "mse": 0.005}
LEVELS = 127  # of the stored weights, from 0 to the largest change


def default_experiment(network: str) -> Experiment:
    """The one that the page begins with."""
    return Experiment(Plan(network, START_RATES[network]))


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return json.loads(FILE.read_text())


def when_measured() -> str:
    """The date, and the version of torch."""
    return _file()["measured"]


@lru_cache(maxsize=len(START_RATES))
def stored(network: str) -> Comparison:
    """The kept result of the network's default experiment. It is shared and must not be changed."""
    experiment, kept = default_experiment(network), _file()["networks"][network]
    curves = {(entry["method"], entry["seed"]): tuple(Point(*point) for point in entry["points"]) for entry in kept["curves"]}
    before = _before(experiment)
    after = {method: before + _unpacked(change) for method, change in kept["changes"].items()}
    return Comparison(experiment, curves, before, after)


def measure(experiment: Experiment) -> Comparison:
    """Train the whole experiment, here and now."""
    plan = experiment.plan
    curves: dict[Key, list[Point]] = {key: [] for key in experiment.keys}
    after: dict[str, Tensor] = {}

    def take(key: Key, point: Point, w1: Tensor) -> None:
        curves[key].append(point)
        if key[1] == plan.seed:
            after[key[0]] = w1

    for _ in run(experiment, load_batch(plan.images, plan.normalise), validation_batch(plan.normalise), take):
        pass
    return Comparison(experiment, curves, _before(experiment), after)


def store(path: Path = FILE) -> None:
    """Measure both default experiments and write them."""
    networks = {network: _record(measure(default_experiment(network))) for network in START_RATES}
    now = datetime.now(UTC)
    measured = f"{now.day} {now:%B %Y}, torch {torch.__version__.split('+')[0]}"
    path.write_text(json.dumps(dict(measured=measured, networks=networks), indent=1) + "\n")


def _before(experiment: Experiment) -> Tensor:
    return weights_of(experiment.plan).w1[:, :SHOWN_UNITS]


def _record(found: Comparison) -> dict[str, Any]:
    curves = [
        dict(method=method, seed=seed, points=[[point.step, numbers.rounded(point.loss), point.accuracy] for point in points])
        for (method, seed), points in found.curves.items()
    ]
    return dict(curves=curves, changes={method: _packed(after - found.before) for method, after in found.after.items()})


def _packed(change: Tensor) -> dict[str, Any]:
    """One byte a weight; (784, units)."""
    unit = change.abs().max().item() / LEVELS
    levels = (change / (unit or 1)).round().to(torch.int8)
    return dict(unit=unit, levels=base64.b64encode(levels.numpy().tobytes()).decode())


def _unpacked(packed: dict[str, Any]) -> Tensor:
    levels = torch.frombuffer(bytearray(base64.b64decode(packed["levels"])), dtype=torch.int8)
    return levels.view(PIXELS, -1) * packed["unit"]
