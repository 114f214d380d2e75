"""Controls that are pressed more quickly than the server answers: no press is lost, and the page stays alive."""

import re

from playwright.sync_api import Locator, Page, expect
from waiting import SENT, go_to, settled, turn_to

COUNT = ".st-key-player-steps .count"
KEY_DOWN = 60  # milliseconds that a finger rests on a key
LISTENS = "name => document.querySelector(`.st-key-browser-watch-${name} [data-testid^=stBidiComponent]`)?.shadowRoot?.listening"

CLICK = """([picture, row]) => document.querySelector(`.st-key-${picture} [data-testid^=stBidiComponent]`).shadowRoot
    .querySelector(`[data-row='${row}']`).dispatchEvent(new MouseEvent("click", { bubbles: true }))"""


def open_stepper(page: Page, path: str, key: str) -> None:
    """Until it listens Streamlit steps by itself, which a busy machine can make long after all is drawn."""
    turn_to(page, path)
    page.wait_for_function(LISTENS, arg=key)


def ends_at(page: Page, key: str, number: int) -> None:
    field = page.locator(f".st-key-{key} input")
    expect(field).to_have_value(str(number))
    settled(page)
    expect(field).to_have_value(str(number))


def click(buttons: list[Locator]) -> None:
    """At once, which no mouse can; one that is disabled does nothing."""
    for button in buttons:
        button.evaluate("button => button.click()")


def click_on(page: Page, picture: str, *rows: int) -> None:
    expect(page.locator(f".st-key-{picture} [data-row]").first).to_be_visible()
    for row in rows:
        page.evaluate(CLICK, [picture, row])


def opened_lesson(page: Page, path: str) -> None:
    turn_to(page, path)
    expect(page.locator(COUNT)).to_contain_text("Step")
    page.evaluate("document.activeElement.blur()")


def at_step(page: Page, number: int, count: int) -> None:
    expect(page.locator(COUNT)).to_have_text(f"Step {number} of {count}")


def test_every_press_of_a_key_is_a_step(standing: Page) -> None:
    page = standing
    opened_lesson(page, "/steps?n=3&scope=whole+pass")
    for _ in range(25):
        page.keyboard.press("ArrowRight")
    at_step(page, 26, 32)
    for _ in range(25):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
    at_step(page, 26, 32)
    for key in ("ArrowRight", "End", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    at_step(page, 31, 32)
    page.keyboard.press("Home")
    at_step(page, 1, 32)
    expect(page).to_have_url(re.compile(r"scope=whole\+pass$"))


def test_back_and_forth_leaves_the_page_alive_and_asks_no_server(standing: Page) -> None:
    page = standing
    opened_lesson(page, "/steps?n=3")
    before = page.evaluate(SENT)
    for _ in range(25):
        page.keyboard.press("ArrowRight", delay=KEY_DOWN)
        page.keyboard.press("ArrowLeft", delay=KEY_DOWN)
    at_step(page, 1, 4)
    page.keyboard.press("End")
    at_step(page, 4, 4)
    assert page.evaluate(SENT) == before and page.url.endswith("step=4")


def test_keys_step_within_what_is_stepped_through_now_and_only_there(standing: Page) -> None:
    page = standing
    opened_lesson(page, "/steps?n=3&step=2")
    page.keyboard.press("ArrowRight")
    at_step(page, 3, 4)
    page.get_by_role("combobox", name=re.compile("Step through")).focus()
    page.keyboard.type("whole")
    page.keyboard.press("Enter")
    at_step(page, 1, 32)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("End")
    at_step(page, 32, 32)
    go_to(page, "Your own line")
    expect(page.get_by_test_id("stPageLink").last).to_contain_text("gradient matrix")
    with page.expect_event("console") as pressed:
        page.evaluate("addEventListener('keydown', event => console.info(event.defaultPrevented))")
        page.keyboard.press("ArrowLeft")
    assert pressed.value.text == "false"
    go_to(page, "Step by step")
    at_step(page, 32, 32)


def test_every_click_on_a_button_is_a_step(standing: Page) -> None:
    page = standing
    open_stepper(page, "/gradient?view=One+outer+product&n=50&nh=8", "added")
    first, forth, last = (page.locator(f".st-key-build-{move} button") for move in ("first", "next", "last"))
    click([forth] * 15)
    ends_at(page, "added", 16)
    click([first, *[forth] * 7, last, first, forth, forth])
    ends_at(page, "added", 3)
    expect(page.locator(".st-key-card-build-up-matrix")).to_contain_text("sum of 3 images")


def test_picture_that_changes_between_press_and_release_keeps_the_click(standing: Page) -> None:
    page = standing
    turn_to(page, "/gradient?view=One+outer+product&n=50&nh=8")
    image = page.locator(".st-key-image-switches [data-row='20']").first
    image.hover()
    page.mouse.down()
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".st-key-image-switches svg > rect").first).to_have_attribute("fill", "#12151b")
    page.mouse.up()
    off = page.locator(".st-key-off input")
    expect(off).to_have_value("20")
    page.get_by_role("heading", level=1).hover()
    page.mouse.down()
    page.locator(".st-key-image-switches [data-row='9']").first.hover()
    page.mouse.up()
    settled(page)
    expect(off).to_have_value("20")  # a press elsewhere is none of the picture's


def test_every_click_on_an_image_counts(standing: Page) -> None:
    page = standing
    turn_to(page, "/gradient?view=One+outer+product&n=50&nh=8")
    click_on(page, "image-switches", 3, 7, 11, 7, 4, 20)
    expect(page.locator(".st-key-off input")).to_have_value("3, 4, 11, 20")
    click_on(page, "image-switches", 4, 19)
    expect(page.locator(".st-key-off input")).to_have_value("3, 11, 19, 20")
    turn_to(page, "/steps?n=50&step=3")
    page.get_by_text("Choose the images, pixels and units").click()
    click_on(page, "image-choice", 5, 9, 12, 6)
    for key, image in (("image1", 9), ("image2", 12), ("image3", 6)):
        ends_at(page, key, image)
