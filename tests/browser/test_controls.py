"""The sidebar, the link and the keyboard."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect
from waiting import open_more, open_page, settled, turn_to


def field(page: Page, key: str) -> str:
    return page.locator(f".st-key-{key} input").input_value()


def headline(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_a_quick_pick_sets_the_count_the_link_and_the_headline_and_the_preset_its_normalisation(standing: Page) -> None:
    page = standing
    turn_to(page, "/")
    page.locator(".st-key-pick").get_by_text("1", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]n=1$"))
    settled(page)
    assert field(page, "n") == "1"
    assert "times its pixel" in headline(page)
    page.locator(".st-key-pick").get_by_text("10", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]n=10$"))
    open_more(page)
    page.get_by_text("lesson-2022", exact=True).click()
    expect(page).to_have_url(re.compile("preset=lesson-2022$"))
    settled(page)
    assert not page.locator(".st-key-normalise input").is_checked()
    assert headline(page) == "A weight gradient is not 784 rows of zeros"


def test_any_number_is_read_as_it_is_meant_or_refused_in_a_sentence(standing: Page) -> None:
    page = standing
    turn_to(page, "/line?n=20")
    page.emulate_media(color_scheme="dark")  # what listens begins anew, and is to listen once
    settled(page)
    typed = page.locator(".st-key-n input")

    def type_in(text: str) -> None:
        typed.press("Control+a")
        page.keyboard.type(text)
        page.keyboard.press("Enter")

    for text, number in (("10.000", 10_000), ("5k", 5_000), ("1,200", 1_200), ("1.5e3", 1_500), ("17", 17)):
        type_in(text)
        expect(page).to_have_url(re.compile(f"[?&]n={number}$"))
        expect(typed).to_have_value(str(number))
        settled(page)
    for text in ("2.5", "1,5", "1e"):
        type_in(text)
        notice = f"Sample count, n: {text} was not taken; 1 to 50,000 is possible."
        expect(page.get_by_test_id("stToast").filter(has_text=notice)).to_be_visible()
        expect(typed).to_have_value("17")
    typed.press("ArrowUp")
    expect(page).to_have_url(re.compile("[?&]n=18$"))


def test_a_pasted_link_restores_everything(page: Page) -> None:
    open_page(page, "/steps?n=5&preset=lesson-2022&normalise=true&seed=7&nh=12&step=3")
    assert [field(page, key) for key in ("n", "seed", "nh")] == ["5", "7", "12"]
    assert page.locator(".st-key-normalise input").is_checked()
    open_more(page)
    expect(page.get_by_role("radio", name="lesson-2022")).to_be_checked()
    count, picture = page.locator(".st-key-player-steps .count"), page.locator(".st-key-player-steps .picture svg[role]").first
    expect(count).to_have_text("Step 3 of 4")
    expect(picture).to_have_attribute("aria-label", re.compile(r"\(5, 784, 12\)"))


def test_a_link_out_of_range_is_answered(page: Page) -> None:
    page.goto("/?n=60000")
    notice = "The link asked for n = 60000; 1 to 50,000 is possible."
    answer = page.get_by_test_id("stToast")
    expect(answer).to_contain_text(notice)
    open_more(page)
    page.locator(".st-key-normalise input").press("Space")
    settled(page)
    assert answer.count() <= 1  # not twice; it goes by itself after ten seconds


def test_the_state_goes_along_to_the_next_page_and_back(standing: Page) -> None:
    page = standing
    turn_to(page, "/?n=10&seed=3")
    page.get_by_test_id("stPageLink").filter(has_text="Step by step").click()
    expect(page).to_have_url(re.compile(r"/steps\?"))
    settled(page)
    assert (field(page, "n"), field(page, "seed")) == ("10", "3")
    page.go_back()
    expect(page.locator(".st-key-player-sight")).to_be_visible()
    settled(page)
    assert (field(page, "n"), field(page, "seed")) == ("10", "3")


def test_menu_that_closed_in_a_narrow_window_stands_again_in_a_wide_one(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, "/cost?n=10")
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNav").locator("a[href$='/line']").click()
    expect(page).to_have_url(re.compile("line"))
    expect(page.locator(".st-key-n input")).not_to_be_in_viewport()
    settled(page)
    page.reload()
    settled(page)
    expect(page.locator(".st-key-n input")).not_to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()
    expect(page.locator(".st-key-n input")).to_be_in_viewport()


def test_a_page_chosen_on_a_phone_closes_the_menu_and_has_the_controls_that_act_there_while_the_others_come_along(
    page: Page,
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, "/cost?n=10&preset=lesson-2022&seed=7")  # of these n alone acts there
    acting = {"line": {"n": 1}, "training": {"n": 0, "seed": 1}, "cost": {"n": 1, "seed": 0}, "gradient": {"n": 1}}
    for path, fields in acting.items():
        page.get_by_test_id("stExpandSidebarButton").click()
        link = page.get_by_test_id("stSidebarNav").locator(f"a[href$='/{path}']")
        link.click()
        expect(page).to_have_url(re.compile(path))
        settled(page)
        expect(link).not_to_be_in_viewport()
        for key, count in fields.items():
            expect(page.locator(f".st-key-{key} input")).to_have_count(count)
    assert parse_qs(urlsplit(page.url).query) == {"n": ["10"], "preset": ["lesson-2022"], "seed": ["7"]}
    expect(page.locator(".st-key-seed input")).to_be_hidden()
    expect(page.get_by_test_id("stSidebar")).to_contain_text("lesson-2022, seed 7")
