"""What a page gives to take home: the script and the notebook that recompute its state."""

from functools import partial

import streamlit as st

from mnistgrad.app.cards.recomputing import DOCUMENTS, document, file_name
from mnistgrad.app.controls import State
from mnistgrad.captions import takeaway as says
from mnistgrad.takeaway.lesson_cells import can_recompute

LABELS = {"py": says.SCRIPT, "ipynb": says.NOTEBOOK}
MEDIA = {"py": "text/x-python", "ipynb": "application/x-ipynb+json"}


def recompute(state: State, layer: str = "w1") -> None:
    """Nothing where the images are a reader's own, which stay with them."""
    if not can_recompute(state.images):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="recompute"):
        st.caption(says.RECOMPUTE, width="content")
        for ending in DOCUMENTS:
            st.download_button(
                LABELS[ending],
                partial(document, state, layer, st.context.url or "", ending),
                file_name(state, layer, ending),
                MEDIA[ending],
                type="tertiary",
                icon=":material/download:",
                key=f"recompute-{ending}",
                on_click="ignore",
            )
