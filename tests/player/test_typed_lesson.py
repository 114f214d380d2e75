"""Lessons from typed lines."""

import re

import pytest
import torch
from loops import over

import mnistgrad as mg

LINE = "dW = h.t() @ dlogits"


@over(
    "shapes",
    [
        {"h": (32, 64), "dlogits": [32, 27]},
        {"h": torch.Size([32, 64]), "dlogits": "torch.Size([32, 27])"},
        {"h": "n=32, j=64", "dlogits": {"n": 32, "k": 27}},
        {"h": "n=32, j=64", "dlogits": "n, k=27"},
    ],
)
def test_lesson_has_a_frame_for_each_operation(shapes: dict[str, object]) -> None:
    lesson = mg.explain_lines(LINE, shapes)  # type: ignore[arg-type]
    assert [(frame.code, frame.name) for frame in lesson] == [("h.t()", "h.t()"), ("h.t() @ dlogits", "dW")]
    assert lesson[-1].shape == (64, 27) and lesson.refused is None


def test_names_of_axes_are_carried() -> None:
    lesson = mg.explain_lines(LINE, {"h": "batch=32, hidden=64", "dlogits": "batch=32, letter=27"})
    assert lesson[-1].axes == ("hidden", "letter")


def test_sizes_beyond_memory_need_none() -> None:
    lesson = mg.explain_lines("p = x.unsqueeze(-1) * g.unsqueeze(1)", {"x": "n=10_000_000, i=784", "g": "n=10_000_000, j=50"})
    assert lesson[-1].shape == (10_000_000, 784, 50) and lesson[-1].operation.nbytes == 4 * 10_000_000 * 784 * 50
    assert lesson[-1].operation.numbers is not None  # of smaller tensors


def test_lesson_ends_where_torch_stops_with_its_words() -> None:
    lesson = mg.explain_lines("a = h + 1\nb = a @ g\nc = b + 1", {"h": (32, 64), "g": (32, 27)})
    assert [frame.code for frame in lesson] == ["h + 1", "a @ g"] and lesson.refused is lesson[-1]
    with pytest.raises(RuntimeError) as told:
        torch.zeros(32, 64) @ torch.zeros(32, 27)
    assert lesson[-1].operation.message == str(told.value)


@over(("left", "right"), [((2000, 3000, 1), (2000, 7, 1)), ((9000, 5), (9000, 6))])
def test_large_clash_is_told_in_the_words_of_the_cpu(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    lesson = mg.explain_lines("d = a[:77]\nc = a * b", {"a": left, "b": right})  # 77 stands for no size of a smaller tensor
    with pytest.raises(RuntimeError) as told:
        torch.zeros(()).expand(left) * torch.zeros(()).expand(right)
    assert lesson[-1].operation.message == str(told.value)


@over(
    ("lines", "shapes", "error", "told"),
    [
        (3, {}, TypeError, "lines is int; allowed is a text"),
        (LINE, [(3, 4)], TypeError, "shapes is list; allowed is a dict"),
        (LINE, {"h": 32}, TypeError, "shapes['h'] is int; allowed are (32, 64)"),
        (LINE, {"h": torch.zeros(3)}, TypeError, "shapes['h'] is Tensor"),
        (LINE, {"h": (32, -1)}, ValueError, "axis 2 of `h` is `-1`"),
        (LINE, {"h": (32, 64)}, ValueError, "`dlogits` has no shape yet"),
        (LINE, {"h\ng": (32, 64)}, ValueError, "A shape begins with a tensor's name"),
        ("import os", {}, ValueError, "an import"),
    ],
)
def test_what_is_no_line_or_no_shape_is_told(lines: object, shapes: object, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=re.escape(told)):
        mg.explain_lines(lines, shapes)  # type: ignore[arg-type]
