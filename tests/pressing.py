"""Presses whatever a page has that might ask another host, and watches whom its browser asks."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Request, WebSocket, expect
from server import ROOT
from waiting import turn_to

PICTURE = ROOT / "docs/story.png"
SLOW = 120_000  # milliseconds, for a job
VIEWS = ("One+outer+product", "One+weight", "Units+on+the+image", "How+many+images")
SHOWN_OTHERWISE = ("embed=true", "presenter=true", "embed=true&card=variance")


def watched(page: Page) -> list[str]:
    """The addresses that the page, and any that it opens, asks from now on."""
    asked: list[str] = []

    def note(of: Request | WebSocket) -> None:
        asked.append(of.url)

    def watch(opened: Page) -> None:
        opened.on("websocket", note)

    page.context.on("request", note)
    page.context.on("page", watch)
    watch(page)
    return asked


def press_all(page: Page) -> None:
    """From the page that stands, which was on every page before."""
    turn_to(page, "/?n=10")
    for press in (code, meaning, whole_screen, files, everything, own_images):
        press(page)
    for view in VIEWS:
        turn_to(page, f"/gradient?n=10&view={view}")
    turn_to(page, "/steps?n=10")
    recomputed(page)
    for path, button, stop in (
        ("/cost?n=10", "Measure on this machine", "Stop"),
        ("/cost?n=20000", "Run it on this machine's cores", "Stop"),
        ("/training?n=10&steps=1000&trained=2000&seeds=1", "Run", "Cancel"),
    ):
        turn_to(page, path)
        begun_and_stopped(page, button, stop)
    page.emulate_media(color_scheme="dark")
    for way in SHOWN_OTHERWISE:
        turn_to(page, f"/?n=10&{way}")


def code(page: Page) -> None:
    page.get_by_role("button", name="QR code").click()
    expect(page.get_by_role("img", name="QR code").locator("svg")).to_be_visible()
    page.keyboard.press("Escape")


def meaning(page: Page) -> None:
    page.locator("a[href^='#term-']:visible").first.hover()
    expect(page.get_by_role("tooltip")).to_be_visible()
    page.mouse.move(0, 0)


def whole_screen(page: Page) -> None:
    page.locator(".st-key-full-variance a").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-card-variance")).to_have_attribute("data-full", "")
    page.keyboard.press("Escape")
    expect(page.locator("[data-full]")).to_have_count(0)


def files(page: Page) -> None:
    """A chart in every format, and the one that is a page is opened."""
    page.locator(".st-key-card-variance").get_by_role("button", name="Export", exact=True).click()
    menu = page.get_by_test_id("stPopoverBody")
    expect(menu.get_by_role("button", name="CSV", exact=True)).to_be_visible()
    for name in menu.get_by_test_id("stDownloadButton").all_inner_texts():
        made = saved(page, menu.get_by_role("button", name=name, exact=True).click)
        if name == "HTML":
            opened(page, made)
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)


def opened(page: Page, html: bytes) -> None:
    other = page.context.new_page()
    other.set_content(html.decode())
    expect(other.locator("svg, canvas").first).to_be_visible()
    other.close()


def everything(page: Page) -> None:
    """The zip of the page."""
    page.get_by_role("button", name="Everything").click()
    page.locator(".st-key-bundle-1 button").click()
    save = page.locator(".st-key-bundle-save button")
    expect(save).to_be_visible(timeout=SLOW)
    saved(page, save.click)


def recomputed(page: Page) -> None:
    for button in page.locator(".st-key-recompute button").all():
        saved(page, button.click)


def own_images(page: Page) -> None:
    page.get_by_text("More", exact=True).first.click()
    page.get_by_role("button", name="Your own images").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(PICTURE)
    expect(page.get_by_text("What is on 1 picture is not known")).to_be_visible()
    page.keyboard.press("Escape")


def begun_and_stopped(page: Page, button: str, stop: str) -> None:
    """A job that has come to its first news."""
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(re.compile(r"^(Step [1-9]|[1-9]\d* of )"))).to_be_visible(timeout=SLOW)
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name=stop, exact=True).click()
    expect(page.get_by_test_id("stProgress")).to_have_count(0)


def saved(page: Page, press: Callable[[], None]) -> bytes:
    with page.expect_download(timeout=SLOW) as download:
        press()
    return download.value.path().read_bytes()
