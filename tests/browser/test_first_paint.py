"""What stands on a page before its own style has come."""

import re

from playwright.sync_api import Page, expect
from waiting import open_page

SIZES = "[...document.querySelectorAll('[data-testid=stMain] :is(h1, h2)')].map(head => getComputedStyle(head).fontSize)"
STYLE_COMES_WITH = re.compile(r"/static/js/Html\.")
UP = 100  # px that the page may move by when the style comes; a grey bar and what is between two are 72


def test_headings_have_their_size_and_place_before_the_style_comes(page: Page) -> None:
    title = page.get_by_role("heading", level=1)
    page.route(STYLE_COMES_WITH, lambda _: None)
    page.goto("/cost?n=3")
    expect(title).to_be_visible()
    expect(page.get_by_role("heading", level=2).nth(2)).to_be_visible()
    sizes, early = page.evaluate(SIZES), title.bounding_box()
    page.unroute_all()
    open_page(page, "/cost?n=3")
    styled, late = page.evaluate(SIZES), title.bounding_box()
    assert set(sizes) == set(styled) and len(set(sizes)) == 2
    assert early and late and early["y"] - late["y"] < UP
