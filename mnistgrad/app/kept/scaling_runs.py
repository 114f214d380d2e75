"""The measurement of several workers that a reader asks for, and which one the page shows."""

import subprocess
from contextlib import AbstractContextManager

from mnistgrad.app.jobs.readers import Reader
from mnistgrad.app.kept.process_runs import Measured, ProcessRun
from mnistgrad.common.processes import WITH_INPUT, process
from mnistgrad.distributed.measuring import most_workers
from mnistgrad.distributed.scaling import Scaling, ScalingPlan, read, stored_scaling

MODULE = [*WITH_INPUT, "mnistgrad.distributed.measuring", "--out=-"]


class ScalingRun(ProcessRun[Scaling]):
    """One measurement of one reader."""

    def __init__(self, plan: ScalingPlan, whose: Reader) -> None:
        self.plan = plan
        super().__init__(most_workers(), whose)

    def _process(self) -> AbstractContextManager["subprocess.Popen[str]"]:
        options = [f"--images={self.plan.n}", f"--units={self.plan.nh}"]
        return process([*MODULE, *options], encoding="utf-8")

    def _read(self, lines: list[str]) -> Scaling:
        return read(lines)


SCALINGS: Measured[ScalingPlan, ScalingRun, Scaling] = Measured("scaling", ScalingRun)


def shown() -> tuple[Scaling, bool]:
    """The session's last measurement, or the stored one; and whether it is the session's own. Raises DataFileError."""
    own = SCALINGS.own()
    return (own, True) if own else (stored_scaling(), False)
