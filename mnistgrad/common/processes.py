"""Processes of Python that this one begins. They end with it, however it ends."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).parents[2]
COMPILED = {"TORCHINDUCTOR_CACHE_DIR": str(ROOT)}  # here nothing is compiled; without it torch needs a temporary folder
WITH_INPUT = ("-m", "mnistgrad.common.with_input")  # begins a module that is to `end_with_input`
ONE_THREAD = {"OMP_NUM_THREADS": "1"}  # threads of torch that wait for each other spin


@contextmanager
def process(arguments: Sequence[str], encoding: str | None = None, **surroundings: str) -> Iterator["subprocess.Popen[Any]"]:
    """Python with these arguments, its input and output pipes: bytes, or texts in the encoding. Behind this it has ended.

    It must `end_with_input`, so that it ends also where this one is killed. A Ctrl-C in the terminal is not for it.
    """
    command, pipe, environment = [sys.executable, *arguments], subprocess.PIPE, COMPILED | os.environ | surroundings
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, encoding=encoding, start_new_session=True
    ) as begun:
        try:
            yield begun
        finally:
            begun.kill()  # not only told to end: one that is halted would not hear it
            assert begun.stdin
            with suppress(BrokenPipeError):  # it did not read all that it was told
                begun.stdin.close()


def end_with_input() -> None:
    """Have this process end with its input: whoever asked holds the other end; when they are gone, nobody wants the rest."""
    Thread(target=_watch_input, daemon=True).start()


def _watch_input() -> None:
    while os.read(sys.stdin.fileno(), 1):  # not through `sys.stdin`, whose lock Python wants at its own end
        pass
    os._exit(1)
