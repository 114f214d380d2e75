"""The check of the gradient on display, below it."""

import streamlit as st

from mnistgrad.app.controls import State
from mnistgrad.app.kept import results
from mnistgrad.app.parts.page import come_back_after, prose, tell_failures, under_way
from mnistgrad.captions.verification import WHAT, verification_sentence


@st.fragment  # so that the rest of the page is not sent twice
def show_check(state: State, layer: str) -> None:
    """Against autograd and finite differences; begun last, not to hold up the rest."""
    checks = results.verifications_of(state, [layer])
    waits = under_way(checks.values())
    if ready := results.ready(checks):
        prose("**Check.** " + verification_sentence(ready[layer]))
    else:
        come_back_after(waits)
    tell_failures(checks.values(), WHAT, "check")
