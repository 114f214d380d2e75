"""The weight gradient in its three forms, and the gradients of the whole network in blocks."""

import re
from dataclasses import fields
from importlib import import_module
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from mnistgrad import gradients, initial_weights, lesson, load_batch, weight_grad
from mnistgrad.network.data import PIXELS, MnistBatch
from mnistgrad.network.gradients import FORMS, Gradients
from mnistgrad.network.presets import PRESETS, Weights
from mnistgrad.network.verification import PARAMETERS, autograd_gradients, verify

blocks = import_module("mnistgrad.network.gradients")  # the attribute of this name is the function
several = settings(max_examples=30, derandomize=True)
size = st.integers(1, 7)


class Made(TorchDispatchMode):
    """Collects the shapes of all results that are not views of the `given` tensors."""

    def __init__(self, *given: Tensor) -> None:
        super().__init__()
        self.given = {tensor.untyped_storage().data_ptr() for tensor in given}
        self.shapes: list[tuple[int, ...]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        self.shapes += [
            tuple(t.shape)
            for t in tree_leaves(result)
            if isinstance(t, Tensor) and t.untyped_storage().data_ptr() not in self.given
        ]
        return result


def network(n: int, preset: str = "lesson-2019", nh: int = 50, seed: int = 0) -> tuple[MnistBatch, Weights]:
    return load_batch(n, PRESETS[preset].normalise), initial_weights(nh, seed, preset)


def exact_network(n: int, nh: int = 50) -> tuple[MnistBatch, Weights]:
    batch, weights = network(n, nh=nh)
    wide = MnistBatch(batch.inp.double(), batch.targ.double(), batch.images, batch.labels)
    return wide, weights.to(torch.float64)


def lesson_gradients(batch: MnistBatch, weights: Weights) -> Gradients:
    """What the lesson's own functions hang on the tensors."""
    w1, b1, w2, b2 = (t.clone() for t in (weights.w1, weights.b1, weights.w2, weights.b2))
    loss = lesson.forward_and_backward(batch.inp.clone(), batch.targ, w1, b1, w2, b2, weights.preset.relu, lesson.lin_grad)
    return Gradients(w1.g, b1.g, w2.g, b2.g, loss)


def assert_close(ours: Gradients, reference: Gradients, rtol: float, atol: float) -> None:
    for name in (*PARAMETERS, "loss"):
        torch.testing.assert_close(getattr(ours, name), getattr(reference, name), rtol=rtol, atol=atol, msg=name)


@several
@given(n=size, i=size, j=size, seed=st.integers(0, 10_000), form=st.sampled_from([*FORMS]))
def test_every_form_is_autograds_weight_gradient(n: int, i: int, j: int, seed: int, form: str) -> None:
    generator = torch.Generator().manual_seed(seed)
    inp, out_g = (torch.randn(n, m, generator=generator, dtype=torch.float64) for m in (i, j))
    w = torch.zeros(i, j, dtype=torch.float64, requires_grad=True)
    (inp @ w).backward(out_g)
    torch.testing.assert_close(weight_grad(inp, out_g, form), w.grad, rtol=1e-12, atol=1e-12)


def test_one_image_gives_one_outer_product() -> None:
    inp, out_g = torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([[10.0, 20.0]])
    for form in FORMS:
        assert weight_grad(inp, out_g, form).tolist() == [[10.0, 20.0], [20.0, 40.0], [30.0, 60.0]]


def test_another_form_is_refused_with_the_three_that_there_are() -> None:
    with pytest.raises(ValueError, match="form is 'loop'; allowed are 'broadcast', 'einsum', 'matmul'"):
        weight_grad(torch.ones(1, 1), torch.ones(1, 1), "loop")
    with pytest.raises(ValueError, match="form is 'loop'"):
        gradients(*network(1), form="loop")


@over("form", FORMS)
@over(("inp", "out_g"), [((3, 2), (4, 2)), ((3, 2), (1, 2)), ((3,), (3, 2)), ((3, 2), (3,)), ((3, 2, 1), (3, 2))])
def test_shapes_that_do_not_fit_are_refused_by_name(form: str, inp: tuple[int, ...], out_g: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=re.escape(f"inp has shape {inp} and out_g {out_g}; allowed are (n, rows)")):
        weight_grad(torch.ones(inp), torch.ones(out_g), form)


def test_a_product_beyond_the_budget_is_refused_before_anything_is_made() -> None:
    inp, out_g = torch.zeros(1, PIXELS).expand(50_000, -1), torch.zeros(1, 50).expand(50_000, -1)
    with Made() as made, pytest.raises(ValueError, match=r"\(50000, 784, 50\) takes 7\.84 GB \(7,840,000,000 bytes\)"):
        weight_grad(inp, out_g, "broadcast")
    assert made.shapes == []


def test_the_budget_is_the_last_number_of_bytes_allowed() -> None:
    inp, out_g = torch.ones(2, 3), torch.ones(2, 4)
    assert weight_grad(inp, out_g, "broadcast", budget=2 * 3 * 4 * 4).shape == (3, 4)
    with pytest.raises(ValueError, match="takes 96 B"):
        weight_grad(inp, out_g, "broadcast", budget=2 * 3 * 4 * 4 - 1)
    with pytest.raises(ValueError, match="takes 192 B"):
        weight_grad(inp.double(), out_g.double(), "broadcast", budget=2 * 3 * 4 * 4)


def test_the_budget_binds_only_the_broadcast_form() -> None:
    inp, out_g = torch.ones(2, 3), torch.ones(2, 4)
    for form in ("einsum", "matmul"):
        assert weight_grad(inp, out_g, form, budget=0).shape == (3, 4)


def test_gradients_refuses_the_broadcast_form_where_its_product_is_too_large() -> None:
    with pytest.raises(ValueError, match=r"takes 1\.57 GB"):
        gradients(*network(10_000), form="broadcast")


@over("preset", PRESETS)
@over("n", [1, 2, 3, 50, 1_000, 2_048, 2_049])
def test_gradients_are_the_lessons(n: int, preset: str) -> None:
    batch, weights = network(n, preset)
    chosen = PRESETS[preset]
    assert_close(gradients(batch, weights), lesson_gradients(batch, weights), chosen.rtol or 1e-6, chosen.atol)


@over("preset", PRESETS)
@over("n", [1, 2, 3, 50, 1_000, 2_048, 2_049, 10_000, 50_000])
def test_gradients_pass_the_presets_check_against_autograd(n: int, preset: str) -> None:
    batch, weights = network(n, preset)
    found = gradients(batch, weights), autograd_gradients(batch, weights)
    assert all(verify(name, batch, weights, found).autograd.passed for name in PARAMETERS)


@over("form", FORMS)
def test_each_form_gives_the_same_gradients(form: str) -> None:
    batch, weights = network(1_000)
    assert_close(gradients(batch, weights, form), lesson_gradients(batch, weights), 1e-3, 1e-5)


@over("nh", [1, 2, 7, 100])
def test_any_number_of_hidden_units(nh: int) -> None:
    batch, weights = exact_network(30, nh)
    ours = gradients(batch, weights)
    assert ours.w1.shape == (PIXELS, nh)
    assert_close(ours, autograd_gradients(batch, weights), 1e-10, 1e-12)


@pytest.mark.parametrize("block", [1, 7, 49, 50, 51])
def test_the_size_of_a_block_does_not_change_the_gradients(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, weights = exact_network(50)
    whole = gradients(batch, weights)
    monkeypatch.setattr(blocks, "BLOCK", block)
    assert_close(gradients(batch, weights), whole, 1e-12, 1e-14)


def test_the_layers_are_the_lessons() -> None:
    batch, weights = exact_network(20)
    layers = blocks.run_layers(batch.inp, batch.targ, weights, 20)
    l1 = lesson.lin(batch.inp, weights.w1, weights.b1)
    l2 = weights.preset.relu(l1)
    out = lesson.lin(l2, weights.w2, weights.b2)
    lesson.mse_grad(out, batch.targ)
    lesson.lin_grad(l2, out, weights.w2.clone(), weights.b2.clone())
    lesson.relu_grad(l1, l2)
    for name, reference in {"l1": l1, "l2": l2, "out": out, "out_g": out.g, "l1_g": l1.g}.items():
        torch.testing.assert_close(getattr(layers, name), reference, msg=name)


@over("form", FORMS)
def test_no_argument_is_changed(form: str) -> None:
    batch, weights = network(60)
    tensors = [getattr(owner, field.name) for owner in (batch, weights) for field in fields(owner)]
    tensors = [tensor for tensor in tensors if isinstance(tensor, Tensor)]
    before = [tensor.clone() for tensor in tensors]
    gradients(batch, weights, form)
    assert all(torch.equal(tensor, kept) for tensor, kept in zip(tensors, before, strict=True))
    assert not any(hasattr(tensor, "g") for tensor in tensors)


@over("n", [1_000, 5_000])
@over("form", ["matmul", "einsum"])
def test_neither_the_product_nor_the_first_layers_inp_g_is_formed(n: int, form: str) -> None:
    batch, weights = network(n)
    with Made(batch.inp) as made:
        gradients(batch, weights, form)
    assert made.shapes
    assert not [shape for shape in made.shapes if PIXELS in shape and torch.Size(shape).numel() > PIXELS * 50]


def test_the_watch_for_large_tensors_sees_the_broadcast_product() -> None:
    batch, weights = network(100)
    with Made(batch.inp) as made:
        gradients(batch, weights, "broadcast")
    assert (100, PIXELS, 50) in made.shapes
