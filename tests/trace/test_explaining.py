"""Any function run as it stands: what is noted of it, in whose names, and that nothing is changed by it."""

import numpy as np
import pytest
import torch
from loops import over

from mnistgrad.trace.explaining import Run, explain_run
from mnistgrad.trace.operation import Operation


def backward(x, g):
    dw = x.t() @ g
    dw *= 2
    return dw


def by_expression(run: Run) -> dict[str, Operation]:
    return {operation.expression: operation for operation in run.operations}


def test_axes_carry_their_names_and_get_letters_where_nobody_named_them() -> None:
    x, g = torch.rand(32, 5), torch.rand(32, 3)
    named = explain_run(backward, [x, g], axes={"x": "n i", "g": "n j"}).operations
    lettered = explain_run(backward, [x], {"g": g}).operations
    assert [o.axes for o in named] == [("i", "n"), ("i", "j"), ("i", "j")]
    assert [o.axes for o in lettered] == [("b", "a"), ("b", "c"), ("b", "c")]
    assert [[operand.axes for operand in o.operands] for o in lettered] == [[("a", "b")], [("b", "a"), ("a", "c")], [("b", "c")]]


def test_numbers_are_those_at_the_indices_shown_at_that_time() -> None:
    x, g = torch.rand(32, 5), torch.rand(32, 8)
    turned, product, doubled = explain_run(backward, [x, g], axes={"x": "n i"}, window={"n": [0, 5, 9]}).operations
    whole = (x.t() @ g).numpy()
    assert turned.shown == ((0, 1, 2, 3, 4), (0, 5, 9)) and product.operands[1].shown == ((0, 5, 9), (0, 1, 2, 3, 4, 5))
    np.testing.assert_array_equal(turned.numbers, x.t()[:, [0, 5, 9]].numpy())
    np.testing.assert_array_equal(product.operands[1].numbers, g[[0, 5, 9], :6].numpy())
    np.testing.assert_array_equal(doubled.operands[0].numbers, whole[:, :6])
    np.testing.assert_array_equal(doubled.numbers, 2 * whole[:, :6])
    np.testing.assert_array_equal(product.numbers, whole[:, :6])


def test_an_operand_tells_which_operation_made_it() -> None:
    operations = explain_run(backward, [torch.rand(4, 2), torch.rand(4, 3)]).operations
    assert [[operand.made_by for operand in o.operands] for o in operations] == [[None], [0, None], [1]]
    assert [o.place for o in operations] == [0, 1, 2] and [o.in_place for o in operations] == [False, False, True]


def test_arrays_are_taken_as_tensors_on_their_memory() -> None:
    x, g = np.random.rand(4, 2), np.random.rand(4, 3)
    run = explain_run(backward, [x, g])
    np.testing.assert_allclose(run.returned.numpy(), 2 * x.T @ g)
    assert {operation.dtype for operation in run.operations} == {torch.float64}


def test_where_torch_refuses_the_clash_is_the_end() -> None:
    run = explain_run(backward, [torch.rand(4, 2), torch.rand(5, 3)])
    assert len(run.operations) == 1 and run.returned is None and isinstance(run.error, RuntimeError)
    assert run.refused is not None and (run.refused.expression, run.refused.message) == ("x.t() @ g", str(run.error))


def recovers(x, g):
    try:
        return x @ g
    except RuntimeError:
        return x.t() @ g


def test_a_refusal_that_the_code_catches_is_no_clash() -> None:
    run = explain_run(recovers, [torch.rand(4, 2), torch.rand(4, 3)])
    assert run.refused is None and run.error is None and [o.expression for o in run.operations] == ["x.t()", "x.t() @ g"]


@over(
    ("axes", "window", "told"),
    [
        ({"x": "n i j"}, {}, "axes['x'] is 'n i j'; x has 2 axes"),
        ({"y": "n"}, {}, "axes names 'y', which is no tensor that the function is given"),
        ({"x": "n i"}, {"j": [0]}, "window names the axis 'j'; named are i, n"),
    ],
)
def test_names_that_do_not_fit_are_told(axes: dict[str, str], window: dict[str, list[int]], told: str) -> None:
    with pytest.raises(ValueError) as raised:
        explain_run(backward, [torch.rand(4, 2), torch.rand(4, 3)], axes=axes, window=window)
    assert str(raised.value) == told
