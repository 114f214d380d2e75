"""A reader's own images and weights: every gradient by hand against autograd and finite differences, and what is refused."""

import pickle
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over
from torch import Tensor, nn
from torch.nn import functional

import mnistgrad as mg
from mnistgrad.network import gradients as engine

several = settings(max_examples=40, derandomize=True)
size = st.integers(1, 7)
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"mse": functional.mse_loss, "cross-entropy": functional.cross_entropy}
PARAMETERS = ("w1", "b1", "w2", "b2")


def own(
    n: int, pixels: int, units: int, outputs: int, loss: str, seed: int = 0, dtype: torch.dtype = torch.float64
) -> tuple[mg.Batch, mg.Weights]:
    drawn = torch.Generator().manual_seed(seed)
    shapes = [(n, pixels), (pixels, units), (units,), (units, outputs), (outputs,)]
    inp, w1, b1, w2, b2 = (torch.randn(shape, generator=drawn, dtype=dtype) for shape in shapes)
    classes = torch.randint(outputs, (n,), generator=drawn)
    numbers = torch.randn((n, outputs) if outputs > 1 or seed % 2 else (n,), generator=drawn, dtype=dtype)
    return mg.Batch(inp, classes if loss == "cross-entropy" else numbers, loss), mg.Weights(w1, b1, w2, b2)


def loss_of(batch: mg.Batch, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
    out = (batch.inp @ w1 + b1).relu() @ w2 + b2
    targ = batch.targ if batch.targ.ndim == 2 or batch.loss == "cross-entropy" else batch.targ.unsqueeze(-1)
    return LOSSES[batch.loss](out, targ)


@several
@given(size, size, size, size, st.sampled_from([*LOSSES]), st.sampled_from(["broadcast", "einsum", "matmul"]), st.integers(0, 99))
def test_gradients_by_hand_are_autograds(n: int, pixels: int, units: int, outputs: int, loss: str, form: str, seed: int) -> None:
    batch, weights = own(n, pixels, units, outputs, loss, seed)
    leaves = [getattr(weights, name).clone().requires_grad_() for name in PARAMETERS]
    expected = loss_of(batch, *leaves)
    found = mg.gradients(batch, weights, form)
    torch.testing.assert_close(found.loss, expected.detach())
    for name, gradient in zip(PARAMETERS, torch.autograd.grad(expected, leaves), strict=True):
        torch.testing.assert_close(getattr(found, name), gradient, msg=name)


@pytest.mark.parametrize("loss", LOSSES)
def test_blocks_add_up_to_the_whole(loss: str, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, weights = own(23, 5, 4, 3, loss)
    whole = mg.gradients(batch, weights)
    monkeypatch.setattr(engine, "BLOCK", 7)
    for name in (*PARAMETERS, "loss"):
        torch.testing.assert_close(getattr(mg.gradients(batch, weights), name), getattr(whole, name))


@over("loss", LOSSES)
def test_gradients_are_the_slopes_of_the_loss(loss: str) -> None:
    batch, weights = own(6, 5, 4, 3, loss, 3)
    found, step = mg.gradients(batch, weights), 1e-6
    for name in PARAMETERS:
        for place in [(0,) * getattr(weights, name).ndim, tuple(length - 1 for length in getattr(weights, name).shape)]:
            moved = []
            for move in (step, -step):
                tensors = {each: getattr(weights, each).clone() for each in PARAMETERS}
                tensors[name][place] += move
                moved.append(loss_of(batch, **tensors).item())
            slope = (moved[0] - moved[1]) / (2 * step)
            assert getattr(found, name)[place].item() == pytest.approx(slope, abs=1e-7), (name, place)


def test_numbers_worked_by_hand() -> None:
    """One image, two pixels, one unit that is on, two outputs."""
    weights = mg.Weights([[1, 0.5]], [0.0, 0.0], [[1, 2], [0, 0]], [0, 0])
    squares = mg.gradients(mg.Batch([[2]], [[1, 1]]), weights)
    # l2 = (2, 1), out = (2, 4), diff = (1, 3); the mean is over two entries, so out.g = diff.
    assert squares.loss.item() == 5 and squares.b2.tolist() == [1, 3] and squares.w2.tolist() == [[2, 6], [1, 3]]
    assert squares.b1.tolist() == [7, 0] and squares.w1.tolist() == [[14, 0]]
    entropy = mg.gradients(mg.Batch([[2.0]], [1], loss="cross-entropy"), weights)
    share = 1 / (1 + np.exp(2.0))  # softmax of (2, 4) at class 0
    assert entropy.b2.tolist() == pytest.approx([share, -share]) and entropy.loss.item() == pytest.approx(-np.log(1 - share))


def test_a_layer_may_be_parametrized() -> None:
    layer = nn.utils.parametrizations.weight_norm(nn.Linear(4, 3))
    assert torch.equal(mg.Weights.from_linear(layer, nn.Linear(3, 1)).w1, layer.weight.detach().t())


@over("bias", [True, False])
def test_layers_of_a_model_are_read_as_they_are_kept(bias: bool) -> None:
    model = nn.Sequential(nn.Linear(12, 5, bias=bias), nn.ReLU(), nn.Linear(5, 3, bias=bias))
    inp, targ = torch.randn(9, 12), torch.randint(3, (9,))
    functional.cross_entropy(model(inp), targ).backward()
    weights = mg.Weights.from_linear(model[0], model[2])
    found = mg.gradients(mg.Batch(inp, targ, loss="cross-entropy"), weights)
    torch.testing.assert_close(found.w1, model[0].weight.grad.t())
    torch.testing.assert_close(found.w2, model[2].weight.grad.t())
    assert model[0].weight.requires_grad and not weights.w1.requires_grad
    biases = [layer.bias if bias else torch.zeros(layer.out_features) for layer in (model[0], model[2])]
    views = mg.Weights(model[0].weight.t(), biases[0], model[2].weight.t(), biases[1])
    assert torch.equal(views.w1, weights.w1) and torch.equal(views.b2, weights.b2)
    before = weights.w1.clone()
    with torch.no_grad():
        model[0].weight.zero_()
    assert torch.equal(weights.w1, before)


def test_what_was_given_is_left_as_it_was() -> None:
    given = [torch.randn(shape).requires_grad_() for shape in [(4, 6), (6, 3), (3,), (3, 2), (2,)]]
    before = [tensor.detach().clone() for tensor in given]
    targ = torch.randn(4, 2)
    mg.examine(mg.gradients(mg.Batch(given[0], targ), mg.Weights(*given[1:])))
    for tensor, kept in zip(given, before, strict=True):
        assert tensor.requires_grad and tensor.is_leaf and tensor.grad is None and not hasattr(tensor, "g")
        assert torch.equal(tensor, kept)


INP = np.arange(12.0).reshape(4, 3) / 7
TAKEN: dict[str, Any] = {
    "array": INP,
    "list": INP.tolist(),
    "tuples": tuple(map(tuple, INP.tolist())),
    "rows": [*INP],
    "tensors": [*map(tuple, torch.tensor(INP).tolist())],
    "frame": pd.DataFrame(INP),
    "reversed": INP[::-1][::-1],
    "big-endian": INP.astype(">f8"),
    "columns first": np.asfortranarray(INP),
    "graph": torch.tensor(INP).requires_grad_() * 1,
    "strided": torch.tensor(INP).t().contiguous().t(),
    "conjugate": torch.complex(torch.zeros(4, 3), torch.tensor(-INP).float()).conj().imag,
}


@over("kind", TAKEN)
def test_every_kind_of_numbers_gives_the_same(kind: str) -> None:
    batch = mg.Batch(TAKEN[kind], [1.0, 2.0, 3.0, 4.0])
    assert batch.inp.dtype in (torch.float32, torch.float64) and not batch.inp.requires_grad
    np.testing.assert_allclose(batch.inp.numpy(), INP, rtol=1e-6)
    weights = mg.Weights(np.ones((3, 2)), [0, 0], [[1], [1]], [0]).to(batch.inp.dtype)
    assert mg.gradients(batch, weights).w1.shape == (3, 2)


def test_a_read_only_array_is_taken_without_a_warning() -> None:
    array = np.ones((2, 3), np.float32)
    array.flags.writeable = False
    assert mg.Batch(array, [1, 2]).inp.tolist() == array.tolist()


L2 = nn.Linear(5, 3)
X, Y, C = torch.ones(4, 3), torch.ones(4), torch.tensor([0, 1, 2, 0])
GIVEN = dict(w1=torch.ones(3, 2), b1=torch.ones(2), w2=torch.ones(2, 5), b2=torch.ones(5))
ODD: list[Any] = [None, "ab", 3, object(), {1: 2}, X.half(), X.to(torch.bfloat16), X.int(), X.bool(), X.to(torch.complex64)]
ODD += [X.to_sparse(), X.to("meta"), X.numpy().astype("int64"), X.numpy().astype("float16"), X.numpy().astype(np.longdouble)]
ODD += [[[1, 2], [3]], [["a"]], [[None]], [[True]], [[1j]], [[10**400]], np.ma.masked_array(X.numpy(), X.numpy() > 0)]
ODD += [
    np.array([["a"]]),
    np.array([[None]]),
    np.array(["2020"], "datetime64[D]"),
    iter([1.0]),
    {1.0},
    pd.DataFrame({"a": ["b"]}),
]
NOT_FINITE: list[Any] = [X * torch.nan, X / 0, [[1.0, float("nan"), 2.0]] * 4, [[1e300, 1.0, 2.0]] * 4, X.numpy() * np.inf]


def weights(**changed: Any) -> mg.Weights:
    return mg.Weights(**GIVEN | changed)


def batch(**changed: Any) -> mg.Batch:
    return mg.Batch(**dict(inp=X, targ=Y) | changed)


def classes(targ: Any) -> mg.Batch:
    return mg.Batch(X, targ, loss="cross-entropy")


REFUSED: list[tuple[str, type[Exception], Callable[[Any], object], Any]] = [
    *[(name, TypeError, lambda value, name=name: batch(**{name: value}), value) for name in ("inp", "targ") for value in ODD],
    *[(name, TypeError, lambda value, name=name: weights(**{name: value}), value) for name in GIVEN for value in ODD],
    *[(name, ValueError, lambda v, name=name: batch(**{name: v}), v) for name in ("inp", "targ") for v in NOT_FINITE],
    *[(name, ValueError, lambda value, name=name: weights(**{name: value}), value) for name in GIVEN for value in NOT_FINITE],
    *[("inp", ValueError, lambda v: batch(inp=v), torch.ones(s)) for s in [(), (3,), (0, 3), (4, 0), (4, 1, 3), (4, 2, 2, 3)]],
    *[("inp", ValueError, lambda v: batch(inp=v), v) for v in ([], [[]], [1.0, 2.0])],
    *[("targ", ValueError, lambda v: batch(targ=v), torch.ones(s)) for s in [(), (1,), (3,), (0,), (1, 4), (4, 0), (4, 1, 1)]],
    *[("targ", TypeError, lambda v: batch(targ=v), v) for v in (C, C.numpy(), C.to(torch.uint8), Y.double())],
    *[(name, ValueError, lambda v, name=name: batch(**{name: v}), v) for name, v in (("inp", [[2**30 + 1, 1, 1]] * 4),)],
    *[("targ", TypeError, classes, v) for v in (Y, Y.numpy(), [0.0] * 4, Y.bool(), None, "0120", C.to("meta"))],
    *[("targ", ValueError, classes, v) for v in (C[:1], C[0], C[:3], C[:, None], functional.one_hot(C), -C, [0, 1, 2, -1])],
    *[("loss", ValueError, lambda v: batch(loss=v), v) for v in ("MSE", "", None, 1, functional.mse_loss)],
    *[
        (name, ValueError, lambda v, name=name: weights(**{name: v}), torch.ones(shape))
        for name, shapes in {
            "w1": [(2, 3), (3,), (3, 0), (3, 3), (1, 3, 2), ()],
            "b1": [(1,), (3,), (1, 2), (2, 1), (), (0,)],
            "w2": [(5, 2), (2,), (3, 5), (0, 5)],
            "b2": [(1,), (2,), (1, 5), ()],
        }.items()
        for shape in shapes
    ],
    *[(name, TypeError, lambda v, name=name: weights(**{name: v}), GIVEN[name].double()) for name in GIVEN],
    *[("preset", TypeError, lambda v: weights(preset=v), v) for v in ("lesson-2019", None)],
    *[("targ", ValueError, lambda v: mg.gradients(batch(targ=v), weights()), v) for v in (Y, Y[:, None], torch.ones(4, 4))],
    ("targ", ValueError, lambda v: mg.gradients(classes(v), weights()), torch.tensor([0, 1, 2, 5])),
    ("w1", ValueError, lambda v: mg.gradients(batch(targ=torch.ones(4, 5)), weights(w1=v)), torch.ones(4, 2)),
    ("w1", TypeError, lambda v: mg.gradients(batch(targ=torch.ones(4, 5)), v), weights().to(torch.float64)),
    *[("l1", TypeError, lambda v: mg.Weights.from_linear(v, nn.Linear(2, 1)), v) for v in (X, nn.ReLU(), nn.LazyLinear(2))],
    ("l2", ValueError, lambda v: mg.Weights.from_linear(nn.Linear(4, 3), v), nn.Linear(2, 1)),
    *[("of", TypeError, mg.examine, v) for v in (X, None, mg.load_batch, weights())],
    ("weights", TypeError, mg.examine, batch()),
    ("weights", ValueError, lambda v: mg.examine(batch(inp=v, targ=torch.ones(4, 5)), weights()), X * 1e38),
    *[("l1", TypeError, lambda v: mg.Weights.from_linear(v, L2), nn.Linear(3, 5).to(v)) for v in ("meta", torch.half)],
    ("l2", TypeError, lambda v: mg.Weights.from_linear(nn.Linear(3, 5), v), nn.Linear(5, 2).double()),
    ("g", ValueError, mg.column_variance, torch.ones(0, 3)),
    ("weights", TypeError, lambda v: mg.examine(batch(), v), GIVEN["w1"]),
    *[("layer", ValueError, lambda v: mg.examine(batch(targ=torch.ones(4, 5)), weights(), v), v) for v in ("w3", "b1", None, 1)],
]  # fmt: skip


@over("case", REFUSED)
def test_what_does_not_fit_is_refused_by_name(case: tuple[str, type[Exception], Callable[[Any], object], Any]) -> None:
    name, kind, call, value = case
    with pytest.raises(kind) as raised:
        call(value)
    message = str(raised.value)
    assert re.search(rf"\b{name}\b", message.split(";")[0]), message
    assert "allowed" in message and "\n" not in message and len(message) < 400, message


def test_a_matrix_the_wrong_way_round_is_told_how_to_turn() -> None:
    l1, l2 = nn.Linear(12, 5), nn.Linear(5, 3)
    with pytest.raises(ValueError, match=r"nn\.Linear keeps \(out, in\)"):
        mg.Weights(l1.weight, l1.bias, l2.weight, l2.bias)
    with pytest.raises(ValueError, match="classes go with loss='cross-entropy'"):
        mg.gradients(batch(), weights())
    with pytest.raises(TypeError, match='classes go with loss="cross-entropy"'):
        batch(targ=C)
    with pytest.raises(ValueError, match="argmax"):
        classes(functional.one_hot(C))
    with pytest.raises(ValueError, match="flatten"):
        batch(inp=torch.ones(4, 2, 2))


def test_mnist_goes_with_weights_of_ones_own() -> None:
    start = mg.initial_weights(6)
    batch, weights = mg.load_batch(20), mg.Weights(start.w1, start.b1, start.w2, start.b2)
    shifted = mg.gradients(batch, mg.Weights(start.w1, start.b1, start.w2, start.b2, start.preset))
    assert torch.equal(shifted.w1, mg.gradients(batch, start).w1)
    plain = mg.gradients(batch, weights)
    leaves = [getattr(weights, name).clone().requires_grad_() for name in PARAMETERS]
    loss_of(batch, *leaves).backward()
    torch.testing.assert_close(plain.w1, leaves[0].grad)


def test_batches_and_weights_survive_a_copy_and_a_pickle() -> None:
    for weights in (mg.Weights(torch.rand(784, 2), [0, 0], [[1], [1]], [0]), mg.initial_weights(2)):
        for again in (pickle.loads(pickle.dumps(weights)), deepcopy(weights)):
            assert torch.equal(mg.gradients(mg.load_batch(3), again).w1, mg.gradients(mg.load_batch(3), weights).w1)
    assert torch.equal(pickle.loads(pickle.dumps(batch())).inp, X)
