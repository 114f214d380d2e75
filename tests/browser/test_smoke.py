"""The one page that no other browser test opens; the `page` fixture fails a test whose page reports an error."""

from playwright.sync_api import Page, expect
from waiting import open_page


def test_what_if_opens(page: Page) -> None:
    open_page(page, "/what-if")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
