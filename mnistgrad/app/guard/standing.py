"""Puts the guard up, once in a process. It stands in Streamlit where that has no public way; tests hold every place."""

from collections.abc import Callable
from typing import Any

from streamlit import runtime
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import ScriptRunner, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import SessionState, WStates
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from mnistgrad.app.guard.alone import ask_nobody
from mnistgrad.app.guard.faults import pressed, tell
from mnistgrad.app.guard.messages import is_acted_on, without_unread
from mnistgrad.app.guard.order import line_up, move_up
from mnistgrad.app.guard.uploads import make_room
from mnistgrad.app.guard.values import guarded
from mnistgrad.app.relief import relieve
from mnistgrad.captions import faults as says
from mnistgrad.common.faults import is_out_of_memory

_STANDS = "guarded"


def stand_guard() -> None:
    """Around messages, presses, values of fields and files; and tell what fails outside of a page's own drawing."""
    if not hasattr(AppSession, _STANDS):
        setattr(AppSession, _STANDS, True)
        ask_nobody()
        _replace(AppSession, "handle_backmsg", _handle)
        _replace(AppSession, "_create_scriptrunner", _start)
        _replace(AppSession, "_create_exception_message", _say)
        _replace(SessionState, "register_widget", _register)
        _replace(SessionState, "_run_callback_and_record_rerun", _call)
        _replace(ScriptRunner, "_maybe_handle_execution_control_request", _give_way)
        _replace(ScriptRequests, "_request_rerun_locked", line_up)
        _replace(ScriptRequests, "on_scriptrunner_ready", move_up)
        _replace(ScriptRequests, "on_scriptrunner_yield", move_up)
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


def _start(inner: Any, session: AppSession, run: Any) -> None:
    """A run needs a thread. Where there is no memory for one, what is kept makes room."""
    try:
        inner(session, run)
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        relieve(error)
        inner(session, run)


def _say(inner: Any, session: AppSession, error: Exception) -> ForwardMsg:
    """What failed outside of any run."""
    message: ForwardMsg = inner(session, error)
    message.delta.new_element.CopyFrom(Element(alert=Alert(body=says.told(error), format=Alert.ERROR)))
    return message


def _call(inner: Any, state: SessionState, votes: Any, press: Callable[[], None]) -> None:
    """What a press does. Where it fails the page is drawn all the same, and tells it."""
    inner(state, votes, lambda: pressed(press))


def _give_way(inner: Any, run: ScriptRunner) -> None:
    """A newer wish ends a run. First all that was pressed is done: Streamlit would forget a press that was not."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or context.has_script_started:
        inner(run)


def _register(inner: Any, state: SessionState, found: WidgetMetadata[Any], *given: Any, **named: Any) -> Any:
    return inner(state, guarded(found), *given, **named)


def _know(inner: Any, states: WStates, found: WidgetMetadata[Any]) -> None:
    inner(states, guarded(found))


def _add(inner: Any, held: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
    make_room(held.file_storage, session_id, file)
    inner(held, session_id, file)
