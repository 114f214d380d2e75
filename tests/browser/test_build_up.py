"""The gradient built up as a reader sees it: it plays by itself, stops, and follows clicks and links."""

import re

from playwright.sync_api import Locator, Page, expect
from waiting import SETTLED_WITHIN, settled, turn_to

LONGER_THAN_A_STEP = 2_000  # milliseconds without a change, in which play would have gone on

WATCH = """
() => {
  const field = () => document.querySelector(".st-key-added input");
  window.seen = [Number(field().value)];
  new MutationObserver(() => {
    const now = field() && Number(field().value);
    if (now && now !== window.seen.at(-1)) window.seen.push(now);
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}
"""


# In each frame until five were seen, the image that the sentence names and the one that the picture does.
PAIRS = """(limit) => new Promise((resolve) => {
  const root = document.querySelector(".st-key-card-build-up-part [data-testid^=stBidi]").shadowRoot;
  const pairs = [], begun = performance.now();
  const look = () => {
    const says = /Image (\\d+)/.exec(root.querySelector(".says").textContent)?.[1];
    const drawn = /image (\\d+): a/.exec(root.querySelector("svg").textContent)?.[1];
    if (says || drawn) pairs.push([says, drawn]);
    if (new Set(pairs.map(String)).size > 4 || performance.now() - begun > limit) resolve(pairs);
    else requestAnimationFrame(look);
  };
  look();
})"""


def count(page: Page) -> str:
    return page.locator(".st-key-added input").input_value()


def play_button(page: Page) -> Locator:
    return page.locator(".st-key-build-play button")


def stopped(page: Page) -> None:
    expect(play_button(page)).to_contain_text("Play")
    settled(page)


def test_it_plays_to_the_end_one_by_one_and_then_in_larger_steps(standing: Page) -> None:
    page = standing
    turn_to(page, "/gradient?view=One+outer+product&n=20&added=7")
    page.evaluate(WATCH)
    play_button(page).click()
    expect(page).to_have_url(re.compile("added=20"))
    stopped(page)
    assert page.evaluate("window.seen") == [7, 8, 9, 10, 20]
    expect(page.locator(".st-key-card-build-up-matrix")).to_contain_text("All 20 images are in")
    expect(page.locator(".st-key-build-next button")).to_be_disabled()


def test_sentence_of_a_picture_that_plays_is_never_that_of_another(standing: Page) -> None:
    page = standing
    turn_to(page, "/gradient?view=One+outer+product&n=20")
    play_button(page).click()
    pairs = page.evaluate(PAIRS, SETTLED_WITHIN * 1_000)
    stopped(page)
    assert len({tuple(pair) for pair in pairs}) > 3
    assert all(says == drawn for says, drawn in pairs), pairs


def test_pause_holds_and_next_goes_on_by_one(standing: Page) -> None:
    page = standing
    turn_to(page, "/gradient?view=One+outer+product&n=1000")
    play_button(page).click()
    expect(page).to_have_url(re.compile(r"added=([3-9]|\d\d)"))
    play_button(page).click()
    stopped(page)
    held = int(count(page))
    settled(page, quiet=LONGER_THAN_A_STEP)
    assert count(page) == str(held)
    page.locator(".st-key-build-next button").click()
    expect(page).to_have_url(re.compile(f"added={held + 1}"))
    settled(page)
    assert count(page) == str(held + 1)


def test_a_control_elsewhere_does_not_disturb_it(standing: Page) -> None:
    page = standing
    turn_to(page, "/gradient?view=One+outer+product&n=1000&added=7")
    play_button(page).click()
    expect(page).to_have_url(re.compile(r"added=([89]|\d\d)"))
    page.locator(".st-key-pick").get_by_text("10", exact=True).click()
    expect(page).to_have_url(re.compile("n=10.*added=10|added=10.*n=10"))
    stopped(page)
    assert count(page) == "10"
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_images_are_switched_off_by_a_click_and_by_digit_and_a_link_restores_it(standing: Page, reader: Page) -> None:
    page = standing
    turn_to(page, "/gradient?view=One+outer+product&n=10&added=10")
    page.locator(".st-key-image-switches [data-row='3']").click()
    expect(page).to_have_url(re.compile("off=3"))
    settled(page)
    page.locator(".st-key-labels button").nth(5).click()
    settled(page)
    expect(page.get_by_text("2 of 10 images are switched off")).to_be_visible()
    assert count(page) == "8"
    turn_to(reader, page.url)
    assert count(reader) == "8" and reader.locator(".st-key-off input").input_value() == "3"
    page.locator(".st-key-image-switches [data-row='3']").click()
    expect(page.get_by_text("1 of 10 images is switched off")).to_be_visible()
    settled(page)


def test_a_click_on_a_unit_of_the_sum_chooses_it(standing: Page) -> None:
    page = standing
    turn_to(page, "/gradient?view=One+outer+product&n=10&added=4")
    page.locator(".st-key-card-build-up-matrix [data-row='17']").click(
        position={"x": 2, "y": 200}
    )  # its column in the left matrix
    expect(page).to_have_url(re.compile("column=17"))
    settled(page)
    expect(page.locator(".st-key-card-build-up-part")).to_contain_text("Hidden unit 17")


def test_two_readers_do_not_disturb_each_other(standing: Page, reader: Page) -> None:
    page = standing
    turn_to(page, "/gradient?view=One+outer+product&n=20&added=5")
    turn_to(reader, "/gradient?view=One+outer+product&n=20&added=18")
    play_button(reader).click()
    expect(reader).to_have_url(re.compile("added=20"))
    stopped(reader)
    settled(page)
    assert count(page) == "5" and play_button(page).inner_text().endswith("Play")
