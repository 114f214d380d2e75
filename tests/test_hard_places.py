"""The dashboard stands where it can write nothing, reach no other host and has no UTF-8; killed, it comes back with its pages."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from loops import over
from playwright.sync_api import Browser, Page, expect
from pressing import press_all, watched
from server import CHECKOUT, ROOT, free_port, running_server
from waiting import STARTED_WITHIN, go_to, open_page, settled
from websockets import InvalidStatus, Origin
from websockets.sync.client import connect

NO_UTF8 = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
NO_HOME = {"HOME": "/nowhere", "XDG_CACHE_HOME": ""}
COMMAND = (sys.executable, "-m", "mnistgrad", "run")
ON_FIRST_IMPORTS = 2 * STARTED_WITHIN * 1_000
PAGES = ("Step by step", "Your own line", "The gradient matrix", "What it costs", "Would it train?")


def test_pages_stand_without_a_place_to_write_a_network_or_utf8_and_come_back_where_the_server_was_killed(
    browser: Browser, tmp_path: Path
) -> None:
    """On an address of this machine alone; and whatever is pressed, neither the server nor its page asks another."""
    alone = {"PYTHONPATH": str(ROOT / "tests/hard_place"), "PYTHONDONTWRITEBYTECODE": ""}
    port, log = free_port(), tmp_path / "log.txt"
    context = browser.new_context(viewport={"width": 1920, "height": 900})  # all pages fit the bar
    page = context.new_page()
    asked = watched(page)
    page.set_default_timeout(ON_FIRST_IMPORTS)
    with running_server(log, port=port, **NO_UTF8, **NO_HOME, **alone) as server:
        assert urlsplit(server.url).port == port
        with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), timeout=5):  # a server for all hears that too
            pass
        open_first(page, f"{server.url}/?n=10")
        for name in PAGES:
            go_to(page, name)
            assert not page.get_by_test_id("stException").count(), name
        press_all(page)
        with pytest.raises(InvalidStatus, match="403"):  # a page of another site
            connect(server.url.replace("http", "ws", 1) + "/_stcore/stream", origin=Origin("http://lesson.example"))
        said = log.read_text()
        assert "Asked for" not in said and "Traceback" not in said, said
        here = re.compile(rf"data:|(blob:)?(http|ws)://127\.0\.0\.1:{port}/")
        assert len(asked) > 100 and not [url for url in asked if not here.match(url)]
        open_page(page, f"{server.url}/?n=10&images=fashion")
        page.get_by_role("button", name=re.compile("^Fetch Fashion")).click()
        expect(page.get_by_text("cannot be kept")).to_be_visible()
        open_page(page, f"{server.url}/gradient?n=10")
        with ExitStack() as again:
            with coming_back(page):
                os.kill(server.process, signal.SIGKILL)
                assert server.wait(STARTED_WITHIN) == -signal.SIGKILL
                again.enter_context(running_server(tmp_path / "again.txt", port=port))
            page.get_by_role("radiogroup", name="Quick picks").get_by_role("radio", name="1", exact=True).click()
            expect(page).to_have_url(re.compile("n=1$"))
    context.close()


def open_first(page: Page, address: str) -> None:
    """The first page of a server comes with its imports."""
    page.goto(address)
    expect(page.get_by_test_id("stPageLink").last).to_be_visible(timeout=ON_FIRST_IMPORTS)
    settled(page)


@contextmanager
def coming_back(page: Page) -> Iterator[None]:
    """What is done here ends the page's server; it goes on once the page is drawn by another."""
    with page.expect_websocket(timeout=ON_FIRST_IMPORTS) as found:
        yield
    found.value.wait_for_event("framereceived", lambda data: b"dashboard.py" in data, timeout=ON_FIRST_IMPORTS)  # a run begins
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible(timeout=ON_FIRST_IMPORTS)
    settled(page)


@over("start", [CHECKOUT, COMMAND])
def test_a_port_in_use_is_told(start: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [*start, f"--server.port={port}", "--server.headless=true"]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=STARTED_WITHIN)
    assert ended.returncode == 1
    assert f"Port {port} is not available" in ended.stderr and "Traceback" not in ended.stderr


def test_explain_speaks_where_there_is_no_utf8() -> None:
    command = [
        sys.executable,
        "-m",
        "mnistgrad",
        "explain",
        "dW = h.t() @ dlogits",
        "--shapes",
        "h: n=32, j=64; dlogits: n=32, k=27",
    ]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | NO_UTF8, capture_output=True, timeout=STARTED_WITHIN)
    assert done.returncode == 0, done.stderr
    assert "→ (j 64, k 27)" in done.stdout.decode()
