"""Zips that readers ask for, made beside the page, with their progress and an end to it."""

import streamlit as st

from mnistgrad.app.cards.bundle import Asked, bundle
from mnistgrad.app.cards.fields import Link
from mnistgrad.app.jobs.readers import Reader, reader
from mnistgrad.app.jobs.runs import Run, beside
from mnistgrad.app.jobs.work import Job, Lane
from mnistgrad.app.kept.image_sets import hold, image_set
from mnistgrad.common.beside import Tell
from mnistgrad.network.data import ImageSet
from mnistgrad.network.sets.kinds import KINDS

RUN = "bundle-run"  # in the session
BUNDLES = Lane("bundles", 1, most_waiting=50)


class BundleRun(Run[bytes]):
    """One zip of one reader. done, total: of its cards."""

    def __init__(self, asked: Asked, whose: Reader) -> None:
        self.asked = asked
        self.done, self.total = 0, 0
        images = Link(asked.query).state().images
        super().__init__(BUNDLES, whose, None if images in KINDS else image_set(images))

    def _work(self, job: Job[bytes], own: ImageSet | None) -> bytes:
        return beside(job, self._count, _zip, self.asked, own)

    def _count(self, step: tuple[int, int]) -> None:
        self.done, self.total = step


def _zip(tell: Tell, asked: Asked, own: ImageSet | None) -> bytes:
    """own: the reader's own images, which another process does not have."""
    if own:
        hold(own)

    def step(done: int, total: int) -> None:
        tell((done, total))

    return bundle(asked, step)


def current() -> BundleRun | None:
    """The session's last: under way, done or failed; None where there is none, or it was stopped."""
    run: BundleRun | None = st.session_state.get(RUN)
    return run if run and (run.active or run.job.result is not None or run.job.error) else None


def start(asked: Asked) -> None:
    """Begin to make it, unless this session already makes one."""
    run = current()
    if run is None or not run.active:
        st.session_state[RUN] = BundleRun(asked, reader())
