"""The server ends when it is told to, whatever runs: at once, quietly, and with all that it began."""

import os
import signal
from pathlib import Path

import psutil
from patience import SOON
from playwright.sync_api import Browser, expect
from server import Server, running_server
from waiting import STARTED_WITHIN, go_to, until

WITHIN = STARTED_WITHIN * 1_000  # its first page comes with the first imports
ITS_OWN = "Stopping..."  # so Streamlit begins to end, and waits for whatever is under way
FAULTS = (ITS_OWN, "Traceback", "terminate called", "Aborted", "Fatal Python error", "Exception ignored")


def ends_well(server: Server, by: signal.Signals) -> None:
    begun = psutil.Process(server.process).children(recursive=True)
    os.kill(server.process, by)
    assert server.wait(SOON) in (0, -by)
    said = server.log.read_text()
    assert not [fault for fault in FAULTS if fault in said], said
    until(lambda: not [process for process in begun if process.is_running()], SOON, lambda: "a process is left")


def test_during_the_first_page(browser: Browser, tmp_path: Path) -> None:
    """Torch is being imported, in a thread of Streamlit's."""
    with running_server(tmp_path / "log.txt") as server:
        page = browser.new_page()
        page.goto(server.url)
        libraries = Path(f"/proc/{server.process}/maps")
        until(lambda: "libtorch" in libraries.read_text(), SOON, lambda: "torch is not imported")
        ends_well(server, signal.SIGTERM)
        page.close()


def test_with_checks_a_training_and_a_measurement_under_way_and_others_waiting(browser: Browser, tmp_path: Path) -> None:
    with running_server(tmp_path / "log.txt") as server:
        context = browser.new_context(base_url=server.url, viewport={"width": 1920, "height": 900})  # all pages fit the bar
        context.set_default_timeout(WITHIN)
        for _ in range(2):
            page = context.new_page()
            page.goto("/training?steps=1000&trained=50000")
            for button in ("Run", "Measure on this machine"):
                page.get_by_role("button", name=button, exact=True).click()
                expect(page.get_by_role("progressbar")).to_be_visible()
                go_to(page, "What it costs")
        for path in ("/?n=50000", "/gradient?view=How+many+images&compare=10"):
            context.new_page().goto(path)
        expect(page.get_by_text("in line")).to_be_visible()
        ends_well(server, signal.SIGINT)
        context.close()
