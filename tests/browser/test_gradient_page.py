"""The page of the gradient matrix in a browser: a click chooses a weight, and the link brings it back."""

import re

from playwright.sync_api import Locator, Page, expect
from waiting import settled, turn_to


def card(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-card-{key}")


def chooses(page: Page, **chosen: int) -> None:
    """Wait for the link to say what was chosen, and for the page to follow it."""
    for key, value in chosen.items():
        expect(page).to_have_url(re.compile(rf"[?&]{key}={value}(&|$)"))
    settled(page)


def shows_the_unit(page: Page, unit: int) -> None:
    expect(card(page, "unit").get_by_role("heading")).to_have_text(f"Column {unit}: the gradient of one hidden unit")


def look_at(page: Page, view: str) -> None:
    page.get_by_role("radio", name=view, exact=True).click()
    expect(page).to_have_url(re.compile(rf"view={view.replace(' ', '[+]')}"))
    settled(page)


def entry(page: Page) -> Locator:
    return page.get_by_test_id("stMetricLabel")


def test_a_click_on_a_unit_of_the_chart_chooses_it(standing: Page) -> None:
    page = standing
    turn_to(page, "/gradient?n=10&order=number&row=300")
    chart = card(page, "column-variance").locator("[data-testid=stVegaLiteChart]")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    chart.click(position={"x": box["width"] / 2, "y": box["height"] / 3})
    expect(page).to_have_url(re.compile(r"column=(2\d)"))
    unit = int(re.findall(r"column=(\d+)", page.url)[0])
    settled(page)
    look_at(page, "One weight")
    expect(entry(page)).to_have_text(f"w1.g[300, {unit}]")
    look_at(page, "One outer product")
    expect(card(page, "build-up-part").get_by_role("heading")).to_contain_text(f"Hidden unit {unit}:")


def test_a_tile_and_a_pixel_choose_the_weight_and_the_link_restores_it(standing: Page, reader: Page) -> None:
    page = standing
    turn_to(page, "/gradient?n=10&view=Units+on+the+image")
    card(page, "units").locator("[data-row='17']").click()
    chooses(page, column=17)
    shows_the_unit(page, 17)
    card(page, "unit").locator("[data-row='412']").click()
    chooses(page, column=17, row=412)
    turn_to(reader, page.url)
    shows_the_unit(reader, 17)
    look_at(reader, "One weight")
    chooses(reader, column=17, row=412)
    expect(entry(reader)).to_have_text("w1.g[412, 17]")


def test_a_unit_of_the_second_layer_is_chosen_and_restored(standing: Page, reader: Page) -> None:
    page = standing
    turn_to(page, "/gradient?n=10&layer=w2.g&view=Units+on+the+image")
    card(page, "w2-units").locator("[data-row='23']").click()
    chooses(page, row=23)
    turn_to(reader, page.url)
    expect(reader.get_by_role("heading", level=1)).to_have_text("The second layer's gradient has one column")
    look_at(reader, "One weight")
    expect(entry(reader)).to_have_text("w2.g[23, 0]")
