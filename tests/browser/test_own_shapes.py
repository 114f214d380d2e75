"""Typing shapes in a real browser, by the keyboard alone."""

import re
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Page, expect
from waiting import go_to, open_page, settled


def shows(page: Page, first: str, second: str, result: str) -> None:
    """Waits until the page holds these shapes and claims this of them."""
    for key, shape in (("a", first), ("b", second)):
        expect(page.locator(f".st-key-{key} input")).to_have_value(shape)
    expect(page.get_by_role("heading", level=1)).to_have_text(result)


def test_what_is_typed_is_in_the_link_and_survives_another_page(page: Page) -> None:
    open_page(page, "/line?own=Your+own+shapes&op=%2B")
    for key, shape in (("a", "7, 1"), ("b", "3")):
        page.locator(f".st-key-{key} input").fill(shape)
        page.locator(f".st-key-{key} input").press("Enter")
        settled(page)
    shows(page, "7, 1", "3", "(7, 1) + (3,) gives (7, 3)")
    assert parse_qs(urlparse(page.url).query) == {
        "own": ["Your own shapes"],
        "a": ["7, 1"],
        "op": ["+"],
        "b": ["3"],
    }
    go_to(page, "Step by step")
    expect(page).to_have_url(re.compile("/steps"))
    go_to(page, "Your own line")
    expect(page).to_have_url(re.compile("/line"))
    shows(page, "7, 1", "3", "(7, 1) + (3,) gives (7, 3)")
