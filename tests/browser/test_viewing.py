"""Pages as they are shown otherwise than on a screen of one's own: on paper, in a course's page, before a class, on a phone."""

import io
import re
from urllib.parse import quote_plus

import pytest
from browser.rendered import overlapping, places, sideways, sizes_of_texts, too_small
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from waiting import SETTLED_WITHIN, open_page, settled, turn_to, until

from mnistgrad.app.controls import VIEW

VIEWS = [f"gradient?n=100&view={quote_plus(view)}" for view in VIEW.in_link]
PAGES = ["?n=100", "steps?n=100&step=4", "line?n=100", *VIEWS, "cost?n=100", "training?seed=0"]
TITLES = "[class*=st-key-head-] h2:visible"
FORMATS = [  # taken in turn by the pages: each is printed upright and across, and on either paper
    [("A4", False), ("Letter", True)],
    [("A4", True), ("Letter", False)],
]
SHARE = 0.03  # of the window's height that a class reads from the last row
PROJECTORS = [{"width": 1280, "height": 720}, {"width": 1920, "height": 1080}]
PHONE = {"width": 390, "height": 844}
NARROWEST = 360  # px of a phone
COLOURS = """() => [...document.querySelectorAll("[data-testid=stApp], h1")].map((each) => getComputedStyle(each).color)"""

LATE_CARD = """() => {
  const late = Object.assign(document.createElement("div"), { className: "st-key-card-late", textContent: "late" });
  document.querySelector("[data-testid=stMain] [class*=st-key-card-]").before(late);
}"""


def open_drawn(page: Page, path: str) -> None:
    """With its style and its charts, whose scripts come late."""
    page.goto(path)
    drawn(page)


def turn_to_drawn(page: Page, path: str) -> None:
    turn_to(page, path)
    drawn(page)


def drawn(page: Page) -> None:
    page.wait_for_function("getComputedStyle(document.documentElement).getPropertyValue('--ink')")
    expect(page.locator("[class*=st-key-card-]").first).to_be_visible()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    settled(page)


def text_of(page: Page, paper: str, landscape: bool) -> list[str]:
    """Of each page of paper."""
    printed = page.pdf(format=paper, landscape=landscape, print_background=True)
    return [sheet.extract_text() for sheet in PdfReader(io.BytesIO(printed)).pages]


def plain(text: str) -> str:
    """As words come out of a file whose lines are broken elsewhere."""
    return "".join(text.split())


def printed(page: Page, paper: str, landscape: bool) -> list[str]:
    """The text of each sheet, once every card's title is there: a job may draw the page anew just then."""
    sheets: list[str] = []
    missing: list[str] = []

    def is_whole() -> bool:
        titles = page.locator(TITLES).all_inner_texts()
        sheets[:] = text_of(page, paper, landscape)
        missing[:] = [title for title in titles if plain(title) not in plain("".join(sheets))]
        return all(map(plain, sheets)) and not missing

    until(is_whole, SETTLED_WITHIN, lambda: f"{(paper, landscape)} without {missing}: {sheets}")
    return sheets


@pytest.mark.parametrize("path", PAGES)
def test_on_paper_every_page_is_whole(page: Page, path: str) -> None:
    open_page(page, f"/{path}")
    drawn(page)
    for paper, landscape in FORMATS[PAGES.index(path) % 2]:
        sheets = printed(page, paper, landscape)
        whole = plain("".join(sheets))
        assert plain("seed 0") in whole and plain("http://127.0.0.1") in whole
        assert "Export" not in whole and "Samplecount" not in whole
        assert len(sheets) <= page.locator(TITLES).count() + 3, (paper, landscape, len(sheets))
    page.emulate_media(media="print")
    for width in (718, 1_031):  # of a page of A4 within its margins, upright and across
        page.set_viewport_size({"width": width, "height": 900})
        found, count = places(page), page.locator(TITLES).count()  # by now a job may have added cards
        assert len(found["cards"]) == count and not overlapping(found["cards"])
        assert not [name for name, box in found["pictures"] if box[0] < -1 or box[2] > width + 1], width


def test_what_is_dark_on_the_screen_is_light_on_paper_and_dark_again_afterwards(standing: Page) -> None:
    page = standing
    page.emulate_media(color_scheme="dark")
    turn_to_drawn(page, "/?n=10")
    papers = page.locator(".st-key-card-two-products svg > rect[width='100%']")
    dark = [each.get_attribute("fill") for each in papers.all()]
    page.emulate_media(media="print")
    expect(papers.first).to_have_attribute("fill", "#ffffff")
    assert {*page.evaluate(COLOURS)} == {"rgb(27, 30, 35)"}
    page.emulate_media(media="screen")
    expect(papers.first).to_have_attribute("fill", str(dark[0]))
    assert {*dark} == {"#12151b"}


def test_a_player_prints_the_step_that_it_shows(standing: Page) -> None:
    page = standing
    turn_to_drawn(page, "/steps?n=10&step=3")
    page.keyboard.press("ArrowRight")
    sheets = text_of(page, "A4", landscape=False)
    assert "Step 4 of 4" in "".join(sheets) and "step=4" in plain(sheets[0])


def test_a_course_embeds_every_page_without_what_stands_around_it(page: Page) -> None:
    open_drawn(page, f"/{PAGES[-1]}&embed=true")
    for path in PAGES:
        turn_to_drawn(page, f"/{path}&embed=true")
        for around in ("stSidebar", "stTopNav", "stHeader", "stPageLink"):
            expect(page.get_by_test_id(around).locator("visible=true")).to_have_count(0)
        assert "embed=true" in page.url


def test_one_card_stands_alone_in_the_state_of_its_link(page: Page) -> None:
    page.goto("/?n=010&embed=true&card=variance")  # 010 is put right, and the rest of the link stays
    chart = page.locator(".st-key-card-variance svg.marks")
    expect(chart).to_be_visible()
    settled(page)
    assert [name for name, _ in places(page)["cards"]] == ["variance"]
    expect(page.get_by_role("heading", level=1)).to_be_hidden()
    assert all(part in page.url for part in ("embed=true", "card=variance", "n=10"))


@pytest.mark.parametrize("path", PAGES)
def test_a_class_reads_every_slide_from_the_last_row(standing: Page, path: str) -> None:
    page = standing
    page.set_viewport_size(PROJECTORS[0])
    turn_to_drawn(page, f"/{path}&presenter=true")
    for around in ("stSidebar", "stTopNav", "stPopoverButton"):
        expect(page.get_by_test_id(around).locator("visible=true")).to_have_count(0)
    shown = page.locator("nav.presenter .count")
    number = count = 1
    while number <= count:
        expect(shown).to_have_text(re.compile(f"^{number} / "))
        count = int(shown.inner_text().split("/")[1])  # a job may add cards meanwhile
        assert len(places(page)["cards"]) == 1
        size = PROJECTORS[number % 2]
        page.set_viewport_size(size)
        settled(page)
        sizes = sizes_of_texts(page)
        assert len(sizes) > 5 and not [each for each in sizes if each[0] < SHARE * size["height"]], (number, size)
        if number < count:
            page.keyboard.press("PageDown" if number % 2 else "ArrowRight")
        number += 1
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    expect(page).not_to_have_url(re.compile("presenter"))


def test_slides_begin_with_the_first_card_however_late_it_comes(standing: Page) -> None:
    page, shown = standing, standing.locator("nav.presenter .count")
    turn_to_drawn(page, f"/{VIEWS[1]}&presenter=true")
    expect(shown).to_have_text("1 / 2")
    page.evaluate(LATE_CARD)
    expect(shown).to_have_text("1 / 3")
    page.keyboard.press("PageDown")
    expect(shown).to_have_text("2 / 3")
    page.evaluate("document.querySelector('.st-key-card-late').remove()")
    expect(shown).to_have_text("1 / 2")
    page.keyboard.press("PageDown")
    turn_to_drawn(page, f"/{VIEWS[2]}&presenter=true")
    expect(shown).to_have_text("1 / 2")


@pytest.mark.parametrize("path", PAGES)
def test_a_thumb_needs_no_scrolling_sideways_on_a_phone(standing: Page, path: str) -> None:
    page = standing
    page.set_viewport_size(PHONE | {"width": NARROWEST})
    turn_to_drawn(page, f"/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST
    until(lambda: not sideways(page), SETTLED_WITHIN, lambda: str(sideways(page)))  # a job may draw the page anew
    assert not too_small(page)


def test_what_a_tap_changes_on_a_phone_is_in_sight(phone: Page) -> None:
    turn_to_drawn(phone, f"/{VIEWS[1]}")
    phone.locator(".st-key-card-units [data-row='40']").tap()
    expect(phone.locator(".st-key-card-unit h2")).to_have_text("Column 40: the gradient of one hidden unit")
    expect(phone.locator(".st-key-card-unit h2")).to_be_in_viewport()
    turn_to_drawn(phone, "/?n=10")
    phone.locator(".st-key-player-sight .map").tap()
    expect(phone.locator(".st-key-player-sight pre.moved")).to_be_in_viewport(ratio=0.5)
