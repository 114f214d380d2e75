"""How memory that was freed goes back to the system; with glibc, which keeps 100 MB or more after a visit to every page."""

import ctypes
from contextlib import suppress
from threading import Lock, Timer

SOON = 5.0  # seconds; giving back takes 10 to 40 ms, so it is done once for many runs
_lock = Lock()
_due: list[Timer] = []  # none or one


def give_back_soon() -> None:
    """What will have been freed by then, unless that is due already."""
    with _lock:
        if not _due:
            timer = Timer(SOON, _give_back)
            timer.daemon = True
            _due.append(timer)
            timer.start()


def _give_back() -> None:
    with _lock:
        _due.clear()
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
