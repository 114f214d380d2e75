"""Entry point: `streamlit run dashboard.py`."""

from functools import partial

import streamlit as st

from mnistgrad.app import page, puzzle, steps
from mnistgrad.app.controls import sidebar

st.set_page_config("mnistgrad: where a weight gradient comes from", page.ICON, layout="wide", initial_sidebar_state="auto")
page.style()

state = sidebar()
pages = {
    "puzzle": st.Page(partial(puzzle.show, state), title="The puzzle", url_path="puzzle", default=True),
    "steps": st.Page(partial(steps.show, state), title="Step by step", url_path="steps"),
}
st.session_state["pages"] = pages
st.navigation(list(pages.values()), position="top").run()
