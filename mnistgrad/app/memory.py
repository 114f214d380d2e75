"""How memory that was freed goes back to the system; with glibc, which keeps 200 MB or more after a visit to every page.

Its heaps, one for each thread at work, hold blocks of up to 32 MB. What is free between blocks in use malloc_trim gives back.
What is free at the end of a heap goes back only when a thread of that heap frees something.
"""

import ctypes
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Lock, Thread, Timer

SOON = 5.0  # seconds; giving back takes 10 to 40 ms, so it is done once for many runs
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # glibc's numbers for mallopt
LARGEST = 32 << 20  # bytes of a block in a heap, and
KEPT = 2 * LARGEST  # free at the end of one: where glibc's own adjustment ends, which setting either switches off
HEAPS = 16  # at once, those left last: as many as runs and jobs that a few readers have at the same time leave behind
NOTICED = 100_000  # bytes; glibc looks at the end of a heap where 64 KB are freed
PATIENCE = 2.0  # seconds
_lock = Lock()
_due: list[Timer] = []  # none or one


def give_back_soon() -> None:
    """What will have been freed by then, unless that is due already."""
    with _lock:
        if not _due:
            timer = Timer(SOON, give_back)
            timer.daemon = True
            with suppress(RuntimeError):  # no more threads can be had
                timer.start()
                _due.append(timer)


def give_back() -> None:
    """What is free now, as far as this system can."""
    with _lock:
        _due.clear()
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(MMAP_THRESHOLD, LARGEST)
        libc.mallopt(TRIM_THRESHOLD, 0)
        try:
            _cut_ends(libc)
        finally:
            libc.mallopt(TRIM_THRESHOLD, KEPT)
        libc.malloc_trim(0)


def _cut_ends(libc: ctypes.CDLL) -> None:
    """Of the heaps whose threads have ended: a new thread takes one of them, and no other while this one is at work."""
    libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
    each_has_one = Barrier(HEAPS, timeout=PATIENCE)

    def cut_end() -> None:
        block = libc.malloc(NOTICED)
        with suppress(BrokenBarrierError):
            each_has_one.wait()
        libc.free(block)

    threads = [Thread(target=cut_end, name="gives back", daemon=True) for _ in range(HEAPS)]
    try:
        for thread in threads:
            thread.start()
    except RuntimeError:  # no more threads can be had
        each_has_one.abort()
    for thread in threads:
        if thread.ident:
            thread.join()
