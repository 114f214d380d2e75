"""What it costs: time and memory of a weight gradient, measured when the reader asks."""

import streamlit as st

from mnistgrad.app.cards import cost as cards
from mnistgrad.app.controls import BUDGET, LARGEST, State
from mnistgrad.app.kept.cost_runs import COSTS, MeasurementRun, keep_in_link, shown
from mnistgrad.app.pages import workers
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.fields import choice
from mnistgrad.app.parts.page import columns, heading, next_page, progress, tell_unusable, theme
from mnistgrad.captions import cost as says
from mnistgrad.common.data_files import DataFileError
from mnistgrad.cost.measurement import Measurement, MeasurementPlan


def show(state: State) -> None:
    """The page in this state."""
    run = COSTS.current()
    keep_in_link()
    try:
        found, whose = shown()
    except DataFileError as error:
        heading(says.KICKER, says.UNMEASURED, says.MEASURE_IT)
        tell_unusable(error)
        _counts_and_controls(state, run)
    else:
        heading(says.KICKER, says.headline(found, state.n), says.lede(found, state.n))
        _counts_and_controls(state, run)
        st.caption(says.source(found, whose, state.nh))
        _charts(found, state)
        with st.expander("More"):
            st.markdown(says.how(found))
    workers.show(state)
    next_page("training", "Next: would it train?")


def _counts_and_controls(state: State, run: MeasurementRun | None) -> None:
    card(cards.counts(state, theme()))
    _measuring(state, run)


def _measuring(state: State, run: MeasurementRun | None) -> None:
    """The controls of a measurement, and its progress while it runs."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="cost-controls"):
        plan = MeasurementPlan(choice(LARGEST), choice(BUDGET), state.nh)
        st.button(
            "Measure on this machine",
            key="measure",
            icon=":material/timer:",
            on_click=COSTS.start,
            args=(plan,),
            disabled=run is not None,
        )
    if run:
        progress(run, run.done / run.total, says.progress(run.done, run.total, run.last), "cost")
    elif left := COSTS.left():
        if left.job.error:
            st.warning(says.failed(left.job.error), icon=":material/warning:")
        else:
            st.info(says.stopped(left.done, left.total), icon=":material/info:")


def _charts(found: Measurement, state: State) -> None:
    line_time, line_memory, pass_time, pass_memory = cards.measured(found, state, theme())
    for key, pair in {"cost-line": (line_time, line_memory), "cost-pass": (pass_time, pass_memory)}.items():
        for spot, each in zip(columns(key, [1, 1]), pair, strict=True):
            with spot:
                card(each)
