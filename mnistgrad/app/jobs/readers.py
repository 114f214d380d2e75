"""What one session wants: the jobs that its page asks for in every run, and those that its reader began."""

from collections.abc import Callable, Hashable, Iterable
from threading import Timer
from typing import Any, TypeVar

import streamlit as st

from mnistgrad.app.jobs import sessions
from mnistgrad.app.jobs.work import Job, Lane, leave_all

R = TypeVar("R")
Awaited = tuple[Callable[[], bool], str]  # whether there is something new, and the fragment that draws it
Name = tuple[str, Hashable]  # of a lane and of a job in it
READER = "reader"  # in the session
COMES_BACK_WITHIN = 120.0  # seconds; as long as Streamlit keeps a session whose connection was lost


class Reader:
    """One session. A whole run of its page lies between `begin` and `settle`; one that was broken off is not settled."""

    def __init__(self, session_id: str) -> None:
        self._session_id = session_id
        self._page: dict[Name, Job[Any]] = {}  # what the page asks for
        self._asked: dict[Name, Job[Any]] = {}  # in this run
        self._awaited: list[Awaited] = []  # any of these makes the page run again, or a fragment of it
        self._awaited_now: list[Awaited] = []  # in this run
        self._in_whole_run = False
        self._away: Timer | None = None

    def ask(self, lane: Lane, key: Hashable, work: Callable[[Job[R]], R]) -> Job[R]:
        """The job, which this reader wants as long as every run of their page asks for it.

        One that has failed stays as it is for them until they `try_again`.
        """
        name = (lane.name, key)
        job: Job[R] | None = self._asked.get(name) or self._page.get(name)
        if job is None:
            job = lane.ask(key, work, self)
        self._asked[name] = job
        return job

    def start(self, lane: Lane, key: Hashable, work: Callable[[Job[R]], R]) -> Job[R]:
        """The job, which this reader wants until it ends, whatever their page shows."""
        return lane.ask(key, work, self)

    def try_again(self, failed: Iterable[Job[Any]]) -> None:
        """Forget these jobs, so that the next run asks for them anew."""
        for asked in (self._page, self._asked):
            for name in [name for name, job in asked.items() if job in failed]:
                del asked[name]

    def run_again_when(self, new: Callable[[], bool]) -> None:
        """What is being drawn, the page or a fragment of it, runs again once there is something new to draw.

        Looked at when a wanted job has news, and must be quick.
        """
        (self._awaited_now if self._in_whole_run else self._awaited).append((new, sessions.this_fragment()))

    def begin(self) -> None:
        """A whole run of the page begins."""
        self._page |= self._asked
        self._asked, self._awaited_now, self._in_whole_run = {}, [], True

    def settle(self) -> None:
        """The run is complete: what it did not ask for is no longer wanted."""
        left = [job for name, job in self._page.items() if self._asked.get(name) is not job]
        self._page, self._asked = self._asked, {}
        self._awaited, self._awaited_now, self._in_whole_run = self._awaited_now, [], False
        for job in left:
            job.leave(self)

    def tell(self, job: Job[Any]) -> None:
        """There is news of a wanted job."""
        sessions.wake(self._session_id, self._what_runs_again)

    def is_behind(self) -> bool:
        """Whether there is something new to draw."""
        return any(new() for new, _ in self._awaited)

    def _what_runs_again(self) -> str | None:
        """The one fragment that has something new to draw, or "" for all of the page; None where there is nothing.

        Told once: what runs says again what it waits for.
        """
        behind = [awaited for awaited in self._awaited if awaited[0]()]
        self._awaited = [awaited for awaited in self._awaited if awaited not in behind]
        fragments = {fragment for _, fragment in behind}
        return None if not fragments else fragments.pop() if len(fragments) == 1 else ""

    def connected(self) -> None:
        """The page is there, or back."""
        if self._away:
            self._away.cancel()

    def disconnected(self) -> None:
        """For good, or until the page comes back."""
        if sessions.is_over(self._session_id):
            self.end()
            return
        self._away = Timer(COMES_BACK_WITHIN, self._end_unless_back)
        self._away.daemon = True
        self._away.start()

    def _end_unless_back(self) -> None:
        if not sessions.is_connected(self._session_id):
            self.end()

    def end(self) -> None:
        """Want nothing any more."""
        leave_all(self)
        self._page, self._asked = {}, {}


def enter() -> Reader:
    """The reader whose page is being drawn, told when their connection ends."""
    if READER not in st.session_state:
        st.session_state[READER] = Reader(sessions.this_session())
    found = reader()
    found.connected()
    _until_disconnected(id(found), found)
    return found


def reader() -> Reader:
    """The one whose page is being drawn."""
    found: Reader = st.session_state[READER]
    return found


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda found: found.disconnected())
def _until_disconnected(name: int, _found: Reader) -> Reader:
    """name: the reader's. Streamlit lets go of what a session holds when its connection ends, for good or not."""
    return _found
