"""From a click until all is drawn, beside an app with one button, in the same browser and in turns. Run with -s -n 0."""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.bench_memory import BARE
from playwright.sync_api import Browser, Locator, Page
from server import CHECKOUT, running_server
from waiting import open_page, settled

ROUNDS = 3
ONE_BUTTON = """
import streamlit as st

st.button("Count", on_click=lambda: st.session_state.update(count=st.session_state.get("count", 0) + 1))
st.write("Counted:", st.session_state.get("count", 0))
"""
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
COUNT = """
window.told = 0;
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", () => { window.told++; });
  }
};
"""
PATHS = {
    "story": "/",
    "steps": "/steps",
    "steps, whole pass": "/steps?scope=whole+pass&step=20",
    "what if": "/what-if",
    "column variance": "/gradient",
    "cost": "/cost",
}


def drawn(page: Page, press: Locator) -> float:
    page.evaluate(WATCH)
    press.click()
    return float(page.evaluate("window.drawn"))


def pick(n: str) -> Callable[[Page], Locator]:
    return lambda page: page.locator(".st-key-pick").get_by_text(n, exact=True)


@contextmanager
def both(browser: Browser, folder: Path) -> Iterator[tuple[Page, Page]]:
    """A page of the dashboard and one of the app with one button, each at its own server."""
    (folder / "one.py").write_text(ONE_BUTTON)
    with (
        running_server(folder / "one.log", (*CHECKOUT[:-1], str(folder / "one.py"))) as one,
        running_server(folder / "log.txt") as server,
    ):
        ours, plain = browser.new_page(base_url=server.url), browser.new_page(base_url=one.url)
        for page in (ours, plain):
            page.add_init_script(COUNT)
        plain.goto("/")
        settled(plain)
        yield ours, plain
        ours.close()
        plain.close()


def ratio(name: str, ours: list[float], plain: list[float]) -> str:
    mine, theirs = statistics.median(ours), statistics.median(plain)
    return f"{name}: {mine:.0f} ms beside {theirs:.0f}, {mine / theirs:.1f} times"


def test_click_to_drawn(browser: Browser, tmp_path: Path) -> None:
    with both(browser, tmp_path) as (ours, plain):
        button = plain.get_by_role("button", name="Count")
        print()
        for name, path in PATHS.items():
            times: dict[str, list[float]] = {"n = 10": [], "n = 1,000": [], "n = 10 again": []}
            beside: list[float] = []
            for seed in range(1, ROUNDS + 1):
                open_page(ours, f"{path}{'&' if '?' in path else '?'}n=100&seed={seed}")
                for clicked in times:
                    times[clicked].append(drawn(ours, pick(clicked.split()[2])(ours)))
                    beside.append(drawn(plain, button))
            for clicked, found in times.items():
                print(ratio(f"{name}, {clicked}", found, beside))


def test_first_full_page(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "bare.py").write_text(BARE)
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(3):
        for name, start in (("bare", (*CHECKOUT[:-1], str(tmp_path / "bare.py"))), ("ours", CHECKOUT)):
            with running_server(tmp_path / f"{name}.log", start) as server:
                page = browser.new_page(base_url=server.url)
                before = page.evaluate("performance.timeOrigin + performance.now()")
                page.goto("/")
                last = page.get_by_test_id("stPageLink" if name == "ours" else "stVegaLiteChart").last
                last.wait_for(timeout=60_000)
                times[name].append(page.evaluate("performance.timeOrigin + performance.now()") - before)
                page.close()
    print("\n" + ratio("first full page of a fresh server", times["ours"], times["bare"]))
