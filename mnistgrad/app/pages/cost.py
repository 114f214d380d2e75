"""What it costs: time and memory of a weight gradient, measured when the reader asks."""

import streamlit as st

from mnistgrad.app.cards import cost as cards
from mnistgrad.app.controls import BUDGET, LARGEST, State
from mnistgrad.app.kept import cost_runs
from mnistgrad.app.pages import workers
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.fields import choice
from mnistgrad.app.parts.page import columns, come_back_when, heading, next_page, tell_unusable, theme
from mnistgrad.captions import cost as says
from mnistgrad.common.data_files import DataFileError
from mnistgrad.cost.measurement import Measurement, MeasurementPlan


def show(state: State) -> None:
    """The page in this state."""
    run = cost_runs.current()
    cost_runs.keep_in_link()
    try:
        found, whose = cost_runs.shown()
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


def _counts_and_controls(state: State, run: cost_runs.MeasurementRun | None) -> None:
    card(cards.counts(state, theme()))
    _measuring(state, run)


def _measuring(state: State, run: cost_runs.MeasurementRun | None) -> None:
    """The controls of a measurement, and its progress while it runs."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="cost-controls"):
        plan = MeasurementPlan(choice(LARGEST), choice(BUDGET), state.nh)
        st.button(
            "Measure on this machine",
            key="measure",
            icon=":material/timer:",
            on_click=cost_runs.start,
            args=(plan,),
            disabled=run is not None,
        )
    if run:
        _progress(run)
    elif left := cost_runs.unfinished():
        if left.job.error:
            st.warning(says.failed(left.job.error, left.code), icon=":material/warning:")
        else:
            st.info(says.stopped(left.done, left.total), icon=":material/info:")


def _progress(run: cost_runs.MeasurementRun) -> None:
    """How far it has come, or its place in line; the page comes back when that has changed."""
    job = run.job
    version = job.version
    come_back_when(lambda: job.version != version or not job.active)
    place = job.place
    with st.container(horizontal=True, vertical_alignment="center", key="cost-progress"):
        done = run.done
        st.progress(done / run.total, says.waiting(place) if place else says.progress(done, run.total, run.last))
        st.button("Stop", key="stop", icon=":material/stop:", on_click=run.stop)


def _charts(found: Measurement, state: State) -> None:
    line_time, line_memory, pass_time, pass_memory = cards.measured(found, state, theme())
    for key, pair in {"cost-line": (line_time, line_memory), "cost-pass": (pass_time, pass_memory)}.items():
        for spot, shown in zip(columns(key, [1, 1]), pair, strict=True):
            with spot:
                card(shown)
