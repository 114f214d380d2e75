"""The debugger as a reader uses it: the keyboard, the list, numbers that are followed back, and links to a step."""

import re

from playwright.sync_api import Locator, Page, expect
from waiting import go_to, settled, turn_to


def player(page: Page) -> Locator:
    return page.locator(".st-key-player-steps")


def at_step(page: Page, number: int, count: int) -> None:
    expect(player(page).locator(".count")).to_have_text(f"Step {number} of {count}")


def test_the_arrow_keys_go_on_after_a_click_on_a_form_and_after_images_are_chosen(standing: Page) -> None:
    page = standing
    turn_to(page, "/steps?n=5&scope=whole+pass&step=4")
    page.get_by_role("radio", name="matmul").click()
    at_step(page, 1, 28)
    page.keyboard.press("ArrowRight")
    at_step(page, 2, 28)
    page.get_by_text("Choose the images, pixels and units").click()
    page.locator(".st-key-image-choice [data-row='4']").click()
    expect(page).to_have_url(re.compile("image3=4"))
    settled(page)
    expect(player(page).locator(".numbers tbody th", has_text="n 4").first).to_be_visible()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("ArrowRight")
    at_step(page, 3, 28)


def test_the_list_goes_to_an_operation_which_is_kept_and_a_scope_is_chosen_by_keyboard_alone(standing: Page) -> None:
    page = standing
    turn_to(page, "/steps?n=3&scope=whole+pass")
    player(page).locator(".all summary").click()
    player(page).locator(".all li button").nth(16).click()
    at_step(page, 17, 32)
    expect(page).to_have_url(re.compile("step=17"))
    for name, path in (("Your own line", "/line"), ("Step by step", "/steps")):
        go_to(page, name)
        expect(page).to_have_url(re.compile(path))
    at_step(page, 17, 32)
    page.get_by_role("combobox", name=re.compile("Step through")).focus()
    page.keyboard.type("mse_grad")
    page.keyboard.press("Enter")
    at_step(page, 1, 5)
    expect(page.get_by_role("heading", level=1)).to_have_text("mse_grad(out, targ), in 5 operations")


def test_a_long_pass_has_all_its_pictures_wherever_it_is_opened(standing: Page) -> None:
    page = standing
    turn_to(page, "/steps?n=50&nh=50&scope=whole+pass&step=30")
    seen = set()
    for number in (30, 1, 16, 32):
        page.evaluate("document.activeElement.blur()")
        player(page).locator(".place").fill(str(number))
        at_step(page, number, 32)
        picture = player(page).locator(".stage .picture svg[role]").first
        expect(picture).to_be_visible()
        seen.add(picture.get_attribute("aria-label"))
    assert len(seen) == 4


def test_a_number_of_the_gradient_is_followed_back_to_pixels_and_weights(standing: Page) -> None:
    page = standing
    turn_to(page, "/steps?n=10&scope=whole+pass&step=31")
    numbers = player(page).locator(".numbers figure")
    numbers.last.locator("[data-cell]").nth(5).click()
    trail = player(page).locator(".trail")
    expect(trail).to_contain_text("10 terms added up; 3 of them:")
    expect(trail.locator(".outside")).to_contain_text("inp")
    trail.locator(".way button").last.click()
    at_step(page, 1, 32)
    assert numbers.last.locator(".lit").count() and numbers.first.locator(".lit").count()
    page.keyboard.press("Escape")
    expect(trail).to_be_hidden()


def test_images_pixels_are_chosen_by_clicking_them_and_a_link_holds_them(standing: Page, reader: Page) -> None:
    page = standing
    turn_to(page, "/steps?n=10&step=3")
    page.get_by_text("Choose the images, pixels and units").click()
    page.locator(".st-key-image-choice [data-row='7']").click()
    expect(page).to_have_url(re.compile("image3=7"))
    settled(page)
    page.locator(".st-key-pixel-choice [data-row='407']").click()
    expect(page).to_have_url(re.compile("pixel=407"))
    settled(page)
    expect(player(page).locator(".numbers")).to_contain_text("i 407")
    turn_to(reader, page.url)
    assert reader.url == page.url and "step=3" in page.url
    expect(player(reader).locator(".extra-picture svg").first).to_contain_text("image 7")


def test_equation_of_pictures_stacks_on_a_phone(standing: Page) -> None:
    page = standing
    page.set_viewport_size({"width": 390, "height": 844})
    turn_to(page, "/steps?n=10&step=4")
    stack = player(page).locator(".stage .picture > svg")
    assert len({part.get_attribute("y") for part in stack.locator("> svg").all()}) >= 2
    box = stack.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    parts = [part.bounding_box() for part in stack.locator("> svg").all()]
    assert all(part and part["x"] + part["width"] <= 392 for part in parts), "a part holds what is seen in another"
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(player(page).locator(".stage .picture > svg > svg")).to_have_count(0)


def test_no_line_of_the_lesson_is_cut_where_its_code_stands_beside_the_picture(standing: Page) -> None:
    turn_to(standing, "/steps?n=10&step=2")
    for width in (1366, 1440):
        standing.set_viewport_size({"width": width, "height": 900})
        settled(standing)
        code, picture = (player(standing).locator(each).bounding_box() for each in (".lines", ".sight"))
        assert code and picture and code["x"] + code["width"] < picture["x"]
        assert player(standing).locator(".lines").evaluate("lines => lines.scrollWidth === lines.clientWidth")
    expect(player(standing).locator(".full")).to_be_hidden()  # the card's button is for all of it
