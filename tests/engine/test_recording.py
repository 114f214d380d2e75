"""What the recorder notes is what ran: shapes, names, source and values, for any code that it is told to watch."""

import ast
import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import torch
from torch import Tensor

from mnistgrad import initial_weights, lesson, load_batch
from mnistgrad.data import PIXELS
from mnistgrad.recording import LESSON, Operation, Recorder, record_lin_grad, record_pass, weight_gradient_steps

LETTERS = {"inp": "ni", "targ": "n", "w1": "ij", "b1": "j", "w2": "jk", "b2": "k"}
W_G = "(inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)"


def inputs(n: int, nh: int) -> dict[str, Tensor]:
    batch, weights = load_batch(n), initial_weights(nh)
    return {"inp": batch.inp, "targ": batch.targ, "w1": weights.w1, "b1": weights.b1, "w2": weights.w2,
            "b2": weights.b2}


def recorded_pass(n: int, nh: int = 50) -> tuple[Operation, ...]:
    """The whole pass on real tensors."""
    tensors = inputs(n, nh)
    recorder = Recorder(LESSON, [(tensor, LETTERS[name]) for name, tensor in tensors.items()])
    with recorder:
        lesson.forward_and_backward(**tensors)
    return recorder.operations()


def test_the_whole_pass_is_recorded_in_the_order_it_ran() -> None:
    steps = record_pass(7, 50, lesson.relu_shifted)
    calls = list(dict.fromkeys((step.function, step.caller) for step in steps))
    assert calls == [
        ("lin", "lin(inp, w1, b1)"), ("relu_shifted", "relu(l1)"), ("lin", "lin(l2, w2, b2)"),
        ("mse", "mse(out, targ)"), ("mse_grad", "mse_grad(out, targ)"), ("lin_grad", "lin_grad(l2, out, w2, b2)"),
        ("relu_grad", "relu_grad(l1, l2)"), ("lin_grad", "lin_grad(inp, l1, w1, b1)")]
    assert [step.name for step in steps if step.caller == "lin_grad(inp, l1, w1, b1)"] == [
        "t", "matmul", "unsqueeze", "unsqueeze", "mul", "sum", "sum"]


def test_the_rectifier_that_ran_is_the_one_recorded() -> None:
    assert "relu" in {step.function for step in record_pass(7, 50, lesson.relu)}
    assert "relu_shifted" not in {step.function for step in record_pass(7, 50, lesson.relu)}


@pytest.mark.parametrize(("n", "nh"), [(50, 50), (1, 50), (784, 50), (784, 784), (1, 1), (7, 1), (50_000, 200)])
def test_axis_names_do_not_depend_on_sizes(n: int, nh: int) -> None:
    assert names(record_pass(n, nh, lesson.relu)) == names(record_pass(7, 50, lesson.relu))


def names(steps: tuple[Operation, ...]) -> list[object]:
    return [(step.expression, step.axes, [operand.axes for operand in step.operands]) for step in steps]


def test_every_axis_of_the_pass_has_its_name_and_its_size() -> None:
    sizes = {"n": 7, "i": PIXELS, "j": 50, "k": 1}
    for step in record_pass(7, 50, lesson.relu):
        for shape, axes in [(step.shape, step.axes), *((o.shape, o.axes) for o in step.operands)]:
            assert len(shape) == len(axes)
            assert all(size in (1, sizes[axis]) for size, axis in zip(shape, axes, strict=True)), step.expression


@pytest.mark.parametrize("n", [1, 3, 50])
def test_the_meta_device_gives_the_shapes_of_a_real_run(n: int) -> None:
    def seen(steps: tuple[Operation, ...]) -> list[object]:
        return [(s.name, s.expression, s.span, s.shape, s.nbytes, [o.shape for o in s.operands]) for s in steps]

    assert seen(record_pass(n, 50, lesson.relu_shifted)) == seen(recorded_pass(n))


def test_bytes_are_those_of_the_result() -> None:
    for step in recorded_pass(5):
        assert step.value is not None
        assert step.nbytes == step.value.numel() * step.value.element_size()
    products = {step.shape: step.nbytes for step in record_pass(50_000, 50, lesson.relu) if step.name == "mul"}
    assert products[50_000, PIXELS, 50] == 7_840_000_000


def test_a_pass_over_shapes_alone_takes_no_memory_and_has_no_values() -> None:
    steps = record_pass(10**9, 50, lesson.relu)
    assert all(step.value is None for step in steps)
    assert all(operand.value is None for step in steps for operand in step.operands)


def outer_names(n: int, nh: int) -> dict[str, Tensor]:
    """The variables of forward_and_backward after it ran, gradients on them."""
    names = inputs(n, nh)
    l1 = lesson.lin(names["inp"], names["w1"], names["b1"])
    l2 = lesson.relu_shifted(l1)
    out = lesson.lin(l2, names["w2"], names["b2"])
    lesson.mse_grad(out, names["targ"])
    lesson.lin_grad(l2, out, names["w2"], names["b2"])
    lesson.relu_grad(l1, l2)
    return {**names, "l1": l1, "l2": l2, "out": out}


def local_names(step: Operation, outer: dict[str, Tensor]) -> dict[str, Tensor]:
    """The variables of the function that ran the step, found from its call as written."""
    call = ast.parse(step.caller, mode="eval").body
    assert isinstance(call, ast.Call)
    parameters = inspect.signature(getattr(lesson, step.function)).parameters
    local = {name: outer[ast.unparse(argument)] for name, argument in zip(parameters, call.args, strict=True)}
    if step.function == "mse_grad":
        local["diff"] = local["inp"].squeeze(-1) - local["targ"]
    return local


def evaluated(text: str, names: dict[str, Tensor]) -> Tensor:
    return eval(text, {}, names)  # the texts are the lesson's own source


def test_every_expression_of_the_pass_evaluates_to_what_was_recorded() -> None:
    outer = outer_names(5, 4)
    for step in recorded_pass(5, 4):
        found = evaluated(step.expression, local_names(step, outer))
        torch.testing.assert_close(found, step.value, msg=step.expression)


@pytest.mark.parametrize("function", [
    "lin", "relu_shifted", "mse", "lin_grad", "relu_grad",
    "mse_grad"])
def test_every_operands_text_evaluates_to_the_operand(function: str) -> None:
    outer = outer_names(5, 4)
    operands = [(operand, local_names(step, outer)) for step in recorded_pass(5, 4) if step.function == function
                for operand in step.operands]
    assert operands
    for operand, local in operands:
        found = evaluated(operand.text, local)
        assert isinstance(found, Tensor), operand.text
        torch.testing.assert_close(found, operand.value, msg=operand.text)


def test_the_text_at_a_steps_span_is_its_expression() -> None:
    lines = inspect.getsource(lesson).splitlines()
    for step in record_pass(3, 50, lesson.relu):
        assert step.span.line == step.span.end_line
        assert lines[step.span.line - 1][step.span.start:step.span.end] == step.expression


def test_targets_are_what_the_statement_sets() -> None:
    steps = record_pass(3, 50, lesson.relu)
    by_function = {(step.function, step.target) for step in steps}
    assert by_function == {("lin", ""), ("relu", ""), ("mse", ""), ("mse_grad", "diff"), ("mse_grad", "inp.g"),
                           ("lin_grad", "inp.g"), ("lin_grad", "w.g"), ("lin_grad", "b.g"), ("relu_grad", "inp.g")}


@pytest.mark.parametrize("n", [1, 50, 50_000])
def test_the_weight_gradients_line_is_four_operations_of_the_first_layer(n: int) -> None:
    steps = weight_gradient_steps(record_pass(n, 50, lesson.relu))
    assert [(step.expression, step.shape, step.axes) for step in steps] == [
        ("inp.unsqueeze(-1)", (n, PIXELS, 1), ("n", "i", "j")),
        ("out.g.unsqueeze(1)", (n, 1, 50), ("n", "i", "j")),
        ("inp.unsqueeze(-1) * out.g.unsqueeze(1)", (n, PIXELS, 50), ("n", "i", "j")),
        (W_G, (PIXELS, 50), ("i", "j"))]


def test_the_second_layers_weight_gradient_is_named_j_by_k() -> None:
    sums = [step for step in record_pass(50, 50, lesson.relu) if step.expression == W_G]
    assert [(step.shape, step.axes) for step in sums] == [((50, 1), ("j", "k")), ((PIXELS, 50), ("i", "j"))]


def test_recorded_values_are_the_numbers_themselves() -> None:
    generator = torch.Generator().manual_seed(0)
    inp, out_g = torch.randn(3, 5, generator=generator), torch.randn(3, 2, generator=generator)
    thick, wide, product, total = weight_gradient_steps(record_lin_grad(inp, out_g))
    assert torch.equal(thick.value, inp[:, :, None])
    assert torch.equal(wide.value, out_g[:, None, :])
    assert torch.equal(product.value, torch.stack([torch.outer(inp[n], out_g[n]) for n in range(3)]))
    torch.testing.assert_close(total.value, inp.t() @ out_g)
    assert product.operands[0].value is thick.value


def test_recording_one_line_sets_no_gradient_that_was_not_there() -> None:
    out_g = torch.ones(3, 2)
    record_lin_grad(torch.ones(3, 5), out_g)
    assert not hasattr(out_g, "g")


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
    w.g = inp.exp()


def calls_lin_grad(inp, out, w):
    by_matmul(inp,  out, w)


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
        ("inp.unsqueeze( -1 )", 7, 7, "product"), ("out.g.unsqueeze(1)", 8, 8, "product"),
        ("inp.unsqueeze( -1 ) * out.g.unsqueeze(1)", 7, 8, "product"), ("product.sum( 0 )", 9, 9, "w.g")]
    assert [[operand.text for operand in step.operands] for step in steps] == [
        ["inp"], ["out.g"], ["inp.unsqueeze( -1 )", "out.g.unsqueeze(1)"], ["product"]]
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


def test_an_operation_without_a_rule_stops_the_recording(spaced: ModuleType) -> None:
    with pytest.raises(NotImplementedError, match="no axis rule for 'exp'"):
        recorded(spaced, "without_a_rule", "without_a_rule")


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
