"""What it costs: time and memory of a weight gradient, measured when the reader asks."""

import streamlit as st

from mnistgrad.app.controls import BUDGET, LARGEST, State
from mnistgrad.app.keeping import PICTURES
from mnistgrad.app.kept import cost_runs
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.fields import choice
from mnistgrad.app.parts.page import columns, come_back_when, heading, next_page, tell_unusable, theme
from mnistgrad.captions import cost as says
from mnistgrad.common.data_files import DataFileError
from mnistgrad.cost.measurement import LINE, PASS, Measurement, MeasurementPlan
from mnistgrad.pictures.charts.cost import memory_chart, time_chart
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.cost_counts import cost_counts
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES

LINES = {"line": LINE, "pass": PASS}


@PICTURES.keep
def counts_picture(n: int, nh: int, look: str) -> Diagram:
    return cost_counts(n, nh, PALETTES[look])


@PICTURES.keep
def time_picture(found: Measurement, lines: str, n: int, look: str) -> Chart:
    return time_chart(found, LINES[lines], n, lines, PALETTES[look])


@PICTURES.keep
def memory_picture(found: Measurement, lines: str, n: int, look: str) -> Chart:
    return memory_chart(found, LINES[lines], n, lines, PALETTES[look])


def show(state: State) -> None:
    """The page in this state."""
    run = cost_runs.current()
    try:
        found, own = cost_runs.shown()
    except DataFileError as error:
        heading(says.KICKER, says.UNMEASURED, says.MEASURE_IT)
        tell_unusable(error)
        _counts_and_controls(state, run)
    else:
        heading(says.KICKER, says.headline(found, state.n), says.lede(found, state.n))
        _counts_and_controls(state, run)
        st.caption(says.source(found, own, state.nh))
        _charts(found, state)
        with st.expander("More"):
            st.markdown(says.how(found))
    next_page("training", "Next: would it train?")


def _counts_and_controls(state: State, run: cost_runs.MeasurementRun | None) -> None:
    title = "Exactly as many multiplications as the forward product"
    card(title, says.counts_sentence(), counts_picture(state.n, state.nh, theme()), state, "counts")
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
    n = state.n
    left, right = columns("cost-line", [1, 1])
    with left:
        picture = time_picture(found, "line", n, theme())
        card(says.line_time_title(found, n), says.line_time_sentence(found), picture, state, "cost-line-time")
    with right:
        picture = memory_picture(found, "line", n, theme())
        card(says.line_memory_title(found), says.line_memory_sentence(), picture, state, "cost-line-memory")
    left, right = columns("cost-pass", [1, 1])
    with left:
        picture = time_picture(found, "pass", n, theme())
        card(says.pass_time_title(found, n), says.pass_time_sentence(found, n), picture, state, "cost-pass-time")
    with right:
        picture = memory_picture(found, "pass", n, theme())
        card(says.pass_memory_title(found), says.pass_memory_sentence(found), picture, state, "cost-pass-memory")
