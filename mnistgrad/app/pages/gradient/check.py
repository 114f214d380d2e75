"""The check of the gradient on display, below it."""

import streamlit as st

from mnistgrad.app.controls import State
from mnistgrad.app.kept import results
from mnistgrad.app.parts.checks import show_checks
from mnistgrad.app.parts.page import prose
from mnistgrad.captions.verification import verification_sentence


@st.fragment  # so that the rest of the page is not sent twice
def show_check(state: State, layer: str) -> None:
    """Against autograd and finite differences; begun last, not to hold up the rest."""
    checks = results.verifications_of(state, [layer])
    show_checks(checks, lambda ready: prose("**Check.** " + verification_sentence(ready[layer])))
