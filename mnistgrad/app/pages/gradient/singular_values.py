"""How much of the gradient is one outer product, and which."""

import streamlit as st

from mnistgrad.app.cards.gradient import singular_values as cards
from mnistgrad.app.controls import State
from mnistgrad.app.kept import results
from mnistgrad.app.parts.card import card
from mnistgrad.app.parts.page import more, prose, theme
from mnistgrad.captions import singular_values as says


def show(state: State, layer: str) -> None:
    """Behind "More", where there is anything: the singular values, and the two vectors of the best outer product."""
    found = results.weight_gradient(state, layer)
    if found.is_zero:
        return
    if layer != cards.LAYER:
        with st.expander("More"):
            prose(says.one_value_sentence(found))
    elif opened := more("singular-values"):
        with opened:
            for each in cards.best(state, layer, theme()):
                card(each)
