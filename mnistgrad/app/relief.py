"""Where memory ran out: what can be done without is let go of, so that readers can go on with less."""

import gc

from mnistgrad.app.keeping import let_go
from mnistgrad.app.memory import give_back


def relieve(error: BaseException) -> None:
    """error: what failed; its traceback holds what had been made by then."""
    error.__traceback__ = None
    let_go()
    gc.collect()
    give_back()
