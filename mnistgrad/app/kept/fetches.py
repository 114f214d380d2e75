"""Sets on their way to this machine, one at a time, each for all readers who ask for it."""

import streamlit as st

from mnistgrad.app.jobs.readers import reader
from mnistgrad.app.jobs.work import Job, Lane
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.network.sets.fetching import fetch
from mnistgrad.network.sets.sources import SOURCES, cache_folder

FETCHES = Lane("fetches", 1)
ASKED = "images-fetched"  # in the session: the fetching that was asked for last, and of which set
_come: dict[str, int] = {}  # bytes of each set


def start(key: str) -> None:
    """Fetch the set, for the session whose page is drawn."""
    st.session_state[ASKED] = (key, reader().start(FETCHES, key, lambda job: _fetch(key, job)))


def stop(key: str) -> None:
    """This session wants it no more; nothing of it stays."""
    if job := of(key):
        job.leave(reader())
        del st.session_state[ASKED]


def of(key: str) -> Job[bool] | None:
    """This session's fetching of the set."""
    asked, job = st.session_state.get(ASKED, ("", None))
    return job if asked == key else None


def come(key: str) -> int:
    """How many bytes of it have come."""
    return _come.get(key, 0)


def _fetch(key: str, job: Job[bool]) -> bool:
    def progress(bytes_come: int) -> None:
        job.go_on()
        _come[key] = bytes_come
        job.progress()

    progress(0)
    fetch(SOURCES[key], cache_folder(), progress)
    image_set(key)  # so that the page need not wait for its reading
    return True
