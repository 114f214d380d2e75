"""Whether the other workers are still there: each gives a sign of life and watches its neighbour's."""

import os
import sys
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Self

from torch._C._distributed_c10d import TCPStore

BEAT = 0.5  # seconds between two signs
SILENT = 6.0  # seconds without one, after which a worker is gone
LOST = 1  # exit code


class WorkerLost(Exception):
    """Another worker is gone; the message says so."""


class Heartbeat(Thread):
    """Ends this process where the next worker gives no sign any more: died with its machine, hangs, or has no network.

    A worker that is killed on this machine is noticed at once, by its closed connection or by torchrun; this is for the rest, and
    for those who compute and talk to nobody.
    """

    def __init__(self, store: TCPStore, rank: int, count: int) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._store, self._rank, self._next = store, rank, (rank + 1) % count
        self._count, self._over = count, Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self.join(SILENT)

    def run(self) -> None:
        signs, since = -1, monotonic()
        while not self._over.wait(BEAT):
            try:
                self._store.add(f"alive/{self._rank}", 1)
                given = self._store.add(f"alive/{self._next}", 0)
            except RuntimeError:  # whoever held the store is gone, and the job with it
                self._end("What torchrun's workers meet at cannot be reached any more")
                return
            if given != signs:
                signs, since = given, monotonic()
            elif monotonic() - since > SILENT:
                self._end(f"Worker {self._next} of {self._count} is gone: no sign of it for {SILENT:g} seconds")

    def _end(self, says: str) -> None:
        if not self._over.is_set():
            print(f"Error: {says}.", file=sys.stderr, flush=True)
            os._exit(LOST)
