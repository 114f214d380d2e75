"""Memory of a server that has shown every page, beside one that imports torch and draws one chart. On Linux."""

import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from benchmarks.bare_apps import ONE_CHART
from benchmarks.ruler import Found
from playwright.sync_api import Browser, expect
from server import CHECKOUT, running_server
from waiting import settled

from mnistgrad.app.controls import VIEW
from mnistgrad.app.memory import SOON

VIEWS = (f"gradient?view={quote_plus(view)}" for view in VIEW.in_link)
PAGES = ("", "steps", "line", "line?line=without+unsqueeze(1)&guess=torch+raises", *VIEWS, "cost", "training")
UNDER_WAY = "Adding up"  # says a page whose sweeps are not done
MORE = 400  # megabytes


def megabytes(process: int) -> float:
    """Of memory that the process holds, its libraries included."""
    (resident,) = (line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]) / 1_000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_memory_after_every_page(browser: Browser, tmp_path: Path, tell: Callable[[Found], None]) -> None:
    (tmp_path / "bare.py").write_text(ONE_CHART)
    page = browser.new_page()
    with running_server(tmp_path / "bare.log", (*CHECKOUT[:-1], str(tmp_path / "bare.py"))) as server:
        page.goto(server.url)
        settled(page)
        bare = megabytes(server.process)

    def held(when: str) -> None:
        tell(Found(f"memory {when}", megabytes(server.process), bare, "MB", "one chart", bare + MORE))

    with running_server(tmp_path / "log.txt") as server:
        for n in (1_000, 50_000):
            for path in PAGES:
                page.goto(f"{server.url}/{path}{'&' if '?' in path else '?'}n={n}")
                settled(page)
                expect(page.get_by_text(UNDER_WAY)).to_have_count(0)
            page.wait_for_timeout(1_000 * (SOON + 1))  # by then what was freed has gone back
            held(f"after every page at n = {n:,}")
    page.close()
