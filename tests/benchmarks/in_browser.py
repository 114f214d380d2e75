"""Two pages in the same browser, ours and a baseline's, and what is measured in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.bare_apps import ONE_BUTTON
from playwright.sync_api import Browser, Locator, Page
from server import CHECKOUT, running_server
from waiting import settled

# Milliseconds from the click to the last change of the document, a shadow root or a long task, once the server has
# answered and 300 are quiet.
WATCH = """() => {
  const app = document.querySelector("[data-testid=stApp]");
  const roots = (root, found = [root]) => {
    for (const each of root.querySelectorAll("*"))
      if (each.shadowRoot) roots(each.shadowRoot, (found.push(each.shadowRoot), found));
    return found;
  };
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  window.drawn = new Promise((resolve) => {
    let begun, last;
    const before = window.told;
    const idle = () => window.told > before && app.dataset.testScriptState === "notRunning";
    const changed = () => { if (begun) last = performance.now(); };
    const changes = new MutationObserver(changed);
    for (const root of roots(document)) changes.observe(root, all);
    const tasks = new PerformanceObserver((list) => list.getEntries().forEach((task) => {
      if (begun) last = Math.max(last, task.startTime + task.duration);
    }));
    tasks.observe({ type: "longtask" });
    addEventListener("click", (event) => { begun = last = event.timeStamp; }, { capture: true, once: true });
    const look = setInterval(() => {
      if (!begun || !idle() || performance.now() - last < 300) return;
      clearInterval(look);
      changes.disconnect();
      tasks.disconnect();
      resolve(last - begun);
    }, 20);
  });
}"""
# What comes over the websocket: messages and bytes.
COUNT = """
window.told = window.received = window.asked = 0;
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      window.told++;
      window.received += data.size ?? data.byteLength ?? data.length;
    });
  }
  send(message) { window.asked++; super.send(message); }
};
"""
# Milliseconds from a press to the next paint, as the browser itself tells (W3C's Event Timing),
# in steps of 8; for what takes less than its least 16 it tells nothing.
PAINTED = """() => {
  window.painted = new Promise((resolve) => {
    const watch = new PerformanceObserver((list) => {
      const clicks = list.getEntries().filter((entry) => entry.name === "click");
      if (clicks.length) resolve(Math.max(...clicks.map((entry) => entry.duration)));
    });
    watch.observe({ type: "event", durationThreshold: 16 });
    addEventListener("click", () => setTimeout(() => resolve(16), 1_000), { capture: true, once: true });
  });
}"""


def drawn(page: Page, press: Locator) -> float:
    page.evaluate(WATCH)
    press.click()
    return float(page.evaluate("window.drawn"))


def painted(page: Page, press: Locator) -> float:
    page.evaluate(PAINTED)
    press.click()
    return float(page.evaluate("window.painted"))


@contextmanager
def both(browser: Browser, folder: Path, other: str = ONE_BUTTON) -> Iterator[tuple[Page, Page]]:
    """A page of the dashboard and one of the other app, each at its own server."""
    (folder / "other.py").write_text(other)
    with (
        running_server(folder / "other.log", (*CHECKOUT[:-1], str(folder / "other.py"))) as plain_server,
        running_server(folder / "log.txt") as server,
    ):
        ours, plain = browser.new_page(base_url=server.url), browser.new_page(base_url=plain_server.url)
        for page in (ours, plain):
            page.add_init_script(COUNT)
        plain.goto("/")
        settled(plain)
        yield ours, plain
        ours.close()
        plain.close()
