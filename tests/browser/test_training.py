"""Training as a reader sees it: curves that grow, a run that is cancelled, two readers at once."""

import re

from playwright.sync_api import Page, expect
from waiting import go_to, open_page, settled

SMALL = "/training?steps=5&trained=100&nh=5&seeds=1"
LONG = "/training?steps=1000&trained=2000&seeds=1"


def run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def test_a_long_run_grows_while_the_page_is_used_and_is_cancelled(page: Page) -> None:
    open_page(page, LONG)
    run(page)
    expect(page.get_by_text(re.compile("Step [1-9]"))).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Training 5 ways from the same start")
    go_to(page, "The story")
    expect(page.get_by_role("heading", level=1)).to_contain_text("A weight gradient")
    page.get_by_role("link", name="Would it train?").last.click()  # the answer's own link in the story
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("cancelled after")).to_be_visible()


def test_two_readers_run_at_once_and_see_their_own_results(page: Page) -> None:
    other = page.context.new_page()
    for reader, units in ((page, 5), (other, 6)):
        open_page(reader, SMALL.replace("nh=5", f"nh={units}"))
        expect(reader.get_by_text("A stored result")).to_be_visible()
    run(page)
    run(other)
    for reader, units in ((page, 5), (other, 6)):
        expect(reader.get_by_text(re.compile(f"your run, .*{units} hidden units"))).to_be_visible()
        settled(reader)
        for card in ("accuracy", "rates"):
            expect(reader.locator(f".st-key-card-training-{card} [data-testid=stVegaLiteChart]")).to_be_visible()
        expect(reader.locator(".st-key-card-training-tiles svg[role=img]")).to_be_visible()
    page.get_by_test_id("stMainBlockContainer").get_by_text("More", exact=True).click()
    loss = page.locator(".st-key-card-training-loss [data-testid=stVegaLiteChart]")
    expect(loss).to_be_visible()
    box = loss.bounding_box()
    assert box and box["width"] > 400, "drawn while it was shut, and never again"
