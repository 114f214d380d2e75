"""A reader is told when what they asked for does not come soon; the line goes with the answer."""

import os
import signal

from playwright.sync_api import Page, expect
from server import Server
from waiting import turn_to

from mnistgrad.captions.jobs import BUSY

STATE = "state => { document.querySelector('[data-testid=stApp]').dataset.testScriptState = state; }"  # as Streamlit tells it


def test_line_comes_while_a_run_takes_long_and_goes_with_its_end(standing: Page, server: Server) -> None:
    page = standing
    turn_to(page, "/line?n=5")
    line, headline = page.locator("#busy"), page.get_by_role("heading", level=1).inner_text()
    expect(line).to_have_text("")
    os.kill(server.process, signal.SIGSTOP)
    try:
        page.get_by_role("radio", name="Written wrongly").click()
        expect(line).to_have_text(BUSY)
        expect(line).to_have_role("status")
        assert page.get_by_role("heading", level=1).inner_text() == headline
    finally:
        os.kill(server.process, signal.SIGCONT)
    expect(line).to_have_text("")
    expect(page.get_by_role("radio", name="sum(1) for sum(0)")).to_be_visible()
    page.evaluate(STATE, "running")
    page.evaluate(STATE, "notRunning")  # before it was news
    page.wait_for_function("() => new Promise(done => setTimeout(() => done(true), 2000))")
    expect(line).to_have_text("")
