"""What kind of failure an error is, for whoever tells people of it without its own words."""

import errno
import re

NO_MEMORY = re.compile(r"can't allocate memory(?:: you tried to allocate (\d+) bytes)?|not enough memory|can't start new thread")
REASONS = {
    errno.ENOSPC: "there is no space left on the disk",
    errno.EDQUOT: "there is no space left on the disk",
    errno.EACCES: "a file may not be read or written",
    errno.EPERM: "a file may not be read or written",
    errno.EROFS: "a file may not be read or written",
    errno.ENOENT: "a file or a folder is missing",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
}


class Busy(Exception):
    """More work is asked for than one reader may, or the server takes on; the message says what to do."""


class Ended(RuntimeError):
    """A process ended before its work did. code: its own; one that the system killed has a number below 0, its signal's."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the process ended with code {code}")
        self.code = code


def is_out_of_memory(error: BaseException) -> bool:
    """As Python, PyTorch and the system say it."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and NO_MEMORY.search(str(error)) is not None)


def asked_for(error: BaseException) -> int | None:
    """Bytes for which there was no memory, where that is known."""
    found = NO_MEMORY.search(str(error))
    return int(found[1]) if found and found[1] else None


def reason(error: BaseException) -> str:
    """Of an OSError, without the path in it; "" where it has no words that people know."""
    if isinstance(error, FileNotFoundError):
        return REASONS[errno.ENOENT]
    return REASONS.get(error.errno or 0, "") if isinstance(error, OSError) else ""
