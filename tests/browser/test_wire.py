"""What a page sends to the browser."""

import pytest
from playwright.sync_api import Page, WebSocket
from waiting import open_page

LIMIT = 400_000  # bytes over the websocket
HEAVIEST = (
    "/?n=50000",
    "/gradient?n=50000&nh=100&variance=over+images&seed=3",
    "/samples?nh=100&compare=10",
)


@pytest.mark.parametrize("path", HEAVIEST)
def test_first_visit_stays_within_the_limit(page: Page, path: str) -> None:
    sizes: list[int] = []

    def count(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: sizes.append(len(frame)))

    page.on("websocket", count)
    open_page(page, path)
    assert 10_000 < sum(sizes) <= LIMIT
