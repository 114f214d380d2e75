"""The link in a real browser: nothing chosen is lost where two choices follow at once, and the link is copied and scanned."""

from functools import partial
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect
from waiting import open_page, settled, turn_to

Press = tuple[str, int, dict[str, str]]  # a selector, which of its elements, and what the link says then
TWO_PRESSES = """([[first, one], [second, other], wait]) => new Promise((done) => {
  document.querySelectorAll(first)[one].click();
  setTimeout(() => { document.querySelectorAll(second)[other].click(); done(); }, wait);
})"""
RACES: dict[str, tuple[str, list[tuple[Press, Press]]]] = {  # what the server answers by setting fields, then another choice
    "units": (
        "/gradient?view=Units+on+the+image",
        [
            ((".st-key-pick button", 1, {"n": "10"}), (".st-key-scale [role=radio]", 1, {"scale": "Shared scale"})),
            ((".st-key-pick button", 2, {"n": "100"}), (".st-key-scale [role=radio]", 0, {"scale": ""})),
            ((".st-key-pick button", 1, {"n": "10"}), (".st-key-preset [role=radio]", 1, {"preset": "lesson-2022"})),
            ((".st-key-preset [role=radio]", 0, {"preset": ""}), (".st-key-scale [role=radio]", 1, {"scale": "Shared scale"})),
        ],
    ),
    "steps": (
        "/steps?n=10&image1=3&unit=7",
        [
            (
                (".st-key-choose-for-me button", 0, {"image1": "", "unit": ""}),
                (".st-key-form [role=radio]", 1, {"form": "einsum"}),
            ),
            ((".st-key-pick button", 2, {"n": "100"}), (".st-key-form [role=radio]", 2, {"form": "matmul"})),
        ],
    ),
    "line": (
        "/line?examples=Written+wrongly",
        [
            ((".st-key-example button", 1, {"lines": "*"}), (".st-key-pick button", 1, {"n": "10"})),
            ((".st-key-pick button", 2, {"n": "100"}), (".st-key-guess button", 1, {"guess": "*"})),
        ],
    ),
    "training": (
        "/training",
        [
            ((".st-key-network [role=radio]", 1, {"network": "*"}), (".st-key-methods button", 1, {"methods": "*"})),
            ((".st-key-network [role=radio]", 0, {"network": ""}), (".st-key-methods button", 2, {"methods": "*"})),
        ],
    ),
}
WAITS = (0, 30)  # ms; what meets an answer on its way for certain is in test_late_answers


def agrees(asked: dict[str, str], link: str) -> bool:
    query = parse_qs(urlsplit(link).query)
    return all((query.get(key, [""])[-1] == value) if value != "*" else key in query for key, value in asked.items())


@pytest.mark.parametrize("race", RACES)
def test_no_choice_is_lost_where_two_follow_at_once(page: Page, reader: Page, race: str) -> None:
    path, pairs = RACES[race]
    for wait in WAITS:
        open_page(page, path)
        for (first, one, asked), (second, other, then) in pairs:
            page.evaluate(TWO_PRESSES, [[first, one], [second, other], wait])
            page.wait_for_url(partial(agrees, asked | then))
            settled(page)
            assert agrees(asked | then, page.url), f"{asked}, {then}, {wait} ms apart: {page.url}"
    turn_to(reader, page.url)
    expect(page.get_by_role("heading", level=1)).to_have_text(reader.get_by_role("heading", level=1).inner_text())
    assert reader.url == page.url


def test_link_is_copied_or_shown_selected_and_its_code_is_scanned(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, "/?n=10")
    page.locator(".moving .forth").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".share .copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url and "added=2" in page.url
    page.get_by_role("button", name="QR code").click()
    code = page.get_by_role("img", name="QR code")
    expect(code.locator("svg")).to_be_visible()
    expect(page.locator(".share .alone")).to_contain_text("Others cannot open this address")
    box = code.locator("svg").bounding_box()
    assert box and box["height"] > 0.7 * 720
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(code.screenshot())))
    assert found.text == page.url
    page.keyboard.press("Escape")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    page.get_by_role("button", name="Copied").or_(page.get_by_role("button", name="Copy link")).click()
    field = page.get_by_role("textbox", name="The link")
    assert field.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)") == page.url
    page.context.clear_permissions()


def test_who_goes_back_to_a_link_that_is_put_right_has_it_as_it_says_and_nothing_of_before(standing: Page) -> None:
    page = standing
    turn_to(page, "/?n=20&seed=7&presenter=true")
    for link, n, seed in (("?n=1e2&seed=4", 100, 4), ("?n=50&seed=9", 50, 9), ("?n=60000", 1_000, 0), ("?n=010", 10, 0)):
        turn_to(page, f"/{link}")
        expect(page.locator("nav.presenter")).to_have_count(0)
        for key, value in {"n": n, "seed": seed}.items():
            expect(page.locator(f".st-key-{key} input").first).to_have_value(str(value))
        asked = parse_qs(urlsplit(page.url).query)
        assert asked == {key: [str(value)] for key, value in {"n": n, "seed": seed}.items() if value not in (0, 1_000)}, link
