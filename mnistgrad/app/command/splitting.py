"""The work of `mnistgrad.distributed`: reads what is asked, has it done by all workers, and lets the first tell it."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import click
import numpy as np

from mnistgrad.app.command.delivering import STDOUT, Piece, check_target, deliver, progress, told
from mnistgrad.app.command.rows import SWEEP_BRIEF, sweep_row, training_rows
from mnistgrad.app.command.split import ARRAYS
from mnistgrad.captions.plain import plain
from mnistgrad.common import numbers
from mnistgrad.common.data_files import DataFileError
from mnistgrad.distributed import checkpoint
from mnistgrad.distributed.checkpoint import UnusableCheckpoint
from mnistgrad.distributed.gradient import SUMMED, split_gradients
from mnistgrad.distributed.images import Images, InMemory, streamed
from mnistgrad.distributed.shares import Survey, survey
from mnistgrad.distributed.sweep import Steps, reaches_at, split_sweep
from mnistgrad.distributed.training import split_training
from mnistgrad.distributed.workers import Workers, joined
from mnistgrad.gradient.sweep import counts_to
from mnistgrad.network.data import named_set
from mnistgrad.network.gradients import Gradients
from mnistgrad.network.presets import PRESETS, Weights, initial_weights
from mnistgrad.network.sets.kinds import KINDS, Trained
from mnistgrad.network.sets.parts import UnusableFile
from mnistgrad.network.sets.sources import UnusableSet
from mnistgrad.training.comparison import Experiment
from mnistgrad.training.descent import TrainingPlan
from mnistgrad.training.stored import START_RATES

HERE = "."
Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """What all three commands take, read and checked."""

    images: Images
    known: Survey
    n: int
    weights: Weights
    seed: int
    normalise: bool
    given: dict[str, Any]

    @property
    def moments(self) -> tuple[float, float]:
        return self.known.moments(self.normalise)


@dataclass(frozen=True)
class Made:
    """A table, the columns of it that are shown as text, and arrays where there are some. name: begins their files'."""

    name: str
    rows: Rows
    brief: Sequence[str]
    arrays: dict[str, Any] | None = None
    told: Callable[[], None] = lambda: None


def run(what: str, device: str, formats: tuple[str, ...], out: str | None, **given: Any) -> None:
    """As one of the workers. Raises click.ClickException for what cannot be done, WorkerLost."""
    with _refused():
        check_target(out or HERE, one=len(formats) == 1)
        with joined(device) as workers:
            start = perf_counter()
            asked = _asked(what, workers, **given)
            made = {"sweep": _sweep, "gradient": _gradient, "train": _train}[what](asked, workers)
            spent = perf_counter() - start
            if workers.first:
                alone = len(formats) == 1 and formats[0] != ARRAYS
                deliver([_piece(made, name) for name in formats], out or (STDOUT if alone else HERE))
                made.told()
                click.echo(_took(spent, workers), err=True)


class _refused:
    """What the engine refuses, in one sentence."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValueError | TypeError):
            raise click.UsageError(str(error)) from None
        if isinstance(error, UnusableSet | UnusableFile | UnusableCheckpoint | DataFileError):
            raise click.ClickException(plain(str(error))) from None


def _took(spent: float, workers: Workers) -> str:
    of = workers.spent
    times = f"{numbers.duration(of.seconds)} in {numbers.count(of.times, 'all-reduce')}" if of.times else "nothing to add up"
    return f"{numbers.count(workers.count, 'worker')}: {numbers.duration(spent)}, {times}."


def _asked(
    what: str,
    workers: Workers,
    images: str,
    labels: str | None,
    n: int | None,
    preset: str,
    normalise: bool | None,
    seed: int | None,
    nh: int,
    **given: Any,
) -> Asked:
    source = _images(images, labels)
    weights = initial_weights(nh, seed, preset)
    chosen = PRESETS[preset]
    known = survey(source, workers)
    most = source.most
    n = n if n is not None else min(TrainingPlan.images, most) if what == "train" else most
    if n > most:
        raise click.BadParameter(f"{n} is not possible; allowed are 1 to {numbers.count(most)}.", param_hint="'--count'")
    return Asked(
        source,
        known,
        n,
        weights,
        chosen.seed if seed is None else seed,
        chosen.normalise if normalise is None else normalise,
        dict(preset=preset, nh=nh) | given,
    )


def _images(images: str, labels: str | None) -> Images:
    if images in KINDS:
        return InMemory(named_set(images))
    if not Path(images).exists():
        sets = ", ".join(KINDS)
        raise click.BadParameter(f"{images!r} is neither a file nor one of {sets}.", param_hint="'--images'")
    if labels is None:
        raise click.UsageError("--images is a file, so its labels are needed too: --labels FILE.")
    return streamed(Path(images), Path(labels))


def _gradient(asked: Asked, workers: Workers) -> Made:
    found = split_gradients(asked.images, asked.n, asked.weights, asked.normalise, asked.known, workers)
    rows = [_gradient_row(name, found) for name in SUMMED]
    arrays = {name: getattr(found, name).cpu().numpy() for name in SUMMED}
    return Made(f"gradient-n{asked.n}-seed{asked.seed}", rows, list(rows[0]), arrays)


def _gradient_row(name: str, found: Gradients) -> dict[str, Any]:
    value = getattr(found, name)
    of = name if name == "loss" else f"{name}.g"
    return {"of": of, "shape": str(tuple(value.shape)), "norm": value.norm().item(), "largest": value.abs().max().item()}


def _sweep(asked: Asked, workers: Workers) -> Made:
    counts, name = counts_to(asked.n), f"sweep-{asked.given['layer']}-seed{asked.seed}"
    whose = f"{Path(asked.images.name).name.partition(' ')[0]}-n{asked.n}-seed{asked.seed}"
    path = Path(asked.given["checkpoint"] or f"mnistgrad-sweep-{whose}.npz")
    told_of = checkpoint.told_of(asked.images, asked.weights, asked.seed, asked.moments, counts)
    steps = _taken_up(path, told_of, workers) or Steps(reaches_at(asked.images, counts, workers), {})
    with progress(len(counts) - len(steps.sums) if workers.first else 0) as step:

        def done(n: int, so_far: Steps) -> None:
            if workers.first:
                with told(path):
                    checkpoint.write(path, told_of, so_far)
                step(numbers.count(n, "image"))

        found = split_sweep(asked.images, steps, asked.weights, asked.moments, workers, done)
    rows = [sweep_row(asked.seed, point) for point in found[asked.given["layer"]].points]
    return Made(name, rows, SWEEP_BRIEF, told=partial(path.unlink, missing_ok=True))


def _taken_up(path: Path, told_of: checkpoint.Told, workers: Workers) -> Steps | None:
    """The first worker reads, and tells the others: they may have other disks."""
    found: Steps | Exception | None = None
    if workers.first:
        try:
            found = checkpoint.read(path, told_of)
        except (UnusableCheckpoint, OSError) as error:
            found = UnusableCheckpoint(str(error))
    found = workers.told_by_first(found)
    if isinstance(found, Exception):
        raise found
    if found and workers.first:
        last = numbers.count(max(found.sums), "image")
        click.echo(f"Goes on behind {last}, where {path} ends.", err=True)
    return found


def _train(asked: Asked, workers: Workers) -> Made:
    given, images = asked.given, asked.images
    rate = START_RATES.get(given["network"], TrainingPlan.rate) if given["rate"] is None else given["rate"]
    source = replace(Trained(), classes=asked.known.classes, held_back=images.held_back, most=images.most)
    plan = TrainingPlan(
        given["network"],
        rate,
        given["steps"],
        given["batch"],
        asked.n,
        asked.seed,
        given["preset"],
        asked.normalise,
        given["nh"],
        source,
    )
    experiment = Experiment(plan, given["methods"], given["seeds"])
    if not images.held_back:
        raise click.ClickException("There are too few images to hold some back that no training sees; allowed are 60 or more.")
    with progress((plan.steps + 1) * len(experiment.keys) if workers.first else 0) as step:
        curves = split_training(experiment, images, asked.known, workers, lambda: step("") if workers.first else None)
    rows = list(training_rows(curves))
    return Made(f"training-{plan.network}-rate{plan.rate:g}-seed{plan.seed}", rows, list(rows[0]))


def _piece(made: Made, name: str) -> Piece:
    if name == ARRAYS:
        return Piece(f"mnistgrad-{made.name}.{ARRAYS}", partial(_packed, made.arrays or {}))
    return Piece(f"mnistgrad-{made.name}.{'txt' if name == 'text' else name}", partial(_table, made, name))


def _packed(arrays: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _table(made: Made, name: str) -> bytes:
    import pandas as pd

    from mnistgrad.app.command.tables import table_as

    table = pd.DataFrame(made.rows)
    return table_as(name, table[[*made.brief]] if name == "text" else table)
