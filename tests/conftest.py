"""The server, the browser and the page that the tests share.

What keeps the suite fast: opening a page costs 3 s of a processor, most of them for Streamlit's own scripts. Where a test needs
no session of its own, take `standing`, a page that is open already, and `turn_to` the link (waiting.py); look at all that there
is to see in a state while it stands, also in windows of other sizes. Server, browser and `standing` are each one for a worker.
Without a browser: `states.State` and `passes.Scene` keep what they compute, `pictures.every_picture.drawn` keeps pictures. A
loop within a test costs less than parameters do, and of choices that do not depend on each other a few combinations suffice.
"""

import gc
import os
import re
import sys
from pathlib import Path

import pytest
from browser_setup import NoBrowser, launch_browser
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import BrowserContext, Page, Request, WebSocket, sync_playwright
from server import running_server
from waiting import open_page, settled

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the workers share the cores; torch's threads of all of them would not
settings.register_profile("no-timings", deadline=None)  # a busy machine is no failure
settings.load_profile("no-timings")

# On a direct visit to /steps Streamlit first looks for its server below /steps, is told 404, and then finds it at /.
STREAMLIT_LOOKS_FOR_ITSELF = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")
ELSEWHERE = re.compile(r"^(https?|wss?)://(?!127\.0\.0\.1[:/])")
HERE_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # Playwright's routes would do without the cache
WINDOW = {"width": 1280, "height": 900}
FAILED = pytest.StashKey[bool]()
ONE_PROCESS = "--process-per-site"  # it has Streamlit's scripts compiled


@pytest.fixture(autouse=True)
def main_module(monkeypatch):
    """AppTest leaves the dashboard in its place, and a process that is started afterwards would run it."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The running dashboard: its address and its log."""
    with running_server(tmp_path_factory.mktemp("server") / "log.txt") as running:
        yield running


@pytest.fixture(scope="session")
def server_url(server):
    return server.url


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """One browser for all tests of a worker; without one they fail."""
    lock = FileLock(shared_folder(tmp_path_factory) / "browser.lock")
    with sync_playwright() as playwright:
        try:
            with lock:
                started = launch_browser(playwright.chromium, HERE_ALONE, ONE_PROCESS)
        except NoBrowser as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        yield started
        started.close()


def shared_folder(tmp_path_factory) -> Path:
    """The folder of this run that all its workers see, so that one of them installs and the others wait."""
    return tmp_path_factory.getbasetemp().parent


@pytest.fixture(scope="session")
def visitors(browser, server_url):
    """Where the tests of a worker open their pages, the faults seen there, and the pages that stay, as does their process."""
    context = browser.new_context(base_url=server_url, viewport=WINDOW)
    faults: list[str] = []

    def note(asked: Request | WebSocket) -> None:
        if ELSEWHERE.match(asked.url):
            faults.append(f"asked for {asked.url}")

    context.on("request", note)
    context.on("page", lambda opened: opened.on("websocket", note))
    context.on("console", lambda message: faults.extend(console_errors(message)))
    context.on("weberror", lambda error: faults.append(f"uncaught: {error.error}"))
    empty = context.new_page()
    empty.goto("/_stcore/health")
    yield context, faults, [empty]
    context.close()


@pytest.fixture
def page(visitors):
    """A new page at the dashboard's address, a session of its own. The test fails if it reported an error or left here."""
    context, faults, stay = visitors
    faults.clear()
    stay[0].evaluate("localStorage.clear()")  # where Streamlit keeps that the menu was open
    yield context.new_page()
    close_all_but(stay, context)
    assert not faults, "\n".join(faults)


@pytest.fixture
def standing(request, visitors):
    """A page that stands from test to test, opened anew after a failure: for `turn_to`. Faults are those of `page`."""
    context, faults, stay = visitors
    faults.clear()
    if len(stay) == 1:
        stay.append(context.new_page())
        open_page(stay[1], "/")
    shown = stay[1]
    yield shown
    if request.node.stash.get(FAILED, False) or faults:
        stay.remove(shown)
    elif shown.viewport_size != WINDOW or shown.evaluate("matchMedia('print, (prefers-color-scheme: dark)').matches"):
        shown.set_viewport_size(WINDOW)
        shown.emulate_media(media="null", color_scheme="null")
        settled(shown)
    close_all_but(stay, context)
    assert not faults, "\n".join(faults)


def close_all_but(stay: list[Page], context: BrowserContext) -> None:
    for opened in context.pages:
        if opened not in stay:
            opened.close()


def console_errors(message) -> list[str]:
    source = message.location["url"]
    if message.type != "error" or STREAMLIT_LOOKS_FOR_ITSELF.search(source):
        return []
    return [f"console: {message.text} ({source})"]


def pytest_collection_finish() -> None:
    """All that is imported and collected stays: whoever looks for garbage, as each run of a page does, need not go through it."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """A failed test that used the server shows the server's log."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    if report.failed and "server" in item.funcargs:
        report.sections.append(("Server log", item.funcargs["server"].log.read_text()))
    return report
