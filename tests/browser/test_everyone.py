"""Every page for everyone: axe-core finds nothing, and keys alone reach everything, by a name and with a visible focus."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.rendered import WALK
from playwright.sync_api import CDPSession, Page, expect
from waiting import settled, turn_to

from mnistgrad.app.controls import VIEW
from mnistgrad.pictures.palette import contrast

VIEWS = [f"gradient?n=10&view={quote_plus(view)}" for view in VIEW.in_link]
PAGES = ["?n=10", "steps?n=10", "line?n=10", *VIEWS, "cost?n=10", "training?n=10"]
WIDE, PHONE, NARROWEST = ({"width": width, "height": 900} for width in (1440, 390, 320))
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}  # the themes differ in nothing else
SHOWN = (3.0, 2.0)  # contrast with the page and px that a focus has, by WCAG 2.2
MOST_STOPS = 200
AT_ITS_BEGINNING = """() => {
  const start = Object.assign(document.createElement("i"), { tabIndex: 0 });
  document.body.prepend(start);
  start.focus();
  start.remove();
}"""
FOCUSED = """() => {
  const inner = (root) => root.activeElement?.shadowRoot ? inner(root.activeElement.shadowRoot) : root.activeElement;
  return window.focused = inner(document);
}"""
HEX = """(colour) => {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const levels = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  return "#" + levels.map((level) => level.toString(16).padStart(2, "0")).join("");
}"""
LOOK = f"""() => {{
  const hex = {HEX}, focused = ({FOCUSED})();
  const ring = [focused, focused.closest("label")?.firstElementChild].filter(Boolean).map((each) => getComputedStyle(each))
    .find(({{ outlineStyle }}) => outlineStyle !== "none");
  const {{ top, bottom }} = focused.getBoundingClientRect();
  return {{
    html: focused.outerHTML.slice(0, 120), left: focused === document.body,
    width: parseFloat(ring?.outlineWidth ?? 0), ring: hex(ring?.outlineColor ?? "#fff"),
    paper: hex(getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor),
    seen: bottom > document.querySelector("[data-testid=stHeader]").getBoundingClientRect().bottom && top < innerHeight
      || focused.closest("[data-testid=stHeader], [data-testid=stSkipToContent], [data-testid=stSidebar]") !== null,
  }};
}}"""

FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# What WCAG 1.4.12 lets a reader set, also in shadow roots; or as it was again.
SPACED = """(spaced) => {
  const css = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }";
  const within = (root) => {
    root.querySelector(".spaced")?.remove();
    const style = Object.assign(document.createElement("style"), { className: "spaced", textContent: css });
    if (spaced) (root.head ?? root).append(style);
    for (const each of root.querySelectorAll("*")) if (each.shadowRoot) within(each.shadowRoot);
  };
  within(document);
}"""
OPEN = f"""() => {{ {WALK}
  const shut = [...within(main)].filter((each) => each.matches("details:not([open]) > summary") && seen(each));
  for (const each of shut) each.click();
  return shut.length;
}}"""
# Texts of which a box around them shows a part.
CLIPPED = """() => {
  const found = [], cuts = (overflow) => ["hidden", "clip"].includes(overflow), range = document.createRange();
  const look = (each) => {
    range.selectNodeContents(each);
    const text = range.getBoundingClientRect();
    for (let box = each; box; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box), edge = box.getBoundingClientRect();
      if (edge.width <= 2 || ["auto", "scroll"].includes(overflowX)) return; // for screen readers alone, or it scrolls
      const across = cuts(overflowX) && (text.right > edge.right + 1 || text.left < edge.left - 1);
      if (across || (cuts(overflowY) && (text.bottom > edge.bottom + 2 || text.top < edge.top - 2)))
        return void found.push(each.textContent.trim().slice(0, 60));
    }
  };
  const walk = (root) => {
    for (const each of root.querySelectorAll("*:not(svg, svg *, style, script)")) {
      if (each.shadowRoot) walk(each.shadowRoot);
      const says = [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
      if (says && each.checkVisibility()) look(each);
    }
  };
  walk(document.querySelector("[data-testid=stMain]"));
  return found;
}"""
# Of each cell of the sum how much more blue than red it is, purple being negative, and whether it carries a minus.
SIGNS = """() => {
  const within = [...document.querySelectorAll("*")].map((each) => each.shadowRoot?.querySelectorAll(".sum .map canvas"));
  const [colours, signs] = within.find((found) => found?.length);
  const at = (canvas, x, y) => canvas.getContext("2d").getImageData(x, y, 1, 1).data, cell = signs.width / colours.width;
  return Array.from({ length: colours.width * colours.height }, (_, place) => {
    const [x, y] = [place % colours.width, Math.floor(place / colours.width)];
    const [red, , blue] = at(colours, x, y);
    return [blue - red, at(signs, (x + 0.5) * cell, (y + 0.5) * cell)[3] > 0];
  });
}"""


def assert_clean(page: Page, where: str, rules: dict[str, Any] = RULES) -> None:
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response
    nodes = [
        (each["id"], node["html"][:150], node["failureSummary"][:200]) for each in found["violations"] for node in each["nodes"]
    ]
    assert not nodes, (where, nodes)


def followed(page: Page) -> None:
    """A window of another size or theme is told with a frame, on a busy machine late, and may begin a run."""
    page.evaluate(FRAMES)
    settled(page)


def assert_reflowed(page: Page) -> None:
    """In the narrowest window nothing lies beside it, and no words are cut."""
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") == NARROWEST["width"]
    assert not page.evaluate(CLIPPED), "in the narrowest window"


def open_everything(page: Page) -> None:
    while page.evaluate(OPEN):
        settled(page)


def named(devtools: CDPSession) -> tuple[str, str]:
    """What a screen reader calls the focused element: its name and its role."""
    element = devtools.send("Runtime.evaluate", {"expression": "window.focused"})["result"]["objectId"]
    (node,) = devtools.send("Accessibility.getPartialAXTree", {"objectId": element, "fetchRelatives": False})["nodes"]
    return node.get("name", {}).get("value", ""), node.get("role", {}).get("value", "")


def stops(page: Page, devtools: CDPSession) -> Iterator[dict[str, Any]]:
    """What the Tab key reaches, from the page's beginning to its end."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        look = page.evaluate(LOOK)
        if look["left"]:
            return
        name, role = named(devtools)
        if not name:  # it may have been drawn anew just then
            settled(page)
            page.evaluate(FOCUSED)
            name, role = named(devtools)
        yield look | {"name": name, "role": role}
    raise AssertionError("the Tab key does not leave the page")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_for_everyone(standing: Page, path: str) -> None:
    page = standing
    page.set_viewport_size(WIDE)
    turn_to(page, f"/{path}")
    assert page.title().endswith(" · mnistgrad")
    page.evaluate(AT_ITS_BEGINNING)
    devtools, reached = page.context.new_cdp_session(page), 0
    for stop in stops(page, devtools):
        reached += 1
        assert stop["name"] or stop["role"] == "main", ("has no name", stop)
        assert contrast(stop["ring"], stop["paper"]) >= SHOWN[0] and stop["width"] >= SHOWN[1], ("shows no focus", stop)
        assert stop["seen"], ("lies under the header", stop)
    assert reached > 20
    open_everything(page)
    assert_clean(page, "light and wide")
    page.evaluate(SPACED, True)
    settled(page)
    assert not page.evaluate(CLIPPED), "with more space between letters, words and lines"
    page.evaluate(SPACED, False)
    page.emulate_media(color_scheme="dark")
    followed(page)
    assert_clean(page, "dark and wide", OF_COLOURS)
    page.set_viewport_size(PHONE)
    followed(page)
    assert_clean(page, "dark on a phone")
    page.emulate_media(color_scheme="light")
    followed(page)
    assert_clean(page, "light on a phone", OF_COLOURS)
    page.set_viewport_size(NARROWEST)
    followed(page)
    assert_reflowed(page)


def test_slides_fit_the_narrowest_window(standing: Page) -> None:
    page = standing
    page.set_viewport_size(NARROWEST)
    turn_to(page, "/?n=10&presenter=true")
    for slide in range(1, 7):
        expect(page.locator("nav.presenter .count")).to_have_text(f"{slide} / 6")
        settled(page, quiet=50)
        assert_reflowed(page)
        if slide < 6:  # beyond the last lies another page
            page.keyboard.press("PageDown")


def test_what_opens_over_a_page_is_for_everyone_and_escape_closes_it(standing: Page) -> None:
    page = standing
    turn_to(page, "/gradient?n=10&view=One+weight&layer=w2")  # is put right, which a notice tells
    notice = page.get_by_role("alertdialog", name="Notice")
    notice.hover()  # so that it stays
    assert_clean(page, "a notice")
    notice.get_by_role("button", name="Close").press("Enter")
    expect(notice).to_have_count(0)
    turn_to(page, "/?n=10")
    export = page.locator(".st-key-card-variance").get_by_role("button", name="Export", exact=True)
    code = page.get_by_role("button", name="QR code")
    for opener, opened in ((export, page.get_by_test_id("stPopoverBody")), (code, page.get_by_role("dialog", name="QR code"))):
        opener.focus()
        page.keyboard.press("Enter")
        expect(opened).to_be_visible()
        settled(page)
        assert_clean(page, str(opened))
        page.keyboard.press("Escape")
        expect(opened).to_have_count(0)
        expect(opener).to_be_focused()
    page.set_viewport_size(PHONE)
    settled(page)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebar").locator("summary").first.click()
    settled(page)
    assert_clean(page, "the menu on a phone")


def test_pixels_and_units_of_the_moving_picture_are_chosen_by_keys(standing: Page) -> None:
    page = standing
    turn_to(page, "/?n=10&column=7")
    names = page.locator(".rows .name")
    expect(names.first).to_be_visible()
    signs = page.evaluate(SIGNS)
    assert 0 < sum(signed for _, signed in signs) < len(signs)
    assert all(bluer > 0 if signed else bluer < 15 for bluer, signed in signs)
    page.get_by_role("slider", name="Hidden unit").press("ArrowRight")
    expect(page.locator(".number figcaption")).to_contain_text("unit 8")
    pixels = page.get_by_role("slider", name="Pixels of the sum")
    before = int(pixels.get_attribute("aria-valuenow") or 0)
    pixels.press("ArrowDown")
    pixels.press("ArrowLeft")
    expect(pixels).to_have_attribute("aria-valuetext", f"row {before + 27}, pixel ({(before + 27) // 28}, {(before + 27) % 28})")
    expect(names.filter(has_text=f"row {before + 27}pixel")).to_have_count(0)
    pixels.press("Enter")
    expect(names.filter(has_text=f"row {before + 27} ")).to_have_count(1)
    expect(page.locator(".moving .count")).to_have_text("1 of 10 images")  # the picture itself did not step


def test_where_the_system_gives_the_colours_those_that_mean_something_stay(standing: Page) -> None:
    page = standing
    page.emulate_media(forced_colors="active")
    turn_to(page, "/?n=10")
    style = "(each, name) => getComputedStyle(each)[name]"
    assert "gradient" in page.locator(".ramp").evaluate(style, "backgroundImage")
    chosen, other = (page.get_by_role("radio", name=n, exact=True) for n in ("10", "100"))
    assert chosen.evaluate(style, "outlineStyle") != "none" == other.evaluate(style, "outlineStyle")
    box, plain = page.locator(".moving .box"), page.locator(".moving figcaption").first
    assert box.evaluate(style, "backgroundColor") != plain.evaluate(style, "backgroundColor")
