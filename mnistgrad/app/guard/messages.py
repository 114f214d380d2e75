"""Which messages of a browser the server acts on. Anybody can send any.

The others are for whoever develops an app, and would reach other readers or this machine: clear every cache, look into the
repository, watch the source, install files.
"""

import json

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

KINDS = {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request"}
OPERATIONS = {"deferred_file"}  # a download that is made once it is asked for
STREAMLITS = "$$"  # how the names of fields begin, those of clicks in components too
MOST_FIELDS = 1_000  # of a page
MOST_FILES = 1_000  # chosen at once: as many pictures as a set may have


def is_acted_on(message: BackMsg) -> bool:
    """Whether a page of the dashboard sends such a message."""
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in OPERATIONS
    if kind == "file_urls_request":
        return len(message.file_urls_request.file_names) <= MOST_FILES
    if kind == "rerun_script":
        return len(message.rerun_script.widget_states.widgets) <= MOST_FIELDS
    return kind in KINDS


def without_unread(state: ClientState) -> None:
    """Takes out what is no field's, and what should be JSON and is none; Streamlit would fail on it in every later run."""
    held = state.widget_states.widgets
    for place in reversed(range(len(held))):
        each = held[place]
        if not each.id.startswith(STREAMLITS) or (each.HasField("json_value") and not _is_json(each.json_value)):
            del held[place]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
