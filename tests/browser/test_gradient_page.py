"""The page of the gradient matrix in a browser: a click chooses a weight, and the link brings it back."""

import re

from playwright.sync_api import Locator, Page, expect
from waiting import open_page, settled


def card(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-card-{key}")


def chooses(page: Page, **chosen: int) -> None:
    """Wait for the link to say what was chosen, and for the page to follow it."""
    for key, value in chosen.items():
        expect(page).to_have_url(re.compile(rf"[?&]{key}={value}(&|$)"))
    settled(page)


def shows_the_unit(page: Page, unit: int) -> None:
    expect(card(page, "unit").get_by_role("heading")).to_have_text(f"Column {unit}: the gradient of one hidden unit")
    expect(card(page, "build-up-part").get_by_role("heading")).to_contain_text(f"Hidden unit {unit}:")


def entry(page: Page) -> Locator:
    return page.get_by_test_id("stMetricLabel")


def test_a_click_on_a_unit_of_the_chart_chooses_it(page: Page) -> None:
    open_page(page, "/gradient?n=10&order=number&row=300")
    chart = card(page, "column-variance").locator("[data-testid=stVegaLiteChart]")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    chart.click(position={"x": box["width"] / 2, "y": box["height"] / 3})
    expect(page).to_have_url(re.compile(r"column=(2\d)"))
    unit = int(re.findall(r"column=(\d+)", page.url)[0])
    settled(page)
    shows_the_unit(page, unit)
    expect(entry(page)).to_have_text(f"w1.g[300, {unit}]")


def test_a_tile_and_a_pixel_choose_the_weight_and_the_link_restores_it(page: Page) -> None:
    open_page(page, "/gradient?n=10")
    leads_to_its_section(page)
    card(page, "units").locator("[data-row='17']").click()
    chooses(page, column=17)
    shows_the_unit(page, 17)
    card(page, "unit").locator("[data-row='412']").click()
    chooses(page, column=17, row=412)
    expect(entry(page)).to_have_text("w1.g[412, 17]")
    card(page, "distances").locator("[data-row='413']").click()
    chooses(page, column=17, row=413)
    open_page(page, page.url)
    shows_the_unit(page, 17)
    expect(entry(page)).to_have_text("w1.g[413, 17]")


def leads_to_its_section(page: Page) -> None:
    """The link of its name at the top."""
    section = page.get_by_role("heading", name="One number of the matrix, taken apart")
    expect(section).not_to_be_in_viewport()
    page.get_by_role("link", name="One number of the matrix, taken apart").first.click()
    expect(section).to_be_in_viewport()
    expect(page).to_have_url(re.compile("n=10"))


def test_a_unit_of_the_second_layer_is_chosen_and_restored(page: Page) -> None:
    open_page(page, "/gradient?n=10&layer=w2.g")
    card(page, "w2-units").locator("[data-row='23']").click()
    chooses(page, row=23)
    expect(entry(page)).to_have_text("w2.g[23, 0]")
    open_page(page, page.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("The second layer's gradient has one column")
    expect(entry(page)).to_have_text("w2.g[23, 0]")
