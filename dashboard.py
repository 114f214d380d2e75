"""Entry point: `streamlit run dashboard.py`."""

import streamlit as st

from mnistgrad.app.start import first_imports

with first_imports():
    from mnistgrad.app.controls import State
    from mnistgrad.app.jobs.readers import enter
    from mnistgrad.app.link import mend_link
    from mnistgrad.app.memory import give_back_soon
    from mnistgrad.app.pages import cost, own_shapes, samples, steps, story, training, wrong_lines
    from mnistgrad.app.pages.gradient import page as gradient
    from mnistgrad.app.parts import page
    from mnistgrad.app.parts.browser_watch import watch_browser
    from mnistgrad.app.parts.glossary import explain_words
    from mnistgrad.app.sidebar import sidebar
    from mnistgrad.common.data_files import DataFileError

st.set_page_config(
    "mnistgrad: where a weight gradient comes from", page.ICON, layout="wide", initial_sidebar_state=page.SIDEBAR_WIDTH
)
reader = enter()
reader.begin()
state: State  # known once the link is put right, which needs the pages
pages = {
    "story": st.Page(lambda: story.show(state), title="The story", url_path="start", default=True),
    "steps": st.Page(lambda: steps.show(state), title="Step by step", url_path="steps"),
    "what-if": st.Page(lambda: wrong_lines.show(state), title="What if?", url_path="what-if"),
    "own-shapes": st.Page(lambda: own_shapes.show(state), title="Your own shapes", url_path="shapes"),
    "gradient": st.Page(lambda: gradient.show(state), title="The gradient matrix", url_path="gradient"),
    "samples": st.Page(lambda: samples.show(state), title="How many images", url_path="samples"),
    "cost": st.Page(lambda: cost.show(state), title="What it costs", url_path="cost"),
    "training": st.Page(lambda: training.show(state), title="Would it train?", url_path="training"),
}
st.session_state["pages"] = pages
by_name = st.Page(lambda: story.show(state), title="The story", url_path="puzzle", visibility="hidden")
current = st.navigation([*pages.values(), by_name], position="top")
mend_link()
page.style()  # nothing is drawn before it is known which page is: the browser may drop that
state = sidebar(current.url_path)
with page.unseen():
    watch_browser()
    explain_words()
try:
    current.run()
except DataFileError as error:
    page.tell_unusable(error)
reader.settle()
give_back_soon()
