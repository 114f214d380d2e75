"""Lessons from a reader's code: a function, a block, a notebook's cell."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from lessons import by_hand, clashes, given
from loops import over

import mnistgrad as mg
from mnistgrad.player.notebook import axes_of_line

WITHOUT = """
import sys, mnistgrad as mg
heavy = ("streamlit", "altair", "vl_convert", "pandas", "mnistgrad.player")
assert not [name for name in heavy if name in sys.modules]
import torch
lesson = mg.explain(torch.sum, torch.ones(2, 3))
str(lesson), lesson._repr_html_()
assert not [name for name in heavy[:3] if name in sys.modules]
"""


def test_a_function_is_explained_with_its_own_arguments() -> None:
    tensors = given((4, 6), (4,), (6, 3), (3,))
    lesson = mg.explain(by_hand, *tensors[:3], b=tensors[3], axes={"inp": "n i", "w": "ij", "b": ["j"]}, window={"n": [1, 3]})
    assert lesson.title == "by_hand" and lesson[0].axes == ("n", "j")
    assert lesson[0].operation.shown == ((1, 3), (0, 1, 2))
    np.testing.assert_array_equal(lesson[0].operation.numbers, (tensors[0] @ tensors[2])[[1, 3]].numpy())


def test_torch_s_refusal_ends_the_lesson_and_every_other_error_is_raised() -> None:
    lesson = mg.explain(clashes, *given((4, 6), (6, 3), (5,)))
    assert len(lesson) == 2 and lesson.refused is lesson[-1] and "size of tensor" in lesson[-1].says

    def fails(x: torch.Tensor) -> torch.Tensor:
        return {}[(x + 1).shape]

    with pytest.raises(KeyError):
        mg.explain(fails, torch.ones(2))
    with pytest.raises(ValueError, match="axes names 'y'"):
        mg.explain(fails, torch.ones(2), axes={"y": "n"})


def test_a_block_is_watched_until_it_ends_or_torch_refuses() -> None:
    h, d = given((4, 3), (4, 2))
    with mg.watching(axes={"h": "n j", "d": "n k"}) as lesson:
        grad = h.t() @ d
        h.mul_(2)
    h + 1
    assert [frame.statement for frame in lesson] == ["h.t()", "grad = h.t() @ d", "h.mul_(2)"]
    assert lesson[-2].axes == ("j", "k") and lesson[-2].shape == tuple(grad.shape)
    with pytest.raises(RuntimeError, match="cannot be multiplied"), mg.watching() as lesson:
        h @ d
    assert lesson.refused and lesson.refused.code == "h @ d"


@pytest.fixture
def shell():
    InteractiveShell.clear_instance()
    started = InteractiveShell.instance()
    started.run_cell("%load_ext mnistgrad")
    started.run_cell("import torch, mnistgrad as mg\nh, d = torch.ones(4, 3), torch.ones(4, 2)")
    yield started
    InteractiveShell.clear_instance()


def test_a_cell_is_run_as_it_stands_and_shown(shell: InteractiveShell) -> None:
    with capture_output() as shown:
        shell.run_cell("%%explain h: n j, d: n k\ngrad = h.t() @ d\nrows = d.sum(0)")
    lesson = shell.user_ns["_"]
    assert repr(lesson) in shown.stdout
    assert [frame.code for frame in lesson] == ["h.t()", "h.t() @ d", "d.sum(0)"]
    assert shell.user_ns["grad"].tolist() == [[4.0, 4.0]] * 3 and lesson[1].axes == ("j", "k")
    assert [line.text for line in lesson[0].operation.code] == ["grad = h.t() @ d", "rows = d.sum(0)"]
    assert {"text/plain", "text/html"} <= shell.display_formatter.format(lesson)[0].keys()


def test_a_cell_that_torch_refuses_is_shown_up_to_there(shell: InteractiveShell) -> None:
    with capture_output() as shown:
        shell.run_cell("%%explain\nrows = d.sum(0)\nh @ d")
    lesson = shell.user_ns["_"]
    assert lesson.refused and lesson.refused.code == "h @ d" and "cannot be multiplied" in shown.stdout


@over("line", ["h", "h:", ": n", "h: n j; d: n k, x"])
def test_a_line_that_names_no_axes_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"the line names .*; allowed is %%explain"):
        axes_of_line(line)


def test_the_face_loads_what_draws_only_when_it_draws() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT], check=True)
    assert {"explain", "watching"} <= {*dir(mg)} <= {*mg.__all__, "__version__"}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        mg.nothing  # noqa: B018
