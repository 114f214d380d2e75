"""Opens a page of a running dashboard, fails unless it shows its headline without an error, and takes its picture.

python tests/look.py http://localhost:8501/steps?n=10 steps.png --width 390 --theme dark
"""

import argparse

from browser_setup import launch_browser
from playwright.sync_api import Page, expect, sync_playwright
from waiting import STARTED_WITHIN, healthy, settled, until

CONTENT = "document.querySelector('[data-testid=stMain]').scrollHeight"  # the page scrolls inside of this, not as a whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="of the page, with the state after its ?")
    parser.add_argument("picture", nargs="?", help="a PNG file to write")
    parser.add_argument("--width", type=int, default=1440, help="of the window, in pixels")
    parser.add_argument("--height", type=int, help="of the window; as high as the page where it is not given")
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    parser.add_argument("--scale", type=float, default=1, help="pixels of the picture for each of the page")
    given = parser.parse_args()
    until(lambda: healthy(given.url), STARTED_WITHIN, lambda: f"no answer from {given.url}")
    with sync_playwright() as playwright, launch_browser(playwright.chromium) as browser:
        size = {"width": given.width, "height": given.height or 900}
        page = browser.new_page(viewport=size, color_scheme=given.theme, device_scale_factor=given.scale)
        page.goto(given.url)
        settled(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        print("The page shows:", page.get_by_role("heading", level=1).inner_text())
        if given.picture:
            take(page, given.picture, given.width, given.height)


def take(page: Page, picture: str, width: int, height: int | None) -> None:
    page.set_viewport_size({"width": width, "height": height or page.evaluate(CONTENT)})
    settled(page)
    page.screenshot(path=picture)


if __name__ == "__main__":
    main()
