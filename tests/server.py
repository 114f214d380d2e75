"""The dashboard as its own process, on a free port of this machine."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from waiting import STARTED_WITHIN, healthy, until

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    """process: its number. wait: for its end, so many seconds at the most; its exit status."""

    url: str
    log: Path
    process: int
    wait: Callable[[float], int]


CHECKOUT = (sys.executable, "-m", "streamlit", "run", "dashboard.py")


@contextmanager
def running_server(
    log: Path, start: Sequence[str] = CHECKOUT, folder: Path = ROOT, port: int | None = None, **environment: str
) -> Iterator[Server]:
    """Start the dashboard, wait until it answers, and end it afterwards. Raises TimeoutError with its log.

    port: a free one unless given.
    """
    port = port or free_port()
    command = [
        *start,
        f"--server.port={port}",
        "--server.headless=true",
    ]
    with (
        log.open("w") as output,
        subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        server = Server(f"http://127.0.0.1:{port}", log, process.pid, process.wait)
        try:
            until(lambda: process.poll() is not None or healthy(server.url), STARTED_WITHIN, log.read_text)
            if process.poll() is not None:
                raise RuntimeError(f"The server ended with {process.returncode}:\n{log.read_text()}")
            yield server
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
