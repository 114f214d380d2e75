"""Waiting for a condition, with a deadline."""

import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import urljoin

from playwright.sync_api import Page, expect

STARTED_WITHIN = 60  # seconds, for a server on a busy machine
SETTLED_WITHIN = 30
QUIET = 400  # milliseconds without a change, in which a rerun would have begun

expect.set_options(timeout=SETTLED_WITHIN * 1000)  # playwright's own 5 s are too short for a busy machine

STILL = """
([quiet, limit]) => new Promise((resolve, reject) => {
  const idle = () => document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");
  let calm;
  const restart = () => {
    clearTimeout(calm);
    calm = setTimeout(() => idle() ? finish(resolve) : restart(), quiet);
  };
  const changes = new MutationObserver(restart);
  const late = setTimeout(() => finish(() => reject(new Error("the page did not settle"))), limit);
  const finish = (how) => { changes.disconnect(); clearTimeout(calm); clearTimeout(late); how(); };
  changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  restart();
})
"""


def until(condition: Callable[[], bool], seconds: float, otherwise: Callable[[], str]) -> None:
    """Return once the condition holds; raise TimeoutError with what `otherwise` says after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise())
        time.sleep(0.05)


# As Back does, and without what a press here has the link's watcher do.
TURN = """(path) => {
  History.prototype.pushState.call(history, null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
}"""
RUN = "document.querySelector('.st-key-seen-page input')?.value"  # the number of the run that drew the page


def healthy(url: str) -> bool:
    """Whether a Streamlit server answers there, at the page's address or its own."""
    try:
        with urllib.request.urlopen(urljoin(url, "/_stcore/health"), timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def open_page(page: Page, path: str) -> None:
    """Go there and wait until the whole page stands: the link at its foot is drawn last."""
    page.goto(path)
    expect(page.get_by_test_id("stPageLink").last).to_be_visible()
    settled(page)


def turn_to(page: Page, path: str) -> None:
    """Have the page that stands show another link, as Back does: all is as the link says, for a fifth of what opening costs."""
    run = page.evaluate(RUN)
    page.evaluate(TURN, path)
    page.wait_for_function(f"run => {RUN} !== run", arg=run, timeout=SETTLED_WITHIN * 1_000)
    settled(page)


def go_to(page: Page, name: str) -> None:
    """Choose the page in the navigation, in its group if need be."""
    navigation = page.get_by_test_id("stTopNav")
    link = page.get_by_test_id(re.compile("stTopNav(Dropdown)?Link$")).filter(has_text=name)
    if not link.count():
        navigation.get_by_test_id("stTopNavSection").click()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    settled(page)


def settled(page: Page) -> None:
    """Wait until the script has run and the page stays as it is."""
    page.evaluate(STILL, [QUIET, SETTLED_WITHIN * 1000])
