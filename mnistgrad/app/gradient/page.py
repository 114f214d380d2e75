"""The gradient matrix: which columns vary, one column on the image, all of them, one weight, and how the sum is built up."""

import streamlit as st

from mnistgrad.app.controls import State
from mnistgrad.app.gradient.choice import choose_layer, choose_weight
from mnistgrad.app.page import next_page


def show(state: State) -> None:
    """The page in this state."""
    title = st.container()  # filled once the layer is known
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = choose_layer()
        choice = choose_weight(state, layer)
    with title:
        st.title(str(choice))
    next_page("samples", "Next: how it grows with the number of images")
