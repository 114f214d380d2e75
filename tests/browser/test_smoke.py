"""Each page opens in a browser; the `page` fixture fails a test whose page reports an error."""

import pytest
from playwright.sync_api import expect
from waiting import settled


@pytest.mark.parametrize("path", ["/", "/what-if"])
def test_page_opens(page, path):
    page.goto(path)
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
