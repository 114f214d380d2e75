"""Results of the two default experiments, measured once and kept in the package, so that the page is never empty.

`python -m mnistgrad.training.measuring` measures them again and writes the file.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.common.data_files import unusable
from mnistgrad.common.devices import CPU
from mnistgrad.common.files import replacing
from mnistgrad.network.data import PIXELS, load_batch, named_set, validation_batch
from mnistgrad.training.comparison import SHOWN_UNITS, Comparison, Experiment, Key, run_experiment
from mnistgrad.training.descent import TrainingPlan, TrainingPoint, weights_of

FILE = Path(__file__).parent / "measured.json"
START_RATES = {"cross-entropy": 0.1, "mse": 0.005}
WEIGHT_LEVELS = 127  # of the stored weights, from 0 to the largest change


def default_experiment(network: str) -> Experiment:
    """The one that the page begins with."""
    return Experiment(TrainingPlan(network, START_RATES[network]))


@dataclass(frozen=True)
class _Stored:
    when: str
    networks: dict[str, Comparison]


@cache
def _stored() -> _Stored:
    """The whole file, or DataFileError."""
    content = read_record(FILE)
    with whole(FILE):
        return _Stored(when(content), {network: _read(network, content["networks"][network]) for network in START_RATES})


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """Around the reading of a record of that file: DataFileError where it is not built as `write_record` builds it."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, RuntimeError, OverflowError) as error:
        raise unusable(path, "is not built as it was", error) from error


def read_record(path: Path) -> dict[str, Any]:
    """What `write_record` wrote, or DataFileError."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise unusable(path, "is missing") from None
    except (OSError, ValueError, RecursionError) as error:
        raise unusable(path, "cannot be read", error) from error
    if not isinstance(content, dict) or content.pop("sha256", None) != _checksum(content):
        raise unusable(path, "has another checksum than when it was measured")
    return content


def when(content: dict[str, Any]) -> str:
    """The date of a record, and its version of torch."""
    return str(content["measured"])


def when_measured() -> str:
    """The date, and the version of torch. Raises DataFileError."""
    return _stored().when


def stored_comparison(network: str) -> Comparison:
    """The kept result of the network's default experiment. It is shared and must not be changed. Raises DataFileError."""
    return _stored().networks[network]


def compare(experiment: Experiment, done: Callable[[int], None] = lambda step: None, device: torch.device = CPU) -> Comparison:
    """Train the whole experiment, here and now. done: told the number of the step, for each step of each training. device: that
    trains.
    """
    plan = experiment.plan
    curves: dict[Key, list[TrainingPoint]] = {key: [] for key in experiment.keys}
    after: dict[str, Tensor] = {}

    def take(key: Key, point: TrainingPoint, w1: Tensor) -> None:
        curves[key].append(point)
        if key[1] == plan.seed and not point.diverged:
            after[key[0]] = w1

    source = named_set(plan.source.key)
    training = load_batch(plan.images, plan.normalise, images=source)
    for step in run_experiment(experiment, training, validation_batch(plan.normalise, source), take, device):
        done(step)
    return Comparison(experiment, curves, _before(experiment), after)


def store(path: Path = FILE) -> None:
    """Measure both default experiments and write them, all or nothing. Raises OSError before, where that cannot be done."""
    write_record(path, lambda: {network: _record(compare(default_experiment(network))) for network in START_RATES})


def write_record(path: Path, measured: Callable[[], dict[str, Any]]) -> None:
    """What is measured of each network, with the date and a checksum, all or nothing. Raises OSError before."""
    with replacing(path) as file:
        networks, now = measured(), datetime.now(UTC)
        content = dict(measured=f"{now.day} {now:%B %Y}, torch {torch.__version__.split('+')[0]}", networks=networks)
        file.write(json.dumps(content | dict(sha256=_checksum(content)), separators=(",", ":")) + "\n")


def _checksum(content: dict[str, Any]) -> str:
    """Of all that the file holds beside it."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _before(experiment: Experiment) -> Tensor:
    return weights_of(experiment.plan).w1[:, :SHOWN_UNITS]


def _read(network: str, record: dict[str, Any]) -> Comparison:
    """What `_record` wrote."""
    experiment = default_experiment(network)
    curves = {
        (entry["method"], entry["seed"]): tuple(TrainingPoint(*point) for point in entry["points"]) for entry in record["curves"]
    }
    before = _before(experiment)
    after = {method: before + _unpacked(change) for method, change in record["changes"].items()}
    return Comparison(experiment, curves, before, after)


def _record(found: Comparison) -> dict[str, Any]:
    curves = [
        dict(method=method, seed=seed, points=[[point.step, numbers.rounded(point.loss), point.accuracy] for point in points])
        for (method, seed), points in found.curves.items()
    ]
    return dict(curves=curves, changes={method: _packed(after - found.before) for method, after in found.after.items()})


def _packed(change: Tensor) -> dict[str, Any]:
    """One byte a weight; (784, units)."""
    unit = change.abs().max().item() / WEIGHT_LEVELS
    levels = (change / (unit or 1)).round().to(torch.int8)
    return dict(unit=unit, levels=base64.b64encode(levels.numpy().tobytes()).decode())


def _unpacked(packed: dict[str, Any]) -> Tensor:
    levels = torch.frombuffer(bytearray(base64.b64decode(packed["levels"])), dtype=torch.int8)
    return levels.view(PIXELS, -1) * packed["unit"]
