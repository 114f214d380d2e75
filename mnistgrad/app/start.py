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
            if not _imported and leaving.is_server():
                _leave_room()
            _imported = True
        finally:
            if looked:
                gc.enable()


def _leave_room() -> None:
    """Heavy work leaves this process. What stays computes on one core: readers come side by side, and threads of torch that wait
    for each other spin. And what was imported is no garbage, so no reader waits until it is looked through.

    With two threads each a new state took four times the processor time, and every run left a thread of its own behind. All that
    is there is kept, also what belongs to the first visit, once.
    """
    import torch

    from mnistgrad.common import beside

    torch.set_num_threads(1)
    beside.serve_many()
    gc.freeze()
