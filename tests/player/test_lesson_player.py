"""The lesson's file as a reader opens it: from a disk, without a network."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from lessons import clashing, given, lesson_by_hand, lesson_of_any_shapes
from playwright.sync_api import Browser, Locator, Page, expect

from mnistgrad.pictures.palette import PALETTES, rgb
from mnistgrad.player.lesson import Lesson
from mnistgrad.trace.explaining import explain_run

LESSON = lesson_by_hand()
COUNT = len(LESSON)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator:
    """Opens a lesson's file; the test fails if it asked for anything else or reported an error."""
    contexts, faults = [], []

    def open_file(lesson: Lesson, step: int | None = None, width: int = 1280, theme: str = "light") -> Page:
        file = tmp_path / "lesson.html"
        lesson.save(file)
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, offline=True)
        contexts.append(context)
        context.on("request", lambda asked: faults.append(asked.url) if asked.url.split("#")[0] != file.as_uri() else None)
        context.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("dialog", lambda dialog: faults.append(dialog.message))
        page = context.new_page()
        page.goto(file.as_uri() + (f"#{step}" if step else ""))
        expect(page.locator(".count")).not_to_be_empty()
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert not faults, faults


def at(page: Page, step: int) -> None:
    expect(page.locator(".count")).to_have_text(f"Step {step} of {COUNT}")


def result(page: Page) -> Locator:
    return page.locator(".numbers figure").last


def step_of(code: str) -> int:
    """As the player counts."""
    return next(frame.number for frame in LESSON if frame.code == code) + 1


def test_buttons_keys_the_list_and_the_address_lead_to_the_same_steps(opened) -> None:
    page = opened(LESSON, step=3)
    at(page, 3)
    for name, step in (("Next step", 4), ("Last step", COUNT), ("Previous step", COUNT - 1), ("First step", 1)):
        page.get_by_role("button", name=name).click()
        at(page, step)
    expect(page.get_by_role("button", name="Previous step")).to_be_disabled()
    for key, step in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", COUNT), ("ArrowRight", COUNT), ("Home", 1)):
        page.keyboard.press(key)
        at(page, step)
    page.locator(".all summary").click()
    page.locator(".all li button").nth(4).click()
    at(page, 5)
    assert page.url.endswith("#5") and page.locator(".all [aria-current='step']").count() == 1
    page.get_by_role("slider", name="Step").fill("7")
    at(page, 7)
    assert page.locator(".title").inner_text() == LESSON[6].code and page.locator("mark").inner_text() == LESSON[6].code


def test_no_key_is_lost_however_fast(opened) -> None:
    page = opened(LESSON, step=2)
    page.evaluate(
        "keys => keys.forEach(key => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })))",
        ["ArrowRight", "ArrowLeft"] * 25 + ["ArrowRight"] * 3,
    )
    at(page, 5)


def test_it_plays_to_the_end_and_stops_where_it_is_told_to(opened) -> None:
    page = opened(LESSON)
    page.clock.install()
    page.reload()
    page.clock.pause_at(page.evaluate("Date.now()") + 1_000)
    page.keyboard.press(" ")
    page.clock.run_for(4_000)
    at(page, 3)
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(10_000)
    at(page, 3)
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(2_000 * COUNT)
    at(page, COUNT)
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_the_numbers_are_torch_s_in_its_rows_and_columns(opened) -> None:
    page = opened(LESSON, step=1)
    inp, _, w = given((4, 6), (4,), (6, 3))
    out = inp @ w
    cells = result(page).locator("[data-cell]")
    heads = result(page).locator("tbody th").all_inner_texts(), result(page).locator("thead th").all_inner_texts()
    assert heads == ([f"n {row}" for row in range(4)], [f"j {column}" for column in range(3)])
    shown = [float(text.replace("−", "-")) for text in cells.all_inner_texts()]
    np.testing.assert_allclose(shown, out.reshape(-1).numpy(), rtol=5e-3)
    assert cells.nth(4).get_attribute("aria-label") == f"(inp @ w)[1, 1] = {cells.nth(4).inner_text()}"


def test_a_number_is_followed_back_to_what_came_from_outside(opened) -> None:
    page = opened(LESSON, step=step_of("(inp.unsqueeze(-1) * grad.unsqueeze(1)).sum(0)"))
    result(page).locator("[data-cell='7']").click()  # table[2, 1]
    trail = page.locator(".trail")
    expect(trail.locator("h3")).to_contain_text("table[2, 1]")
    lit = page.locator(".numbers figure").first.locator(".lit")
    assert "4 terms added up" in trail.inner_text() and trail.locator(".terms li").count() == 4
    largest = trail.locator(".terms li .at").first.inner_text()
    page.get_by_role("combobox").first.select_option(label="n = 2")
    assert [cell.get_attribute("aria-label").split(" = ")[0][-9:] for cell in lit.all()] == ["[2, 2, 1]"]
    page.locator(".way button", has_text="inp.unsqueeze(-1) * grad.unsqueeze(1)").click()
    at(page, step_of("inp.unsqueeze(-1) * grad.unsqueeze(1)"))
    expect(trail.locator(".made code")).to_contain_text(f"[{largest.removeprefix('n = ')}, 2, 1]")  # the largest term leads on
    term = trail.locator(".terms li").inner_text()
    one, other, product = (float(part.replace("−", "-")) for part in term.replace("=", "×").split("×"))
    assert one * other == pytest.approx(product, rel=2e-3)
    page.locator(".way button", has_text="inp @ w").last.click()
    at(page, 1)
    inp, w = (page.locator(".numbers figure").nth(place) for place in (0, 1))
    grad_rows_on = {int(cell.get_attribute("data-cell")) // 3 for cell in result(page).locator(".lit").all()}
    assert {int(cell.get_attribute("data-cell")) // 6 for cell in inp.locator(".lit").all()} == grad_rows_on
    assert {int(cell.get_attribute("data-cell")) % 3 for cell in w.locator(".lit").all()} >= {1}
    expect(page.locator(".way .outside")).to_contain_text("inp")
    page.keyboard.press("Escape")
    expect(trail).to_be_hidden()
    expect(page.locator(".lit")).to_have_count(0)


def test_numbers_are_chosen_by_keyboard_alone_and_their_arrows_step_no_further(opened) -> None:
    page = opened(LESSON, step=1)
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('figure')?.dataset.tensor") == "2":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    at(page, 1)
    expect(page.locator(".trail h3")).to_contain_text("(inp @ w)[1, 1]")
    assert page.evaluate("document.activeElement.dataset.cell") == "4"
    page.keyboard.press("Escape")
    expect(page.locator(".trail")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    at(page, 2)


def test_every_button_is_named_and_what_a_step_does_is_read_out(opened) -> None:
    page = opened(LESSON, step=4)
    page.locator(".all summary").click()
    named = page.locator("button, select, input").evaluate_all(
        "all => all.map(e => e.getAttribute('aria-label') || e.textContent.trim())"
    )
    assert len(named) > COUNT and all(named)
    assert page.locator(".says").get_attribute("aria-live") == "polite"
    expect(page.get_by_role("region", name=f"{LESSON.title}: {COUNT} operations")).to_be_visible()
    assert page.locator(".picture svg[role='img']").first.get_attribute("aria-label")


@pytest.mark.parametrize("theme", PALETTES)
def test_it_has_the_colours_of_the_reader_s_theme(opened, theme: str) -> None:
    page = opened(LESSON, theme=theme)
    palette = PALETTES[theme]
    for selector, name, colour in ((".lesson", "background-color", palette.paper), (".says", "color", palette.ink)):
        expect(page.locator(selector)).to_have_css(name, "rgb({}, {}, {})".format(*rgb(colour)))
    edges = page.locator(".picture polyline").evaluate_all("lines => lines.map(line => getComputedStyle(line).stroke)")
    assert {"rgb({}, {}, {})".format(*rgb(palette.axis[letter])) for letter in "nij"} <= {*edges}


def test_on_a_phone_the_page_does_not_scroll_sideways_and_its_words_can_be_read(opened) -> None:
    page = opened(LESSON, width=390)
    for step in range(1, COUNT + 1):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        small = page.locator(".picture text").evaluate_all(
            "texts => Math.min(...texts.map(text => text.getBoundingClientRect().height))"
        )
        assert small >= 9, step
        page.keyboard.press("ArrowRight")


def test_no_text_of_a_reader_is_markup(opened) -> None:
    bad = "<img src=x onerror=alert(1)>"

    def hostile(x: torch.Tensor, **others: torch.Tensor) -> torch.Tensor:
        """<script>alert(2)</script>"""
        y = x * 1  # </script><script>alert(3)</script> `<b>`
        return others["<img src=x onerror=alert(1)>"] + y

    run = explain_run(hostile, given((2, 2)), {bad: torch.ones(2, 2)})
    page = opened(Lesson(run.operations, run.refused, f'{bad}"</title><script>alert(4)</script>'))
    assert page.locator("img, .lesson script, .lesson b").count() == 0
    page.keyboard.press("End")
    result(page).locator("[data-cell]").first.click()
    assert page.locator("img, .lesson script, .lesson b").count() == 0
    assert page.title() == f'{bad}"</title><script>alert(4)</script>'
    assert "alert(3)" in page.locator(".lines").inner_text() and bad in page.locator(".numbers").inner_text()


def test_what_is_no_number_is_said_as_it_is_and_whole_numbers_and_truths_too(opened) -> None:
    lesson = lesson_of_any_shapes()
    page = opened(lesson)
    texts: dict[str, set[str]] = {}
    for frame in lesson:
        texts[frame.name] = {*result(page).locator("[data-cell]").all_inner_texts()}
        page.keyboard.press("ArrowRight")
    assert texts["strange"] & {"inf", "−inf"} and "nan" not in texts["squares"]
    assert {"0", "2,000,000", "4,000,000"} <= texts["picked"]


def test_a_clash_is_drawn_with_its_axis_and_torch_s_message(opened) -> None:
    for lesson in clashing():
        page = opened(lesson)
        page.keyboard.press("End")
        message = lesson[-1].operation.message
        expect(page.locator(".says")).to_contain_text(message.splitlines()[0][:60])
        assert page.locator(".picture svg").first.get_attribute("aria-label")
