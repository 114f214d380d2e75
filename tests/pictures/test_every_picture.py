"""What holds for every picture in every state, and that no kind of picture is left out."""

import ast
import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from pictures.diagrams.drawn import parsed, texts
from pictures.every_picture import KINDS, drawn, pictures
from pictures.looks import assert_tidy, assert_well_formed, texts_of

import mnistgrad.pictures
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES

each_kind = pytest.mark.parametrize("kind", KINDS, scope="module")  # both tests of a kind in a row


@each_kind
def test_pictures_are_well_formed_and_tidy(kind: str) -> None:
    shown = drawn(kind)
    assert shown
    assert_well_formed(shown)
    assert_tidy(shown, PALETTES["light"])


@each_kind
def test_no_words_stand_where_a_picture_is_cut_to_be_stacked(kind: str) -> None:
    for label, picture in drawn(kind):
        if isinstance(picture, Diagram) and picture.cuts:
            assert [*picture.cuts] == sorted(picture.cuts) and picture.cuts[0] > 0 and picture.cuts[-1] < picture.width
            cut = [(t.words, at) for t in texts(parsed(picture.svg)) for at in picture.cuts if t.box[0] + 1 < at < t.box[2] - 1]
            assert not cut, label


@each_kind
def test_in_the_dark_the_same_is_drawn_in_colours_that_can_be_read(kind: str) -> None:
    dark = list(islice(pictures(kind, "dark"), 2))
    assert_tidy(dark, PALETTES["dark"])
    for (label, one), (_, other) in zip(drawn(kind), dark, strict=False):
        assert (one.name, one.description) == (other.name, other.description), label
        assert one.frame.equals(other.frame), label
        assert texts_of(one) == texts_of(other), label
        assert shapes_of(one) == shapes_of(other), label


def shapes_of(picture: Chart | Diagram) -> object:
    """What is drawn, but for its colours."""
    if isinstance(picture, Chart):
        return re.sub(r"#[0-9a-f]{6}|view_[0-9a-f]+", "", str(picture.spec))
    root = parsed(picture.svg)
    return [(e.tag, e.text, {k: v for k, v in e.attrib.items() if k != "href" and not v.startswith("#")}) for e in root.iter()]


def test_no_function_that_draws_a_picture_is_left_out() -> None:
    found = set()
    for module in pkgutil.walk_packages(mnistgrad.pictures.__path__, "mnistgrad.pictures."):
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if function.__module__ == module.name and not name.startswith("_"):
                returns = typing.get_type_hints(inspect.unwrap(function)).get("return")
                if {Chart, Diagram} & {returns, *typing.get_args(returns)}:
                    found.add(name)
    assert found == set(KINDS)


def test_pictures_are_tested_without_the_dashboard() -> None:
    """That no module below the app needs it is for the test of the import law."""
    tests = Path(__file__).parents[1]
    files = [
        *tests.glob("pictures/**/*.py"),
        *(tests / f"{name}.py" for name in ("comparisons", "measurements", "passes", "states")),
    ]
    asking = {file.name for file in files for name in imported(file) if re.match(r"streamlit\b|mnistgrad\.app\b", name)}
    assert len(files) > 30 and not asking


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
