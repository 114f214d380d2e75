"""The sentences about what failed. None has an error's own words, which are for the server's log."""

from mnistgrad.common import numbers
from mnistgrad.common.data_files import DataFileError
from mnistgrad.common.faults import Busy, Ended, asked_for, is_out_of_memory, reason
from mnistgrad.network.sets.sources import UnusableSet

FAILED = "Something failed here. Go on with other choices, or load the page again: its link holds what you chose."
KILLED = -9  # the code of a process that the system ended at once
SMALLER = "Choose fewer images or fewer hidden units"


def told(error: Exception) -> str:
    """On a page, in the place of what could not be drawn."""
    if isinstance(error, DataFileError | UnusableSet):
        return error.told
    known = why(error)
    remedy = f"{SMALLER}, or try again later." if is_out_of_memory(error) else FAILED
    return f"{known[0].upper()}{known[1:]}. {remedy}" if known else FAILED


def why(error: BaseException) -> str:
    """Reads on after "failed:"; "" where only the log can say."""
    if isinstance(error, Busy):
        return str(error)
    if is_out_of_memory(error):
        size = asked_for(error)
        return f"there was no memory for {numbers.byte_count(size)}" if size else "there was not enough memory"
    if isinstance(error, Ended):
        by_system = "the system ended its process, perhaps for want of memory"
        return by_system if error.code == KILLED else f"its process ended early, with code {error.code}"
    return reason(error)
