"""A server that is told to end, with nothing and with a training under way, beside one of an app that draws one chart."""

import os
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from benchmarks.bare_apps import ONE_CHART
from benchmarks.ruler import Found
from patience import SOON
from playwright.sync_api import Browser, Page, expect
from server import CHECKOUT, Server, running_server
from waiting import open_page, settled

ROUNDS = 3
WITHIN = 3.0  # seconds


def ended_after(server: Server) -> float:
    began = time.perf_counter()
    os.kill(server.process, signal.SIGTERM)
    server.wait(SOON)
    return time.perf_counter() - began


@contextmanager
def at_server(browser: Browser, log: Path, *start: str) -> Iterator[tuple[Server, Page]]:
    with running_server(log, start) as server:
        page = browser.new_page(base_url=server.url)
        yield server, page
        page.close()


def bare(browser: Browser, folder: Path) -> float:
    (folder / "bare.py").write_text(ONE_CHART)
    with at_server(browser, folder / "bare.log", *CHECKOUT[:-1], str(folder / "bare.py")) as (server, page):
        page.goto("/")
        settled(page)
        return ended_after(server)


def idle(page: Page) -> None:
    open_page(page, "/")


def a_training_under_way(page: Page) -> None:
    open_page(page, "/training?steps=1000&trained=50000")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible()


@pytest.mark.parametrize("state", [idle, a_training_under_way])
def test_the_server_ends(state: Callable[[Page], None], browser: Browser, tmp_path: Path, tell: Callable[[Found], None]) -> None:
    times = []
    for _ in range(ROUNDS):
        with at_server(browser, tmp_path / "log.txt", *CHECKOUT) as (server, page):
            state(page)
            times.append((ended_after(server), bare(browser, tmp_path)))
    ours, beside = map(statistics.median, zip(*times, strict=True))
    tell(Found(f"end of the server, {state.__name__.replace('_', ' ')}", ours, beside, "s", "one chart", WITHIN))
