"""`torchrun -m mnistgrad.distributed`: sweep, gradient and training, split over any number of processes and hosts."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NoReturn, TypeVar

import click

from mnistgrad.app.command.options import DEVICES, TABLES, TEXT, Listed
from mnistgrad.app.command.start import FAILED, INTERRUPTED, end_at_once

F = TypeVar("F", bound=Callable[..., Any])
NAME = "mnistgrad.distributed"
TELLING = 2  # workers that tell of one that is lost: the first, and another where it is the first
ARRAYS = "npz"
ENDED = "Ended from outside: another worker is gone, or somebody stopped the job"
METHODS = ("true", "rank-1", "mean-row", "printed-row", "frozen")  # as training has them, which takes seconds to load
IMAGES = "A set, or a file of any size: IDX or npy, bytes."
COUNT = "The first n images; torchrun takes --n for one of its own.  [default: all, to train 2,000]"
WHERE = "A folder, or for one file its name; - is the standard output.  [default: - for one table, else here]"
CUDA = "cuda: a GPU for each worker, joined by NCCL."
KEPT = "Where each count that is done is kept until all are.  [default: mnistgrad-sweep-….npz, here]"
EPILOG = """
\b
Start it with torchrun, K processes on this machine:
  torchrun --nproc-per-node=2 -m mnistgrad.distributed sweep --images qmnist
  python -m torch.distributed.run --nproc-per-node=2 -m mnistgrad.distributed gradient --count 1000
On several hosts each is given the same, HOST being the address of one of them:
  torchrun --nnodes=2 --nproc-per-node=1 --rdzv-backend=c10d --rdzv-id=1 --rdzv-endpoint=HOST:29400 -m mnistgrad.distributed sweep
Without torchrun one process does it all. The first worker prints. Exit codes: 0 done, 1 it could not be done or a worker is gone,
2 not understood, 130 ended by Ctrl-C; torchrun makes 1 of each that is not 0.
"""


@click.group(epilog=EPILOG, no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """The lesson's sum over images, split over workers and added up by all-reduce."""


def _some_of(names: Sequence[str]) -> str:
    return f"Some of {', '.join(names)}."


def _shared(*formats: str) -> Callable[[F], F]:
    told = _some_of(formats)
    options = (
        click.option("--images", default="mnist", show_default=True, metavar="SET|FILE", help=IMAGES),
        click.option("--labels", type=click.Path(dir_okay=False), metavar="FILE", help="The labels, where --images is a file."),
        click.option("--count", "--n", "n", type=click.IntRange(1), help=COUNT),
        click.option("--preset", default="lesson-2019", show_default=True, help="Of pixels, weights and rectifier."),
        click.option("--normalise", type=bool, help="Whether pixels are.  [default: as the preset says]"),
        click.option("--seed", type=int, help="Of the weights.  [default: the preset's]"),
        click.option("--nh", type=int, default=50, show_default=True, help="Hidden units."),
        click.option("--device", type=click.Choice(DEVICES), default="cpu", show_default=True, help=CUDA),
        click.option("--format", "formats", type=Listed(formats), default=TEXT, show_default=True, metavar="NAMES", help=told),
        click.option("--out", metavar="PATH", help=WHERE),
    )

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@commands.command()
@_shared(TEXT, *TABLES)
@click.option("--layer", type=click.Choice(["w1", "w2"]), default="w1", show_default=True, help="Whose points are told.")
@click.option(
    "--checkpoint",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help=KEPT,
)
def sweep(**given: Any) -> None:
    """Follow a weight gradient from 1 image to all. Started again after it broke off, it goes on behind the last count."""
    _run("sweep", given)


@commands.command()
@_shared(TEXT, *TABLES, ARRAYS)
def gradient(**given: Any) -> None:
    """The loss and every gradient over n images. npz holds them as arrays: w1, b1, w2, b2 and loss."""
    _run("gradient", given)


@commands.command()
@_shared(TEXT, *TABLES)
@click.option("--network", default="cross-entropy", show_default=True, help="Or mse, the lesson's.")
@click.option(
    "--methods",
    type=Listed(METHODS),
    default="true",
    show_default=True,
    metavar="NAMES",
    help=_some_of(METHODS),
)
@click.option("--rate", type=float, help="Of each step.  [default: 0.1, with mse 0.005]")
@click.option("--steps", type=int, default=150, show_default=True)
@click.option("--batch", type=int, help="Images a step.  [default: all]")
@click.option("--seeds", type=int, default=1, show_default=True, help="How many to compare.")
def train(**given: Any) -> None:
    """Train in one way or several; each step adds up all workers' gradients."""
    _run("train", given)


def _run(what: str, given: dict[str, Any]) -> None:
    from mnistgrad.app.command import splitting

    splitting.run(what, **given)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Carry out the command as one of the workers; it ends the process."""
    from mnistgrad.distributed.heartbeat import WorkerLost

    if "RANK" in os.environ:  # started by torchrun, which ends what is left in this way
        signal.signal(signal.SIGTERM, _ended)
    rank = int(os.environ.get("RANK", 0))
    try:
        commands.main(arguments, NAME, standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as error:
        if rank == 0:
            error.show()
        sys.exit(error.exit_code)
    except WorkerLost as error:
        if rank < TELLING:
            click.echo(f"Error: {error}", err=True)
        end_at_once(FAILED)
    except (click.Abort, KeyboardInterrupt):
        end_at_once(INTERRUPTED)
    except BrokenPipeError:  # whoever read it has gone
        end_at_once(FAILED)
    sys.exit(0)


def _ended(number: int, frame: FrameType | None) -> NoReturn:
    from mnistgrad.distributed.heartbeat import WorkerLost

    raise WorkerLost(f"{ENDED}.")
