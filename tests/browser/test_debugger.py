"""The debugger as a reader uses it: the keyboard, clicks in its pictures, and links to a step."""

import re

from playwright.sync_api import Page, expect
from waiting import go_to, open_page, settled


def at_step(page: Page, number: int, count: int) -> None:
    expect(page.locator(".st-key-card-code")).to_contain_text(f"Step {number} of {count}")
    settled(page)


def test_the_arrow_keys_go_on_after_a_click_on_a_form_and_on_a_cell(page: Page) -> None:
    open_page(page, "/steps?n=3&scope=whole+pass&step=4")
    page.get_by_role("radio", name="matmul").click()
    at_step(page, 1, 28)
    page.keyboard.press("ArrowRight")
    at_step(page, 2, 28)
    page.get_by_text("Choose the images, pixels and units").click()
    page.locator(".st-key-cell_image button").last.click()
    settled(page)
    page.keyboard.press("ArrowRight")
    at_step(page, 3, 28)


def test_a_click_in_the_list_goes_to_that_operation_which_is_kept_and_a_scope_is_chosen_by_keyboard_alone(page: Page) -> None:
    open_page(page, "/steps?n=3&scope=whole+pass")
    page.locator(".st-key-card-operations [data-row='17']").first.click()
    at_step(page, 17, 32)
    expect(page).to_have_url(re.compile("step=17"))
    for name, path in (("Your own line", "/line"), ("Step by step", "/steps")):
        go_to(page, name)
        expect(page).to_have_url(re.compile(path))
    at_step(page, 17, 32)
    expect(page).to_have_url(re.compile(r"scope=whole\+pass&step=17"))
    page.get_by_role("combobox", name=re.compile("Step through")).focus()
    page.keyboard.type("mse_grad")
    page.keyboard.press("Enter")
    at_step(page, 1, 5)
    expect(page.get_by_role("heading", level=1)).to_have_text("mse_grad(out, targ), in 5 operations")


def test_images_pixels_and_cells_are_chosen_by_clicking_them(page: Page) -> None:
    open_page(page, "/steps?n=10&step=3")
    page.get_by_text("Choose the images, pixels and units").click()
    page.locator(".st-key-image-choice [data-row='7']").click()
    expect(page).to_have_url(re.compile("image3=7"))
    settled(page)
    page.locator(".st-key-pixel-choice [data-row='407']").click()
    expect(page).to_have_url(re.compile("pixel=407"))
    settled(page)
    page.locator(".st-key-card-numbers [data-row]").last.click()
    expect(page).to_have_url(re.compile("cell_"))
    settled(page)
    expect(page.locator(".st-key-card-numbers svg")).to_contain_text("image 7")
    link = page.url
    page.goto(link)
    settled(page)
    assert page.url == link
    expect(page.locator(".st-key-card-numbers svg")).to_contain_text("image 7")


def test_the_steps_stop_at_both_ends(page: Page) -> None:
    open_page(page, "/steps?n=3&step=4")
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    expect(page.get_by_role("button", name="Last")).to_be_disabled()
    page.get_by_role("button", name="Previous").click()
    at_step(page, 3, 4)
    page.get_by_role("button", name="First").click()
    at_step(page, 1, 4)
    expect(page.get_by_role("button", name="Previous")).to_be_disabled()


def test_every_kind_of_operation_is_drawn_without_complaint(page: Page) -> None:
    open_page(page, "/steps?n=50&nh=50&scope=whole+pass")
    for place in (1, 2, 3, 10, 16, 23):
        page.locator(".st-key-step input").fill(str(place))
        page.locator(".st-key-step input").press("Enter")
        at_step(page, place, 32)
        for card in ("code", "shapes", "numbers", "operations"):
            expect(page.locator(f".st-key-card-{card} svg[role]")).to_be_visible()


def test_cells_are_reached_and_opened_by_keyboard_which_steps_no_further_meanwhile(page: Page) -> None:
    open_page(page, "/steps?n=10&step=3")
    numbers = page.locator(".st-key-card-numbers")
    stop = numbers.locator("[tabindex='0']")
    expect(stop).to_have_count(1)
    expect(numbers.locator("svg")).to_have_attribute("role", "group")
    said = page.locator(".st-key-framed-cell")
    before = said.inner_text()
    stop.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    tip = numbers.locator("[data-row]:focus").get_attribute("aria-label")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("cell_"))
    settled(page)
    at_step(page, 3, 4)
    assert tip and said.inner_text() != before and tip in said.inner_text()
    expect(numbers.locator("[data-row]:focus")).to_have_attribute("aria-label", tip)


def test_numbers_that_go_into_a_result_open_it_too(page: Page) -> None:
    open_page(page, "/steps?n=10&step=4")
    said = page.locator(".st-key-framed-cell")
    cell = page.locator(".st-key-card-numbers [data-row][data-tip^='inp[1, ']").last
    pixel = re.search(r"inp\[1, (\d+)", cell.get_attribute("data-tip") or "")
    assert pixel and f", {pixel[1]}, " not in said.inner_text()
    cell.click()
    expect(said).to_contain_text(f"product[:, {pixel[1]}, ")


PAST_THE_EDGE = """(texts, { x, width }) =>
  texts.filter((each) => {
    const box = each.getBoundingClientRect();
    return box.left < x - 3 || box.right > x + width + 3;
  }).map((each) => each.textContent)"""


def test_equation_of_pictures_stacks_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, "/steps?n=10&step=4")
    for card, count in (("numbers", 4), ("shapes", 2)):
        stack = page.locator(f".st-key-card-{card} .scroll > svg")
        assert len({part.get_attribute("y") for part in stack.locator("> svg").all()}) >= count
        box = stack.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert stack.locator("text").evaluate_all(PAST_THE_EDGE, box) == []
    page.locator(".st-key-card-numbers [data-row='0']:visible").last.click()
    expect(page).to_have_url(re.compile("cell_"))
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.locator(".st-key-card-numbers .scroll > svg > svg")).to_have_count(0)
