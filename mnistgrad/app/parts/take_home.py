"""What a page gives to take home: a script and a notebook that recompute its state, and everything in one file."""

from functools import partial

import streamlit as st

from mnistgrad.app.cards import recomputing
from mnistgrad.app.cards.bundle import ALL, Asked, file_name
from mnistgrad.app.cards.card import link_to
from mnistgrad.app.cards.recomputing import DOCUMENTS
from mnistgrad.app.controls import State
from mnistgrad.app.kept import bundles
from mnistgrad.app.link import place, query
from mnistgrad.app.parts.page import progress, theme
from mnistgrad.captions import jobs as jobs_say
from mnistgrad.captions import takeaway as says
from mnistgrad.common import numbers
from mnistgrad.takeaway.lesson_cells import travel_along

LABELS = {"py": says.SCRIPT, "ipynb": says.NOTEBOOK}
MEDIA = {"py": "text/x-python", "ipynb": "application/x-ipynb+json"}


def recomputation(state: State, layer: str = "w1") -> None:
    """Below a page of numbers."""
    with st.container(horizontal=True, vertical_alignment="center", key="recompute"):
        st.caption(says.RECOMPUTE, width="content")
        for ending in DOCUMENTS:
            _document_button(state, layer, ending)


def _document_button(state: State, layer: str, ending: str) -> None:
    address, page = place()
    st.download_button(
        LABELS[ending],
        partial(recomputing.file, state, layer, link_to(page, query(), address), ending),
        recomputing.file_name(state, layer, ending),
        "application/zip" if travel_along(state.images) else MEDIA[ending],
        type="tertiary",
        icon=":material/download:",
        key=f"recompute-{ending}",
        on_click="ignore",
    )


@st.fragment  # so that the page is not sent again with each step
def everything(page: str) -> None:
    """Below every page, the zip: asked for, under way, or there."""
    run = bundles.current()
    with st.container(horizontal=True, vertical_alignment="center", key="bundle"):
        if run and run.active:
            progress(run, run.done / (run.total or 1), says.progress(run.done, run.total), "bundle")
            return
        with st.popover(says.EVERYTHING, type="tertiary", icon=":material/folder_zip:", help=says.IN_ONE_FILE):
            for label, pages in ((says.THIS_PAGE, (page,)), (says.ALL_PAGES, ALL)):
                st.button(label, key=f"bundle-{len(pages)}", type="tertiary", on_click=bundles.start, args=(_asked(pages),))
        if run and (made := run.job.result):
            label = f"{says.SAVE} ({numbers.byte_count(len(made))})"
            icon = ":material/download:"
            st.download_button(
                label, made, file_name(run.asked), "application/zip", key="bundle-save", icon=icon, on_click="ignore"
            )
    if run and run.job.error:
        st.warning(jobs_say.failed(says.WHAT, run.job.error), icon=":material/warning:")


def _asked(pages: tuple[str, ...]) -> Asked:
    address, _ = place()
    return Asked(pages, query(), theme(), address)
