"""A reader's wishes are done one after the other, in the order they came.

Of all that come before a run begins Streamlit makes one, and then does what was pressed in the order of the page's fields.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests, ScriptRequestType

MOST_WAITING = 20  # of a session; then the newest takes the place of the one before
_LINE = "line"


def line_up(inner: Callable[[ScriptRequests, RerunData], bool], requests: ScriptRequests, wish: RerunData) -> bool:
    """A wish waits until the one before it has begun. What no reader pressed is drawn with what waits."""
    line, is_held = _line(requests), requests._state is ScriptRequestType.RERUN
    if not is_held or not (line or (_is_pressed(wish) and _is_pressed(requests._rerun_data))):
        return inner(requests, wish)
    if not wish.is_auto_rerun:
        if len(line) == MOST_WAITING:
            line.pop()
        line.append(replace(wish, fragment_id=None, fragment_id_queue=[]))
    return True


def move_up(inner: Callable[[ScriptRequests], ScriptRequest | None], requests: ScriptRequests) -> ScriptRequest | None:
    """As one begins, the next asks for its end: all that it presses is done by then."""
    request = inner(requests)
    if request and request.type is ScriptRequestType.RERUN:
        with requests._lock:
            if (line := _line(requests)) and requests._state is ScriptRequestType.CONTINUE:
                requests._rerun_data, requests._state = line.popleft(), ScriptRequestType.RERUN
    return request


def _line(requests: ScriptRequests) -> deque[RerunData]:
    line: deque[RerunData] = vars(requests).setdefault(_LINE, deque())
    return line


def _is_pressed(wish: RerunData) -> bool:
    """Whether it holds what a reader did on the page. A part that runs by itself does not end the page's run."""
    return wish.widget_states is not None and not (wish.fragment_id or wish.fragment_id_queue)
