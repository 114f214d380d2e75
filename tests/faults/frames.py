"""A reader who says to the server whatever they like, over Streamlit's own protocol."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlencode

from patience import SOON
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.util import calc_hash
from websockets.sync.client import ClientConnection, connect

ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Forger:
    """One session. elements: what the last run drew, in its order; session: its name."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.elements: list[Element] = []
        self.session = ""
        self.state = ClientState()

    def open(self, page: str = "", **query: object) -> None:
        """As a link does, and wait until the page is drawn."""
        self.state.query_string = urlencode(query, doseq=True)
        self.state.page_script_hash, self.state.page_name = calc_hash(page) if page else "", page
        self.run()

    def run(self, *values: WidgetState) -> None:
        """With these values of its widgets, beside those that were sent before, and wait until the page is drawn."""
        named = {value.id for value in values}
        held = [state for state in self.state.widget_states.widgets if state.id not in named]
        del self.state.widget_states.widgets[:]
        self.state.widget_states.widgets.extend([*held, *values])
        with suppress(TimeoutError):
            while True:
                self.socket.recv(0)  # of runs before
        self.say(BackMsg(rerun_script=self.state))
        self.heard(lambda message: message.WhichOneof("type") == "new_session" and not message.metadata.run.fragment_ids)
        self.drawn()

    def say(self, message: BackMsg) -> None:
        self.socket.send(message.SerializeToString())

    def drawn(self) -> None:
        """Wait for the end of a run."""
        self.heard(lambda message: message.WhichOneof("type") == "script_finished" and message.script_finished in ENDED)

    def heard(self, wanted: Callable[[ForwardMsg], bool]) -> ForwardMsg:
        """Wait for such a message."""
        deadline = time.monotonic() + SOON
        while True:
            message = ForwardMsg.FromString(self.socket.recv(deadline - time.monotonic()))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id or self.session
                if not message.metadata.run.fragment_ids:
                    self.elements = []
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self.elements.append(message.delta.new_element)
            if wanted(message):
                return message

    def type(self, **numbers: float) -> None:
        """Into number fields, by their keys, and wait until the page is drawn."""
        named = {field.id.rpartition("-")[2]: field.id for field in self.of("number_input")}
        self.run(*(WidgetState(id=named[key], double_value=number) for key, number in numbers.items()))

    def of(self, kind: str) -> list[Any]:
        """What it drew of this kind."""
        return [getattr(element, kind) for element in self.elements if element.WhichOneof("type") == kind]

    @property
    def texts(self) -> str:
        """All that a reader is told in words."""
        return "\n".join(
            [mark.body for mark in (*self.of("markdown"), *self.of("alert"), *self.of("heading"))]
            + [f"{shown.type} {shown.message} {shown.stack_trace}" for shown in self.of("exception")]
        )


@contextmanager
def forger(url: str) -> Iterator[Forger]:
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None, open_timeout=SOON) as socket:
        yield Forger(socket)


def fields(reader: Forger) -> list[str]:
    """The names of all that the page's reader can set."""
    drawn = [getattr(element, str(element.WhichOneof("type"))) for element in reader.elements]
    return [each.id for each in drawn if getattr(each, "id", "")]
