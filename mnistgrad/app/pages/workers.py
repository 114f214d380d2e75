"""The sum, split over workers, on the page of what it costs: their parts, and how long they take."""

import streamlit as st

from mnistgrad.app.cards import workers as cards
from mnistgrad.app.controls import WORKERS, State
from mnistgrad.app.kept.scaling_runs import SCALINGS, shown
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.fields import number
from mnistgrad.app.parts.page import progress, tell_unusable, theme
from mnistgrad.captions import scaling as says
from mnistgrad.common.data_files import DataFileError
from mnistgrad.distributed.scaling import ScalingPlan


def show(state: State) -> None:
    """In this state."""
    workers = number(WORKERS, width=150)
    card(cards.split(state, workers, theme()))
    run = SCALINGS.current()
    st.button(
        says.RUN_IT,
        key="run-workers",
        icon=":material/hub:",
        on_click=SCALINGS.start,
        args=(ScalingPlan(state.n, state.nh),),
        disabled=run is not None,
    )
    if run:
        progress(run, run.done / run.total, says.progress(run.done, run.total), "workers")
    elif left := SCALINGS.left():
        if left.failed:
            st.warning(says.failed(), icon=":material/warning:")
        else:
            st.info(says.stopped(left.done, left.total), icon=":material/info:")
    try:
        found, own = shown()
    except DataFileError as error:
        tell_unusable(error)
    else:
        card(cards.scaling(found, state, theme()))
        st.caption(says.source(found, own))
