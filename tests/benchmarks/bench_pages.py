"""Server time of a rerun of each page: a state seen for the first time, and one seen before. Run with -s."""

import statistics
import time

import pytest
from app.opening import opened
from streamlit.testing.v1 import AppTest

from mnistgrad.app.controls import VIEW
from mnistgrad.app.jobs.readers import Reader
from mnistgrad.app.parts import page as every_page

ROUNDS = 9


class Stopwatch:
    """Times the script alone, from its first call to its last; AppTest's own reading of the page is left out."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.milliseconds = self._start = 0.0
        style, settle = every_page.style, Reader.settle
        monkeypatch.setattr(every_page, "style", lambda: (self.begin(), style()))
        monkeypatch.setattr(Reader, "settle", lambda reader: (settle(reader), self.end()))

    def begin(self) -> None:
        self._start = time.perf_counter()

    def end(self) -> None:
        self.milliseconds = 1_000 * (time.perf_counter() - self._start)

    def time(self, app: AppTest) -> float:
        app.run()
        return self.milliseconds


@pytest.mark.parametrize("n", [1_000, 50_000])
@pytest.mark.parametrize(
    ("page", "chosen"),
    [
        *((page, {}) for page in ("", "steps", "line", "training")),
        *(("gradient", {VIEW.key: view}) for view in VIEW.in_link),
    ],
    ids=str,
)
def test_server_time_of_a_rerun(page: str, chosen: dict[str, str], n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(page, n=n, **chosen)
    watch = Stopwatch(monkeypatch)
    first = []
    for seed in range(1, ROUNDS + 1):
        app.number_input(key="seed").set_value(seed)
        first.append(watch.time(app))
    again = [watch.time(app) for _ in range(ROUNDS)]
    name = " ".join([page or "story", *chosen.values()])
    print(f"\n{name}, n = {n:,}: first visit {statistics.median(first):.0f} ms, again {statistics.median(again):.0f} ms")


@pytest.mark.parametrize("n", [1_000, 50_000])
def test_server_time_of_a_step_of_the_debugger(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("steps", n=n, scope="whole pass")
    watch = Stopwatch(monkeypatch)
    walks = []
    for _ in range(2):  # each step for the first time, then again
        times = []
        for step in range(2, 33):
            app.number_input(key="step").set_value(step)
            times.append(watch.time(app))
        walks.append(times)
        app.number_input(key="step").set_value(1)
        watch.time(app)
    for name, times in zip(("first", "again"), walks, strict=True):
        print(f"\na step, n = {n:,}, {name}: median {statistics.median(times):.0f} ms, longest {max(times):.0f} ms")
