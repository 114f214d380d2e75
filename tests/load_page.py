"""Opens the page of a running dashboard and fails unless it shows its headline: `python tests/load_page.py URL`."""

import sys

from browser_setup import launch_browser
from playwright.sync_api import expect, sync_playwright
from waiting import STARTED_WITHIN, healthy, settled, until


def main(url: str) -> None:
    until(lambda: healthy(url), STARTED_WITHIN, lambda: f"no answer from {url}")
    with sync_playwright() as playwright, launch_browser(playwright.chromium) as browser:
        page = browser.new_page()
        page.goto(url)
        settled(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        print("The page shows:", page.get_by_role("heading", level=1).inner_text())


if __name__ == "__main__":
    main(sys.argv[1])
