"""Where the command begins: Ctrl-C ends it in the same way from the first moment, while it is still being loaded."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

FAILED, INTERRUPTED = 1, 130  # exit codes; click ends with 2 where it does not understand


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Carry out the command; it ends the process."""
    try:
        from mnistgrad.app.command.main import main as carry_out

        carry_out(arguments)
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)


def end_at_once(code: int) -> NoReturn:
    """Without waiting for what still runs in libraries or for other workers, nor writing to a pipe that is closed."""
    sys.stderr.flush()
    os._exit(code)
