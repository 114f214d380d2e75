"""The server ends at once while files come and go, too, and leaves none behind."""

import re
import signal
import socket
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, expect
from server import Server, running_server
from test_hard_places import open_first
from test_shutdown import WITHIN, ends_well
from waiting import until

from mnistgrad.captions.scaling import RUN_IT

SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 1_000}

HELD = """
import sys, threading
class Held:
    def find_spec(self, name, *_):
        if name == "torch":
            threading.Event().wait()
if "--worker" in sys.orig_argv:
    sys.meta_path.insert(0, Held())
"""  # Python's first lines: a worker never comes to the end of its imports


def test_with_a_zip_an_upload_workers_and_a_fetch_under_way(browser: Browser, tmp_path: Path) -> None:
    """The other end of the fetch says nothing; the upload would take a quarter of an hour; the workers are still being loaded."""
    (tmp_path / "sitecustomize.py").write_text(HELD)
    cache, picture = tmp_path / "cache", tmp_path / "large.png"
    picture.write_bytes(bytes(1_000_000))
    with socket.create_server(("127.0.0.1", 0)) as mute:
        proxy = "http://127.0.0.1:{1}".format(*mute.getsockname())
        surroundings = {"http_proxy": proxy, "https_proxy": proxy, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(tmp_path)}
        with running_server(tmp_path / "log.txt", **surroundings) as server:
            context = browser.new_context(base_url=server.url)
            context.set_default_timeout(WITHIN)
            pages = [context.new_page() for _ in range(4)]
            for page, path in zip(pages, ("/", "/", "/cost", "/?images=fashion"), strict=True):
                open_first(page, path)
            for page, begins in zip(
                pages, (zip_begins, partial(upload_begins, picture), workers_begin, fetch_begins), strict=True
            ):
                begins(page)
            until(lambda: workers_of(server) != [], WITHIN / 1_000, lambda: "no worker begins")
            until(lambda: [*cache.rglob(".fetching-*")] != [], 30, lambda: "nothing is fetched")
            ends_well(server, signal.SIGTERM)
            context.close()
    assert not [path for path in cache.rglob("*") if path.is_file() or path.name.startswith(".")]


def workers_of(server: Server) -> list[psutil.Process]:
    found = []
    for each in psutil.Process(server.process).children(recursive=True):
        with suppress(psutil.Error):  # it has ended
            found += [each] if "--worker" in each.cmdline() else []
    return found


def zip_begins(page: Page) -> None:
    page.get_by_role("button", name="Everything").click()
    page.locator("[class*=st-key-bundle-] button").first.click()
    expect(page.locator(".st-key-bundle").get_by_role("progressbar")).to_be_visible()


def upload_begins(picture: Path, page: Page) -> None:
    page.get_by_text("More", exact=True).first.click()
    page.get_by_role("button", name="Your own images").click()
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    with page.expect_request(re.compile("upload_file")):
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(picture)


def workers_begin(page: Page) -> None:
    page.get_by_role("button", name=RUN_IT).click()


def fetch_begins(page: Page) -> None:
    """Last: it gives up after ten seconds in which nothing comes."""
    page.get_by_role("button", name=re.compile("^Fetch Fashion")).click()
