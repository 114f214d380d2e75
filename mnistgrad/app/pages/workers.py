"""The sum, split over workers, on the page of what it costs: their parts, and how long they take."""

import streamlit as st

from mnistgrad.app.cards import workers as cards
from mnistgrad.app.controls import WORKERS, State
from mnistgrad.app.kept import scaling_runs
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.fields import number
from mnistgrad.app.parts.page import come_back_when, tell_unusable, theme
from mnistgrad.captions import scaling as says
from mnistgrad.common.data_files import DataFileError
from mnistgrad.distributed.scaling import ScalingPlan


def show(state: State) -> None:
    """In this state."""
    workers = number(WORKERS, width=150)
    card(cards.split(state, workers, theme()))
    run = scaling_runs.current()
    st.button(
        says.RUN_IT,
        key="run-workers",
        icon=":material/hub:",
        on_click=scaling_runs.start,
        args=(ScalingPlan(state.n, state.nh),),
        disabled=run is not None,
    )
    if run:
        _progress(run)
    elif left := scaling_runs.unfinished():
        if left.failed:
            st.warning(says.failed(), icon=":material/warning:")
        else:
            st.info(says.stopped(left.done, left.total), icon=":material/info:")
    try:
        found, own = scaling_runs.shown()
    except DataFileError as error:
        tell_unusable(error)
    else:
        card(cards.scaling(found, state, theme()))
        st.caption(says.source(found, own))


def _progress(run: scaling_runs.ScalingRun) -> None:
    """How far it has come, or its place in line; the page comes back when that has changed."""
    job = run.job
    version = job.version
    come_back_when(lambda: job.version != version or not job.active)
    place = job.place
    with st.container(horizontal=True, vertical_alignment="center", key="workers-progress"):
        told = says.waiting(place) if place else says.progress(run.done, run.total)
        st.progress(run.done / run.total, told)
        st.button("Stop", key="stop-workers", icon=":material/stop:", on_click=run.stop)
