"""What happens once in a process: around the first imports, and at its end. Imports nothing that takes long itself."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from mnistgrad.app import leaving

_lock = Lock()
_imported = False


@contextmanager
def first_imports() -> Iterator[None]:
    """Around all that the pages import. The first time in a process garbage is not looked for on the way.

    All that is imported stays; to look through it takes half a second of the first page.
    """
    global _imported
    with _lock:
        looked = gc.isenabled()
        if not _imported:
            leaving.at_once()
            gc.disable()
        try:
            yield
            _imported = True
        finally:
            if looked:
                gc.enable()
