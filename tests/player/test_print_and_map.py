"""Any six rows are printed in the browser as torch prints them."""

import base64

import pytest
from player.sent import module, mount, sent_print
from playwright.sync_api import Page
from states import ALL_OFF, LATER, State

from mnistgrad.common import numbers
from mnistgrad.gradient.statistics import distinct_rows
from mnistgrad.pictures.diagrams.puzzle.printed_tensor import print_of_rows
from mnistgrad.player.print_and_map import FIRST

STATES = [State(), State(n=1), State(n=50, nh=5), State(n=20, normalise=False), LATER, State(n=50_000), ALL_OFF]
ROWS = 6
LAST = 784 - ROWS

PRINTS = """async ([script, data]) => {
  const { printedRows } = await import(script);
  const { unpack } = await import(data.module);
  const sent = await unpack(Uint8Array.from(atob(data.packed), c => c.charCodeAt(0)));
  const columns = sent.columns.length;
  return Array.from({ length: 784 - 5 }, (_, first) => printedRows(
    Array.from({ length: 6 }, (_, row) => Array.from(sent.rows.subarray((first + row) * columns, (first + row + 1) * columns))),
    sent.shortened,
  ).map((pieces) => pieces.map((piece) => piece.text ?? piece).join("")).join("\\n"));
}"""


@pytest.mark.parametrize("state", STATES, ids=str)
def test_six_rows_are_printed_as_torch_prints_them_wherever_they_lie(page: Page, state: State) -> None:
    packed = base64.b64encode(sent_print(state)).decode()
    prints = page.evaluate(PRINTS, [module("torch_print"), {"module": module("common"), "packed": packed}])
    assert len(prints) == LAST + 1
    for first, text in enumerate(prints):
        assert text == print_of_rows(state.gradients.w1, range(first, first + ROWS)), first


def test_numbers_are_written_as_the_pages_write_them(page: Page) -> None:
    values = [0.0, 1.0, -1.5, 12.345, -0.00123, 9.999, 0.0009994, 3.21e-7, -4e-12, 123.4, 9994.0, -54321.0, 1.5e7, 0.9996]
    values += [0.125, 1.125, -1.375, 2.0625, 1002.5, -1003.5, 1.125 * 2.0**27, 99.95, 99.96875]  # some lie in the middle
    written = page.evaluate(
        "async ([script, values]) => { const { significant } = await import(script); return values.map(significant); }",
        [module("common"), values],
    )
    assert written == [numbers.significant(value, sign=True) for value in values]


@pytest.mark.parametrize("state", [State(n=10), State(n=1)], ids=str)
def test_the_answer_is_computed_from_the_rows_and_a_click_moves_them(page: Page, state: State) -> None:
    mount(page, "print_and_map", sent_print(state))
    moved, told = page.locator("pre.moved"), page.locator(".told")
    page.locator(".printed .row").nth(5).wait_for()
    assert moved.is_hidden() and told.is_hidden()
    page.get_by_role("button", name="They differ").click()
    found = state.weight_gradient("w1").g
    six = distinct_rows(found[FIRST : FIRST + ROWS], found)
    assert told.inner_text().startswith(f"Right: {six} different rows" if six < ROWS else "Right: all six differ")
    page.get_by_role("button", name="Equal too").click()
    assert told.inner_text().startswith("Look:")
    box = page.locator(".map canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 2.5 / 28, box["y"] + box["height"] * 0.5 / 28)
    assert "print(w1.g[2:8])" in moved.inner_text() and told.inner_text().startswith("All six are equal.")
    assert page.locator(".ask b").inner_text() == "Rows 2 to 7:"
    assert page.get_by_role("button", name="Equal too").is_hidden(), "asked with the answer below"
    page.keyboard.press("ArrowDown")
    assert "print(w1.g[30:36])" in moved.inner_text()
    page.keyboard.press("End")
    assert f"print(w1.g[{LAST}:784])" in moved.inner_text()
