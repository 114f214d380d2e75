"""The gradient matrix, one view at a time: only what is seen is computed, drawn and sent."""

import streamlit as st

from mnistgrad.app.controls import LAYER, VIEW, State
from mnistgrad.app.pages.gradient import build_up, one_weight, samples, units, variance
from mnistgrad.app.parts.fields import choice
from mnistgrad.app.parts.page import next_page
from mnistgrad.app.parts.take_home import recomputation

SHOWN = {
    "variance": variance.show,
    "units": units.show,
    "build-up": build_up.show,
    "one-weight": one_weight.show,
    "samples": samples.show,
}


def show(state: State) -> None:
    """The page in this state."""
    SHOWN[choice(VIEW, label_visibility="collapsed")](state)
    recomputation(state, st.session_state.get(LAYER.key, LAYER.start))
    next_page("cost", "Next: what it costs")
