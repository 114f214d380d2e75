"""Where the command begins: Ctrl-C ends it in the same way from the first moment, while it is still being loaded."""

import os
from collections.abc import Sequence
from typing import NoReturn

INTERRUPTED = 130  # exit code


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Carry out the command; it ends the process."""
    try:
        from mnistgrad.app.command.main import main as carry_out

        carry_out(arguments)
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)
