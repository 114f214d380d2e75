"""Measuring in a real browser: progress, a result, stop, and two readers at once. The measuring is real, up to 100 images."""

from playwright.sync_api import Locator, Page, expect
from waiting import go_to, open_page, settled, turn_to

WAITS = "in line"


def measure(page: Page) -> None:
    page.get_by_role("button", name="Measure on this machine").click()


def stop_button(page: Page) -> Locator:
    """The page's own; Streamlit has one in the header while a script runs."""
    return page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop")


def stop(page: Page) -> None:
    stop_button(page).click()
    expect(stop_button(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Measure on this machine")).to_be_enabled()


def test_two_readers_measure_one_after_the_other_while_the_page_stays_in_use(page: Page) -> None:
    open_page(page, "/cost?n=5&largest=100")
    other = page.context.new_page()
    open_page(other, "/cost?n=5&largest=50%2C000")
    measure(other)
    expect(stop_button(other)).to_be_visible()
    measure(page)
    expect(page.get_by_text(WAITS)).to_be_visible()
    other.locator(".st-key-pick").get_by_text("10", exact=True).click()
    expect(other.get_by_text("392,000").first).to_be_visible()
    stop(other)
    expect(other.get_by_text("A stored measurement")).to_be_visible()
    expect(page.get_by_text("Your measurement")).to_be_visible()
    expect(page.get_by_text(WAITS)).to_have_count(0)
    settled(page)
    assert "up to 100 images" in page.get_by_text("Your measurement").inner_text()
    go_to(page, "The story")
    page.go_back()
    expect(page.get_by_text("Your measurement")).to_be_visible()


def test_charts_stand_side_by_side_with_the_names_of_their_lines_and_a_phone_never_scrolls_sideways(standing: Page) -> None:
    page = standing
    page.set_viewport_size({"width": 1440, "height": 900})
    turn_to(page, "/cost")
    charts = page.locator(".st-key-columns-cost-line [data-testid=stVegaLiteChart]")
    left, right = (charts.nth(place).bounding_box() for place in (0, 1))
    assert left and right and left["x"] + left["width"] <= right["x"] and abs(left["y"] - right["y"]) < 30
    for place in (0, 1):
        scrolls = charts.nth(place).evaluate("e => e.parentElement.scrollWidth > e.parentElement.clientWidth + 1")
        assert not scrolls, "the names at the right would be hidden"
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
