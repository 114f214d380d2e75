"""What `import mnistgrad as mg` offers: quick to import, named once, and short to show."""

import ast
import importlib
import pkgutil
import pydoc
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
import torch
from loops import over
from test_torch_state import found

import mnistgrad as mg
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Drawing
from mnistgrad.pictures.palette import PALETTES

HEAVY = ("torch", "numpy", "pandas", "altair", "vl_convert", "streamlit", "PIL", "IPython")
DRAWS = ("pandas", "altair", "vl_convert", "streamlit", "PIL", "IPython")
USE = "batch, weights = mg.load_batch(2), mg.initial_weights(3); mg.examine(mg.gradients(batch, weights)).rank"
LINES, LETTERS = 24, 24 * 120  # of a screen


@over(("use", "absent"), [("", HEAVY), (USE, DRAWS)])
def test_importing_loads_nothing_and_computing_nothing_that_draws(use: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, mnistgrad as mg; {use}\nprint(*(name for name in {absent} if name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []


def test_tab_completion_shows_the_public_names_alone() -> None:
    assert dir(mg) == sorted(mg.__all__) and not [name for name in dir(mg) if name.startswith("_")]
    assert {"Batch", "Weights", "examine", "gradients", "explain", "lesson"} <= {*dir(mg)}
    assert all(getattr(mg, name) is not None for name in dir(mg))
    names: dict[str, Any] = {}
    exec("from mnistgrad import *", names)
    assert {*names} - {"__builtins__"} == {*dir(mg)}


def test_version_is_the_packages_own_and_no_unknown_name_is_made_up() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", mg.__version__)
    with pytest.raises(AttributeError, match="no attribute 'gradient_of'"):
        mg.gradient_of  # noqa: B018


def test_names_stand_once_in_the_stub_and_lead_to_what_it_says() -> None:
    stub = ast.parse(Path(mg.__file__).with_suffix(".pyi").read_text())
    lines = [line for line in stub.body if isinstance(line, ast.ImportFrom)]
    names = [(line.module, name.name, name.asname) for line in lines for name in line.names]
    assert sorted(name for _, name, _ in names) == mg.__all__
    for module, name, shown in names:
        assert shown == name  # what type checkers take for public
        assert getattr(mg, name) is getattr(importlib.import_module(str(module)), name)


def modules() -> Iterator[ModuleType]:
    yield mg
    for name in ("common", "network", "gradient", "trace", "lines", "cost", "training", "captions", "pictures", "player"):
        room = importlib.import_module(f"mnistgrad.{name}")
        yield room
        yield from (importlib.import_module(m.name) for m in pkgutil.walk_packages(room.__path__, f"{room.__name__}."))


def test_no_function_hides_a_module_of_its_name() -> None:
    for module in modules():
        for inside in pkgutil.iter_modules(getattr(module, "__path__", [])):
            assert isinstance(getattr(module, inside.name, mg), ModuleType), f"{module.__name__}.{inside.name}"


def test_help_begins_with_a_page_that_names_everything() -> None:
    page = pydoc.plain(pydoc.render_doc(mg))
    described = page.split("PACKAGE CONTENTS")[0]
    assert not [name for name in mg.__all__ if not re.search(rf"\b{name}\b", described)]
    assert max(map(len, described.splitlines())) <= 130 and len(described.splitlines()) < 60
    assert all(getattr(mg, name).__doc__ for name in mg.__all__)


def inside(value: Any) -> Iterator[Any]:
    """The dataclasses that it holds, itself included."""
    if is_dataclass(value):
        yield value
        value = list(vars(value).values())
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list | tuple):
        for part in value:
            yield from inside(part)


def test_no_repr_is_longer_than_a_screen() -> None:
    own = mg.Batch(torch.ones(30, 3_000), torch.zeros(30, dtype=torch.long), loss="cross-entropy")
    weights = mg.Weights(torch.ones(3_000, 40), torch.ones(40), torch.ones(40, 200), torch.ones(200))
    values = [*inside(found()), *inside([own, weights, mg.gradients(own, weights), mg.examine(own, weights)])]
    values = [value for value in values if not type(value).__module__.startswith(("mnistgrad.trace", "mnistgrad.lines"))]
    assert len({type(value) for value in values}) > 15
    for value in values:
        shown = repr(value)
        assert len(shown) < LETTERS and len(shown.splitlines()) <= LINES, type(value)
        assert type(value).__name__ in shown or len(shown) < 40


def test_pictures_show_themselves_and_tell_little_of_themselves() -> None:
    drawing = Drawing(40, 30, PALETTES["light"])
    for place in range(2_000):
        drawing.rect(place, place, 1, 1)
    diagram = drawing.finished("many", "many squares", pd.DataFrame({"place": range(2_000)}), 10)
    assert diagram._repr_svg_().startswith("<svg") and diagram._repr_svg_().count("<rect") > 2_000
    chart = Chart("big", {"datasets": {"a": [{"x": 1}] * 5_000}}, "said", diagram.frame, 10, 10)
    for picture in (diagram, chart):
        assert len(repr(picture)) < 400 and type(picture).__name__ in repr(picture) and "2,000" in repr(picture)


def test_reprs_say_what_the_values_are() -> None:
    batch = mg.Batch(torch.ones(4, 6), torch.tensor([0, 2, 1, 0]), loss="cross-entropy")
    weights = mg.Weights(torch.eye(6)[:, :5], torch.ones(5), torch.ones(5, 3), torch.zeros(3))
    assert repr(batch) == "Batch(inp (4, 6) float32, targ (4,) int64, loss 'cross-entropy')"
    assert repr(weights).startswith("Weights(w1 (6, 5) float32, b1 (5,) float32, w2 (5, 3) float32, b2 (3,) float32")
    assert "over 4 images" in repr(mg.examine(batch, weights)) and "(6, 5)" in repr(mg.examine(batch, weights))
    assert "'Lesson 2022'" in repr(mg.initial_weights(3, preset="lesson-2022"))
