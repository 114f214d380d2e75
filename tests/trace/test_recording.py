"""What is recorded of the lesson's pass is what ran: shapes, names, source, memory and values."""

import ast
import inspect
from collections.abc import Iterator

import torch
from loops import over
from torch import Tensor
from torch.profiler import ProfilerActivity, profile

from mnistgrad import initial_weights, lesson, load_batch
from mnistgrad.network.data import PIXELS
from mnistgrad.trace.passes import LESSON, PROGRAMS, record_pass
from mnistgrad.trace.recording import Operation, Recorder

each_form = over("form", PROGRAMS)
LETTERS = {"inp": "ni", "targ": "n", "w1": "ij", "b1": "j", "w2": "jk", "b2": "k"}
W_G = "(inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)"


def inputs(n: int, nh: int) -> dict[str, Tensor]:
    batch, weights = load_batch(n), initial_weights(nh)
    return {"inp": batch.inp, "targ": batch.targ, "w1": weights.w1, "b1": weights.b1, "w2": weights.w2, "b2": weights.b2}


def recorded_pass(n: int, nh: int = 50, form: str = "broadcast") -> tuple[Operation, ...]:
    """The whole pass on real tensors."""
    tensors = inputs(n, nh)
    recorder = Recorder(LESSON, [(tensor, LETTERS[name]) for name, tensor in tensors.items()])
    with recorder:
        lesson.forward_and_backward(**tensors, relu=lesson.relu_shifted, lin_grad=PROGRAMS[form])
    return recorder.operations()


def test_the_whole_pass_is_recorded_in_the_order_it_ran() -> None:
    steps = record_pass(7, 50, lesson.relu_shifted)
    calls = list(dict.fromkeys((step.function, step.caller) for step in steps))
    assert calls == [
        ("lin", "lin(inp, w1, b1)"),
        ("relu_shifted", "relu(l1)"),
        ("lin", "lin(l2, w2, b2)"),
        ("mse", "mse(out, targ)"),
        ("mse_grad", "mse_grad(out, targ)"),
        ("lin_grad", "lin_grad(l2, out, w2, b2)"),
        ("relu_grad", "relu_grad(l1, l2)"),
        ("lin_grad", "lin_grad(inp, l1, w1, b1)"),
    ]
    assert [step.name for step in steps if step.caller == "lin_grad(inp, l1, w1, b1)"] == [
        "t",
        "matmul",
        "unsqueeze",
        "unsqueeze",
        "mul",
        "sum",
        "sum",
    ]


def test_the_rectifier_that_ran_is_the_one_recorded() -> None:
    assert "relu" in {step.function for step in record_pass(7, 50, lesson.relu)}
    assert "relu_shifted" not in {step.function for step in record_pass(7, 50, lesson.relu)}


@over(("n", "nh"), [(50, 50), (1, 50), (784, 50), (784, 784), (1, 1), (7, 1), (50_000, 200)])
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


@each_form
@over("n", [1, 3, 50])
def test_small_tensors_give_the_shapes_of_a_real_run(n: int, form: str) -> None:
    def seen(steps: tuple[Operation, ...]) -> list[object]:
        return [
            (s.name, s.expression, s.span, s.shape, s.nbytes, s.is_view, s.arguments, s.sets, [o.shape for o in s.operands])
            for s in steps
        ]

    assert seen(record_pass(n, 50, lesson.relu_shifted, form)) == seen(recorded_pass(n, form=form))


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
    return eval(text, {"torch": torch}, names)  # the texts are the lesson's own source


@each_form
def test_every_expression_of_the_pass_evaluates_to_what_was_recorded(form: str) -> None:
    outer = outer_names(5, 4)
    for step in recorded_pass(5, 4, form):
        found = evaluated(step.expression, local_names(step, outer))
        torch.testing.assert_close(found, step.value, msg=step.expression)


@over(
    ("form", "function"),
    [
        *(("broadcast", function) for function in ("lin", "relu_shifted", "mse", "lin_grad", "relu_grad", "mse_grad")),
        ("einsum", "lin_grad_einsum"),
        ("matmul", "lin_grad_matmul"),
    ],
)
def test_every_operands_text_evaluates_to_the_operand(form: str, function: str) -> None:
    outer = outer_names(5, 4)
    operands = [
        (operand, local_names(step, outer))
        for step in recorded_pass(5, 4, form)
        if step.function == function
        for operand in step.operands
    ]
    assert operands
    for operand, local in operands:
        found = evaluated(operand.text, local)
        assert isinstance(found, Tensor), operand.text
        torch.testing.assert_close(found, operand.value, msg=operand.text)


def test_the_text_at_a_steps_span_is_its_expression() -> None:
    lines = inspect.getsource(lesson).splitlines()
    for step in record_pass(3, 50, lesson.relu):
        assert step.span.line == step.span.end_line
        assert lines[step.span.line - 1][step.span.start : step.span.end] == step.expression


def test_targets_are_what_the_statement_sets() -> None:
    steps = record_pass(3, 50, lesson.relu)
    by_function = {(step.function, step.target) for step in steps}
    assert by_function == {
        ("lin", ""),
        ("relu", ""),
        ("mse", ""),
        ("mse_grad", "diff"),
        ("mse_grad", "inp.g"),
        ("lin_grad", "inp.g"),
        ("lin_grad", "w.g"),
        ("lin_grad", "b.g"),
        ("relu_grad", "inp.g"),
    }


@over("n", [1, 50, 50_000])
def test_the_weight_gradients_line_is_four_operations_of_the_first_layer(n: int) -> None:
    steps = [step for step in record_pass(n, 50, lesson.relu) if step.sets == "w1.g"]
    assert [(step.expression, step.shape, step.axes) for step in steps] == [
        ("inp.unsqueeze(-1)", (n, PIXELS, 1), ("n", "i", "j")),
        ("out.g.unsqueeze(1)", (n, 1, 50), ("n", "i", "j")),
        ("inp.unsqueeze(-1) * out.g.unsqueeze(1)", (n, PIXELS, 50), ("n", "i", "j")),
        (W_G, (PIXELS, 50), ("i", "j")),
    ]


def test_the_second_layers_weight_gradient_is_named_j_by_k() -> None:
    sums = [step for step in record_pass(50, 50, lesson.relu) if step.expression == W_G]
    assert [(step.shape, step.axes) for step in sums] == [((50, 1), ("j", "k")), ((PIXELS, 50), ("i", "j"))]


@each_form
@over(("n", "nh"), [(7, 5), (50, 50), (1, 1), (784, 784)])
def test_what_a_statement_sets_is_told_in_the_callers_words(n: int, nh: int, form: str) -> None:
    steps = record_pass(n, nh, lesson.relu, form)
    assert list(dict.fromkeys(step.sets for step in steps)) == [
        "l1",
        "l2",
        "out",
        "loss",
        "diff",
        "out.g",
        "l2.g",
        "w2.g",
        "b2.g",
        "l1.g",
        "inp.g",
        "w1.g",
        "b1.g",
    ]


@each_form
def test_parameters_are_told_with_what_the_caller_passes(form: str) -> None:
    names = {step.caller: step.names for step in record_pass(3, 5, lesson.relu, form)}
    assert names == {
        "lin(inp, w1, b1)": {"x": "inp", "w": "w1", "b": "b1"},
        "relu(l1)": {"x": "l1"},
        "lin(l2, w2, b2)": {"x": "l2", "w": "w2", "b": "b2"},
        "mse(out, targ)": {"out": "out", "targ": "targ"},
        "mse_grad(out, targ)": {"inp": "out", "targ": "targ"},
        "lin_grad(l2, out, w2, b2)": {"inp": "l2", "out": "out", "w": "w2", "b": "b2"},
        "relu_grad(l1, l2)": {"inp": "l1", "out": "l2"},
        "lin_grad(inp, l1, w1, b1)": {"inp": "inp", "out": "l1", "w": "w1", "b": "b1"},
    }


def test_arguments_that_are_no_tensors_are_kept() -> None:
    found = {(step.expression, step.arguments) for step in record_pass(9, 5, lesson.relu_shifted) if step.arguments}
    assert found == {
        ("x.clamp_min(0.)", (0.0,)),
        ("x.clamp_min(0.) - 0.5", (0.5,)),
        ("out.squeeze(-1)", (-1,)),
        ("(out.squeeze(-1) - targ).pow(2)", (2,)),
        ("inp.squeeze(-1)", (-1,)),
        ("diff.unsqueeze(-1)", (-1,)),
        ("2. * diff.unsqueeze(-1)", (2.0,)),
        ("2. * diff.unsqueeze(-1) / inp.shape[0]", (9,)),
        ("inp > 0", (0,)),
        ("inp.unsqueeze(-1)", (-1,)),
        ("out.g.unsqueeze(1)", (1,)),
        (W_G, (0,)),
        ("out.g.sum(0)", (0,)),
    }
    (einsum,) = {step.arguments for step in record_pass(9, 5, lesson.relu, "einsum") if step.name == "einsum"}
    assert einsum == ("ni,nj->ij",)


@each_form
@over("n", [1, 5])
def test_a_view_is_what_stands_in_its_operands_memory(n: int, form: str) -> None:
    for step in recorded_pass(n, 4, form):
        result = step.value
        assert result is not None
        shared = [o for o in step.operands if o.value is not None and o.value.data_ptr() == result.data_ptr()]
        assert step.is_view == bool(shared), step.expression
    assert {step.name for step in recorded_pass(n, 4, form) if step.is_view} <= {"squeeze", "unsqueeze", "t"}


def allocations(n: int, nh: int, form: str) -> Iterator[tuple[int, int]]:
    """What torch's own allocator hands out during the pass: the bytes of each piece, and of all that is then in use."""
    tensors = inputs(n, nh)
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as watched:
        lesson.forward_and_backward(**tensors, relu=lesson.relu_shifted, lin_grad=PROGRAMS[form])
    in_use = 0
    events = [event for event in watched.profiler.kineto_results.events() if event.name() == "[memory]"]
    for event in sorted(events, key=lambda event: event.start_ns()):
        in_use += event.nbytes()
        if event.nbytes() > 0:
            yield event.nbytes(), in_use


@each_form
@over(("n", "nh"), [(7, 5), (50, 50), (3, 1)])
def test_live_bytes_are_those_that_torch_has_handed_out(n: int, nh: int, form: str) -> None:
    handed_out = allocations(n, nh, form)
    for step in record_pass(n, nh, lesson.relu_shifted, form):
        scalars = {0, 12} if step.arguments else {0}  # for a moment torch holds a number as a float64 and a float32
        assert step.is_view or any(size == step.nbytes and in_use - step.live in scalars for size, in_use in handed_out), (
            step.expression
        )
