"""Zips that readers ask for, made beside the page, with their progress and an end to it."""

from functools import partial

import streamlit as st

from mnistgrad.app.cards.bundle import Asked, bundle
from mnistgrad.app.jobs.readers import Reader, reader
from mnistgrad.app.jobs.work import Job, Lane

RUN = "bundle-run"  # in the session
BUNDLES = Lane("bundles", 1, most_waiting=50)


class BundleRun:
    """One zip of one reader. done, total: of its cards."""

    def __init__(self, asked: Asked, whose: Reader) -> None:
        self.asked = asked
        self.done, self.total = 0, 0
        self._whose = whose
        self.job: Job[bytes] = whose.start(BUNDLES, object(), partial(self._make))

    @property
    def active(self) -> bool:
        """Whether it is made, or waits for its turn."""
        return self.job.active and bool(self.job.wanted_by)

    def stop(self) -> None:
        """End it; nothing comes out."""
        self.job.leave(self._whose)

    def _make(self, job: Job[bytes]) -> bytes:
        def step(done: int, total: int) -> None:
            job.go_on()
            self.done, self.total = done, total
            job.progress()

        return bundle(self.asked, step)


def current() -> BundleRun | None:
    """The session's last: under way, done or failed; None where there is none, or it was stopped."""
    run: BundleRun | None = st.session_state.get(RUN)
    return run if run and (run.active or run.job.result is not None or run.job.error) else None


def start(asked: Asked) -> None:
    """Begin to make it, unless this session already makes one."""
    run = current()
    if run is None or not run.active:
        st.session_state[RUN] = BundleRun(asked, reader())
