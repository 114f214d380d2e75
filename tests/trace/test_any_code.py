"""Code of every kind is recorded as it stands, and nothing raises but the code itself."""

import linecache
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from loops import over
from torch import Tensor, nn

from mnistgrad.trace.explaining import Run, explain_run
from mnistgrad.trace.recording import Recorder
from mnistgrad.trace.source import Span


def told(run: Run) -> list[tuple[str, list[str]]]:
    return [(operation.expression, [operand.text for operand in operation.operands]) for operation in run.operations]


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(4, 3), nn.Linear(3, 2, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.last(self.first(x)))


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return 2 * x * gradient


def by_autograd(x: Tensor) -> Tensor:
    leaf = x.detach().clone().requires_grad_()
    Square.apply(leaf).sum().backward()
    return leaf.grad * 1


def test_a_module_tells_its_parameters_by_the_way_to_them() -> None:
    run = explain_run(Net(), [torch.rand(2, 4)], axes={"x": "n i"})
    assert told(run) == [
        ("self.first(x)", ["x", "self.first.weight", "self.first.bias"]),
        ("self.last(self.first(x))", ["self.first(x)", "self.last.weight"]),
        ("torch.relu(self.last(self.first(x)))", ["self.last(self.first(x))"]),
    ]
    assert [operation.axes for operation in run.operations] == [("n", "a"), ("n", "b"), ("n", "b")]


def test_autograd_runs_as_ever_and_its_gradients_have_the_axes_of_their_tensors() -> None:
    x = torch.rand(2, 4)
    run = explain_run(by_autograd, [x], axes={"x": "n i"})
    assert torch.equal(run.returned, 2 * x)
    assert [(o.function, o.expression, o.axes) for o in run.operations if o.name == "mul"] == [
        ("forward", "x * x", ("n", "i")),
        ("by_autograd", "leaf.grad * 1", ("n", "i")),
    ]


def scaled(x: Tensor, rate: float, count: int) -> Tensor:
    return rate * x - (1 / count) * x / x.shape[0] + len(x) * x.mean() - rate - 3


def test_of_a_number_and_a_tensor_the_tensor_is_the_operand() -> None:
    assert dict(told(explain_run(scaled, [torch.rand(5), 0.1, 3]))) == {
        "rate * x": ["x"],
        "(1 / count) * x": ["x"],
        "(1 / count) * x / x.shape[0]": ["(1 / count) * x"],
        "rate * x - (1 / count) * x / x.shape[0]": ["rate * x", "(1 / count) * x / x.shape[0]"],
        "x.mean()": ["x"],
        "len(x) * x.mean()": ["x.mean()"],
        "rate * x - (1 / count) * x / x.shape[0] + len(x) * x.mean()": [
            "rate * x - (1 / count) * x / x.shape[0]",
            "len(x) * x.mean()",
        ],
        "rate * x - (1 / count) * x / x.shape[0] + len(x) * x.mean() - rate": [
            "rate * x - (1 / count) * x / x.shape[0] + len(x) * x.mean()"
        ],
        "rate * x - (1 / count) * x / x.shape[0] + len(x) * x.mean() - rate - 3": [
            "rate * x - (1 / count) * x / x.shape[0] + len(x) * x.mean() - rate"
        ],
    }


def sets_parts(x: Tensor, w: Tensor, places: Tensor) -> Tensor:
    x[:, 0] = w.sum()
    x[places] += w
    return torch.cat([x, w[None]], dim=0).add(other=w)


def test_parts_that_are_set_and_keywords_and_lists_are_told() -> None:
    run = explain_run(sets_parts, [torch.rand(4, 3), torch.rand(3), torch.tensor([1, 2])])
    assert told(run) == [
        ("w.sum()", ["w"]),
        ("x[:, 0] = w.sum()", ["x", "w.sum()"]),
        ("x[places]", ["x", "places"]),
        ("x[places] += w", ["x[places]", "w"]),
        ("x[places] += w", ["x", "places", "x[places]"]),
        ("w[None]", ["w"]),
        ("torch.cat([x, w[None]], dim=0)", ["x", "w[None]"]),
        ("torch.cat([x, w[None]], dim=0).add(other=w)", ["torch.cat([x, w[None]], dim=0)", "w"]),
    ]


def test_what_a_library_gives_torch_is_told_by_where_it_comes_from() -> None:
    run = explain_run(lambda x, y: reduce(torch.add, [x, y]).relu(), [torch.rand(3), torch.rand(3)])
    assert told(run) == [
        ("reduce(torch.add, [x, y])", ["x", "y"]),
        ("reduce(torch.add, [x, y]).relu()", ["reduce(torch.add, [x, y])"]),
    ]


def test_code_of_a_notebooks_cell_is_read_and_code_without_a_source_is_told_by_torchs_names() -> None:
    text, names = "def f(x):\n    return x.exp() @ x\n", [{}, {}]
    linecache.cache["<cell 1>"] = (len(text), None, text.splitlines(keepends=True), "<cell 1>")
    for name, space in zip(("<cell 1>", "<nowhere>"), names, strict=True):
        exec(compile(text, name, "exec"), space)
    cell, bare = (told(explain_run(space["f"], [torch.rand(3)])) for space in names)
    assert cell == [("x.exp()", ["x"]), ("x.exp() @ x", ["x.exp()", "x"])]
    assert bare == [("exp(operand_1)", ["x"]), ("matmul(operand_1, operand_2)", ["exp(operand_1)", "x"])]


def test_what_has_no_frame_is_told_by_where_it_stands() -> None:
    x = torch.rand(3, 2)
    recorder = Recorder(axes=[(x, "ni")], window={})
    with recorder:
        recorder.standing_at("y = x.t()", Span(1, 4, 1, 9))
        x.t()
    (operation,) = recorder.operations()
    assert (operation.expression, operation.sets, operation.axes) == ("x.t()", "y", ("i", "n"))


DTYPES = (torch.float16, torch.bfloat16, torch.float64, torch.complex64, torch.int8, torch.uint8, torch.bool)


@over("dtype", DTYPES)
def test_any_dtype_is_recorded(dtype: torch.dtype) -> None:
    x = torch.ones(3, 2).to(dtype)
    doubled, total = explain_run(lambda x: (x + x).sum(0), [x]).operations
    assert doubled.dtype == dtype and total.fed[0,].count == 3
    np.testing.assert_array_equal(doubled.numbers, (x + x).to(torch.complex64).numpy())


def oddities() -> dict[str, Callable[[Tensor], Any]]:
    return {
        "sparse": lambda x: (x.to_sparse() @ x.T).sum(),
        "meta": lambda x: (x.to("meta") @ x.to("meta").T)[torch.zeros(2, dtype=torch.long, device="meta")].softmax(0),
        "quantized": lambda x: torch.quantize_per_tensor(x, 0.1, 0, torch.qint8).dequantize(),
        "vmap": lambda x: torch.vmap(lambda row: row @ row)(x),
        "grad": lambda x: torch.func.grad(lambda z: (z**2).sum())(x),
        "inference": torch.inference_mode()(lambda x: (x * 2).relu_().add_(1)),
        "empty": lambda x: x[:0].sum(0) + x[:0].reshape(0, 2, 2).sum((0, 1)).repeat(2),
        "out": lambda x: torch.add(x, x, out=torch.empty(3, 4)),
        "printed": lambda x: len(str(x)) + len(f"{x.sum():.2f}"),
        "array": lambda x: torch.from_numpy(np.exp(x.numpy())),
        "topk": lambda x: x.topk(2)[0] + x.sort(1).values[:, :2] + torch.var_mean(x, 1)[0][:, None],
        "places": lambda x: x[torch.where(x > 0.5)].sum() + x.nonzero().sum(),
        "conv": lambda x: F.max_pool2d(F.conv2d(x[None, None], torch.ones(1, 1, 2, 2)), 2),
        "loss": lambda x: F.cross_entropy(x, x.softmax(1), label_smoothing=0.1),
        "numbers": lambda x: [row.sum().item() for row in x] + x.tolist() + [len(x), x.shape, x.device],
    }


@pytest.mark.parametrize("name", oddities())
@pytest.mark.filterwarnings("ignore")
def test_nothing_raises_on_tensors_of_any_kind(name: str) -> None:
    function, x = oddities()[name], torch.rand(3, 4)
    run = explain_run(function, [x])
    assert run.error is None, run.error
    assert name == "numbers" or run.operations or name == "array"
    if isinstance(run.returned, Tensor) and not run.returned.is_meta:
        assert torch.equal(run.returned, function(x))


class Refusing:
    """What torch says of each, word for word, stands in the clash."""

    cases = (
        lambda x: x.sum(7),
        lambda x: x[:, :, 0],
        lambda x: x + torch.zeros(5),
        lambda x: torch.cat([x, x.T]),
        lambda x: x.view(5, 5),
        lambda x: torch.einsum("ij,ij->k", x, x),
        lambda x: x.item(),
        lambda x: x.add_(torch.zeros(5)),
    )


@over("function", Refusing.cases)
def test_a_clash_is_told_in_torchs_words_and_the_readers_own_errors_are_none(function: Callable[[Tensor], Any]) -> None:
    run = explain_run(function, [torch.rand(3, 4)])
    assert run.refused is not None and run.refused.message == str(run.error) and run.refused.operands
    own = explain_run(lambda x: [x.exp(), 1 / 0], [torch.rand(3)])
    assert own.refused is None and isinstance(own.error, ZeroDivisionError) and len(own.operations) == 1
