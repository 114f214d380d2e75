"""Where the tests of a worker open their pages: those that stay from test to test, and the faults that any of them shows."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, ViewportSize, WebSocket
from waiting import open_page, settled

# On a direct visit to /steps Streamlit first looks for its server below /steps, is told 404, and then finds it at /.
STREAMLIT_LOOKS_FOR_ITSELF = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")
ELSEWHERE = re.compile(r"^(https?|wss?)://(?!127\.0\.0\.1[:/])")
OTHER_MEDIA = "matchMedia('print, (prefers-color-scheme: dark), (forced-colors: active)').matches"
SHUT = """() => {
  const opened = document.querySelectorAll("details[open] > summary");
  for (const each of opened) each.click();
  document.activeElement.blur();
  document.getElementById("vg-tooltip-element")?.classList.remove("visible");
  return opened.length;
}"""


class Visitors:
    """Pages in windows of one size. An empty one stays as long as they do, so that their process does, with all its scripts."""

    def __init__(self, context: BrowserContext, window: ViewportSize) -> None:
        self.context, self.window = context, window
        self._faults: list[str] = []
        context.on("request", self._note)
        context.on("page", lambda opened: opened.on("websocket", self._note))
        context.on("console", self._listen)
        context.on("weberror", lambda error: self._faults.append(f"uncaught: {error.error}"))
        self._empty = context.new_page()
        self._empty.goto("/_stcore/health")
        self._stay: dict[str, Page] = {}

    def forget(self) -> None:
        """What the browser keeps: Streamlit has there that the menu was open."""
        self._empty.evaluate("localStorage.clear()")

    @contextmanager
    def visit(self) -> Iterator[None]:
        """Close what is opened meanwhile, and fail if a page reported an error or asked for anything beyond this machine."""
        self._faults.clear()
        yield
        for opened in self.context.pages:
            if opened is not self._empty and opened not in self._stay.values():
                opened.close()
        assert not self._faults, "\n".join(self._faults)

    @contextmanager
    def standing(self, name: str, failed: Callable[[], bool]) -> Iterator[Page]:
        """The page of that name, with nothing opened or focused by whoever had it before; a new one if that failed."""
        if name not in self._stay:
            self._stay[name] = self.context.new_page()
            open_page(self._stay[name], "/line")
        page = self._stay[name]
        page.bring_to_front()  # one behind another is drawn a few times in a second
        if page.evaluate(SHUT):
            settled(page)
        page.mouse.move(0, 0)
        yield page
        if failed() or self._faults:
            del self._stay[name]
        elif page.viewport_size != self.window or page.evaluate(OTHER_MEDIA):
            page.set_viewport_size(self.window)
            page.emulate_media(media="null", color_scheme="null", forced_colors="null")
            settled(page)

    def _note(self, asked: Request | WebSocket) -> None:
        if ELSEWHERE.match(asked.url):
            self._faults.append(f"asked for {asked.url}")

    def _listen(self, message: ConsoleMessage) -> None:
        source = message.location["url"]
        if message.type == "error" and not STREAMLIT_LOOKS_FOR_ITSELF.search(source):
            self._faults.append(f"console: {message.text} ({source})")
