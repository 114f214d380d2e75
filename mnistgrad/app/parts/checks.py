"""Shows the checks of gradients, which are made beside the page."""

from collections.abc import Callable

from mnistgrad.app.jobs.work import Job
from mnistgrad.app.kept import results
from mnistgrad.app.parts.page import come_back_after, tell_failures, under_way
from mnistgrad.captions.verification import WHAT
from mnistgrad.network.verification import Verification


def show_checks(
    checks: dict[str, Job[Verification]], show: Callable[[dict[str, Verification]], None], waiting: str = ""
) -> dict[str, Verification] | None:
    """By name, once all are made, as `show` draws them; till then the note `waiting`, and None. What failed is told."""
    waits = under_way(checks.values())
    if ready := results.ready(checks):
        show(ready)
    else:
        come_back_after(waits, waiting)
    tell_failures(checks.values(), WHAT, "check")
    return ready
