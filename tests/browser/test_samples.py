"""The charts over the number of images in a real browser: they fill as the sweeps are done, and a click chooses a count."""

import re

from playwright.sync_api import Page, expect
from waiting import settled, turn_to


def test_click_on_a_chart_chooses_its_count(standing: Page) -> None:
    page = standing
    turn_to(page, "/gradient?view=How+many+images&n=1000&nh=5&compare=1")
    expect(page.get_by_text("from the direction of the full batch")).to_be_visible()
    settled(page)
    chart = page.locator(".st-key-chart-samples-rank [data-testid=stVegaLiteChart]")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.4 * box["height"])
    page.mouse.click(box["x"] + 0.985 * box["width"], box["y"] + 0.4 * box["height"])
    expect(page).to_have_url(re.compile("n=50000"))
    settled(page)
    expect(page.get_by_role("heading", name=re.compile("different rows, 67 always-black pixels"))).to_be_visible()
    expect(page.get_by_role("heading", name="This is the full batch, so the angle is 0")).to_be_visible()
