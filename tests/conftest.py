"""The server, the browser and the page that the tests share.

What keeps the suite fast: opening a page costs 3 s of a processor, most of them for Streamlit's own scripts. Where a test needs
no session of its own, take `standing`, a page that is open already, and `turn_to` the link (waiting.py); look at all that there
is to see in a state while it stands, also in windows of other sizes. Whether a link holds it all shows `reader`, another session
that stands; `phone` is a third. Server and browser are each one for a worker.
Without a browser: `states.State` and `passes.Scene` keep what they compute, `pictures.every_picture.drawn` keeps pictures. A
loop within a test costs less than parameters do, and of choices that do not depend on each other a few combinations suffice.
"""

import gc
import os
import sys
from pathlib import Path

import pytest
from browser_setup import NoBrowser, launch_browser
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import sync_playwright
from server import running_server
from visitors import Visitors

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the workers share the cores; torch's threads of all of them would not
settings.register_profile("no-timings", deadline=None)  # a busy machine is no failure
settings.load_profile("no-timings")

HERE_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # Playwright's routes would do without the cache
WINDOW = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
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
    with browser.new_context(base_url=server_url, viewport=WINDOW, reduced_motion="reduce") as context:  # motion costs
        yield Visitors(context, WINDOW)


@pytest.fixture
def visit(visitors):
    """The test fails if a page of it reported an error or left this machine; those that it opened are closed."""
    with visitors.visit():
        yield visitors


@pytest.fixture
def page(visit):
    """A new page at the dashboard's address, a session of its own."""
    visit.forget()
    return visit.context.new_page()


@pytest.fixture
def standing(request, visit):
    """A page that stands from test to test, opened anew after a failure: for `turn_to`."""
    with visit.standing("standing", lambda: request.node.stash.get(FAILED, False)) as page:
        yield page


@pytest.fixture
def reader(request, visit):
    """Another page that stands: a reader who is sent the links of the first."""
    with visit.standing("reader", lambda: request.node.stash.get(FAILED, False)) as page:
        yield page


@pytest.fixture(scope="session")
def phones(browser, server_url):
    with browser.new_context(base_url=server_url, viewport=PHONE, has_touch=True, is_mobile=True) as context:
        yield Visitors(context, PHONE)


@pytest.fixture
def phone(request, phones):
    """A page that stands, on a phone."""
    with phones.visit(), phones.standing("phone", lambda: request.node.stash.get(FAILED, False)) as page:
        yield page


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
