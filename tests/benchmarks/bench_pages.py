"""Server time of a rerun of each page: a state seen for the first time, and one seen before. Run with -s."""

import statistics
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

DASHBOARD = Path(__file__).parents[2] / "dashboard.py"
ROUNDS = 7


def milliseconds(app: AppTest) -> float:
    start = time.perf_counter()
    app.run()
    return 1_000 * (time.perf_counter() - start)


@pytest.mark.parametrize("n", [1_000, 50_000])
@pytest.mark.parametrize("page", ["puzzle", "steps"])
def test_server_time_of_a_rerun(page: str, n: int) -> None:
    app = AppTest.from_file(str(DASHBOARD), default_timeout=60).run()
    if page != "puzzle":
        app.switch_page(page)
    app.number_input(key="n").set_value(n).run()
    first = []
    for seed in range(1, ROUNDS + 1):
        app.number_input(key="seed").set_value(seed)
        first.append(milliseconds(app))
    again = [milliseconds(app) for _ in range(ROUNDS)]
    print(f"\n{page}, n = {n:,}: first visit {statistics.median(first):.0f} ms, again {statistics.median(again):.0f} ms")
