"""The story in a browser: its players answer by themselves, and keep the link."""

import re

from playwright.sync_api import Page, expect
from waiting import SENT, settled, turn_to

CLICKS = """() => {
  const sight = document.querySelector(".st-key-player-sight [data-testid^=stBidiComponent]").shadowRoot;
  const map = sight.querySelector(".map"), canvas = map.querySelector("canvas"), box = canvas.getBoundingClientRect();
  const shown = [];
  for (let row = 0; row < 28; row++) {
    const at = { clientX: box.left + box.width * 10.5 / 28, clientY: box.top + box.height * (row + 0.5) / 28, bubbles: true };
    canvas.dispatchEvent(new MouseEvent("click", at));
    shown.push(sight.querySelector("pre.moved .command").textContent);
  }
  return shown;
}"""


def test_players_answer_without_the_server_and_keep_what_they_show_in_the_link(standing: Page, reader: Page) -> None:
    page = standing
    turn_to(page, "/?n=50")
    before = page.evaluate(SENT)
    shown = page.evaluate(CLICKS)  # each is drawn before the next
    assert shown == [
        f">>> print(w1.g[{first}:{first + 6}])  # columns shortened as above"
        for first in (min(28 * row + 10, 778) for row in range(28))
    ]
    moving = page.locator(".st-key-player-moving")
    moving.get_by_role("button", name="1 image more").click()
    moving.get_by_role("button", name="1 image more").click()
    strip = moving.locator("[data-strip='4'] canvas:not(.signs)")
    strip.scroll_into_view_if_needed()
    strip.click(position={"x": 2, "y": 3})
    steps = page.locator(".st-key-player-steps")
    steps.get_by_role("button", name="Next step").click()
    expect(steps.locator("mark")).to_have_text("out.g.unsqueeze(1)")
    steps.locator(".lesson").focus()
    page.keyboard.press("End")
    expect(steps.locator("mark")).to_have_text("(inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)")
    settled(page)
    assert page.evaluate(SENT) == before, "the server was asked"
    for piece in ("n=50", "first=766", "added=3", "column=0"):
        assert piece in page.url
    turn_to(reader, page.url)
    expect(reader.locator(".st-key-player-sight pre.moved .command")).to_contain_text("w1.g[766:772]")
    moving = reader.locator(".st-key-player-moving")
    expect(moving.locator(".count")).to_have_text("3 of 50 images")
    expect(moving.locator(".number figcaption")).to_contain_text("out.g[2, 0]")


def test_players_follow_n_and_the_theme_and_stay_where_they_are(standing: Page) -> None:
    page = standing
    turn_to(page, "/?n=1000&added=12&first=300")
    moving = page.locator(".st-key-player-moving")
    expect(moving.locator(".count")).to_have_text("12 of 1,000 images")
    corner = "canvas => [...canvas.getContext('2d').getImageData(0, 0, 1, 1).data]"
    light = moving.locator(".image canvas").evaluate(corner)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "([x, y]) => document.querySelector('.st-key-player-moving [data-testid^=stBidi]').shadowRoot"
        ".querySelector('.image canvas').getContext('2d').getImageData(0, 0, 1, 1).data[0] < 60",
        arg=[0, 0],
    )
    assert light[0] == 255
    page.locator(".st-key-pick").get_by_text("10,000", exact=True).click()
    expect(moving.locator(".count")).to_have_text("12 of 10,000 images")
    settled(page)
    expect(page).to_have_url(re.compile("n=10000"))
    for piece in ("added=12", "first=300"):
        assert piece in page.url
    page.locator(".st-key-pick").get_by_text("1", exact=True).click()
    expect(moving.locator(".count")).to_have_text("the one image")


def test_on_a_phone_a_strip_has_the_whole_line_below_its_row_and_its_number(standing: Page) -> None:
    standing.set_viewport_size({"width": 390, "height": 844})
    turn_to(standing, "/?n=10")
    rows = standing.locator(".st-key-player-moving .rows")
    for place in range(6):
        name, strip, number = (
            rows.locator(each).bounding_box()
            for each in (f".name >> nth={place}", f"[data-strip='{place}']", f"[data-value='{place}']")
        )
        assert name and strip and number
        assert strip["width"] > 350 and abs(name["y"] - number["y"]) < 6 and strip["y"] >= name["y"] + name["height"]
