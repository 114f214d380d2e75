"""Back and Forward: one press undoes one action, whatever it was, and nothing that was chosen is lost on the way or in a race."""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect
from waiting import go_to, open_more, open_page, settled, turn_to

Where = tuple[str, list[tuple[str, str]]]  # a path and a query
ENTRIES = "[navigation.currentEntry.index, navigation.entries().length]"


def fields(page: Page) -> dict[str, str]:
    """What the page shows of what was chosen, whatever the link says."""
    shown = {"headline": page.get_by_role("heading", level=1).inner_text()}
    for key in ("n", "seed", "column", "row", "added", "first", "image1", "image3", "pixel", "lines", "steps"):
        held = page.locator(f".st-key-{key} input, .st-key-{key} textarea").first
        if held.count():
            shown[key] = held.input_value()
    for name in (
        ".st-key-player-steps .count",
        "[class*=st-key-player-lesson] .count",
        ".moving .count",
        ".sight .moved .command",
    ):
        if page.locator(name).first.is_visible():
            shown[name] = page.locator(name).first.inner_text()
    shown["on"] = ", ".join(page.locator("[role=radio][aria-checked=true]").all_inner_texts())
    shown["pressed"] = ", ".join(page.locator("button[aria-pressed=true]").all_inner_texts())
    return shown


def link(page: Page) -> Where:
    address = urlsplit(page.url)
    return address.path, sorted(parse_qsl(address.query, keep_blank_values=True))


def state(page: Page) -> tuple[Where, dict[str, str]]:
    settled(page)
    return link(page), fields(page)


def sent_to(reader: Page, where: Where) -> tuple[Where, dict[str, str]]:
    turn_to(reader, f"{where[0]}?{urlencode(where[1])}")
    open_more(reader)
    return state(reader)


def typed(key: str, text: str, leave: str = "Enter") -> Callable[[Page], None]:
    def type_in(page: Page) -> None:
        field = page.locator(f".st-key-{key}").locator("input, textarea").first
        field.press("Control+a")
        page.keyboard.type(text)
        page.keyboard.press(leave)

    return type_in


def clicked(selector: str, text: str | None = None, place: int = 0) -> Callable[[Page], None]:
    def click(page: Page) -> None:
        found = page.locator(selector)
        (found.get_by_text(text, exact=True) if text else found).nth(place).click()

    return click


def opened(name: str) -> Callable[[Page], None]:
    return lambda page: go_to(page, name)


def chart_clicked(page: Page) -> None:
    chart = page.locator(".st-key-card-column-variance [data-testid=stVegaLiteChart]")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    chart.click(position={"x": box["width"] / 2, "y": box["height"] / 3})
    expect(page).to_have_url(re.compile("column="))


WALKS: dict[str, tuple[str, list[Callable[[Page], None]]]] = {
    "fields": (
        "/gradient?n=60000",  # put right before anything is done
        [
            clicked(".st-key-pick", "10"),
            clicked(".st-key-preset", "lesson-2022"),
            clicked(".st-key-normalise label"),
            typed("seed", "7"),
            typed("n", "37", "Tab"),
            opened("What it costs"),
            clicked(".st-key-budget button"),
        ],
    ),
    "clicks": (
        "/gradient?n=10&order=number",
        [
            chart_clicked,
            clicked(".st-key-view", "Units on the image"),
            clicked(".st-key-diagram-units [data-row]", place=7),
            clicked(".st-key-diagram-unit [data-row]", place=407),
            clicked(".st-key-scale", "Shared scale"),
            clicked(".st-key-layer", "w2.g"),
            clicked(".st-key-layer", "w1.g"),
        ],
    ),
    "sums": (
        "/gradient?n=20&view=One+outer+product",
        [
            clicked(".st-key-image-switches [data-row]", place=3),
            clicked(".st-key-labels button", place=5),
            clicked(".st-key-build-next button"),
            clicked(".st-key-build-last button"),
        ],
    ),
    "lines": (
        "/line",
        [
            clicked("[class*=st-key-player-lesson] .forth"),
            clicked(".st-key-examples", "Written wrongly"),
            clicked(".st-key-example", "without either unsqueeze"),
            clicked(".st-key-guess button", place=1),
            opened("Step by step"),
        ],
    ),
    "players": (
        "/",
        [
            clicked(".sight .differ"),
            clicked(".sight .map"),
            clicked(".moving .forth"),
            clicked(".moving .speed"),
            clicked(".st-key-player-steps .forth"),
            typed("n", "50"),
            opened("Step by step"),
            clicked(".st-key-player-steps .last"),
            clicked(".st-key-player-steps [data-cell]", place=3),
        ],
    ),
}


@pytest.mark.parametrize("walk", WALKS)
def test_back_and_forward_go_over_each_action_once(page: Page, reader: Page, walk: str) -> None:
    path, actions = WALKS[walk]
    page.goto("/_stcore/health")
    open_page(page, path)
    open_more(page)
    seen = [state(page)]
    begun = page.evaluate(ENTRIES)[0]
    for number, act in enumerate(actions, 1):
        act(page)
        seen.append(state(page))
        assert seen[-1] != seen[-2], f"action {number}"
        assert page.evaluate(ENTRIES) == [begun + number, begun + number + 1], f"action {number}"
    for before in seen[-2::-1]:
        page.go_back()
        assert state(page) == before
    page.go_forward()
    assert state(page) == seen[1]
    page.evaluate(f"history.go({len(actions) - 1})")
    assert state(page) == seen[-1], "what lies ahead was lost"
    for place, (where, shown) in enumerate(seen):
        if place == len(actions) or where[0] != seen[place + 1][0][0]:  # the last of each page
            assert sent_to(reader, where) == (where, shown)
    page.evaluate(f"history.go(-{len(actions)})")
    assert state(page) == seen[0]
    page.go_back()
    expect(page).to_have_url(re.compile("health$"))
