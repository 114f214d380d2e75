"""What only a browser shows: drawn charts, tooltips, clicks, downloads, themes and narrow windows."""

import io
import re

from PIL import Image
from playwright.sync_api import Locator, Page, expect
from waiting import open_page, turn_to

SIGNATURES = {"png": b"\x89PNG", "svg": b"<svg", "pdf": b"%PDF", "csv": b"", "json": b"{", "html": b"<!doctype html>"}

SWALLOW = """[...document.querySelectorAll("[data-testid=stMain] *")].filter(inside => {
  const hidden = inside.scrollHeight - inside.clientHeight;
  return hidden > 2 && hidden < 100 && ["auto", "scroll"].includes(getComputedStyle(inside).overflowY);
}).map(inside => inside.className)"""


def tooltip(page: Page, element: Locator) -> str:
    element.scroll_into_view_if_needed()
    element.hover(force=True)
    shown = page.locator(".tip:visible")
    expect(shown).to_have_count(1)
    return shown.inner_text()


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def test_a_cell_says_its_arithmetic_and_a_face_of_a_box_what_it_is_until_the_pointer_leaves(standing: Page) -> None:
    page = standing
    turn_to(page, "/gradient?view=One+outer+product&n=10&nh=8")
    cells = page.locator(".st-key-card-build-up [data-tip], .st-key-card-build-up-matrix [data-tip]")
    assert " = " in tooltip(page, cells.first)
    page.get_by_role("heading", level=1).hover()
    expect(page.locator(".tip:visible")).to_have_count(0)


def assert_drawn(page: Page) -> None:
    chart = page.locator(".st-key-card-variance [data-testid=stVegaLiteChart]")
    chart.scroll_into_view_if_needed()
    image = Image.open(io.BytesIO(chart.screenshot()))
    colours = image.convert("RGB").getcolors(maxcolors=1 << 20)
    assert colours is not None and len(colours) > 20
    paper = max(colours)[0] / (image.width * image.height)
    assert 0.5 < paper < 0.97


def test_a_card_gives_its_files(standing: Page) -> None:
    page = standing
    turn_to(page, "/?n=10&added=3")
    for card in ("moving", "two-products", "variance", "steps"):
        if card == "steps":
            turn_to(page, "/steps?n=10&step=4")
        button = page.locator(f".st-key-card-{card}").get_by_role("button", name="Export", exact=True)
        assert "Export" not in button.inner_text()  # an icon alone
        button.click()
        menu = page.get_by_test_id("stPopoverBody")
        expect(menu.get_by_role("button", name="CSV", exact=True).first).to_be_visible()
        kinds = menu.get_by_test_id("stDownloadButton").all_inner_texts()
        pictures = 4 if card == "steps" else 1
        assert kinds == ["PNG", "SVG", "PDF", "CSV", *(["Vega-Lite"] if card == "variance" else []), "HTML"] * pictures
        for kind in dict.fromkeys(kinds):
            with page.expect_download() as download:
                menu.get_by_role("button", name=kind, exact=True).first.click()
            name = download.value.suggested_filename
            content = download.value.path().read_bytes()
            assert re.fullmatch(r"mnistgrad-[\w-]+-n-10[\w-]*-light-\w{6}\.[a-z]+", name)
            assert content.startswith(SIGNATURES[name.rsplit(".", 1)[1]]) and len(content) > 100, name
        page.keyboard.press("Escape")
        expect(menu).to_have_count(0)


def test_every_picture_fills_the_screen_and_escape_goes_back(page: Page) -> None:  # a new one: only the foremost may
    page.set_viewport_size({"width": 1280, "height": 720})
    open_page(page, "/?n=10")
    assert_drawn(page)
    places = {"variance": "[data-testid=stVegaLiteChart] svg", "two-products": ".scroll > svg", "moving": ".map canvas >> nth=0"}
    for card, place in places.items():
        whole, link = page.locator(f".st-key-card-{card}"), page.locator(f".st-key-full-{card} a")
        picture = whole.locator(place)
        before = picture.bounding_box()
        link.focus()
        page.keyboard.press("Enter")
        expect(whole).to_have_attribute("data-full", "")
        page.wait_for_function("document.fullscreenElement !== null")
        page.wait_for_function(
            "([at, of]) => { const { height } = at.getBoundingClientRect(); return height > of; }",
            arg=[picture.element_handle(), before["height"] * 1.1],
        )
        filled = picture.bounding_box()
        assert filled and filled["x"] >= 0 and filled["x"] + filled["width"] <= 1280 and filled["y"] + filled["height"] <= 720
        if card == "variance":
            whole.locator("[aria-roledescription=circle]").first.hover(force=True)
            expect(page.locator("#vg-tooltip-element")).to_contain_text("hidden unit")
        page.keyboard.press("Escape")
        expect(page.locator("[data-full]")).to_have_count(0)
        expect(link).to_be_focused()


def test_the_pictures_have_words_and_follow_a_change_of_theme(standing: Page) -> None:
    page = standing
    turn_to(page, "/steps?n=10&step=4")
    assert page.evaluate(SWALLOW) == [], "these scroll by a few px, and a turn of the wheel over them goes no further"
    expect(page.get_by_role("img", name=re.compile("Adding the 10 sheets of the product"))).to_have_count(1)
    paper = page.locator(".st-key-player-steps .picture svg > rect").first
    expect(paper).to_have_attribute("fill", "#ffffff")
    page.emulate_media(color_scheme="dark")
    expect(paper).to_have_attribute("fill", "#12151b")


def test_a_phone_scrolls_inside_the_cards_and_never_sideways(standing: Page) -> None:
    page = standing
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/?n=10", "/steps?n=10&step=3"):
        turn_to(page, path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        expect(page.locator(".st-key-n input")).not_to_be_in_viewport()
        for picture in page.locator(".scroll").all():
            box = picture.bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
