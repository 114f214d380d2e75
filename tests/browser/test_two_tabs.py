"""Two tabs of one browser, each in a state of its own: a choice in one changes nothing in the other, and each goes back alone."""

import re

from browser.test_history import clicked
from browser.test_links_of_clicks import SHOWN, shows_the_same
from playwright.sync_api import Page, expect
from waiting import open_page, settled

BEGUN = ("/?n=10&seed=3", "/gradient?n=100&view=Units+on+the+image")
CHOSEN = ("100", "10")  # of the quick picks
ON_PAPER = """() => {  // what the page says of its own state
  dispatchEvent(new Event("beforeprint"));
  dispatchEvent(new Event("afterprint"));
  return document.querySelector(".st-key-on-paper p").textContent;
}"""


def test_each_tab_keeps_its_own_state(page: Page) -> None:
    tabs = page, page.context.new_page()
    for tab, path in zip(tabs, BEGUN, strict=True):
        open_page(tab, path)
    begun = [tab.url for tab in tabs]
    for here, there, count in ((*tabs, CHOSEN[0]), (*tabs[::-1], CHOSEN[1])):
        before, had = (there.url, there.evaluate(SHOWN)), here.url
        clicked(".st-key-pick", count)(here)
        expect(here).to_have_url(re.compile(rf"n={count}\b"))
        for tab in tabs:
            settled(tab)
        assert here.url == re.sub(r"\bn=\d+", f"n={count}", had)
        assert f"n = {count}," in here.evaluate(ON_PAPER)
        assert (there.url, there.evaluate(SHOWN)) == before
    for tab in tabs:
        fresh = page.context.new_page()
        open_page(fresh, tab.url)
        shows_the_same(tab, fresh, tab.url)
    for tab, other, address in zip(tabs, tabs[::-1], begun, strict=True):
        before = other.url
        tab.go_back()
        expect(tab).to_have_url(address)
        settled(tab)
        assert tab.url == address and other.url == before
