"""Waiting for a condition, with a deadline."""

import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import urljoin

from playwright.sync_api import Page, expect

STARTED_WITHIN = 240  # seconds, for a server on a very busy machine; what passes does not wait for these
SETTLED_WITHIN = 120
QUIET = 250  # milliseconds without a change: more than a field of Streamlit waits before it tells the server (200)
ANSWERED_WITHIN = 5_000  # milliseconds; few of the messages that a page sends have no answer

expect.set_options(timeout=SETTLED_WITHIN * 1000)  # playwright's own are 5 s, and 30 where browser_setup does not say

# Before a page's own scripts: notes how often it told the server something, and since when a run of the script is to come: till
# the end of one, told in field 6 of a ForwardMsg, that is none for another run (2).
NOTE_ASKED = """
(() => {
  const { send } = WebSocket.prototype, heard = new WeakSet();
  const end = (bytes) => {
    let at = 0;
    const number = () => {
      let [value, factor] = [0, 1];
      for (; bytes[at] > 127; factor *= 128) value += (bytes[at++] - 128) * factor;
      return value + bytes[at++] * factor;
    };
    while (at < bytes.length) {
      const field = number();
      if (field === 6 * 8) return number();
      const size = field % 8 === 1 ? 8 : field % 8 === 5 ? 4 : number();
      if (field % 8) at += size;
    }
  };
  const hear = ({ data }) => {
    const how = end(new Uint8Array(data));
    if (how !== undefined) window.asked = how === 2 ? performance.now() : undefined;
  };
  WebSocket.prototype.send = function (...given) {
    if (!heard.has(this)) this.addEventListener("message", hear);
    heard.add(this);
    window.sent = (window.sent ?? 0) + 1;
    window.asked = performance.now();
    return send.apply(this, given);
  };
})();
"""
SENT = "window.sent"
STILL = """
([quiet, limit, answered]) => new Promise((resolve, reject) => {
  const isAsked = () => performance.now() - window.asked < answered;
  const isDrawn = () => !document.querySelector("[data-testid=stSkeleton]") && document.fonts.status === "loaded";
  const moves = (each) => each.playState === "running" && each.effect.getComputedTiming().endTime < Infinity;
  const ended = "[data-testid=stApp][data-test-script-state=notRunning]";
  const idle = () => document.querySelector(ended) && isDrawn() && !isAsked()
    && !document.getAnimations().some(moves);
  const shown = () => new Promise((done) => { // what waits for a frame; a page behind another has few
    requestAnimationFrame(() => requestAnimationFrame(done));
    setTimeout(done, 100);
  });
  let calm;
  const restart = () => {
    clearTimeout(calm);
    const own = calm = setTimeout(async () => {
      if (idle()) await shown();
      if (calm === own) idle() ? finish(resolve) : restart();
    }, quiet);
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
    settled(page, quiet=50)  # or it may be the end of another run that is waited for
    run = page.evaluate(RUN)
    page.evaluate(TURN, path)
    page.wait_for_function(f"run => {RUN} !== run", arg=run)
    settled(page)


def open_more(page: Page) -> None:
    """What the sidebar shows on demand, where it does."""
    more = page.get_by_test_id("stSidebar").locator("details:not([open]) > summary").filter(has_text="More")
    if more.count():
        more.click()


def go_to(page: Page, name: str) -> None:
    """Choose the page in the navigation, in its group if need be."""
    navigation = page.get_by_test_id("stTopNav")
    link = page.get_by_test_id(re.compile("stTopNav(Dropdown)?Link$")).filter(has_text=name)
    if not link.count():
        navigation.get_by_test_id("stTopNavSection").click()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    settled(page)


def settled(page: Page, quiet: int = QUIET) -> None:
    """Wait until what was asked is answered, the script has run, and the page stays as it is for so many milliseconds."""
    page.evaluate(STILL, [quiet, SETTLED_WITHIN * 1_000, ANSWERED_WITHIN])
