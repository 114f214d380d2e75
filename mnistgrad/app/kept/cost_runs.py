"""The measurement of time and memory that a reader asks for, and which one the page shows."""

import json
import subprocess
from contextlib import AbstractContextManager

import streamlit as st

from mnistgrad.app.controls import RESULT
from mnistgrad.app.jobs.readers import Reader
from mnistgrad.app.kept.process_runs import Measured, ProcessRun
from mnistgrad.cost.carried import carried, uncarried
from mnistgrad.cost.measurement import Measurement, MeasurementPlan, read, stored_measurement
from mnistgrad.cost.process import measuring

LINKED = "cost-linked"  # in the session


class MeasurementRun(ProcessRun[Measurement]):
    """One measurement of one reader."""

    def __init__(self, plan: MeasurementPlan, whose: Reader) -> None:
        self.plan = plan
        super().__init__(len(plan.tasks), whose)

    @property
    def last(self) -> tuple[str, int, float] | None:
        """The method, count and seconds that were measured last."""
        if not self.done:
            return None
        row = json.loads(self._lines[-1])
        return row["method"], row["n"], row["seconds"]["median"]

    def _process(self) -> AbstractContextManager["subprocess.Popen[str]"]:
        return measuring(self.plan)

    def _read(self, lines: list[str]) -> Measurement:
        return read(lines)


COSTS: Measured[MeasurementPlan, MeasurementRun, Measurement] = Measured("cost", MeasurementRun)


def shown() -> tuple[Measurement, str]:
    """The session's last measurement, "own", or that of its link, "link", or the stored one, "". Raises DataFileError."""
    own = COSTS.own()
    if own:
        return own, "own"
    text = st.session_state.get(LINKED)
    return (uncarried(text), "link") if text else (stored_measurement(), "")


def keep_in_link() -> None:
    """A result that is not the stored one travels in the page's link; one that came there is kept for the session."""
    own = COSTS.own()
    asked = st.query_params.get(RESULT.key, "")
    if asked and not own:
        st.session_state[LINKED] = asked
    held = carried(own) if own else st.session_state.get(LINKED, "")
    if held != asked:
        st.query_params[RESULT.key] = held
