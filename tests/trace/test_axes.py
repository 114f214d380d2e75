"""Axis names carried through single operations."""

from typing import Any

import torch
from loops import over

from mnistgrad.trace.axes import Axes, Axis, identify, label
from mnistgrad.trace.explaining import explain_run
from mnistgrad.trace.flow import Call, Labelled
from mnistgrad.trace.operations import flow_of, operation_name

SIZES = {"n": 50, "i": 784, "j": 50, "k": 1}  # n and j of one size: a guess from sizes would fail


def result_axes(name: str, tensors: list[Labelled], args: tuple[Any, ...], kwargs: dict[str, Any], count: int) -> Axes:
    """The axes of an operation's result, which has so many; its sizes tell nothing."""
    return flow_of(name, Call((*tensors, *args), kwargs, [(2,) * count])).axes


def carried(name: str, operands: str, *args: Any, count: int, **sizes: int) -> str:
    """Axis letters after an operation on operands like "ni ij"."""
    known = SIZES | sizes
    axes = {letter: Axis(letter, known[letter]) for letter in SIZES}
    tensors = [Labelled(tuple(known[a] for a in letters), tuple(axes[a] for a in letters)) for letters in operands.split()]
    return names(result_axes(name, tensors, args, {}, count))


def names(axes: tuple[Axis, ...]) -> str:
    return "".join(label(axis) or "." for axis in axes)


@over(
    ("operation", "result"),
    [
        (("matmul", "ni ij"), "nj"),
        (("matmul", "jn nk"), "jk"),
        (("t", "ij"), "ji"),
        (("add", "nj j"), "nj"),
        (("sub", "n n"), "n"),
        (("gt", "nj"), "nj"),
        (("clamp_min", "nj", 0.0), "nj"),
        (("pow", "n", 2), "n"),
        (("sum", "nij", 0), "ij"),
        (("sum", "nij", -1), "ni"),
        (("mean", "n"), ""),
        (("squeeze", "nk", -1), "n"),
        (("squeeze", "nj", -1), "nj"),
        (("unsqueeze", "ni", -1), "ni."),
        (("unsqueeze", "nj", 1), "n.j"),
        (("unsqueeze", "nj", -2), "n.j"),
        (("unsqueeze", "nj", 0), ".nj"),
    ],
)
def test_an_operation_carries_the_names(operation: tuple[Any, ...], result: str) -> None:
    assert carried(*operation, count=len(result)) == result


@over("n", [1, 50, 784])
def test_the_names_do_not_depend_on_the_sizes(n: int) -> None:
    assert carried("matmul", "ni ij", count=2, n=n) == "nj"
    assert carried("add", "nj j", count=2, n=n) == "nj"
    assert carried("t", "nj", count=2, n=n) == "jn"


@over("equation", ["bi,bj->ij", "ni,nj->ij", "xy, xz -> yz"])
def test_einsum_carries_names_by_the_letters_of_its_equation(equation: str) -> None:
    axes = {letter: Axis(letter) for letter in "nij"}
    tensors = [Labelled((50, 784), (axes["n"], axes["i"])), Labelled((50, 50), (axes["n"], axes["j"]))]
    call = Call((equation, *tensors), {}, [(784, 50)])
    assert names(flow_of("einsum", call).axes) == "ij"


def test_einsum_can_swap_the_axes_of_its_result() -> None:
    tensor = Labelled((50, 784), (Axis("n"), Axis("i")))
    assert names(flow_of("einsum", Call(("ab->ba", tensor), {}, [(784, 50)])).axes) == "in"


def test_a_new_axis_takes_the_name_of_the_one_it_is_set_against() -> None:
    n, i, j, new = Axis("n"), Axis("i"), Axis("j"), Axis()
    product = result_axes("mul", [Labelled((9, 784, 1), (n, i, new)), Labelled((9, 1, 50), (n, Axis(), j))], (), {}, 3)
    assert [axis.resolved().name for axis in product] == ["n", "i", "j"]
    assert new.resolved() is j


def test_two_named_axes_keep_their_names() -> None:
    one, other = Axis("i"), Axis("j")
    identify(one, other)
    assert (one.resolved().name, other.resolved().name) == ("i", "j")


def test_two_nameless_axes_that_are_one_get_the_name_together() -> None:
    first, second, named = Axis(), Axis(), Axis("n")
    identify(first, second)
    identify(second, named)
    assert first.resolved() is second.resolved() is named


def test_a_dimension_may_be_given_by_keyword() -> None:
    tensor = Labelled((9, 784), (Axis("n"), Axis("i")))
    assert [axis.name for axis in result_axes("sum", [tensor], (), {"dim": 0}, 1)] == ["i"]


@over(
    ("spelled", "name"),
    [("__rmul__", "mul"), ("__radd__", "add"), ("__truediv__", "div"), ("matmul", "matmul"), ("clamp_min", "clamp_min")],
)
def test_torchs_spellings_are_one_operation(spelled: str, name: str) -> None:
    assert operation_name(spelled) == name


@over("operation", [("frobnicate", "nj", 1), ("sum", "nij", "odd"), ("matmul", "nj")])
def test_where_no_rule_fits_the_axes_have_no_names(operation: tuple[Any, ...]) -> None:
    assert carried(*operation, count=2) == ".."


def test_axes_of_long_loops_keep_their_names() -> None:
    def slides(x):
        for step in range(1_200):
            x = torch.cat([x[1:], x[:1]]) + 1 if step % 2 else x - x.mean(1, keepdim=True)
        return x

    def halves(x, w):
        for _ in range(1_200):
            w = w + x.sum(0)
        return w

    x = torch.rand(4, 3)
    assert explain_run(slides, [x], axes={"x": "n i"}).operations[-1].axes == ("n", "i")
    assert explain_run(halves, [x, x[0]]).operations[-1].axes == ("b",)


def test_an_axis_that_is_stretched_twice_does_not_make_two_axes_one() -> None:
    def stretched(x, y, z):
        row = x.unsqueeze(0)
        return (row * y).sum() + (row * z).sum()

    products = [
        o for o in explain_run(stretched, [torch.rand(5), torch.rand(3, 5), torch.rand(4, 5)]).operations if o.name == "mul"
    ]
    assert [o.axes for o in products] == [("b", "a"), ("c", "a")]


def test_an_axis_set_against_itself_in_another_order_is_one() -> None:
    for order in ([2, 1, 0], torch.ones(3, dtype=torch.bool)):
        run = explain_run(lambda x, order=order: x + x[order], [torch.rand(3)])
        assert [o.axes for o in run.operations] == [("a",), ("a",)]
