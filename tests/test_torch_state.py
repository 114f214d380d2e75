"""What a caller has set in torch changes no result, and is as it was afterwards."""

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields, is_dataclass
from itertools import starmap
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from loops import over
from torch import Tensor
from torch._tensor_str import get_printoptions, printoptions

import mnistgrad as mg
from mnistgrad.common.tensors import printed
from mnistgrad.cost.measurement import per_image_gradients
from mnistgrad.gradient.build_up import images_on
from mnistgrad.gradient.growing import growth
from mnistgrad.gradient.one_weight import one_weight
from mnistgrad.gradient.outer_product import leading_vectors
from mnistgrad.gradient.rows import rows_of
from mnistgrad.gradient.sweep import lit_pixels, sweep
from mnistgrad.gradient.variance import image_variance
from mnistgrad.gradient.weight_gradient import LAYERS, weight_gradient_of
from mnistgrad.lines.explaining import explained
from mnistgrad.lines.lesson_form import compared
from mnistgrad.lines.study import study
from mnistgrad.lines.wrong_lines import WRONG_LINES, outcomes
from mnistgrad.network import data
from mnistgrad.network.gradients import FORMS
from mnistgrad.network.networks import NETWORKS, network_gradients, starting_weights
from mnistgrad.network.verification import PARAMETERS, PER_IMAGE, autograd_gradients, verify
from mnistgrad.trace.painting import choose_paint
from mnistgrad.trace.passes import record_pass
from mnistgrad.trace.window import choose_window
from mnistgrad.training.descent import TrainingPlan, train, weights_of

PACKAGE = Path(mg.__file__).parent
MAKERS = {"zeros", "ones", "full", "empty", "eye", "arange", "linspace", "logspace", "tensor", "as_tensor", "asarray"}
MAKERS |= {"rand", "randn", "randint", "randperm", "scalar_tensor"}
N, NH = 30, 6
IN_THE_CALLERS_MODE = ("lesson", "lazy")  # the displayed code, and what is made when it is asked for
TYPED = (
    ("y = torch.eye(3) @ x + torch.arange(4)\nz = y.float() * 2.5", "x: 3, 4"),
    ("w.g = inp.t() @ out.g", "inp: n=4, i=3\nout.g: n=4, j=2"),
    ("y = a * b", "a: 2, 3\nb: 4"),
    ("y = a.unsqueeze(-1) * a", "a: 30_000"),
)
LINES = ("mse without squeeze", "mean(0) for sum(0)")


@contextmanager
def default_dtype(dtype: torch.dtype) -> Iterator[None]:
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)


@contextmanager
def default_device(device: str) -> Iterator[None]:
    torch.set_default_device(device)
    try:
        yield
    finally:
        torch.set_default_device(None)


STATES: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "float64": lambda: default_dtype(torch.float64),
    "float16": lambda: default_dtype(torch.float16),
    "meta": lambda: default_device("meta"),
    "no_grad": torch.no_grad,
    "inference": torch.inference_mode,
    "print": lambda: printoptions(precision=1, threshold=5, edgeitems=1, linewidth=20, sci_mode=True),
}


def found() -> dict[str, object]:
    """What the public face and the engine's entry points give."""
    data._read_mnist.cache_clear()  # reads the files in this state too
    batch, weights = mg.load_batch(N), mg.initial_weights(NH, 3)
    w1, b1, w2, b2 = (tensor.clone() for tensor in (weights.w1, weights.b1, weights.w2, weights.b2))
    loss = mg.lesson.forward_and_backward(batch.inp, batch.targ, w1, b1, w2, b2, weights.preset.relu, mg.lesson.lin_grad)
    matrix, other = (weight_gradient_of(layer, batch, weights) for layer in LAYERS)
    entry = one_weight(matrix, 406, 2)
    grads, plan = mg.gradients(batch, weights), TrainingPlan(steps=2, images=N, nh=NH, batch_size=7)
    return {
        "batch": (batch, data.validation_batch().first(5), batch.first(7)),
        "weights": weights,
        "lesson": (loss, w1.g, b1.g, w2.g, b2.g),
        "gradients": [mg.gradients(batch, weights, form) for form in FORMS],
        "weight_grad": [mg.weight_grad(batch.inp, batch.inp[:, :3], form) for form in FORMS],
        "column_variance": [mg.column_variance(grads.w1, rows) for rows in (None, [0, 405], matrix.groups["lit"])],
        "autograd": (autograd_gradients(batch, weights), per_image_gradients(batch, weights)),
        "checks": [verify(name, batch, weights) for name in (*PARAMETERS, *PER_IMAGE)],
        "matrix": (matrix, other, image_variance(matrix), rows_of(matrix), leading_vectors(matrix)),
        "one weight": (entry, images_on(batch.labels, [1, 3], [2])),
        "lazy": (entry.alone, entry.in_background, matrix.variances, matrix.spectrum, matrix.distinct, matrix.off),
        "sweep": sweep(lit_pixels(batch.images, batch.labels, (1, 5, N)), weights),
        "lines": (
            outcomes(batch, weights),
            [study(WRONG_LINES[name], batch, weights) for name in ("mse without squeeze", "mean(0) for sum(0)")],
        ),
        "trace": (record_pass(N, NH, weights.preset.relu), choose_window(batch, weights, grads)),
        "paint": choose_paint(batch, weights, grads),
        "typed lines": [(line.results, line.operations, line.message, compared(line)) for line in starmap(explained, TYPED)],
        "training": [
            network_gradients(NETWORKS[name], batch.inp, batch.labels, starting_weights(name, NH, 3, "lesson-2022"))
            for name in NETWORKS
        ],
        "steps": [*train(plan, "rank-1", batch, batch, weights_of(plan))],
        "print": printed(grads.w1),
        "own": own_data(),
    }


def own_data() -> list[object]:
    """Given as lists, arrays and a model's layers."""
    batch = mg.Batch([[0.0, 0.5, 1.0], [0.0, 2.0, 3.0]], [1, 0], loss="cross-entropy")
    weights = mg.Weights(np.eye(3, 2, dtype=np.float32), [0, 0], [[1, 2, 3], [1, 0, 1]], [0, 0, 0])
    found = [mg.examine(batch, weights, layer) for layer in LAYERS]
    return [batch, weights, mg.gradients(batch, weights), found, [growth(each) for each in found]]


def leaves(value: object) -> Iterator[object]:
    """The tensors and plain values that it holds, in order."""
    if is_dataclass(value):
        value = {part.name: getattr(value, part.name) for part in fields(value)}
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield key
            yield from leaves(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from leaves(part)
    elif isinstance(value, Tensor):
        assert not value.is_inference() and not value.requires_grad, "a tensor of the caller's mode"
        yield value.dtype, str(value.device), tuple(value.shape)
        yield value.numpy().tobytes() if value.device.type == "cpu" else None
    elif hasattr(value, "tobytes"):
        yield value.tobytes()
    elif not callable(value):
        yield repr(value)


@pytest.fixture(scope="module")
def expected() -> dict[str, list[object]]:
    return {name: list(leaves(value)) for name, value in found().items()}


def settings() -> tuple[object, ...]:
    """All that torch keeps for its caller."""
    device, modes = torch.get_default_device(), (torch.is_grad_enabled(), torch.is_inference_mode_enabled())
    return torch.get_default_dtype(), device, modes, torch.get_rng_state().tolist(), get_printoptions()


@over("state", STATES)
def test_no_result_depends_on_what_the_caller_has_set(state: str, expected: dict[str, list[object]]) -> None:
    with STATES[state]():
        before = settings()
        results = found()
        assert settings() == before
    for name, value in results.items():
        if state != "inference" or name not in IN_THE_CALLERS_MODE:
            assert list(leaves(value)) == expected[name], name


def test_what_is_made_in_inference_mode_may_join_a_graph() -> None:
    with torch.inference_mode():
        batch, weights = mg.load_batch(3), mg.initial_weights(2)
    w1 = weights.w1.requires_grad_()
    (batch.inp @ w1).sum().backward()
    assert torch.allclose(w1.grad[:, 0], batch.inp.sum(0), atol=1e-5)


def test_tensors_of_inference_mode_and_of_a_graph_are_taken() -> None:
    batch, weights = mg.load_batch(5), mg.initial_weights(2)
    plain = mg.gradients(batch, weights)
    with torch.inference_mode():
        copies = data.MnistBatch(*(t.clone() for t in (batch.inp, batch.targ, batch.images, batch.labels)))
    followed = type(weights)(
        *(t.clone().requires_grad_() for t in (weights.w1, weights.b1, weights.w2, weights.b2)), weights.preset
    )
    for given in ((copies, weights), (batch, followed)):
        for one in (mg.gradients(*given), autograd_gradients(*given)):
            assert not one.w1.requires_grad
            torch.testing.assert_close(one.w1, plain.w1)


def test_every_tensor_made_from_nothing_says_its_dtype_and_device() -> None:
    implicit = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name("torch"), attr=maker), keywords=given) if maker in MAKERS:
                    if not {None, "device"} & {keyword.arg for keyword in given}:
                        implicit.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert not implicit
