"""The code panel: the lesson's lines as they are, the running expression and its call marked, and the tree of shapes."""

import inspect
from functools import lru_cache
from xml.etree import ElementTree

import numpy as np
import pytest
from loops import over
from pictures.diagrams.drawn import SVG, Text, parsed, points_of, rows_of_text, size_of, texts

from mnistgrad import lesson
from mnistgrad.network.presets import PRESETS
from mnistgrad.pictures.diagrams.debugger.code_panel import code_panel
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.trace.passes import INPUTS, LESSON, PROGRAMS, pass_stand_ins, record_pass, shapes_of_inputs, shown_code
from mnistgrad.trace.recording import Operation, Recorder

SIZES = [(1, 2), (50_000, 100)]
RELUS = {"lesson-2019": lesson.relu_shifted, "lesson-2022": lesson.relu}
SOURCE = inspect.getsource(lesson).splitlines()
W_G = "(inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)"
each_form = over("form", PROGRAMS)
each_size = over(("n", "nh"), SIZES)


@lru_cache(maxsize=16)
def recorded(form: str, n: int, nh: int, preset: str = "lesson-2019") -> tuple[Operation, ...]:
    return record_pass(n, nh, RELUS[preset], form)


@lru_cache(maxsize=256)
def panel(form: str, place: int, n: int = 50, nh: int = 50, preset: str = "lesson-2019", theme: str = "light") -> Diagram:
    operations = recorded(form, n, nh, preset)
    return code_panel(shown_code(operations, place), operations, place, PALETTES[theme])


@lru_cache(maxsize=256)
def picture(*which: object) -> ElementTree.Element:
    return parsed(panel(*which).svg)  # type: ignore[arg-type]


def code_rows(root: ElementTree.Element) -> dict[int, list[Text]]:
    """The texts of each line of code, by its number."""
    rows = rows_of_text([text for text in texts(root) if text.mono]).values()
    return {int(row[0].words): row for row in rows if row[0].words.isdigit() and row[0].x < 40}


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


def written(columns: dict[int, tuple[float, str]]) -> str:
    return "".join(columns.get(k, (0, " "))[1] for k in range(min(columns), max(columns) + 1))


def statement(operations: tuple[Operation, ...], place: int) -> list[int]:
    """The places of the operations of the same line, run by the same call."""
    line, call = operations[place].span.line, operations[place].caller_line
    return [p for p, o in enumerate(operations) if (o.span.line, o.caller_line) == (line, call)]


def tree(root: ElementTree.Element) -> list[tuple[list[tuple[str, str]], int]]:
    """The shapes under the line, from the top, each with the digits' colours and its weight."""
    code = {round(text.y) for row in code_rows(root).values() for text in row}
    mono = [t for t in root.iter(f"{SVG}text") if t.get("class") == "mono"]
    under = [t for t in mono if (y := round(float(t.get("y", 0)))) not in code and y < max(code)]  # the call stands below all
    shapes: list[tuple[list[tuple[str, str]], int]] = []
    for element in under:
        word = "".join(element.itertext())
        if word == "(":
            shapes.append(([], int(element.get("font-weight", 400))))
        elif word.isdigit():
            shapes[-1][0].append((word, element.get("fill", "")))
    return shapes


def brackets(root: ElementTree.Element) -> list[np.ndarray]:
    return [points_of(line) for line in root.iter(f"{SVG}polyline")]


@each_form
def test_lines_are_those_of_the_lesson_with_their_numbers(form: str) -> None:
    for place, step in enumerate(recorded(form, 50, 50)):
        drawn = {number: characters(row) for number, row in code_rows(picture(form, place)).items()}
        found = {number: " " * min(columns) + written(columns) for number, columns in drawn.items()}
        assert found == {number: SOURCE[number - 1] for number in found}
        wanted = [
            line
            for function in (getattr(lesson, step.function), lesson.forward_and_backward)
            for line in inspect.getsource(function).splitlines()
            if line.strip() and '"""' not in line
        ]
        assert list(found.values()) == wanted


@each_form
@over("preset", PRESETS)
def test_shown_code_names_the_functions_that_ran_and_no_other(form: str, preset: str) -> None:
    operations = record_pass(7, 5, PRESETS[preset].relu, form)
    ran = {operation.function for operation in operations}
    for place in range(len(operations)):
        drawn = texts(parsed(code_panel(shown_code(operations, place), operations, place, PALETTES["light"]).svg))
        words = {text.words for text in drawn if text.mono}
        for family in ({"relu", "relu_shifted"}, {"lin_grad", "lin_grad_einsum", "lin_grad_matmul"}):
            parameter = min(family, key=len)
            assert words & family == {parameter, *(ran & family)}


@each_form
@over("preset", PRESETS)
def test_shown_call_runs_what_was_recorded(form: str, preset: str) -> None:
    """The whole of the text, run as Python."""
    operations = record_pass(7, 5, PRESETS[preset].relu, form)
    call = "\n".join(line.text for line in shown_code(operations, 0) if not line.number)
    names = ("inp", "targ", "w1", "b1", "w2", "b2")
    stand_ins = pass_stand_ins(7, 5)
    tensors = shapes_of_inputs(7, 5, stand_ins)
    with Recorder(LESSON, zip(tensors, INPUTS, strict=True), stand_ins=stand_ins) as recorder:
        eval(call, {**vars(lesson), **dict(zip(names, tensors, strict=True))})
    assert [(o.function, o.expression) for o in recorder.operations()] == [(o.function, o.expression) for o in operations]


def test_the_lessons_pass_has_no_default_to_run_unseen() -> None:
    parameters = inspect.signature(lesson.forward_and_backward).parameters.values()
    assert all(parameter.default is parameter.empty for parameter in parameters)


@each_form
@each_size
@over("preset", RELUS)
def test_mark_spans_exactly_the_running_expression(form: str, n: int, nh: int, preset: str) -> None:
    for place, step in enumerate(recorded(form, n, nh, preset)):
        root = picture(form, place, n, nh, preset)
        (mark,) = (rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "mark")
        x, y, width, height = (float(mark.get(k, 0)) for k in ("x", "y", "width", "height"))
        ((number, row),) = ((number, row) for number, row in code_rows(root).items() if y < row[0].y < y + height)
        inside = {c: (at, letter) for c, (at, letter) in characters(row).items() if x < at < x + width}
        assert (number, written(inside)) == (step.span.line, step.expression)
        assert SOURCE[number - 1][min(inside) : max(inside) + 1] == step.expression
        reach = [at for at, _ in inside.values()]
        assert min(reach) - x < 8 and x + width - max(reach) < 8


def test_marks_follow_the_line_of_the_weight_gradient() -> None:
    """By hand: the four expressions of w.g, in the order in which Python runs them."""
    places = [p for p, o in enumerate(recorded("broadcast", 50, 50)) if o.sets == "w1.g"]
    expressions = [recorded("broadcast", 50, 50)[p].expression for p in places]
    assert expressions == ["inp.unsqueeze(-1)", "out.g.unsqueeze(1)", W_G[1:-8], W_G]
    shapes = [[digits for digits, _ in shape] for shape, _ in tree(picture("broadcast", places[-1]))]
    assert shapes == [["50", "784", "1"], ["50", "1", "50"], ["50", "784", "50"], ["784", "50"]]


@each_form
@each_size
def test_call_that_runs_the_function_is_pointed_at(form: str, n: int, nh: int) -> None:
    for place, step in enumerate(recorded(form, n, nh)):
        root = picture(form, place, n, nh)
        (pointer,) = (points_of(polygon) for polygon in root.iter(f"{SVG}polygon"))
        (line,) = (
            written(characters(row))
            for row in code_rows(root).values()
            if pointer[:, 1].min() < row[0].y - 4 < pointer[:, 1].max()
        )
        assert line.endswith(step.caller)
        assert pointer[:, 0].max() < 40 + 4 * 7.5  # left of the line's first letter


@each_form
@each_size
@over("theme", PALETTES)
def test_tree_shows_the_shapes_of_the_line_up_to_the_running_one(form: str, n: int, nh: int, theme: str) -> None:
    operations, colours = recorded(form, n, nh), PALETTES[theme].axis_text
    for place in range(len(operations)):
        run = [operations[p] for p in statement(operations, place) if p <= place]
        expected = [[(str(size), colours[axis]) for size, axis in zip(o.shape, o.axes, strict=True)] for o in run]
        found = tree(picture(form, place, n, nh, "lesson-2019", theme))
        assert [shape for shape, _ in found] == expected
        assert [weight for _, weight in found] == [400] * (len(run) - 1) + [600]


@each_form
def test_brackets_of_the_tree_span_their_expressions_inner_ones_above(form: str) -> None:
    operations = recorded(form, 50, 50)
    for place, step in enumerate(operations):
        root = picture(form, place)
        columns = characters(code_rows(root)[step.span.line])
        run = [operations[p] for p in statement(operations, place) if p <= place]
        found = brackets(root)
        assert len(found) == len(run)
        for points, operation in zip(found, run, strict=True):
            assert points[0, 0] == pytest.approx(columns[operation.span.start][0], abs=4.5)
            assert points[-1, 0] == pytest.approx(columns[operation.span.end - 1][0], abs=4.5)
        for one in range(len(run)):
            for other in range(one + 1, len(run)):
                nested = run[other].span.start <= run[one].span.start and run[one].span.end <= run[other].span.end
                above = found[one][0, 1] < found[other][0, 1]
                assert above == nested, (run[one].expression, run[other].expression)
        heights = sorted({points[0, 1] for points in found})
        assert len({round(step, 1) for step in np.diff(heights)}) <= 1, "an empty row"


@each_form
@each_size
def test_panel_keeps_its_size_while_a_line_runs_and_holds_every_word(form: str, n: int, nh: int) -> None:
    operations = recorded(form, n, nh)
    for place in range(len(operations)):
        root = picture(form, place, n, nh)
        width, height = size_of(root)
        assert {size_of(picture(form, other, n, nh)) for other in statement(operations, place)} == {(width, height)}
        assert not [t.words for t in texts(root) if t.box[0] < 0 or t.box[1] < 0 or t.box[2] > width or t.box[3] > height]


@each_form
def test_table_and_description_tell_the_line(form: str) -> None:
    operations = recorded(form, 784, 50)
    for place, step in enumerate(operations):
        found = panel(form, place, 784, 50)
        line = [operations[p] for p in statement(operations, place)]
        assert list(found.frame.expression) == [o.expression for o in line]
        assert list(found.frame["bytes"]) == [o.nbytes for o in line]
        assert list(found.frame["shape"]) == [str(o.shape) for o in line]
        for told in (f"Line {step.span.line} ", step.caller, step.expression, str(step.shape)):
            assert told in found.description
