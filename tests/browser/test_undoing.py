"""One press of Back undoes a whole play; and layers that are looked at in turn keep what was chosen of each."""

import re

from browser.test_history import ENTRIES, clicked, typed
from playwright.sync_api import Page, expect
from waiting import open_page, settled, turn_to

PLAYS = [  # a page, what plays there, and its end
    ("/gradient?view=One+outer+product&n=12&added=8", ".st-key-build-play button", "added=12"),
    ("/?n=10&added=6", ".moving .play", "added=10"),
    ("/steps?n=10&step=2", ".st-key-player-steps .play", "step=4"),
]


def test_one_press_of_back_undoes_a_play(page: Page) -> None:  # a new one, since a browser keeps 50 entries
    open_page(page, "/line")
    for path, button, far in PLAYS:
        turn_to(page, path)
        address, begun = page.url, page.evaluate(ENTRIES)[0]
        page.locator(button).click()
        expect(page).to_have_url(re.compile(far))
        settled(page)
        assert page.evaluate(ENTRIES) == [begun + 1, begun + 2], path
        page.go_back()
        expect(page).to_have_url(address)
        settled(page)
        assert page.url == address, path


def test_from_w1_to_w2_and_back_keeps_unit_and_pixel(standing: Page) -> None:
    page = standing

    def layer(name: str) -> None:
        clicked(".st-key-layer", name)(page)
        settled(page)

    def shows(**values: str) -> None:
        settled(page)
        for key, value in values.items():
            expect(page.locator(f".st-key-{key} input")).to_have_value(value)
            assert f"{key}={value}" in page.url

    turn_to(page, "/gradient?view=One+weight&n=10")
    typed("column", "7")(page)
    settled(page)
    typed("row", "407")(page)
    shows(column="7", row="407")
    layer("w2.g")
    before = page.locator(".st-key-row input").input_value()  # what another test chose there, or nothing
    typed("row", "3")(page)
    shows(row="3")
    layer("w1.g")
    shows(column="7", row="407")
    layer("w2.g")
    shows(row="3")
    for _ in range(3):
        page.go_back()
        settled(page)
    expect(page.locator(".st-key-row input")).to_have_value(before)
    page.go_back()
    shows(column="7", row="407")
