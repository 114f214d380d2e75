"""Entry point: `streamlit run dashboard.py`."""

import gc
from functools import partial

import streamlit as st

gc.disable()  # all that is imported stays; to look through it for garbage on the way takes half a second of the first page

from mnistgrad.app.controls import sidebar
from mnistgrad.app.kept import results
from mnistgrad.app.pages import cost, own_shapes, puzzle, samples, steps, training, wrong_lines
from mnistgrad.app.pages.gradient import page as gradient
from mnistgrad.app.parts import page
from mnistgrad.app.parts.browser_watch import watch_browser
from mnistgrad.common.data_files import DataFileError

gc.enable()

st.set_page_config("mnistgrad: where a weight gradient comes from", page.ICON, layout="wide")
page.style()
state = sidebar()
watch_browser()
pages = {
    "puzzle": st.Page(partial(puzzle.show, state), title="The puzzle", url_path="puzzle", default=True),
    "steps": st.Page(partial(steps.show, state), title="Step by step", url_path="steps"),
    "what-if": st.Page(partial(wrong_lines.show, state), title="What if?", url_path="what-if"),
    "own-shapes": st.Page(partial(own_shapes.show, state), title="Your own shapes", url_path="shapes"),
    "gradient": st.Page(partial(gradient.show, state), title="The gradient matrix", url_path="gradient"),
    "samples": st.Page(partial(samples.show, state), title="How many images", url_path="samples"),
    "cost": st.Page(partial(cost.show, state), title="What it costs", url_path="cost"),
    "training": st.Page(partial(training.show, state), title="Would it train?", url_path="training"),
}
st.session_state["pages"] = pages
current = st.navigation(list(pages.values()), position="top")
try:
    current.run()
except DataFileError as error:
    st.error(str(error), icon=":material/error:")
results.warm_up()
