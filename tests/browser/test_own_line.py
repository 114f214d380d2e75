"""A line of one's own in a real browser: typed, sent as a link, played by the keyboard alone, on a phone."""

import re
from urllib.parse import urlencode

from playwright.sync_api import Page, expect
from waiting import open_page, settled, turn_to

PLAYER = "[class*=st-key-player-lesson]"
HOSTILE = '<img src=x onerror="document.title=1">'


def claims(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def count(page: Page, text: str) -> None:
    expect(page.locator(f"{PLAYER} .count")).to_have_text(text)


def test_what_is_typed_plays_and_its_link_opens_the_same_for_another_reader(standing: Page, reader: Page) -> None:
    page = standing
    turn_to(page, "/line")
    for field, text in (("Lines", "s = a @ b\nt = s.sum(0)\nu = t + 1"), ("Shapes of what goes in", "a: n=3, i=4\nb: i=4, j=2")):
        page.get_by_role("textbox", name=field).fill(text)
        page.get_by_role("textbox", name=field).press("Control+Enter")
        settled(page)
    claims(page, "u comes out as (2,)")
    page.locator(f"{PLAYER} .forth").click()
    count(page, "Step 2 of 3")
    expect(page).to_have_url(re.compile("step=2"))
    open_page(reader, page.url)
    claims(reader, "u comes out as (2,)")
    count(reader, "Step 2 of 3")
    expect(reader.get_by_label("Shapes of what goes in")).to_have_value("a: n=3, i=4\nb: i=4, j=2")


def test_keyboard_alone_takes_an_example_guesses_and_plays(standing: Page) -> None:
    page = standing
    turn_to(page, "/line?n=20&nh=6")
    page.get_by_role("radio", name="Written wrongly").focus()
    page.keyboard.press("Space")
    settled(page)
    page.get_by_role("radio", name="sum(1) for sum(0)").focus()
    page.keyboard.press("Space")
    claims(page, "Sum(1) for sum(0): what will happen?")
    settled(page)
    page.get_by_role("radio", name="wrong shape").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("Right: wrong shape.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"guess=wrong(\+|%20)shape"))
    settled(page)
    page.locator(f"{PLAYER} .lesson").focus()
    page.keyboard.press("End")
    count(page, "Step 4 of 4")


def test_hostile_text_of_a_link_is_text_on_a_phone_too(standing: Page) -> None:
    page = standing
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    lines = f"y = torch.einsum('{HOSTILE}', a)"
    turn_to(page, "/line?" + urlencode({"lines": lines, "shapes": "a: 3, 4"}))
    expect(page.get_by_role("heading", level=1)).to_contain_text("torch stops at")
    count(page, "Step 1 of 1")
    expect(page.locator(f"{PLAYER} mark")).to_have_text(re.compile("<img src=x"))
    assert page.locator("img[src=x]").count() == 0 and page.title() != "1"
    wide = "() => document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth"
    assert page.evaluate(wide), "the page scrolls sideways"
