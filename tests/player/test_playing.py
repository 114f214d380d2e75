"""The moving picture as a reader plays it; time is the test's own."""

import pytest
from player.sent import mount, sent_movie
from playwright.sync_api import Page, expect
from states import ALL_OFF, LATER, State

from mnistgrad.common import numbers

STATE = State(n=150)
LAST = 101  # 100 images one by one, then all


def movie(page: Page, state: State = STATE, motion: str = "no-preference") -> None:
    page.emulate_media(reduced_motion=motion)
    page.clock.install(time=0)
    page.clock.pause_at(1_000)  # from here on it goes as `run_for` says
    mount(page, "moving_picture", sent_movie(state))
    expect(page.locator(".count")).not_to_be_empty()


def count(page: Page) -> str:
    return page.locator(".count").inner_text()


def value(page: Page, row: int) -> str:
    return page.locator(f"[data-value='{row}']").inner_text()


def test_it_plays_to_the_true_gradient_of_all_images_and_then_tells_the_answer(page: Page) -> None:
    movie(page)
    assert count(page) == "1 of 150 images" and page.locator(".told").inner_text() == ""
    page.get_by_role("button", name="They differ").click()
    page.clock.run_for(3_000)
    assert count(page) == "2 of 150 images" and page.get_by_role("button", name="Play or pause").inner_text() == "Pause ❚❚"
    page.clock.run_for(60_000)
    found = STATE.weight_gradient("w1")
    assert count(page) == "150 of 150 images"
    assert page.locator(".told").inner_text() == f"Right. All three differ; all of w1.g: {found.distinct} different rows."
    column = found.liveliest_column
    for place, row in enumerate((0, 1, 783, 208, 406, 600)):
        assert value(page, place) == numbers.significant(found.g[row, column].item(), sign=True)


def test_keys_buttons_and_the_slider_lead_to_the_same_places(page: Page) -> None:
    movie(page)
    page.locator(".moving").focus()
    for key, shown in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("Home", 1), ("ArrowLeft", 1), ("End", 150)):
        page.keyboard.press(key)
        assert count(page) == f"{shown} of 150 images"
    expect(page.locator(".forth")).to_be_disabled()
    assert page.get_by_role("button", name="50 images back").inner_text() == "−50"
    page.get_by_role("button", name="50 images back").click()
    assert count(page) == "100 of 150 images"
    page.get_by_role("slider", name="Images added").fill("12")
    assert count(page) == "12 of 150 images"
    g = STATE.weight_gradient("w1")
    total = (STATE.batch.inp[:12].double().t() @ g.out_g[:12].double())[406, g.liveliest_column].item()
    assert value(page, 4) == numbers.significant(total, sign=True)
    page.locator(".moving").focus()
    page.keyboard.press(" ")
    page.clock.run_for(1_000)
    page.keyboard.press(" ")
    stopped = count(page)
    page.clock.run_for(5_000)
    assert count(page) == stopped not in ("12 of 150 images", "150 of 150 images")


def test_parts_fly_while_it_plays_slowly_and_never_where_motion_is_reduced(page: Page) -> None:
    for motion, flies in (("no-preference", True), ("reduce", False)):
        movie(page, motion=motion)
        page.get_by_role("button", name="Play or pause").click()
        seen = set()
        for _ in range(40):
            page.clock.run_for(100)
            seen.add(page.locator(".flying").evaluate("canvas => canvas.style.visibility"))
        assert ("visible" in seen) is flies and count(page) != "1 of 150 images"


def test_words_that_are_explained_are_links_to_their_meaning(page: Page) -> None:
    movie(page, State(n=1))
    links = page.locator(".say a, .kind a")
    assert [link.get_attribute("href") for link in links.all()] == ["#term-b1.g", "#term-outer-product", "#term-rank"]


def test_click_on_a_pixel_watches_its_row_and_on_a_strip_chooses_the_unit(page: Page) -> None:
    movie(page)
    box = page.locator(".part canvas").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 13.5 / 28, box["y"] + box["height"] * 10.5 / 28)
    names = page.locator(".rows .name").all_inner_texts()
    assert [name.split(" pixel")[0] for name in names] == ["row 0", "row 1", "row 783", "row 293", "row 406", "row 600"]
    assert "rows 293, 406 and 600 equal each other, with all 150 images added?" in page.locator(".ask b").inner_text()
    strip = page.locator("[data-strip='3'] canvas:not(.signs)").bounding_box()
    assert strip
    page.mouse.click(strip["x"] + strip["width"] * 7.5 / 50, strip["y"] + 5)
    assert page.locator(".number figcaption").inner_text().split() == ["out.g[0,", "7]", "of", "unit", "7"]
    part = STATE.batch.inp[0, 293] * STATE.weight_gradient("w1").out_g[0, 7]
    assert value(page, 3) == numbers.significant(part.item(), sign=True)


def test_an_image_that_adds_nothing_is_not_called_an_outer_product(page: Page) -> None:
    state = State(n=5, nh=2, seed=7)
    assert not state.weight_gradient("w1").out_g[0].any() and state.weight_gradient("w1").g.any()
    movie(page, state)
    assert page.locator(".say").inner_text() == "No unit is on for this image, so its part is 0."
    assert page.locator(".sum figcaption").inner_text().endswith("all of w1.g: the same row 784 times")


@pytest.mark.parametrize("state", [State(n=1), State(n=2), LATER, State(n=3, normalise=False), ALL_OFF], ids=str)
def test_words_are_true_in_every_state(page: Page, state: State) -> None:
    movie(page, state)
    page.locator(".moving").focus()
    page.keyboard.press("End")
    kinds, says = page.locator(".rows .kind").all_inner_texts(), page.locator(".say").inner_text()
    off = not state.weight_gradient("w1").g.any()
    normalised = state.weight_gradient("w1").background != 0
    assert kinds[2] == ("= −0.4245 × b1.g so far, all three" if normalised else "0: black is 0, all three")
    if off:
        assert says.startswith("No unit is on")
    elif state.n == 1:
        assert "rank 1" in says and kinds[3] == "the same vector, times its pixel"
    else:
        images = "both" if state.n == 2 else f"all {numbers.count(state.n)}"
        assert says.startswith(f"A pixel black in {images} images gets {'−0.4245' if normalised else '0'} × the sum of out.g")
        shown = [value(page, place) for place in (3, 4, 5)]
        for place, number in enumerate(shown, 3):
            assert kinds[place] == ("its own mixture" if shown.count(number) == 1 else "its own, not in this unit")
    if state.n == 1:
        page.get_by_role("button", name="All equal").click()
        rows = state.weight_gradient("w1").g[[208, 406, 600]]
        says = {1: "Right. They are equal;", 2: "Look again. Two of the three are equal, one", 3: "Look again. All three differ"}
        assert page.locator(".told").inner_text().startswith(says[len(rows.unique(dim=0))])
        assert page.get_by_role("button", name="Play or pause").is_disabled()


def test_numbers_beside_the_strips_are_those_of_a_sum_while_a_part_is_on_its_way(page: Page) -> None:
    movie(page)
    page.get_by_role("button", name="Play or pause").click()
    g, seen = STATE.weight_gradient("w1"), set()
    for _ in range(30):
        page.clock.run_for(100)
        added = int(count(page).split()[0])
        total = (STATE.batch.inp[:added].double().t() @ g.out_g[:added].double())[406, g.liveliest_column].item()
        assert value(page, 4) == numbers.significant(total, sign=True)
        seen.add(added)
    assert len(seen) > 1


def test_the_answer_tells_of_rows_that_differ_but_not_in_the_unit_that_is_shown(page: Page) -> None:
    movie(page, State(n=2))
    page.get_by_role("button", name="They differ").click()
    page.locator(".moving").focus()
    page.keyboard.press("End")
    told = page.locator(".told")
    rows = State(n=2).weight_gradient("w1").g[[208, 406, 600]]
    assert len(rows.unique(dim=0)) == 3 and told.inner_text().startswith("Right. All three differ")
    alike = [len({numbers.significant(float(number)) for number in column}) < 3 for column in rows.t()]
    assert True in alike and False in alike
    for unit in (alike.index(True), alike.index(False)):
        strip = page.locator("[data-strip='3'] canvas:not(.signs)").bounding_box()
        assert strip
        page.mouse.click(strip["x"] + strip["width"] * (unit + 0.5) / len(alike), strip["y"] + 5)
        assert (f"though not in unit {unit};" in told.inner_text()) is alike[unit]
