"""Background work and the pages that wait for it, as the server and a real browser have it between them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocket, expect
from server import Server
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from waiting import SETTLED_WITHIN, open_page, settled, turn_to, until

SOON = 80  # seconds; less than a session whose connection was lost is kept
WATCHED = 1_000  # milliseconds; a page that polls does so more often
PAGES = ("", "steps?step=4", "line", "gradient?n=10", "gradient?view=How+many+images&compare=1&nh=3", "cost", "training")
LONG = "/training?steps=1000&trained=2000&nh=50&seeds=1"
HOLD_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) { super(...given); window.sockets.push(this); }
};
"""


class Traffic:
    """What went over a page's connection: how much either way, and how many runs of the script began."""

    def __init__(self, page: Page) -> None:
        self.frames = self.runs = 0
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda _: self._count(b""))
        socket.on("framereceived", self._count)

    def _count(self, frame: str | bytes) -> None:
        self.frames += 1
        message = ForwardMsg()
        if isinstance(frame, bytes) and frame:
            message.ParseFromString(frame)
            self.runs += message.WhichOneof("type") == "new_session"


def processor_seconds(server: Server) -> float:
    fields = Path(f"/proc/{server.process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def measuring(server: Server) -> list[str]:
    """The processes that the server has started, but the one that stands ready to draw files."""
    children = [
        child for task in Path(f"/proc/{server.process}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    return [child for child in children if b"beside\x000" not in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_page_that_shows_everything_costs_nothing(page: Page, server: Server) -> None:
    traffic = Traffic(page)

    def idle() -> bool:
        frames, seconds = traffic.frames, processor_seconds(server)
        page.wait_for_timeout(WATCHED)
        return traffic.frames == frames and processor_seconds(server) - seconds < 0.05 * WATCHED / 1_000

    open_page(page, "/cost")
    for path in PAGES:
        turn_to(page, f"/{path}")
        until(idle, SETTLED_WITHIN, lambda path=path: f"/{path} is never idle")


def test_page_runs_again_by_itself_only_when_there_is_something_new(page: Page) -> None:
    traffic = Traffic(page)
    page.goto("/?n=50000&seed=77")
    expect(page.get_by_text("Checked: every gradient is")).to_be_visible()
    settled(page)
    assert traffic.runs <= 3, "once for the width of the window, once for the page, once for its checks"


def test_what_a_reader_sets_while_the_page_is_woken_stays(page: Page) -> None:
    open_page(page, LONG)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text(re.compile("Step [1-9]"))).to_be_visible()
    rate, chosen = page.get_by_role("slider").first, []
    for _ in range(8):  # over several times of news
        rate.press("ArrowLeft")
        chosen.append(rate.get_attribute("aria-valuetext"))
        page.wait_for_timeout(300)
    settled_on = chosen[-1]
    assert len(set(chosen)) > 3
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("cancelled after").or_(page.get_by_text("A stored result"))).to_be_visible()
    settled(page)
    assert rate.get_attribute("aria-valuetext") == settled_on and f"rate={settled_on}" in page.url


def test_measurement_ends_with_its_tab_and_the_next_reader_has_the_turn(page: Page, server: Server) -> None:
    other = page.context.new_page()
    for reader in (page, other):
        open_page(reader, "/cost?largest=50%2C000&nh=512")  # which goes on for minutes
        reader.get_by_role("button", name="Measure on this machine").click()
        expect(reader.get_by_role("progressbar")).to_be_visible()
    expect(other.get_by_text("in line")).to_be_visible()
    (first,) = measuring(server)
    page.close()
    until(lambda: first not in measuring(server), SOON, lambda: "it goes on without its tab")
    expect(other.get_by_text("in line")).to_have_count(0)
    until(lambda: bool(measuring(server)), SETTLED_WITHIN, lambda: "the next reader has no turn")
    other.close()
    until(lambda: not measuring(server), SOON, lambda: "it goes on without its tab")


def test_training_outlives_a_connection_that_comes_back(page: Page) -> None:
    page.add_init_script(HOLD_SOCKETS)
    open_page(page, LONG)
    page.get_by_role("button", name="Run", exact=True).click()
    progress = page.get_by_text(re.compile(r"^Step [\d,]+ of"))
    expect(progress).to_be_visible()
    before = len(page.evaluate("sockets.map(String)"))
    page.evaluate("sockets.at(-1).close()")
    until(lambda: len(page.evaluate("sockets.map(String)")) > before, SETTLED_WITHIN, lambda: "the page does not come back")
    step = progress.inner_text()
    expect(progress).not_to_have_text(step)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("cancelled after")).to_be_visible()


@pytest.fixture(autouse=True)
def nothing_left(server: Server) -> None:
    assert not measuring(server)
