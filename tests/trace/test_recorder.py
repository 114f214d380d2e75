"""The recorder on code that is laid out in other ways than the lesson's, counted and worked out by hand."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import torch

from mnistgrad.trace.operations import UNKNOWN
from mnistgrad.trace.recording import Operation, Recorder
from mnistgrad.trace.stand_ins import StandIns


@pytest.fixture
def spaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A module whose weight gradient is written in other ways than the lesson's."""
    (tmp_path / "spaced_lesson.py").write_text('''"""Begins late."""



def broken_over_lines(  inp ,out,w ):
    """Two statements on three lines."""
    product = (  inp.unsqueeze( -1 )
        * out.g.unsqueeze(1))
    w.g = product.sum( 0 )


def chained_over_lines(inp, out, w):
    w.g = (inp.unsqueeze(-1)
           * out.g.unsqueeze(1)
           ).sum(0)


def by_einsum(inp, out, w): w.g = torch.einsum("bi,bj->ij", inp, out.g)


def by_matmul(inp, out, w):
    transposed = inp.t()

    w.g = transposed@out.g


def without_a_rule(inp, out, w):
    w.g = inp.cummax(0).values


def calls_lin_grad(inp, out, w):
    by_matmul(inp,  out, w)


def lets_go(inp, out, w):
    l1 = inp @ w
    l1 = l1 + 1.
    turned = l1.t()
    w.g = inp.t() @ l1
    l1 = None
    turned = turned @ inp
    return turned.sum(0)


def tells_n(inp, out, w):
    w.g = inp.sum(0) / inp.shape[0]


def keeps_shape(inp, out, w):
    return inp.sum(0) / inp.float().shape[-1]


def sets_two(inp, out, w):
    l1 = tells_n(inp, out, w)
    by_matmul(out=out, inp=inp, w=w)


import torch
''')
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("spaced_lesson")
    del sys.modules["spaced_lesson"]


def recorded(module: ModuleType, run: str, *watched: str) -> tuple[Operation, ...]:
    inp, out, out_g, w = torch.ones(3, 5), torch.ones(3, 2), torch.full((3, 2), 2.0), torch.zeros(5, 2)
    out.g = out_g
    recorder = Recorder([getattr(module, name) for name in watched], [(inp, "ni"), (out_g, "nj"), (w, "ij")])
    with recorder:
        getattr(module, run)(inp, out, w)
    return recorder.operations()


def test_a_statement_broken_over_lines_is_recorded_as_written(spaced: ModuleType) -> None:
    steps = recorded(spaced, "broken_over_lines", "broken_over_lines")
    assert [(step.expression, step.span.line, step.span.end_line, step.target) for step in steps] == [
        ("inp.unsqueeze( -1 )", 7, 7, "product"),
        ("out.g.unsqueeze(1)", 8, 8, "product"),
        ("inp.unsqueeze( -1 ) * out.g.unsqueeze(1)", 7, 8, "product"),
        ("product.sum( 0 )", 9, 9, "w.g"),
    ]
    assert [[operand.text for operand in step.operands] for step in steps] == [
        ["inp"],
        ["out.g"],
        ["inp.unsqueeze( -1 )", "out.g.unsqueeze(1)"],
        ["product"],
    ]
    assert steps[-1].axes == ("i", "j")


def test_a_method_called_on_a_later_line_is_recorded(spaced: ModuleType) -> None:
    total = recorded(spaced, "chained_over_lines", "chained_over_lines")[-1]
    assert (total.name, total.target, total.axes) == ("sum", "w.g", ("i", "j"))


def test_einsum_is_recorded_with_its_tensors_and_not_its_equation(spaced: ModuleType) -> None:
    (step,) = recorded(spaced, "by_einsum", "by_einsum")
    assert (step.name, step.shape, step.axes, step.target) == ("einsum", (5, 2), ("i", "j"), "w.g")
    assert [(operand.text, operand.axes) for operand in step.operands] == [("inp", ("n", "i")), ("out.g", ("n", "j"))]


def test_a_matrix_product_in_two_statements_is_recorded(spaced: ModuleType) -> None:
    transpose, product = recorded(spaced, "by_matmul", "by_matmul")
    assert (transpose.expression, transpose.target, transpose.axes) == ("inp.t()", "transposed", ("i", "n"))
    assert (product.expression, product.target, product.axes) == ("transposed@out.g", "w.g", ("i", "j"))
    assert torch.equal(product.value, torch.full((5, 2), 6.0))


def as_shapes(module: ModuleType, run: str) -> tuple[Operation, ...]:
    """inp (30, 50), w (50, 20), out and out.g (30, 20), by small tensors that stand for them."""
    small = StandIns.for_sizes((30, 50, 20))
    inp, out, out_g, w = (small.tensor(shape) for shape in ((30, 50), (30, 20), (30, 20), (50, 20)))
    out.g = out_g
    recorder = Recorder([getattr(module, run)], [(inp, "ni"), (out_g, "nj"), (w, "ij")], stand_ins=small)
    with recorder:
        getattr(module, run)(inp, out, w)
    return recorder.operations()


def test_live_bytes_are_counted_by_hand(spaced: ModuleType) -> None:
    steps = as_shapes(spaced, "lets_go")
    assert [(step.expression, step.is_view, step.nbytes, step.live) for step in steps] == [
        ("inp @ w", False, 2_400, 2_400),
        ("l1 + 1.", False, 2_400, 2_400 + 2_400),
        ("l1.t()", True, 2_400, 2_400),  # the first l1 has gone, and a view takes nothing
        ("inp.t()", True, 6_000, 2_400),  # nor does one of what went in
        ("inp.t() @ l1", False, 4_000, 2_400 + 4_000),
        ("turned @ inp", False, 4_000, 2_400 + 4_000 + 4_000),  # the view alone keeps l1
        ("turned.sum(0)", False, 200, 4_000 + 4_000 + 200),
    ]


def test_watched_code_is_told_the_sizes_given_and_runs_on_its_own(spaced: ModuleType) -> None:
    inp, out, w = torch.ones(3, 5), torch.ones(3, 2), torch.zeros(5, 2)
    for sizes, n in (({"n": 12}, 12), ({"i": 7}, 3), ({}, 3)):
        recorder = Recorder([spaced.tells_n], [(inp, "ni"), (w, "ij")], sizes)
        with recorder:
            spaced.tells_n(inp, out, w)
        assert w.g.tolist() == pytest.approx([3 / n] * 5)
        assert recorder.operations()[-1].arguments == (n,)
    spaced.tells_n(inp, out, w)
    assert w.g.tolist() == [1] * 5


def test_code_that_is_not_watched_sees_the_shape_that_is_there(spaced: ModuleType) -> None:
    inp, out, w = torch.ones(3, 5), torch.ones(3, 2), torch.zeros(5, 2)
    with Recorder([spaced.by_matmul], [(inp, "ni"), (w, "ij")], {"n": 12}):
        spaced.tells_n(inp, out, w)
    assert w.g.tolist() == [1] * 5


def test_a_conversion_that_converts_nothing_is_a_view(spaced: ModuleType) -> None:
    added, same, divided = recorded(spaced, "keeps_shape", "keeps_shape")
    assert (added.is_view, same.is_view, divided.is_view) == (False, True, False)
    assert (same.expression, divided.arguments) == ("inp.float()", (5,))


def test_arguments_given_by_name_leave_the_callers_words_to_the_function(spaced: ModuleType) -> None:
    steps = recorded(spaced, "sets_two", "sets_two", "tells_n", "by_matmul")
    assert [(step.target, step.sets) for step in steps] == [
        ("w.g", "w.g"),
        ("w.g", "w.g"),
        ("transposed", "transposed"),
        ("w.g", "w.g"),
    ]
    assert steps[0].names == {"inp": "inp", "out": "out", "w": "w"}
    assert steps[-1].names == {}


def test_an_operation_without_a_rule_is_recorded_and_its_axes_have_no_names(spaced: ModuleType) -> None:
    found = [step for step in recorded(spaced, "without_a_rule", "without_a_rule") if step.name == "cummax"]
    assert found and all(set(step.axes) == {""} and step.known is UNKNOWN and step.manner == "" for step in found)


def test_code_that_is_not_watched_is_not_recorded(spaced: ModuleType) -> None:
    assert recorded(spaced, "by_matmul", "by_einsum") == ()
    assert recorded(spaced, "without_a_rule", "by_matmul") == ()


def test_the_caller_is_named_as_written_and_only_where_it_is_watched(spaced: ModuleType) -> None:
    watched = recorded(spaced, "calls_lin_grad", "calls_lin_grad", "by_matmul")
    assert {step.caller for step in watched} == {"by_matmul(inp,  out, w)"}
    assert {step.caller for step in recorded(spaced, "calls_lin_grad", "by_matmul")} == {""}


def test_nothing_is_recorded_after_the_recorder_is_left(spaced: ModuleType) -> None:
    inp, out_g, w = torch.ones(3, 5), torch.ones(3, 2), torch.zeros(5, 2)
    out = torch.ones(3, 2)
    out.g = out_g
    recorder = Recorder([spaced.by_matmul], [(inp, "ni"), (out_g, "nj"), (w, "ij")])
    spaced.by_matmul(inp, out, w)
    assert recorder.operations() == ()
