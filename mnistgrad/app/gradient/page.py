"""The gradient matrix: which columns vary, one column on the image, all of them, one weight, and how the sum is built up."""

import streamlit as st

from mnistgrad.app import results
from mnistgrad.app.controls import State
from mnistgrad.app.gradient import build_up, one_weight, units, variance
from mnistgrad.app.gradient.choice import choose_layer, choose_weight
from mnistgrad.app.page import heading, next_page
from mnistgrad.captions import gradient as says
from mnistgrad.captions.checks import check_sentence


def show(state: State) -> None:
    """The page in this state."""
    title = st.container()  # filled once the layer is known
    with st.container(horizontal=True, vertical_alignment="bottom", key="weight"):
        layer = choose_layer()
        check = results.checks_of(state, [layer])[layer]  # begun first and shown last
        choice = choose_weight(state, layer)
    with title:
        found = results.matrix(state, layer)
        heading(says.kicker(found), says.headline(found), says.lede(found))
    variance.show(state, choice)
    units.show(state, choice)
    one_weight.show(state, choice)
    build_up.show(state, choice)
    st.markdown("**Check.** " + check_sentence(check.result()))
    next_page("samples", "Next: how it grows with the number of images")
