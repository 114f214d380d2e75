"""How the server ends: at once, whatever runs.

Streamlit would first wait for answers that are under way, such as an upload that never comes, and Python for its executors; then
it ends threads of ours where they next need it, inside torch too, and C++ answers that with an abort. So the process ends before
that, in the signal's own handler. Processes that it began end with their input.
"""

import os
import signal
from typing import Any

from streamlit import runtime
from streamlit.runtime.runtime import Runtime

from mnistgrad.common.files import drop_begun

NAMES = ("SIGTERM", "SIGINT", "SIGQUIT", "SIGBREAK")  # those that Streamlit ends by, where the system has them


def is_server() -> bool:
    """Whether this process is a server of the dashboard; a test or a notebook is none, and ends in its own way."""
    return runtime.exists() and type(runtime.get_instance()) is Runtime


def at_once() -> None:
    """Let this process end so from now on, if it is a server."""
    if is_server():  # signals are the main thread's, where its loop runs
        runtime.get_instance()._get_async_objs().eventloop.call_soon_threadsafe(_answer_signals)


def _answer_signals() -> None:
    for name in NAMES:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _leave)


def _leave(*_: Any) -> None:
    try:
        drop_begun()
    finally:
        os._exit(0)
