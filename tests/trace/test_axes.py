"""Axis names carried through single operations."""

from typing import Any

import pytest

from mnistgrad.trace.axes import Axis, Labelled, identify
from mnistgrad.trace.operations import operation_name, result_axes

SIZES = {"n": 50, "i": 784, "j": 50, "k": 1}  # n and j of one size: a guess from sizes would fail


def carried(name: str, operands: str, *args: Any, count: int, **sizes: int) -> str:
    """Axis letters after an operation on operands like "ni ij"; an operand stands for itself among the arguments."""
    axes = {letter: Axis(letter) for letter in SIZES}
    known = SIZES | sizes
    tensors = [Labelled(tuple(known[a] for a in letters), tuple(axes[a] for a in letters)) for letters in operands.split()]
    return names(result_axes(name, tensors, (*tensors, *args), {}, count))


def names(axes: tuple[Axis, ...]) -> str:
    return "".join(axis.resolved().name or "." for axis in axes)


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("n", [1, 50, 784])
def test_the_names_do_not_depend_on_the_sizes(n: int) -> None:
    assert carried("matmul", "ni ij", count=2, n=n) == "nj"
    assert carried("add", "nj j", count=2, n=n) == "nj"
    assert carried("t", "nj", count=2, n=n) == "jn"


@pytest.mark.parametrize("equation", ["bi,bj->ij", "ni,nj->ij", "xy, xz -> yz"])
def test_einsum_carries_names_by_the_letters_of_its_equation(equation: str) -> None:
    axes = {letter: Axis(letter) for letter in "nij"}
    tensors = [Labelled((50, 784), (axes["n"], axes["i"])), Labelled((50, 50), (axes["n"], axes["j"]))]
    assert [axis.name for axis in result_axes("einsum", tensors, (equation, *tensors), {}, 2)] == ["i", "j"]


def test_einsum_can_swap_the_axes_of_its_result() -> None:
    tensor = Labelled((50, 784), (Axis("n"), Axis("i")))
    assert [axis.name for axis in result_axes("einsum", [tensor], ("ab->ba", tensor), {}, 2)] == ["i", "n"]


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
    assert [axis.name for axis in result_axes("sum", [tensor], (tensor,), {"dim": 0}, 1)] == ["i"]


@pytest.mark.parametrize(
    ("spelled", "name"),
    [("__rmul__", "mul"), ("__radd__", "add"), ("__truediv__", "div"), ("matmul", "matmul"), ("clamp_min", "clamp_min")],
)
def test_torchs_spellings_are_one_operation(spelled: str, name: str) -> None:
    assert operation_name(spelled) == name


@pytest.mark.parametrize(
    ("operation", "count"),
    [
        (("softmax", "nj", 1), 2),  # no rule
        (("sum", "nij", (0, 1)), 1),  # a rule for one axis alone
        (("squeeze", "nk"), 1),
        (("matmul", "nj j"), 1),
        (("matmul", "nij nij"), 3),
        (("sum", "nj", 0), 2),  # with keepdim
    ],
)
def test_where_no_rule_fits_the_axes_have_no_names(operation: tuple[Any, ...], count: int) -> None:
    assert carried(*operation, count=count) == "." * count


def test_einsum_without_an_arrow_names_nothing() -> None:
    tensor = Labelled((50, 784), (Axis("n"), Axis("i")))
    assert names(result_axes("einsum", [tensor], ("ab", tensor), {}, 2)) == ".."
