"""Runs of pages take turns, so that many at once do not all come late, nor take the memory of all at once.

Python computes one of them at a time anyway, and each that runs beside the others makes all of them wait for its lock.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from threading import Condition, Thread, current_thread

LOOK = 0.1  # seconds between two looks of one who waits


class Turns:
    """at_once: how many run; the others wait in the order they came. A page has one run at a time, so all have the same share."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._line: dict[Thread, None] = {}  # in their order, those first whose turn it is
        self._changed = Condition()

    @contextmanager
    def turn(self, look: Callable[[], object]) -> Iterator[None]:
        """Wait for it, and take it. look: called now and then meanwhile; where it raises, the thread keeps its place in the
        line, for the run that it begins instead, and loses it by its end.
        """
        me = current_thread()
        with self._changed:
            self._line.setdefault(me)
        while not self._comes(me):
            look()
        try:
            yield
        finally:
            with self._changed:
                del self._line[me]
                self._changed.notify_all()

    def _comes(self, me: Thread) -> bool:
        """Whether it does, within a moment."""
        with self._changed:
            return self._changed.wait_for(lambda: self._is_next(me), LOOK)

    def _is_next(self, me: Thread) -> bool:
        for gone in [thread for thread in self._line if not thread.is_alive()]:
            del self._line[gone]
        return me in islice(self._line, self._at_once)


TURNS = Turns(2)  # while one waits, for what another makes or for torch; with three all came a third later
