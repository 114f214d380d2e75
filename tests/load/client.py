"""One reader over Streamlit's own protocol: what a browser would send, and what it needs to know of what comes back."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import websockets
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

PATIENCE = 60.0  # seconds for one answer
LEFT = 1001  # RFC 6455: the page was closed
N, SEED = "Sample count, n", "Seed of the weights"


@dataclass
class Seen:
    """What readers saw: when each answer came, after how many seconds, and for how many images; bytes, and what failed."""

    answers: list[tuple[float, float, int]] = field(default_factory=list)
    nbytes: int = 0
    failed: list[str] = field(default_factory=list)


class Reader:
    """One session. It holds what a browser would: the fields it was sent, what it set in them, and the page it is on."""

    def __init__(self, url: str, seen: Seen) -> None:
        self.url, self.seen = url, seen
        self.n = 1_000
        self.fields: dict[str, str] = {}  # number fields and buttons, by their labels
        self.pages: dict[str, str] = {}
        self.texts: list[str] = []  # of this run
        self.under_way = False  # whether the page shows a progress
        self._state = ClientState()
        self._whole = asyncio.Event()  # a run of the whole page came to its end

    async def __aenter__(self) -> "Reader":
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await websockets.connect(address, subprotocols=["streamlit"], max_size=None, ping_interval=None)
        self._listening = asyncio.create_task(self._listen())
        await self.ask()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close(LEFT)
        await self._listening

    def turn_to(self, page: str) -> None:
        self._state.page_script_hash = self.pages[page]

    def set(self, label: str, value: int) -> None:
        """A number field."""
        self.n = value if label == N else self.n
        self._hold(WidgetState(id=self.fields[label], double_value=value))

    async def press(self, label: str) -> None:
        """A button, and wait until the page is drawn."""
        before = ClientState.FromString(self._state.SerializeToString())
        self._hold(WidgetState(id=self.fields[label], trigger_value=True))
        try:
            await self.ask()
        finally:
            self._state = before

    def _hold(self, value: WidgetState) -> None:
        others = [state for state in self._state.widget_states.widgets if state.id != value.id]
        del self._state.widget_states.widgets[:]
        self._state.widget_states.widgets.extend([*others, value])

    async def send(self) -> None:
        """What this reader holds, as a change of a field sends it."""
        self._whole.clear()
        await self._socket.send(BackMsg(rerun_script=self._state).SerializeToString())

    async def ask(self) -> None:
        """Send it, and wait until the page is drawn."""
        began = time.monotonic()
        await self.send()
        drawn = asyncio.create_task(self._whole.wait())
        await asyncio.wait([drawn, self._listening], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if not drawn.done():
            drawn.cancel()
            self.seen.failed.append("the connection ended" if self._listening.done() else f"no answer in {PATIENCE:g} s")
        self.seen.answers.append((time.monotonic(), time.monotonic() - began, self.n))

    async def see(self, text: str) -> None:
        """Wait until the page says so; raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while not any(text in each for each in self.texts):
                await asyncio.sleep(0.05)

    async def _listen(self) -> None:
        async for received in self._socket:
            self.seen.nbytes += len(received)
            self._take(ForwardMsg.FromString(received))

    def _take(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "navigation":
                self.fields, self.texts, self.under_way = {}, [], False  # a run of the whole page has begun
                self.pages = {page.url_pathname or "story": page.page_script_hash for page in message.navigation.app_pages}
            case "delta" if message.delta.WhichOneof("type") == "new_element":
                self._look_at(message.delta.new_element)
            case "script_finished" if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                self._whole.set()

    def _look_at(self, element: Element) -> None:
        kind = element.WhichOneof("type")
        shown: Any = getattr(element, kind)
        if kind in ("number_input", "button"):
            self.fields[shown.label] = shown.id
        elif kind in ("markdown", "heading"):
            self.texts.append(shown.body)
        elif kind == "progress":
            self.under_way = True
        elif kind == "exception":
            self.seen.failed.append(f"{shown.type}: {shown.message[:200]}")
        elif kind == "alert" and shown.format == Alert.ERROR:  # what a page says of an error of its own
            self.seen.failed.append(shown.body[:200])
