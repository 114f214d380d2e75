"""Where what a command makes goes: to files, each whole or not there, or to the standard output."""

import errno
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from mnistgrad.common import numbers
from mnistgrad.common.files import replacing

STDOUT = "-"


@dataclass(frozen=True)
class Piece:
    """One file: its name, with its ending, and how it is made."""

    name: str
    make: Callable[[], bytes]


def check_target(out: str, one: bool) -> None:
    """Before anything is made: whether it can go there. one: whether it is one file. Raises click.ClickException."""
    if not one and not _is_folder(out):
        raise click.UsageError(f"--out {out} takes one file, and these are several; name a folder, or ask for one table.")
    path = Path(out)
    if out != STDOUT:
        folder = next(each for each in (path, *path.absolute().parents) if each.is_dir())
        with told(path):
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def deliver(pieces: Sequence[Piece], out: str) -> None:
    """Make them one after the other, and tell the path of each on the standard output.

    out: a folder, which is made if it is not there; for a single piece also a file with its ending, or "-", the standard
    output. Raises click.ClickException.
    """
    if _is_folder(out):
        _in_folder(pieces, Path(out))
        return
    if len(pieces) > 1:
        what = numbers.count(len(pieces), "file")
        raise click.UsageError(f"--out {out} takes one file, and these are {what}; name a folder, or ask for less.")
    (piece,) = pieces
    ending = f".{piece.name.rpartition('.')[2]}"
    if out == STDOUT:
        sys.stdout.buffer.write(piece.make())
        sys.stdout.buffer.flush()
    elif Path(out).suffix.lower() == ending:
        write(Path(out), piece.make())
    else:
        raise click.UsageError(f"--out {out} does not end in {ending}, as this file does; a folder ends in /.")


def _is_folder(out: str) -> bool:
    return out != STDOUT and (out.endswith(("/", os.sep)) or Path(out).is_dir() or not Path(out).suffix)


def _in_folder(pieces: Sequence[Piece], folder: Path) -> None:
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        with told(folder):
            folder.mkdir(parents=True, exist_ok=True)
        with progress(len(pieces)) as step:
            for piece in pieces:
                write(folder / piece.name, piece.make())
                step("")
    finally:
        for each in made:  # what is empty was made in vain
            if each.is_dir() and not any(each.iterdir()):
                each.rmdir()


def write(path: Path, content: bytes) -> None:
    """All of it or nothing."""
    with told(path), replacing(path, "wb") as file:
        file.write(content)
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)  # a bar gives way, and comes back below
    click.echo(path)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What the system refuses becomes one sentence."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"Cannot write {path}: {error.strerror}.") from None


@contextmanager
def progress(total: int) -> Iterator[Callable[[str], None]]:
    """To be told what is done, one after the other; shown where somebody looks on, of more than one."""
    if total < 2 or not sys.stderr.isatty():
        yield lambda done: None
        return
    with click.progressbar(length=total, file=sys.stderr, item_show_func=lambda done: done) as bar:

        def step(done: str) -> None:
            bar.update(1, done)

        yield step


@contextmanager
def counted() -> Iterator[Callable[[int, int], None]]:
    """To be told how many of how many are done, 0 of 0 as long as nobody knows."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, file=sys.stderr) as bar:

        def step(done: int, total: int) -> None:
            bar.length = total or 1
            bar.update(done - bar.pos)

        yield step
