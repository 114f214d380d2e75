"""The sentences beside the times of several workers."""

from mnistgrad.captions.split import same_to
from mnistgrad.common import numbers
from mnistgrad.distributed.scaling import Scaling

STARTING = "Starting …"
RUN_IT = "Run it on this machine's cores"


def title(found: Scaling) -> str:
    last = found.timed[-1].workers
    if last == 1:
        return "One core: nothing to share"
    return f"{last} workers: {numbers.significant(found.speedup, 2)} times as fast, measured"


def sentence(found: Scaling) -> str:
    if not found.calculated:
        return "On more cores, workers share the computing."
    fastest = found.fastest
    return f"Dashes: calculated; {numbers.count(fastest.workers, 'worker')} would be fastest."


def source(found: Scaling, own: bool) -> str:
    machine = found.machine
    compared = "" if found.difference is None else f"; the sum: {same_to(found.difference)}"
    run = f"{numbers.count(found.plan.n, 'image')}, {machine.processor}"
    return f"{'Yours' if own else 'Stored'}, {machine.date}: {run}{compared}."


def progress(done: int, total: int) -> str:
    return f"{done} of {total}: {numbers.count(done, 'worker')}" if done else STARTING


def failed() -> str:
    return "The workers ended early; the server's own output may say why. The measurement before stands here."


def stopped(done: int, total: int) -> str:
    return f"Stopped after {done} of {total}. The measurement before stands here."
