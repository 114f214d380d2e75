"""In the browser: the first full page of a fresh server, a click until all is drawn, what needs no server, and what is sent."""

import statistics
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote_plus

from benchmarks.bare_apps import ONE_CHART, ONE_WORD
from benchmarks.in_browser import both, drawn, painted
from benchmarks.ruler import Found
from playwright.sync_api import Browser, Locator, Page
from server import CHECKOUT, running_server
from waiting import open_page

from mnistgrad.app.controls import VIEW

ROUNDS = 3
FIRST_PAGE, CLICK = 1.5, 3.0  # times the baseline
WITHOUT_SERVER = 50.0  # milliseconds
WIRE = 400.0  # kilobytes


def said(key: str, words: str) -> Callable[[Page], Locator]:
    return lambda page: page.locator(f".st-key-{key}").get_by_text(words, exact=True)


def pick(n: str) -> Callable[[Page], Locator]:
    return said("pick", n)


def found(where: str) -> Callable[[Page], Locator]:
    return lambda page: page.locator(where).first


def first_number_of_last_table(page: Page) -> Locator:
    """Of the gradient's table, so that its terms are to be found."""
    return page.locator(".st-key-player-steps .numbers figure").last.locator("[data-cell]").first


# On each page two presses that change what is shown; the third is the first again, so that its state was seen before.
PRESSES = {
    "story": ("/", pick("10"), pick("1,000")),
    "steps": ("/steps", pick("10"), pick("1,000")),
    "steps, whole pass": ("/steps?scope=whole+pass&step=20", pick("10"), pick("1,000")),
    "line": ("/line", said("example", "batch norm"), said("example", "einsum")),
    **{view.lower(): (f"/gradient?view={quote_plus(view)}", pick("10"), pick("1,000")) for view in VIEW.in_link},
    "cost": ("/cost", pick("10"), pick("1,000")),
    "training": ("/training", said("network", "mse"), said("network", "cross-entropy")),
}
# What the browser does alone, and the page that shows it.
ALONE = {
    "a step of the player": ("/steps?scope=whole+pass", found(".st-key-player-steps .forth")),
    "a frame of the moving picture": ("/", found(".st-key-player-moving .forth")),
    "a picked number": ("/steps?n=10&scope=whole+pass&step=31", first_number_of_last_table),
    "a picked pixel": ("/", found(".st-key-player-sight canvas")),
}


def at_seed(path: str, seed: int) -> str:
    return f"{path}{'&' if '?' in path else '?'}n=100&seed={seed}"


def test_click_to_drawn_and_what_is_sent(browser: Browser, tmp_path: Path, tell: Callable[[Found], None]) -> None:
    with both(browser, tmp_path) as (ours, plain):
        button = plain.get_by_role("button", name="Count")
        for name, (path, one, other) in PRESSES.items():
            times: dict[str, list[tuple[float, float]]] = {"first": [], "second": [], "again": []}
            sent = []
            for seed in range(1, ROUNDS + 1):
                open_page(ours, at_seed(path, seed))
                for clicked, press in zip(times, (one, other, one), strict=True):
                    before = ours.evaluate("window.received")
                    times[clicked].append((drawn(ours, press(ours)), drawn(plain, button)))
                    sent.append(ours.evaluate("window.received") - before)
            for clicked, pairs in times.items():
                mine, theirs = map(statistics.median, zip(*pairs, strict=True))
                tell(Found(f"click to drawn, {name}, {clicked}", mine, theirs, "ms", "one button", CLICK * theirs))
            once = plain.evaluate("window.received / window.told")
            tell(Found(f"sent by a click, {name}", max(sent) / 1_000, once / 1_000, "kB", "a message of one button", WIRE))


def test_what_a_first_visit_sends(browser: Browser, tmp_path: Path, tell: Callable[[Found], None]) -> None:
    with both(browser, tmp_path, ONE_CHART) as (ours, plain):
        chart = plain.evaluate("window.received") / 1_000
        for name, (path, *_) in PRESSES.items():
            open_page(ours, path)
            tell(
                Found(f"sent by a first visit, {name}", ours.evaluate("window.received") / 1_000, chart, "kB", "one chart", WIRE)
            )


def test_what_needs_no_server(browser: Browser, tmp_path: Path, tell: Callable[[Found], None]) -> None:
    (tmp_path / "one.html").write_text(ONE_WORD)
    with both(browser, tmp_path) as (ours, plain):
        plain.goto(f"file://{tmp_path / 'one.html'}")
        for name, (path, press) in ALONE.items():
            open_page(ours, path)
            asked = ours.evaluate("window.asked")
            pairs = [(painted(ours, press(ours)), painted(plain, plain.get_by_role("button"))) for _ in range(2 * ROUNDS)]
            mine, theirs = map(statistics.median, zip(*pairs, strict=True))
            tell(Found(name, mine, theirs, "ms", "one word of a page", WITHOUT_SERVER))
            assert ours.evaluate("window.asked") - asked <= 2 * ROUNDS, "a link that follows, and no more"


def test_first_full_page(browser: Browser, tmp_path: Path, tell: Callable[[Found], None]) -> None:
    (tmp_path / "bare.py").write_text(ONE_CHART)
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        for name, start in (("bare", (*CHECKOUT[:-1], str(tmp_path / "bare.py"))), ("ours", CHECKOUT)):
            with running_server(tmp_path / f"{name}.log", start) as server:
                page = browser.new_page(base_url=server.url)
                before = page.evaluate("performance.timeOrigin + performance.now()")
                page.goto("/")
                last = page.get_by_test_id("stPageLink" if name == "ours" else "stVegaLiteChart").last
                last.wait_for(timeout=60_000)
                times[name].append(page.evaluate("performance.timeOrigin + performance.now()") - before)
                page.close()
    ours, bare = statistics.median(times["ours"]), statistics.median(times["bare"])
    tell(Found("first full page of a fresh server", ours, bare, "ms", "one chart", FIRST_PAGE * bare))
