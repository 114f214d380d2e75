"""Python reads this first where PYTHONPATH names its folder: no file can be written then, and no other host reached.

An attempt to reach one is told on the standard error.
"""

import errno
import os
import socket
import sys
from typing import Any

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate")
NO_FILES = (os.devnull, "/dev/tty", "/proc/self/")
HERE = ("127.0.0.1", "localhost", "::1", "", None)


def refuse(event: str, given: tuple[Any, ...]) -> None:
    writes = event == "open" and given[2] & WRITES and not isinstance(given[0], int)  # of a number: it is open, as a pipe is
    if event in CHANGES or (writes and not str(given[0]).startswith(NO_FILES)):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), given[0])
    if event == "socket.connect" and given[0].type == socket.SOCK_DGRAM:
        return  # which sends nothing
    host = given[0] if event == "socket.getaddrinfo" else given[1] if event in ("socket.connect", "socket.sendto") else None
    if (host[0] if isinstance(host, tuple) else host) not in HERE:
        os.write(2, f"Asked for {host}\n".encode())
        raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))


sys.addaudithook(refuse)
