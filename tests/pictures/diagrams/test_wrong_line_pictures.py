"""The pictures of wrong lines: what is marked, which axis is gone, what stands in the tables, and that no word is cut off."""

import re
from functools import cache
from xml.etree import ElementTree

import numpy as np
import pytest
from loops import over
from pictures.diagrams.drawn import SVG, Text, parsed, rows_of_text, says, texts, tips, words

from mnistgrad.lines.study import Study, study
from mnistgrad.lines.wrong_lines import WRONG_LINES, changed_lines
from mnistgrad.network.data import Batch, load_batch
from mnistgrad.network.presets import initial_weights
from mnistgrad.pictures.diagrams.wrong_lines.attempt_picture import attempt_picture
from mnistgrad.pictures.diagrams.wrong_lines.changed_line import changed_line, differences
from mnistgrad.pictures.diagrams.wrong_lines.pairs_table import pairs_table
from mnistgrad.pictures.diagrams.wrong_lines.pass_results import pass_results
from mnistgrad.pictures.palette import PALETTES

NAMES = list(WRONG_LINES)
COUNTS = (1, 3, 50, 784, 1_000)
each_line = over("name", NAMES)
each_count = over("n", COUNTS)
PALETTE = PALETTES["light"]


@cache
def batch(n: int) -> Batch:
    return load_batch(n)


@cache
def shown(name: str, n: int, nh: int = 6) -> Study:
    return study(WRONG_LINES[name], batch(n), initial_weights(nh))


def lines_of(name: str) -> list[tuple[str, str]]:
    return [(right.text.strip(), wrong.text.strip()) for right, wrong in changed_lines(WRONG_LINES[name])]


@each_line
def test_marks_hold_all_that_differs_and_nothing_else(name: str) -> None:
    for right, wrong in lines_of(name):
        in_right, in_wrong = differences(right, wrong)
        assert len(in_right) == len(in_wrong) > 0
        assert cut(right, in_right) == cut(wrong, in_wrong)
        assert all(right[a:b] != wrong[c:d] for (a, b), (c, d) in zip(in_right, in_wrong, strict=True))


def cut(line: str, pieces: list[tuple[int, int]]) -> str:
    """The line without the pieces; blanks are no part of what differs."""
    for first, end in reversed(pieces):
        line = line[:first] + line[end:]
    return line.replace(" ", "")


@each_line
def test_both_lines_stand_below_each_other_with_their_marks(name: str) -> None:
    root = parsed(changed_line("line", lines_of(name), PALETTE).svg)
    written = rows_of_text([text for text in texts(root) if text.mono])
    code = ["".join(text.words for text in row) for _, row in sorted(written.items())]
    assert code == [line.replace(" ", "") for pair in lines_of(name) for line in pair]
    marks = [e for e in root.iter(f"{SVG}rect") if e.get("class") == "mark"]
    spans = [piece for pair in lines_of(name) for pieces in differences(*pair) for piece in pieces]
    advance = 13 * 0.6
    widths = sorted((end - first) * advance + 3 for first, end in spans if end > first)
    assert sorted(float(e.get("width", 0)) for e in marks) == pytest.approx(widths)


REDUCTIONS = {"sum(1) for sum(0)": (1, "added up"), "sum(-1) for sum(0)": (2, "added up"), "mean(0) for sum(0)": (0, "averaged")}


@over(("name", "gone"), REDUCTIONS.items())
@over("n", [1, 3, 1_000])
def test_axis_that_is_added_up_is_the_one_of_the_line(name: str, gone: tuple[int, str], n: int) -> None:
    place, word = gone
    for attempt, sizes in zip(shown(name, n).attempts, ((n, 6, 1), (n, 784, 6)), strict=True):
        picture = attempt_picture("call", attempt, PALETTE)
        assert picture
        frame = picture.frame
        assert list(frame["size"]) == list(sizes)
        assert list(frame["written_wrongly"]) == [word if k == place else "stays" for k in range(3)]
        assert list(frame["lesson"]) == ["added up", "stays", "stays"]
        drawn = words(parsed(picture.svg))
        assert drawn.count(word) == (2 if word == "added up" else 1)


@each_count
@each_line
def test_picture_of_a_call_says_whether_there_is_a_result(name: str, n: int) -> None:
    for attempt in shown(name, n).attempts:
        picture = attempt_picture("call", attempt, PALETTE)
        assert ("no result" in words(parsed(picture.svg)) if picture else False) == (attempt.refused is not None)
        assert picture or attempt.result.verdict in ("right", "numbers")


@each_count
@each_line
def test_table_of_the_pass_has_a_row_for_each_result(name: str, n: int) -> None:
    results = shown(name, n).results
    root = parsed(pass_results("pass", results, PALETTE).svg)
    rows = [row for _, row in sorted(rows_of_text(texts(root), per=8).items())]
    named = {row[0].words: " ".join(text.words for text in row[1:]) for row in rows if row[0].mono}
    assert list(named) == [result.name for result in results]
    for result in results:
        words_ = named[result.name].replace(" ", "")
        assert words_.startswith(str(result.needed).replace(" ", ""))
        assert ("neverset" in words_) == (result.shape is None)
        assert result.shape is None or str(result.shape).replace(" ", "") in words_
        assert ("wrongshape" in words_) == (result.verdict == "shape")
        assert ("=right" in words_) == (result.verdict == "right")
    marked = [e for e in root.iter(f"{SVG}rect") if e.get("class") == "mark"]
    assert len(marked) == sum(result.verdict in ("shape", "numbers") for result in results)


def test_table_of_the_pass_tells_how_far_and_how_many_times() -> None:
    for name, factor, side in (("mean(0) for sum(0)", 200, "small"), ("mse_grad without 1/n", 200, "large")):
        found = shown(name, 1_000).results
        drawn = words(parsed(pass_results("pass", found, PALETTE).svg))
        wrong = [result for result in found if result.verdict == "numbers"]
        assert sum(f"{factor} times too {side}" in word for word in drawn) == len(wrong)
        share = "99.5%" if side == "small" else "199 times"
        assert drawn.count(share) == len(wrong)
        assert all(any(re.fullmatch(r"\d[\d.,]*", w) and says(w, r.difference or 0) for w in drawn) for r in wrong)


@over("n", [1, 3, 5, 6, 1_000])
def test_pairs_are_every_output_less_every_target_with_the_diagonal_framed(n: int) -> None:
    pairs = shown("mse without squeeze", n).pairs
    assert pairs
    picture = pairs_table("pairs", pairs, batch(n).images, n, PALETTE)
    root, m = parsed(picture.svg), min(n, 5)
    expected = np.subtract.outer(pairs.out[:m].numpy(), pairs.targ[:m].numpy())
    np.testing.assert_allclose(picture.frame["difference"].to_numpy().reshape(m, m), expected, rtol=1e-6)
    assert sum(tip.endswith("its own") for tip in tips(root)) == m
    cells = [e for e in root.iter(f"{SVG}rect") if e.find(f"{SVG}title") is not None]
    assert len(cells) == m * m
    for place, cell in enumerate(cells):
        row, column = divmod(place, m)
        assert (cell.get("stroke") == PALETTE.ink) == (row == column)
        (written,) = inside(root, cell)
        assert says(written.words.replace("+", ""), expected[row, column])
    more = [word for word in words(root) if "more" in word]
    assert more == ([f"{n - m} more columns", f"{n - m} more rows"] if n > m else [])


def inside(root: ElementTree.Element, cell: ElementTree.Element) -> list[Text]:
    x, y, width, height = (float(cell.get(name, 0)) for name in ("x", "y", "width", "height"))
    return [t for t in texts(root) if x < t.x < x + width and y < t.y < y + height]
