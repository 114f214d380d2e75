"""Entry point: `streamlit run dashboard.py`."""

from typing import Literal

import streamlit as st

from mnistgrad.app.start import first_imports

with first_imports():
    from mnistgrad.app import choosing
    from mnistgrad.app.controls import IMAGE_SET, State
    from mnistgrad.app.guard.faults import telling
    from mnistgrad.app.guard.standing import stand_guard
    from mnistgrad.app.jobs.readers import enter
    from mnistgrad.app.link import OLD_LINKS, follow_old_link, mend_link
    from mnistgrad.app.memory import give_back_soon
    from mnistgrad.app.pages import cost, own_line, steps, story, training
    from mnistgrad.app.pages.gradient import page as gradient
    from mnistgrad.app.parts import page, viewing
    from mnistgrad.app.parts.browser_watch import watch_browser, watch_window
    from mnistgrad.app.parts.busy import tell_when_busy
    from mnistgrad.app.parts.for_everyone import reach_everyone
    from mnistgrad.app.parts.full_screen import enlarge_cards
    from mnistgrad.app.parts.glossary import explain_words
    from mnistgrad.app.parts.image_choice import tell_images
    from mnistgrad.app.parts.on_paper import on_paper
    from mnistgrad.app.parts.take_home import everything
    from mnistgrad.app.sidebar import acting, sidebar
    from mnistgrad.app.turns import TURNS

PAGES = {
    "story": ("The story", story.show),
    "steps": ("Step by step", steps.show),
    "line": ("Your own line", own_line.show),
    "gradient": ("The gradient matrix", gradient.show),
    "cost": ("What it costs", cost.show),
    "training": ("Would it train?", training.show),
}


def draw(name: str) -> None:
    PAGES[name][1](state)
    everything(name)


def page_at(path: str, name: str, *, listed: bool = True) -> "st.Page":
    title, _ = PAGES[name]
    visibility: Literal["visible", "hidden"] = "visible" if listed else "hidden"
    return st.Page(lambda: draw(name), title=title, url_path=path, default=path == "story", visibility=visibility)


st.set_page_config(page_icon=page.ICON, layout="wide", initial_sidebar_state=page.SIDEBAR_WIDTH)
stand_guard()
reader = enter()
reader.begin()
state: State  # known once the link is put right, which needs the pages
pages = {name: page_at(name, name) for name in PAGES}
st.session_state["pages"] = pages
first, *others = pages.values()
old = [page_at(path, name, listed=False) for path, (name, _) in OLD_LINKS.items()]
current = st.navigation({"": [first, *old], "Explore": others}, position="top")
st.set_page_config(f"{current.title} · mnistgrad")
if viewing.is_narrow() is None:  # else a page would be drawn, and drawn again for a phone
    with page.unseen("window"):
        watch_window()
    st.stop()
choosing.begin()
follow_old_link(current.url_path, pages)
mend_link()
viewing.begin()
page.style(viewing.style())  # nothing is drawn before it is known which page is: the browser may drop that
state = sidebar(current.url_path)
hidden = page.unseen("page")
with hidden:
    tell_when_busy()
    watch_browser()
    reach_everyone()
    explain_words()
    enlarge_cards()
on_paper(state)
if IMAGE_SET in acting(current.url_path):
    tell_images()
with TURNS.turn(choosing.superseded), telling():
    current.run()
viewing.finish(current.url_path)
with hidden:
    choosing.end()
reader.settle()
give_back_soon()
