"""After every kind of click the address shows the same to whoever opens it anew: words, numbers, pictures and what is pressed."""

import re
from collections.abc import Callable
from itertools import zip_longest

import pytest
from browser.test_history import chart_clicked, clicked, typed
from playwright.sync_api import Page, expect
from waiting import SETTLED_WITHIN, open_page, settled, turn_to, until

CHOICE = "Choose the images, pixels and units"
PICKERS = ".st-key-image-choice, .st-key-pixel-choice"
PASTE, PRINT_FIELD = "Paste", ".st-key-print-field textarea"
SHOWN = """() => {
  const LEFT_OUT = "style, script, .tip, .share, [class*=st-key-unseen], [data-testid=InputInstructions]";
  const parts = [];
  const bare = (svg) => svg.outerHTML.replace(/ (id|clip-path|tabindex|role|aria-label|style)="[^"]*"/g, "");
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent.trim() && parts.push(node.textContent.trim());
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(LEFT_OUT) || !node.checkVisibility()) return;
    if (node.tagName === "svg") return parts.push(bare(node));
    if (node.tagName === "CANVAS") parts.push(node.toDataURL());
    if (typeof node.value === "string") parts.push(node.value);
    for (const name of ["aria-checked", "aria-pressed", "aria-current", "aria-selected"])
      if (node.hasAttribute(name)) parts.push(`${name} ${node.getAttribute(name)}`);
    for (const child of (node.shadowRoot ?? node).childNodes) walk(child);
  };
  for (const place of document.querySelectorAll("[data-testid=stSidebar], [data-testid=stMain]")) walk(place);
  return parts;
}"""


def differences(page: Page, other: Page) -> list[tuple[str, str]]:
    """What the one shows and the other does not, from where they part; a job may still be under way."""
    pairs = [pair for pair in zip_longest(page.evaluate(SHOWN), other.evaluate(SHOWN), fillvalue="") if len({*pair}) > 1]
    return [from_where_they_part(*pair) for pair in pairs]


def from_where_they_part(one: str, other: str) -> tuple[str, str]:
    same = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[same : same + 200], other[same : same + 200]


def shows_the_same(page: Page, other: Page, what: str) -> None:
    until(lambda: not differences(page, other), SETTLED_WITHIN, lambda: f"{what}: {differences(page, other)[:3]}")


def written_in(page: Page) -> None:
    """A print of one's own."""
    page.get_by_text(PASTE).first.click()
    field = page.locator(PRINT_FIELD)
    field.fill("tensor([[0.0, 0.0], [0.0, 0.0]])")
    field.press("Control+Enter")
    expect(page).to_have_url(re.compile("print="))


def answered(page: Page) -> None:
    """The question of the moving picture, which then plays to its end."""
    page.locator(".moving .differ").click()
    expect(page).to_have_url(re.compile("added=10"))


def column_clicked(page: Page) -> None:
    """The left of the two matrices, whose columns are one shape with those of the right one."""
    page.locator(".st-key-card-build-up-matrix [data-row='17']").click(position={"x": 2, "y": 200})


def turned(page: Page) -> None:
    """The first table that has pages, to its last."""
    pages = page.locator(".st-key-player-steps select").first
    pages.select_option(index=pages.locator("option").count() - 1)


def open_choice(page: Page, like: Page) -> None:
    """Of images and pixels, which a link does not open; and of a print, which it opens as the first of a session alone."""
    for inside, what in ((PICKERS, CHOICE), (PRINT_FIELD, PASTE)):
        if like.locator(inside).count() and not page.locator(inside).count():
            page.get_by_text(what).first.click()
            expect(page.locator(inside)).to_have_count(like.locator(inside).count())
            settled(page)


def chosen(what: str, place: int) -> Callable[[Page], None]:
    """By a click on a picture that opens below the debugger."""

    def choose(page: Page) -> None:
        if not page.locator(PICKERS).count():
            page.get_by_text(CHOICE).click()
        clicked(f".st-key-{what} [data-row]", place=place)(page)

    return choose


CLICKS: dict[str, tuple[str, list[Callable[[Page], None]]]] = {
    "story": (
        "/?n=10",
        [
            clicked(".sight .equal"),
            clicked(".sight .map"),
            clicked(".moving .forth"),
            clicked(".moving .speed"),
            answered,
            clicked(".st-key-player-steps .forth"),
            written_in,
            clicked(".st-key-pick", "100"),
        ],
    ),
    "steps": (
        "/steps?n=10",
        [
            clicked(".st-key-player-steps .last"),
            clicked(".st-key-player-steps [data-cell]", place=3),
            turned,
            chosen("image-choice", 7),
            chosen("pixel-choice", 400),
            clicked(".st-key-choose-for-me button"),
        ],
    ),
    "line": (
        "/line",
        [
            clicked("[class*=st-key-player-lesson] .forth"),
            clicked(".st-key-example button", place=1),
            clicked(".st-key-examples", "Written wrongly"),
            clicked(".st-key-example", "without either unsqueeze"),
            clicked(".st-key-guess button", place=1),
            typed("lines", "inp.t() @ out.g", "Control+Enter"),
            clicked("[class*=st-key-player-lesson] [data-cell]", place=1),
        ],
    ),
    "matrix": (
        "/gradient?n=10",
        [
            chart_clicked,
            clicked(".st-key-view", "Units on the image"),
            clicked(".st-key-diagram-units [data-row]", place=7),
            clicked(".st-key-diagram-unit [data-row]", place=407),
            clicked(".st-key-layer", "w2.g"),
            clicked(".st-key-view", "One outer product"),
            clicked(".st-key-layer", "w1.g"),
            clicked(".st-key-image-switches [data-row]", place=3),
            clicked(".st-key-build-next button"),
            column_clicked,
        ],
    ),
}


@pytest.mark.parametrize("name", CLICKS)
def test_link_after_every_kind_of_click_shows_the_same_anew(standing: Page, reader: Page, page: Page, name: str) -> None:
    (path, clicks), fresh = CLICKS[name], page
    turn_to(standing, path)
    for number, click in enumerate(clicks, 1):
        before = standing.url
        click(standing)
        standing.mouse.move(0, 0)
        expect(standing).not_to_have_url(before)
        settled(standing)
        turn_to(reader, standing.url)
        assert reader.url == standing.url, f"click {number}"
        open_choice(reader, like=standing)
        shows_the_same(standing, reader, f"click {number}")
    open_page(fresh, standing.url)
    assert bool(fresh.locator(PRINT_FIELD).count()) == ("print=" in fresh.url), "a link brings a print"
    open_choice(fresh, like=standing)
    shows_the_same(standing, fresh, "in a session of its own")
