"""What every page shares: its heading, its columns, its palette and the way to the next page."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnistgrad.app.jobs.readers import reader
from mnistgrad.app.jobs.runs import Run
from mnistgrad.app.jobs.work import Job
from mnistgrad.app.parts import viewing
from mnistgrad.app.parts.share import share_link
from mnistgrad.captions import jobs as says
from mnistgrad.captions.glossary import explained
from mnistgrad.common.data_files import DataFileError
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.player.script import sheet

# In itself, since a run that overtakes another may drop the file that Streamlit would serve.
ICON = "data:image/png;base64," + b64encode(Path(__file__).with_name("icon.png").read_bytes()).decode()
SIDEBAR_WIDTH = 264  # px
STYLES = [sheet(name, Path(__file__).parent) for name in ("style", "print")]


def theme() -> str:
    """The name of the reader's palette, for their window; light where their theme is not known."""
    return ("dark" if st.context.theme.type == "dark" else "light") + viewing.room()


def style(further: str) -> None:
    """The page's own style and a further one, with the palette as its variables; on paper it is the light one."""
    on_screen, on_paper = _variables(theme()), _variables("light")
    st.html(f"<style>:root{{{on_screen}}} @media print {{ :root{{{on_paper}}} }} {''.join(STYLES)}{further}</style>")


def _variables(theme: str) -> str:
    colours = PALETTES[theme]
    of = dict(
        paper=colours.paper, panel=colours.panel, ink=colours.ink, muted=colours.muted, hair=colours.hair, **colours.axis_text
    )
    of |= dict(mark=colours.mark, edge=colours.mark_edge)
    of["ramp"] = ",".join(colours.values)
    return ";".join(f"--{name}:{value}" for name, value in of.items())


def unseen(key: str) -> DeltaGenerator:
    """A place for what shows nothing, but would stand as a grey bar while its script is on the way."""
    return st.container(height=1, border=False, key=f"unseen-{key}")


def heading(kicker: str, claim: str, lede: str) -> None:
    st.caption(kicker)
    with st.container(horizontal=True, vertical_alignment="top", key="headline"):
        with st.container():
            st.title(claim, anchor=False)
        share_link()
    if lede:
        with st.container(key="lede"):
            prose(lede)


def prose(text: str) -> None:
    """A paragraph in which the glossary's words are explained."""
    st.markdown(explained(text))


def note(text: str) -> None:
    """The same, small."""
    st.caption(explained(text))


def more(key: str) -> DeltaGenerator | None:
    """Where a specialist looks further; None while it is closed, so that nothing in it is computed, drawn or sent."""
    place = st.expander("More", key=f"more-{key}", on_change="rerun")
    return place if place.open else None


def columns(key: str, widths: list[float]) -> list[DeltaGenerator]:
    """Two columns that stand below each other where a page is narrow; style.css knows them by the key."""
    with st.container(key=f"columns-{key}"):
        return list(st.columns(widths, gap="medium"))


def under_way(jobs: Iterable[Job[Any]]) -> list[Job[Any]]:
    """To be asked before the jobs' results are looked for: what ends in between is drawn by the next run."""
    return [job for job in jobs if job.active]


def come_back_after(jobs: Sequence[Job[Any]], note: str = "") -> None:
    """Shows the note, and lets the page run again once all of these have ended; nothing where there are none."""
    if jobs:
        come_back_when(lambda: not any(job.active for job in jobs), note)


def come_back_when(new: Callable[[], bool], note: str = "") -> None:
    """Shows the note, and lets the page run again once there is something new to draw."""
    reader().run_again_when(new)
    if note:
        st.caption(note)


def progress(run: Run[Any], share: float, told: str, key: str) -> None:
    """How far a run has come, or its place in line, and a button that ends it; the page comes back when that has changed."""
    job = run.job
    come_back_when_changed(job)
    place = job.place
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-progress"):
        st.progress(share, says.in_line(place) if place else told)
        st.button("Stop", key=f"{key}-stop", icon=":material/stop:", on_click=run.stop)


def come_back_when_changed(job: Job[Any]) -> None:
    """In what can be seen of it."""
    version = job.version
    come_back_when(lambda: job.version != version or not job.active)


def tell_failures(jobs: Iterable[Job[Any]], what: str, key: str) -> None:
    """What failed, if anything has, with a way to try again. what: as the beginning of a sentence."""
    failed = {job: job.error for job in jobs if job.error}
    if failed:
        with st.container(horizontal=True, vertical_alignment="center", key=f"failed-{key}"):
            st.warning(says.failed(what, next(iter(failed.values()))), icon=":material/warning:")
            st.button("Try again", key=f"again-{key}", icon=":material/refresh:", on_click=reader().try_again, args=(failed,))


def tell_unusable(error: DataFileError) -> None:
    """A data file is not as it was, and how to restore it."""
    st.error(error.told, icon=":material/error:")


def next_page(key: str, label: str, icon: str = ":material/arrow_forward:") -> None:
    st.divider()
    st.page_link(st.session_state["pages"][key], label=label, icon=icon)
