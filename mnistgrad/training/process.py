"""A training in a process of its own, out of the way of whoever asks for it: its many small steps would hold Python's lock."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any

import torch
from torch import Tensor

from mnistgrad.network.data import MnistBatch
from mnistgrad.training.comparison import Experiment, Key, run_experiment
from mnistgrad.training.descent import TrainingPoint

ROOT = Path(__file__).parents[2]
LESS_URGENT = 10  # than what readers wait for, as `nice` counts
Take = Callable[[Key, TrainingPoint, Tensor], None]


def run_beside(
    experiment: Experiment,
    training: MnistBatch,
    validation: MnistBatch,
    take: Take,
    begun: Callable[[Callable[[], None]], None] = lambda end: None,
) -> Iterator[int]:
    """As `run_experiment`, but yields each step once. begun: told how to end the process at once, from any thread.

    Raises what the training raised there, or RuntimeError where its process ended before it did.
    """
    with _process() as process:
        begun(process.terminate)
        assert process.stdin and process.stdout
        with suppress(BrokenPipeError):
            pickle.dump((experiment, _plain(training), _plain(validation)), process.stdin)
            process.stdin.flush()
        while (told := _next(process.stdout)) is not None:
            if isinstance(told, Exception):
                raise told
            if isinstance(told, int):
                yield told
            else:
                key, point, w1 = told
                take(key, point, torch.from_numpy(w1))
        if code := process.wait():
            raise RuntimeError(f"the process ended with code {code}")


@contextmanager
def _process() -> Iterator["subprocess.Popen[bytes]"]:
    """It ends with its input, so also where this one is killed; a Ctrl-C in the terminal is not for it."""
    command, pipe = [sys.executable, "-m", "mnistgrad.training.process"], subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, start_new_session=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def _plain(batch: MnistBatch) -> tuple[Any, ...]:
    """Its own numbers alone: a tensor that is a view would take the whole one with it."""
    return tuple(part.numpy() for part in (batch.inp, batch.targ, batch.images, batch.labels))


def _batch(plain: tuple[Any, ...]) -> MnistBatch:
    inp, targ, images, labels = map(torch.from_numpy, plain)
    return MnistBatch(inp, targ, images, labels)


def _next(output: IO[bytes]) -> Any:
    """What the process tells next; None at its end."""
    try:
        return pickle.load(output)
    except (EOFError, pickle.UnpicklingError):
        return None


def main() -> None:
    """Of the process: one experiment comes in, and what is found of it goes out."""
    torch.set_num_threads(1)
    if hasattr(os, "nice"):
        os.nice(LESS_URGENT)
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # what anything prints is no answer

    def tell(told: object) -> None:
        pickle.dump(told, output)
        output.flush()

    experiment, *plain = pickle.load(sys.stdin.buffer)
    training, validation = map(_batch, plain)
    Thread(target=_end_with_input, daemon=True).start()
    try:
        last = -1
        for step in run_experiment(experiment, training, validation, lambda key, point, w1: tell((key, point, w1.numpy()))):
            if step != last:
                tell(last := step)
    except BrokenPipeError:  # nobody reads it any more
        os._exit(1)
    except Exception as error:
        tell(error)


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
