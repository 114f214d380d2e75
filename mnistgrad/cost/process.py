"""A measurement in a process of its own, where nothing else is in memory."""

import subprocess
from contextlib import AbstractContextManager

from mnistgrad.common.processes import WITH_INPUT, process
from mnistgrad.cost.measurement import MeasurementPlan

MODULE = [*WITH_INPUT, "mnistgrad.cost.measuring", "--out=-"]


def measuring(plan: MeasurementPlan, device: str = "cpu") -> AbstractContextManager["subprocess.Popen[str]"]:
    """The process, whose output are the lines of a measurement."""
    options = [f"--largest={plan.largest}", f"--budget={plan.budget}", f"--nh={plan.nh}", f"--device={device}"]
    return process([*MODULE, *options], encoding="utf-8")
