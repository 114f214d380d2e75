"""What it costs: time and memory of a weight gradient, measured when the reader asks."""

import streamlit as st

from mnistgrad.app.controls import BUDGET, LARGEST, State
from mnistgrad.app.keeping import PICTURES
from mnistgrad.app.kept import cost_runs
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.fields import choice
from mnistgrad.app.parts.page import columns, heading, next_page, theme
from mnistgrad.captions import cost as says
from mnistgrad.cost.measurement import LINE, PASS, Measurement, MeasurementPlan
from mnistgrad.pictures.charts.cost import memory_chart, time_chart
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.cost_counts import cost_counts
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES

LINES = {"line": LINE, "pass": PASS}
EVERY = 0.5  # seconds between two looks at a measurement that runs


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
    found, own = cost_runs.shown()
    heading(says.KICKER, says.headline(found, state.n), says.lede(found, state.n, state.nh))
    title = "Exactly as many multiplications as the forward product"
    card(title, says.counts_sentence(state.n, state.nh), counts_picture(state.n, state.nh, theme()), state, "counts")
    _measuring(state, run)
    st.caption(says.source(found, own, state.nh))
    _charts(found, state)
    with st.expander("How it is measured, and what is only calculated"):
        st.markdown(says.how(found))
    next_page("training", "Next: would it train?")


def _measuring(state: State, run: cost_runs.Run | None) -> None:
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
        if left.failed:
            st.warning(says.failed(left.code), icon=":material/warning:")
        else:
            st.info(says.stopped(left.done, left.total), icon=":material/info:")


@st.fragment(run_every=EVERY)
def _progress(run: cost_runs.Run) -> None:
    if not run.active:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key="cost-progress"):
        says_now = says.WAITING if run.waiting else says.progress(run.done, run.total, run.last)
        st.progress(run.done / run.total, says_now)
        st.button("Stop", key="stop", icon=":material/stop:", on_click=run.stop)


def _charts(found: Measurement, state: State) -> None:
    n = state.n
    left, right = columns("cost-line", [1, 1])
    with left:
        picture = time_picture(found, "line", n, theme())
        card(says.line_time_title(found, n), says.line_time_sentence(found), picture, state, "cost-line-time")
    with right:
        picture = memory_picture(found, "line", n, theme())
        card(says.line_memory_title(found), says.line_memory_sentence(found, n), picture, state, "cost-line-memory")
    left, right = columns("cost-pass", [1, 1])
    with left:
        picture = time_picture(found, "pass", n, theme())
        card(says.pass_time_title(found, n), says.pass_time_sentence(found, n), picture, state, "cost-pass-time")
    with right:
        picture = memory_picture(found, "pass", n, theme())
        card(says.pass_memory_title(found), says.pass_memory_sentence(found, n), picture, state, "cost-pass-memory")
