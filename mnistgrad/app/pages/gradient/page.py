"""The gradient matrix: which columns vary, one column on the image, all of them, one weight, and how the sum is built up."""

import streamlit as st

from mnistgrad.app.controls import State
from mnistgrad.app.kept import results
from mnistgrad.app.pages.gradient import build_up, one_weight, units, variance
from mnistgrad.app.pages.gradient.choice import choose_layer, choose_weight
from mnistgrad.app.parts.page import come_back_after, heading, next_page, tell_failures, under_way
from mnistgrad.captions import gradient as says
from mnistgrad.captions.verification import WHAT, verification_sentence


def show(state: State) -> None:
    """The page in this state."""
    title = st.container()  # filled once the layer is known
    with st.container(horizontal=True, vertical_alignment="bottom", key="weight"):
        layer = choose_layer()
        choice = choose_weight(state, layer)
    with title:
        found = results.weight_gradient(state, layer)
        heading(says.kicker(found), says.headline(found), says.lede(found))
        st.markdown(says.contents(found))
    variance.show(state, choice)
    units.show(state, choice)
    one_weight.show(state, choice)
    build_up.show(state, choice)
    _check(state, layer)
    next_page("samples", "Next: how it grows with the number of images")


@st.fragment  # so that the rest of the page is not sent twice
def _check(state: State, layer: str) -> None:
    checks = results.verifications_of(state, [layer])  # begun last, not to hold up the rest
    waits = under_way(checks.values())
    if ready := results.ready(checks):
        st.markdown("**Check.** " + verification_sentence(ready[layer]))
    else:
        come_back_after(waits)
    tell_failures(checks.values(), WHAT, "check")
