"""Puts the guard up, once in a process. It stands in Streamlit where that has no public way; tests hold every place."""

from typing import Any

from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import SessionState, WStates
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from mnistgrad.app.guard.faults import tell
from mnistgrad.app.guard.messages import is_acted_on, without_unread
from mnistgrad.app.guard.uploads import make_room
from mnistgrad.app.guard.values import guarded

_STANDS = "guarded"


def stand_guard() -> None:
    """Around messages, values of fields and files; and tell what fails outside of a page's own drawing."""
    if not hasattr(AppSession, _STANDS):
        setattr(AppSession, _STANDS, True)
        _replace(AppSession, "handle_backmsg", _handle)
        _replace(SessionState, "register_widget", _register)
        _replace(WStates, "set_widget_metadata", _know)
        _replace(MemoryUploadedFileManager, "add_file", _add)
    if runtime.exists():
        sessions = getattr(runtime.get_instance(), "_session_mgr", None)
        for each in (sessions, *(info.session for info in sessions.list_active_sessions())) if sessions else ():
            each._on_script_error = tell


def _replace(owner: type, name: str, around: Any) -> None:
    inner = getattr(owner, name)
    setattr(owner, name, lambda *given, **named: around(inner, *given, **named))


def _handle(inner: Any, session: AppSession, message: BackMsg) -> None:
    if is_acted_on(message):
        without_unread(message.rerun_script)
        inner(session, message)


def _register(inner: Any, state: SessionState, found: WidgetMetadata[Any], *given: Any, **named: Any) -> Any:
    return inner(state, guarded(found), *given, **named)


def _know(inner: Any, states: WStates, found: WidgetMetadata[Any]) -> None:
    inner(states, guarded(found))


def _add(inner: Any, held: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
    make_room(held.file_storage, session_id, file)
    inner(held, session_id, file)
