"""A page for a player alone: no server, and a clock of its own, which in Playwright is the context's."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """The test fails if the page reported an error."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(f"uncaught: {error.error}"))
    yield context.new_page()
    context.close()
    assert not faults, "\n".join(faults)
