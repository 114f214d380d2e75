"""How the server ends: at once, whatever runs.

Python waits for no thread of ours, since they are daemons, but ends such threads where they next need it, inside torch too; C++
answers that with an abort. So the process ends before that, with everything that it had to say written.
"""

import atexit
import os
import sys

from streamlit import runtime
from streamlit.runtime.runtime import Runtime


def is_server() -> bool:
    """Whether this process is a server of the dashboard; a test or a notebook is none, and ends in its own way."""
    return runtime.exists() and type(runtime.get_instance()) is Runtime


def at_once() -> None:
    """Let this process end so, if it is a server."""
    if is_server():
        atexit.register(_leave)


def _leave() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
