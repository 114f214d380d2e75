"""What the jobs need of Streamlit's sessions: to let a page run again, and to know when its reader has gone for good.

This reaches into Streamlit where it has no public way; tests hold every place.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from streamlit import runtime
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

AGAIN = 0.05  # seconds between two looks at whether a run of the page has ended
GOING_AWAY = 1001  # RFC 6455: the page was closed, or left for another address


def this_session() -> str:
    """Of the page that is being drawn."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def this_fragment() -> str:
    """The part of the page that is being drawn and can run by itself; "" outside any."""
    return (ThreadState.get().fragment_id or "") if get_script_run_ctx() else ""


def wake(session_id: str, needed: Callable[[], str | None]) -> None:
    """Let the session's page run again, from any thread, once no other run is under way, if it is still needed then.

    needed: "" for all of the page, the one fragment that is to run, or None.

    It runs as after a change of the source: where it is, with all that its widgets hold. A run that a reader asked for is
    neither stopped nor overtaken, so nothing that they set is lost.
    """
    if info := _connected(session_id):
        with suppress(RuntimeError):  # the server has stopped
            info.session._event_loop.call_soon_threadsafe(_run_again, info.session, needed)


def _run_again(session: Any, needed: Callable[[], str | None]) -> None:
    """On the thread of the server, where alone runs begin and end."""
    if not _connected(session.id):
        return
    if session._scriptrunner is not None:  # only once it has ended is it known what it drew
        session._event_loop.call_later(AGAIN, _run_again, session, needed)
    elif (fragment := needed()) is not None:
        state = ClientState()
        state.CopyFrom(session._client_state)
        state.fragment_id = fragment
        session.request_rerun(state)


def is_over(session_id: str) -> bool:
    """Whether nobody can come back to the session: its page was closed, or Streamlit has let go of it."""
    if info := _connected(session_id):
        protocol = getattr(getattr(info.client, "_websocket", None), "_receive", None)
        connection = getattr(getattr(protocol, "__self__", None), "conn", None)
        return getattr(getattr(connection, "close_rcvd", None), "code", None) == GOING_AWAY
    return not (_sessions() and _sessions().get_session_info(session_id))


def is_connected(session_id: str) -> bool:
    """Whether a page is connected to the session."""
    return _connected(session_id) is not None


def _connected(session_id: str) -> Any:
    return _sessions().get_active_session_info(session_id) if _sessions() else None


def _sessions() -> Any:
    """Those of the server; None where there is none, as in a test."""
    return getattr(runtime.get_instance(), "_session_mgr", None) if runtime.exists() else None
