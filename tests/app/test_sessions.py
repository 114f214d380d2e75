"""Waking a page, on sessions made up for the test; that Streamlit's own are so is for the browser tests to show."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from streamlit.proto.ClientState_pb2 import ClientState

from mnistgrad.app.jobs import sessions
from mnistgrad.app.jobs.readers import Reader
from mnistgrad.app.jobs.work import Job


class Loop:
    """Runs what it is told to when the test says so."""

    def __init__(self) -> None:
        self.later: list[Callable[[], None]] = []

    def call_soon_threadsafe(self, call: Callable[..., None], *given: Any) -> None:
        self.later.append(lambda: call(*given))

    def call_later(self, _: float, call: Callable[..., None], *given: Any) -> None:
        self.call_soon_threadsafe(call, *given)

    def turn(self) -> None:
        now, self.later = self.later, []
        for call in now:
            call()


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The one that is connected; `reruns` are those asked for."""
    made = SimpleNamespace(
        id="one", _event_loop=Loop(), _scriptrunner=None, _client_state=ClientState(query_string="n=7"), reruns=[]
    )
    made.request_rerun = made.reruns.append
    info = SimpleNamespace(session=made, client=SimpleNamespace())
    made.manager = SimpleNamespace(active={"one": info}, stored={})
    made.manager.get_active_session_info = made.manager.active.get
    made.manager.get_session_info = lambda name: made.manager.active.get(name) or made.manager.stored.get(name)
    monkeypatch.setattr(sessions, "_sessions", lambda: made.manager)
    return made


def closed_with(session: SimpleNamespace, code: int | None) -> None:
    """Its connection has ended with this code of the browser's, or without a word."""
    connection = SimpleNamespace(close_rcvd=code and SimpleNamespace(code=code))
    protocol = SimpleNamespace(conn=connection)
    receive = SimpleNamespace(__self__=protocol)
    session.manager.active["one"].client._websocket = SimpleNamespace(_receive=receive)


def test_page_runs_again_where_it_is(session: SimpleNamespace) -> None:
    for part in ("", "a fragment"):
        sessions.wake("one", lambda part=part: part)
        session._event_loop.turn()
    assert session.reruns == [ClientState(query_string="n=7"), ClientState(query_string="n=7", fragment_id="a fragment")]
    assert not session._event_loop.later


def test_run_under_way_is_left_to_its_end_and_only_then_asked_whether_it_saw_all(session: SimpleNamespace) -> None:
    news: list[str | None] = [""]
    session._scriptrunner = object()
    sessions.wake("one", lambda: news[0])
    for _ in range(3):
        session._event_loop.turn()
    assert not session.reruns, "a run of the reader's was stopped"
    session._scriptrunner = None
    news[0] = None  # the run has drawn it
    session._event_loop.turn()
    assert not session.reruns and not session._event_loop.later


def test_page_that_is_not_connected_is_not_woken(session: SimpleNamespace) -> None:
    sessions.wake("other", lambda: "")
    sessions.wake("one", lambda: "")
    session.manager.active.clear()
    session._event_loop.turn()
    assert not session.reruns


@pytest.mark.parametrize(("code", "over"), [(1001, True), (1005, False), (1006, False), (None, False)])
def test_page_that_was_closed_is_told_from_a_connection_that_was_lost(session: SimpleNamespace, code: int, over: bool) -> None:
    closed_with(session, code)
    assert sessions.is_over("one") is over


def test_session_that_streamlit_keeps_is_not_over(session: SimpleNamespace) -> None:
    session.manager.stored["one"] = session.manager.active.pop("one")
    assert not sessions.is_over("one") and not sessions.is_connected("one")
    session.manager.stored.clear()
    assert sessions.is_over("one")


def test_reader_whose_connection_was_lost_wants_on_until_they_are_given_up(
    session: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    monkeypatch.setattr(Reader, "end", lambda reader: ended.append(reader._session_id))
    reader = Reader("one")
    closed_with(session, None)
    reader.disconnected()
    assert reader._away and reader._away.daemon and not ended
    reader._end_unless_back()
    assert not ended, "the page is back"
    session.manager.stored["one"] = session.manager.active.pop("one")
    reader._end_unless_back()
    assert ended == ["one"]
    reader.connected()
    assert reader._away.finished.is_set()


@pytest.mark.parametrize(
    ("waiting", "runs"),
    [({"a": True}, "a"), ({"a": True, "b": True}, ""), ({"a": True, "b": False}, "a"), ({"": True, "a": True}, "")],
)
def test_only_the_part_of_a_page_that_has_something_new_runs(
    session: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, waiting: dict[str, bool], runs: str
) -> None:
    reader = Reader("one")
    reader.begin()
    for fragment, new in waiting.items():
        monkeypatch.setattr(sessions, "this_fragment", lambda fragment=fragment: fragment)
        reader.run_again_when(lambda new=new: new)
    reader.settle()
    reader.tell(cast(Job[Any], None))
    session._event_loop.turn()
    assert [state.fragment_id for state in session.reruns] == [runs]
