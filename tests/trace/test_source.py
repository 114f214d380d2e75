"""The lesson's lines as a reader sees them."""

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from loops import over

from mnistgrad import lesson
from mnistgrad.trace.passes import LESSON
from mnistgrad.trace.source import Source, Span, code_lines

TEXT = '''"""A module."""


def documented(x):
    """Says what it does,

    at length.
    """
    y = x + 1

    # a comment stays
    return y


def bare(x):
    return "text", x
'''


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / "shown_source.py").write_text(TEXT)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("shown_source")
    del sys.modules["shown_source"]


def test_docstrings_and_blank_lines_are_hidden_and_numbers_are_the_files(module: ModuleType) -> None:
    assert [(line.number, line.text) for line in code_lines(module.documented)] == [
        (4, "def documented(x):"),
        (9, "    y = x + 1"),
        (11, "    # a comment stays"),
        (12, "    return y"),
    ]
    assert [(line.number, line.text) for line in code_lines(module.bare)] == [(15, "def bare(x):"), (16, '    return "text", x')]


@over("function", LESSON)
def test_every_line_of_the_lesson_is_the_files_line_of_that_number(function: Callable[..., object]) -> None:
    in_file = Path(inspect.getfile(lesson)).read_text().splitlines()
    shown = code_lines(function)
    assert shown[0].text.startswith(f"def {function.__name__}(")
    assert all(in_file[line.number - 1] == line.text for line in shown)
    assert {line.function for line in shown} == {function.__name__}
    assert not any('"""' in line.text for line in shown)


@over(
    ("span", "text"),
    [(Span(9, 8, 9, 13), "x + 1"), (Span(9, 4, 9, 13), "y = x + 1"), (Span(11, 4, 12, 12), "# a comment stays return y")],
)
def test_the_text_at_a_span(span: Span, text: str) -> None:
    assert Source(TEXT).text(span) == text


def test_a_span_belongs_to_the_statement_around_it() -> None:
    assert Source(TEXT).target(Span(9, 8, 9, 13)) == "y"
    assert Source(TEXT).target(Span(12, 11, 12, 12)) == ""


def test_of_code_without_a_file_nothing_is_known() -> None:
    source, span = Source.of(compile("x + 1", "<typed>", "eval")), Span(1, 0, 1, 5)
    assert not source.knows(span) and source.target(span) == ""
    texts = source.operand_texts("exp", span, (True, False, (True, True)), {"out": True})
    assert texts == [f"operand_{place}" for place in range(1, 5)]
