"""No choice is lost where the server is slow: its answers, or the presses, are held until another press was made."""

from functools import partial

import pytest
from browser.test_links import RACES, Press, agrees
from browser.test_links_of_clicks import shows_the_same
from playwright.sync_api import Page, WebSocketRoute
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from waiting import open_page, settled

STREAM = "**/_stcore/stream"
POLL = 20  # ms
PRESETS = ".st-key-preset [role=radio]"
OTHERS: dict[str, tuple[str, list[tuple[Press, Press]]]] = {
    "story": (
        "/?n=1000",
        [
            ((".st-key-pick button", 1, {"n": "10"}), (".moving .forth", 0, {"added": "2"})),
            ((".st-key-pick button", 2, {"n": "100"}), (".sight .map", 0, {"first": "*"})),
            ((PRESETS, 1, {"preset": "lesson-2022"}), (".st-key-player-steps .forth", 0, {"step": "2"})),
        ],
    ),
    "cost": (
        "/cost",
        [
            ((".st-key-pick button", 1, {"n": "10"}), (".st-key-largest [role=radio]", 1, {"largest": "1,000"})),
            ((".st-key-budget [role=radio]", 0, {"budget": "*"}), (".st-key-pick button", 2, {"n": "100"})),
        ],
    ),
}
PLACES = OTHERS | RACES


class Wire:
    """Between the page and its server. holds: "answers", "presses" or nothing."""

    def __init__(self, page: Page) -> None:
        self.holds = ""
        self.held: list[tuple[WebSocketRoute, str | bytes]] = []
        page.route_web_socket(STREAM, self._connect)

    def _connect(self, browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()
        browser.on_message(partial(self._pass, server, "presses"))
        server.on_message(partial(self._pass, browser, "answers"))

    def _pass(self, to: WebSocketRoute, kind: str, message: str | bytes) -> None:
        if self.holds == kind:
            self.held.append((to, message))
        else:
            to.send(message)

    @property
    def is_full(self) -> bool:
        """Whether the press is held, or its whole answer."""
        sent = [message for _, message in self.held]
        return any(self.holds == "presses" or ForwardMsg.FromString(bytes(each)).HasField("script_finished") for each in sent)

    def let_go(self) -> None:
        held, self.held, self.holds = self.held, [], ""
        for to, message in held:
            to.send(message)


@pytest.mark.parametrize("holds", ["answers", "presses"])
@pytest.mark.parametrize("place", PLACES)
def test_no_choice_is_lost_where_the_server_is_slow(page: Page, place: str, holds: str) -> None:
    wire = Wire(page)
    path, pairs = PLACES[place]
    open_page(page, path)
    for (first, one, asked), (second, other, then) in pairs:
        wire.holds = holds
        page.locator(first).nth(one).evaluate("button => button.click()")
        while not wire.is_full:
            page.wait_for_timeout(POLL)
        page.locator(second).nth(other).evaluate("button => button.click()")
        wire.let_go()
        page.wait_for_url(partial(agrees, asked | then))
        settled(page)
        assert agrees(asked | then, page.url), f"{asked}, {then}: {page.url}"
    fresh = page.context.new_page()
    open_page(fresh, page.url)
    shows_the_same(page, fresh, place)
