"""Server time of a rerun of each page, of a state seen for the first time and of one seen before, beside one button."""

import statistics
from collections.abc import Callable

import pytest
from app.opening import opened
from benchmarks.bare_apps import ONE_BUTTON
from benchmarks.ruler import WARM_UP, Found, milliseconds
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from mnistgrad.app.controls import VIEW

ROUNDS = 7
FIRST_VISIT = {1_000: 100.0, 50_000: 400.0}  # milliseconds
SEEN_BEFORE = 60.0
PAGES = [
    *((page, {}) for page in ("", "steps", "line", "cost", "training")),
    *(("gradient", {VIEW.key: view}) for view in VIEW.in_link),
]


@pytest.fixture
def script_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[AppTest], float]:
    """Milliseconds that an app's script takes; what AppTest reads of the page is left out."""
    times: list[float] = []
    execute = script_runner.exec_func_with_error_handling

    def timed(code: Callable[[], object], context: object) -> object:
        done: list[object] = []
        times.append(milliseconds(lambda: done.append(execute(code, context))))
        return done[0]

    def rerun(app: AppTest) -> float:
        times.clear()
        app.run()
        return sum(times)

    monkeypatch.setattr(script_runner, "exec_func_with_error_handling", timed)
    return rerun


@pytest.mark.parametrize("n", FIRST_VISIT)
@pytest.mark.parametrize(("page", "chosen"), PAGES, ids=str)
def test_rerun(page: str, chosen: dict[str, str], n: int, script_time: Callable, tell: Callable[[Found], None]) -> None:
    app, plain = opened(page, n=n, **chosen), AppTest.from_string(ONE_BUTTON).run()
    rounds = []
    for seed in range(1, WARM_UP + ROUNDS + 1):
        app.number_input(key="seed").set_value(seed)
        first = script_time(app)
        plain.button[0].click()
        rounds.append((first, script_time(app), script_time(plain)))
    first, again, button = map(statistics.median, zip(*rounds[WARM_UP:], strict=True))
    name = " ".join([page or "story", *chosen.values()])
    tell(Found(f"rerun, {name}, n = {n:,}", first, button, "ms", "one button", FIRST_VISIT[n]))
    tell(Found(f"rerun, {name}, n = {n:,}, seen before", again, button, "ms", "one button", SEEN_BEFORE))
