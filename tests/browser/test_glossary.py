"""Words that are explained where they are pointed at, focused or tapped."""

import re

from playwright.sync_api import Page, expect
from waiting import turn_to

from mnistgrad.captions.glossary import GLOSSARY

STOPS = 8  # at most, from the question to the word below it
MARGIN = 8  # px that stay free at the window's edges


def test_meaning_comes_to_a_pointer_and_to_the_keyboard_and_goes_with_them_or_at_escape(standing: Page) -> None:
    page = standing
    turn_to(page, "/steps?n=3")
    word = page.locator(".st-key-player-steps .call a[href='#term-w1.g']")
    meaning = page.get_by_role("tooltip")
    word.hover()
    expect(meaning).to_have_text(GLOSSARY["w1.g"].meaning)
    meaning.hover()
    expect(meaning).to_be_visible()
    page.get_by_role("heading", level=1).hover()
    expect(meaning).to_be_hidden()
    page.keyboard.press("Tab")  # from now on what has the focus shows it
    word.focus()
    expect(meaning).to_have_text(GLOSSARY["w1.g"].meaning)
    expect(word).to_have_attribute("aria-describedby", "meaning")
    address = page.url
    page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    assert page.url == address
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()


def test_meaning_comes_to_a_pointer_or_a_focus_from_within_the_same_player(standing: Page) -> None:
    page = standing
    turn_to(page, "/?n=1")
    word, meaning = page.locator(".st-key-player-moving .say a").first, page.get_by_role("tooltip")
    word.scroll_into_view_if_needed()
    page.locator(".st-key-player-moving .rows .kind").last.hover()
    word.hover()
    expect(meaning).to_have_text(GLOSSARY["outer product"].meaning)
    page.locator(".st-key-player-moving .rows .kind").last.hover()
    expect(meaning).to_be_hidden()
    page.locator(".st-key-player-moving .differ").focus()
    linked = page.locator(".st-key-player-moving a[href='#term-b1.g']").first
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if linked.evaluate("link => link.getRootNode().activeElement === link"):
            break
    expect(meaning).to_have_text(GLOSSARY["b1.g"].meaning)


def test_tap_explains_every_word_within_the_window_of_a_phone(phone: Page) -> None:
    turn_to(phone, "/steps?n=3")
    meaning = phone.get_by_role("tooltip")
    words = phone.locator("a[href^='#term-']:visible")
    assert words.count() > 3
    for word in words.all():
        phone.keyboard.press("Escape")  # the meaning of the one before may lie over this one
        word.tap()
        expect(meaning).to_be_visible()
        box = meaning.bounding_box()
        assert box and box["x"] >= MARGIN and box["x"] + box["width"] <= 390 - MARGIN
        assert box["y"] >= MARGIN and box["y"] + box["height"] <= 844 - MARGIN
    phone.get_by_role("heading", level=1).tap()
    expect(meaning).to_be_hidden()
    assert not re.search("#", phone.url)
