"""What holds for every picture in every state, and that no kind of picture is left out."""

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import typing
from itertools import islice

import pytest
from pictures.diagrams.drawn import parsed
from pictures.every_picture import KINDS, pictures
from pictures.looks import assert_tidy, assert_well_formed, texts_of

import mnistgrad.pictures
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES

each_kind = pytest.mark.parametrize("kind", KINDS)


@each_kind
def test_pictures_are_well_formed_and_tidy(kind: str) -> None:
    shown = list(pictures(kind))
    assert shown
    assert_well_formed(shown)
    assert_tidy(shown, PALETTES["light"])


@each_kind
def test_in_the_dark_the_same_is_drawn_in_colours_that_can_be_read(kind: str) -> None:
    light, dark = (list(islice(pictures(kind, theme), 4)) for theme in ("light", "dark"))
    assert_tidy(dark, PALETTES["dark"])
    for (label, one), (_, other) in zip(light, dark, strict=True):
        assert (one.name, one.description) == (other.name, other.description), label
        assert one.frame.equals(other.frame), label
        assert texts_of(one) == texts_of(other) and any(texts_of(one)), label
        assert drawn(one) == drawn(other), label


def drawn(picture: Chart | Diagram) -> object:
    """What is drawn, but for its colours."""
    if isinstance(picture, Chart):
        return re.sub(r"#[0-9a-f]{6}|view_[0-9a-f]+", "", str(picture.spec))
    root = parsed(picture.svg)
    return [(e.tag, {k: v for k, v in e.attrib.items() if k != "href" and not v.startswith("#")}) for e in root.iter()]


def test_no_function_that_draws_a_picture_is_left_out() -> None:
    found = set()
    for module in pkgutil.walk_packages(mnistgrad.pictures.__path__, "mnistgrad.pictures."):
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if function.__module__ == module.name and not name.startswith("_"):
                returns = typing.get_type_hints(inspect.unwrap(function)).get("return")
                if {Chart, Diagram} & {returns, *typing.get_args(returns)}:
                    found.add(name)
    assert found == set(KINDS)


def test_pictures_are_drawn_without_the_dashboard() -> None:
    code = "import sys, pictures.every_picture; sys.exit('streamlit' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(sys.path)})
