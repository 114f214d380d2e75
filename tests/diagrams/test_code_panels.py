"""The code panel: the lesson's lines as they are, the current expression marked, and the tree of shapes."""

import inspect
import re
from functools import lru_cache
from xml.etree import ElementTree

import pytest
from diagrams.drawn import SVG, Text, parsed, rows_of_text, size_of, texts

from mnistgrad import lesson
from mnistgrad.diagrams.code_panel import code_panel
from mnistgrad.palette import PALETTES
from mnistgrad.recording import Operation, record_pass, weight_gradient_steps
from mnistgrad.source import code_lines

FUNCTIONS = (lesson.lin_grad, lesson.forward_and_backward)
EXPRESSIONS = [
    "inp.unsqueeze(-1)",
    "out.g.unsqueeze(1)",
    "inp.unsqueeze(-1) * out.g.unsqueeze(1)",
    "(inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)",
]
each_step = pytest.mark.parametrize("current", range(4))


@lru_cache(maxsize=4)
def recorded(n: int, nh: int) -> tuple[Operation, ...]:
    return weight_gradient_steps(record_pass(n, nh, lesson.relu))


@lru_cache(maxsize=32)
def panel(current: int, n: int = 50, nh: int = 50, theme: str = "light") -> ElementTree.Element:
    lines = [line for function in FUNCTIONS for line in code_lines(function)]
    return parsed(code_panel(lines, recorded(n, nh), current, PALETTES[theme]).svg)


def rows(root: ElementTree.Element) -> list[list[Text]]:
    return [row for _, row in sorted(rows_of_text([text for text in texts(root) if text.mono]).items())]


def characters(row: list[Text]) -> dict[int, tuple[float, str]]:
    """By column of the source, each character of a line of code with the middle of where it is drawn."""
    found: dict[int, tuple[float, str]] = {}
    for text in row[1:]:
        advance = (text.box[2] - text.box[0]) / len(text.words)
        for place, character in enumerate(text.words):
            column = round((text.x - 40) / advance) + place
            assert column not in found, "two words lie on each other"
            found[column] = (text.x + advance * (place + 0.5), character)
    return found


def code_rows(root: ElementTree.Element) -> list[list[Text]]:
    """A line of code begins with its number."""
    return [row for row in rows(root) if row[0].words.isdigit() and row[0].x < 40]


def test_lines_are_those_of_the_lesson_with_their_numbers() -> None:
    source = inspect.getsource(lesson).splitlines()
    drawn = {}
    for row in code_rows(panel(0)):
        columns = characters(row)
        drawn[int(row[0].words)] = "".join(columns.get(k, (0, " "))[1] for k in range(max(columns) + 1))
    assert drawn == {number: source[number - 1] for number in drawn}
    wanted = [
        line
        for function in FUNCTIONS
        for line in inspect.getsource(function).splitlines()
        if line.strip() and '"""' not in line
    ]
    assert list(drawn.values()) == wanted


@each_step
@pytest.mark.parametrize(("n", "nh"), [(1, 50), (50_000, 2)])
def test_mark_spans_exactly_the_current_expression(current: int, n: int, nh: int) -> None:
    root = panel(current, n, nh)
    (mark,) = (rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "mark")
    x, y, width, height = (float(mark.get(k, 0)) for k in ("x", "y", "width", "height"))
    (row,) = (row for row in code_rows(root) if y < row[0].y < y + height)
    inside = {column: character for column, (middle, character) in characters(row).items() if x < middle < x + width}
    drawn = "".join(inside.get(k, " ") for k in range(min(inside), max(inside) + 1))
    assert drawn == EXPRESSIONS[current]
    reach = [middle for middle, _ in characters(row).values() if x < middle < x + width]
    assert min(reach) - x < 8 and x + width - max(reach) < 8


@each_step
def test_tree_shows_the_shapes_up_to_the_current_step(current: int) -> None:
    root, palette = panel(current), PALETTES["light"]
    code = {row[0].y for row in code_rows(root)}
    shapes: list[list[tuple[str, str]]] = []
    for row in rows(root):
        if row[0].y in code:
            continue
        for text in row:
            if text.words == "(":
                shapes.append([])
            elif text.words.isdigit():
                shapes[-1].append((text.words, text.fill))
    expected = [
        [(str(size), palette.axis_text[axis]) for size, axis in zip(step.shape, step.axes, strict=True)]
        for step in recorded(50, 50)[: current + 1]
    ]
    assert shapes == expected


@each_step
def test_brackets_of_the_tree_span_their_expressions(current: int) -> None:
    root = panel(current)
    line = next(
        row
        for row in code_rows(root)
        if "sum" in [text.words for text in row]
        and "g" in row[2].words + row[3].words
        and any(text.words == "unsqueeze" for text in row)
    )
    columns = characters(line)
    text = "".join(columns.get(k, (0, " "))[1] for k in range(max(columns) + 1))
    brackets = [re.findall(r"[-\d.]+", bracket.get("points", "")) for bracket in root.iter(f"{SVG}polyline")]
    for points, expression in zip(brackets, EXPRESSIONS, strict=False):
        first = text.index(expression)
        assert float(points[0]) == pytest.approx(columns[first][0], abs=4)
        assert float(points[-2]) == pytest.approx(columns[first + len(expression) - 1][0], abs=4)
    assert len(brackets) == current + 1


@each_step
def test_size_of_the_panel_stays_the_same_and_holds_every_word(current: int) -> None:
    root = panel(current, 50_000, 50)
    assert size_of(root) == size_of(panel(0))
    width, height = size_of(root)
    assert not [t.words for t in texts(root) if t.box[0] < 0 or t.box[1] < 0 or t.box[2] > width or t.box[3] > height]
