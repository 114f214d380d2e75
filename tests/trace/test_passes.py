"""The pass in its three forms: what can be stepped through, and the numbers of a few images as a part of the batch."""

from dataclasses import replace
from functools import lru_cache
from itertools import chain

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over
from torch import Tensor

from mnistgrad import gradients, initial_weights, lesson, load_batch
from mnistgrad.network.data import PIXELS, Batch
from mnistgrad.network.presets import PRESETS, Weights
from mnistgrad.trace.passes import (
    PROGRAMS,
    WHOLE_PASS,
    ends_statement,
    peak,
    record_excerpt,
    record_pass,
    scopes,
    statement_of,
    whole_results,
)
from mnistgrad.trace.recording import Operation

each_form = over("form", PROGRAMS)
each_preset = over("preset", PRESETS)
OVER_IMAGES = {"loss", "w1.g", "b1.g", "w2.g", "b2.g"}


@lru_cache(maxsize=8)
def network(n: int, nh: int = 50, preset: str = "lesson-2019") -> tuple[Batch, Weights]:
    return load_batch(n, PRESETS[preset].normalise), initial_weights(nh, 0, preset)


def results(operations: tuple[Operation, ...]) -> dict[str, Tensor]:
    """What each statement sets, by name: the value of its last operation."""
    return {o.sets: o.value for o in operations if o.value is not None}


@lru_cache(maxsize=4)
def by_numpy(n: int, nh: int = 50, preset: str = "lesson-2019") -> dict[str, np.ndarray]:
    """The whole pass in float64, without the lesson's code."""
    batch, weights = network(n, nh, preset)
    inp, targ, w1, b1, w2, b2 = (
        t.double().numpy() for t in (batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2)
    )
    l1 = inp @ w1 + b1
    l2 = np.maximum(l1, 0) - (0.5 if preset == "lesson-2019" else 0)
    out = l2 @ w2 + b2
    diff = out[:, 0] - targ
    out_g = 2 * diff[:, None] / n
    l2_g = out_g @ w2.T
    l1_g = l2_g * (l1 > 0)
    return {
        "l1": l1,
        "l2": l2,
        "out": out,
        "loss": np.mean(diff**2),
        "diff": diff,
        "out.g": out_g,
        "l2.g": l2_g,
        "w2.g": np.einsum("nj,nk->jk", l2, out_g),
        "b2.g": out_g.sum(0),
        "l1.g": l1_g,
        "inp.g": l1_g @ w1.T,
        "w1.g": np.einsum("ni,nj->ij", inp, l1_g),
        "b1.g": l1_g.sum(0),
    }


def assert_near(found: Tensor, expected: np.ndarray, name: str) -> None:
    largest = np.abs(expected).max()
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-4, atol=1e-5 * largest, err_msg=name)


@each_form
@each_preset
@over(("n", "nh"), [(1, 50), (3, 2), (50, 50)])
def test_every_form_sets_what_numpy_finds(n: int, nh: int, preset: str, form: str) -> None:
    found = results(record_excerpt(*network(n, nh, preset), range(n), form))
    expected = by_numpy(n, nh, preset)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert_near(found[name], value, name)


@over("form", ["einsum", "matmul"])
def test_the_forms_differ_in_nothing_but_the_lines_of_the_weight_gradients(form: str) -> None:
    def others(operations: tuple[Operation, ...]) -> list[object]:
        return [(o.name, o.sets, o.expression, o.shape, o.axes) for o in operations if o.sets not in ("w1.g", "w2.g")]

    assert others(record_pass(7, 5, lesson.relu, form)) == others(record_pass(7, 5, lesson.relu))


def test_the_lines_of_the_weight_gradients() -> None:
    names = {form: [o.name for o in record_pass(7, 5, lesson.relu, form) if o.sets == "w1.g"] for form in PROGRAMS}
    assert names == {"broadcast": ["unsqueeze", "unsqueeze", "mul", "sum"], "einsum": ["einsum"], "matmul": ["t", "matmul"]}


@each_form
@over(("n", "nh"), [(1, 50), (50, 50), (PIXELS, 50), (50_000, 100)])
def test_the_pass_is_the_same_at_every_size_but_for_its_shapes(n: int, nh: int, form: str) -> None:
    def seen(operations: tuple[Operation, ...]) -> list[object]:
        return [(o.name, o.caller, o.sets, o.expression, o.axes, [p.axes for p in o.operands], o.is_view) for o in operations]

    assert seen(record_pass(n, nh, lesson.relu_shifted, form)) == seen(record_pass(7, 5, lesson.relu_shifted, form))


@each_form
@over(("n", "nh"), [(50, 50), (50, 1), (PIXELS, 2)])
def test_an_excerpt_has_the_operations_of_the_pass_with_fewer_images(n: int, nh: int, form: str) -> None:
    batch, weights = network(n, nh)
    whole = record_pass(n, nh, weights.preset.relu, form)
    few = record_excerpt(batch, weights, [4, 0], form)
    for ours, part in zip(whole, few, strict=True):
        sizes = dict(zip(ours.axes, ours.shape, strict=True)) | ({"n": 2} if "n" in ours.axes else {})
        assert (part.expression, part.axes, part.span, part.sets) == (ours.expression, ours.axes, ours.span, ours.sets)
        assert part.shape == tuple(sizes[letter] for letter in ours.axes)
        assert part.arguments == ours.arguments  # the lesson's code is told n, not 2
        assert part.value is not None and tuple(part.value.shape) == part.shape


@settings(max_examples=25, derandomize=True)
@given(
    images=st.lists(st.integers(0, 59), min_size=1, max_size=9, unique=True),
    form=st.sampled_from([*PROGRAMS]),
    preset=st.sampled_from([*PRESETS]),
)
def test_each_image_of_an_excerpt_has_the_numbers_it_has_in_the_batch(images: list[int], form: str, preset: str) -> None:
    found, whole = results(record_excerpt(*network(60, 7, preset), images, form)), by_numpy(60, 7, preset)
    for name in whole.keys() - OVER_IMAGES:
        assert_near(found[name], whole[name][images], name)


@each_form
def test_an_excerpt_adds_up_its_own_images_alone(form: str) -> None:
    images, whole = [5, 30, 2], by_numpy(60, 7)
    found = results(record_excerpt(*network(60, 7), images, form))
    inp = network(60, 7)[0].inp.double().numpy()
    assert_near(found["w1.g"], inp[images].T @ whole["l1.g"][images], "w1.g")
    assert_near(found["b1.g"], whole["l1.g"][images].sum(0), "b1.g")
    assert_near(found["loss"], np.mean(whole["diff"][images] ** 2), "loss")


def test_whole_results_are_what_the_pass_adds_up_over_all_images() -> None:
    batch, weights = network(60, 7)
    found = whole_results(gradients(batch, weights))
    assert found.keys() == OVER_IMAGES
    for name, value in found.items():
        assert_near(value, by_numpy(60, 7)[name], name)


@each_form
def test_recording_leaves_the_batch_and_the_weights_as_they_were(form: str) -> None:
    batch, weights = load_batch(9), initial_weights(4)
    shared = [batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2]
    before = [tensor.clone() for tensor in shared]
    for images in (range(9), [3]):
        record_excerpt(batch, weights, images, form)
    for tensor, old in zip(shared, before, strict=True):
        assert torch.equal(tensor, old)
        assert not hasattr(tensor, "g") and tensor.grad is None and not tensor.requires_grad


@each_form
def test_calls_are_stepped_through_in_order_and_each_operation_belongs_to_one(form: str) -> None:
    operations = record_pass(7, 5, lesson.relu, form)
    found = scopes(operations)
    assert found.pop(WHOLE_PASS) == range(len(operations))
    calls = [name for name in found if "(" in name]
    assert calls == [
        "lin(inp, w1, b1)",
        "relu(l1)",
        "lin(l2, w2, b2)",
        "mse(out, targ)",
        "mse_grad(out, targ)",
        "lin_grad(l2, out, w2, b2)",
        "relu_grad(l1, l2)",
        "lin_grad(inp, l1, w1, b1)",
    ]
    assert [place for call in calls for place in found[call]] == list(range(len(operations)))
    assert all(operations[place].caller == call for call in calls for place in found[call])


@each_form
def test_lines_are_stepped_through_where_a_call_has_several_and_share_it_out(form: str) -> None:
    operations = record_pass(7, 5, lesson.relu, form)
    found = scopes(operations)
    lines = {
        "mse_grad(out, targ)": ["diff", "out.g"],
        "lin_grad(l2, out, w2, b2)": ["l2.g", "w2.g", "b2.g"],
        "lin_grad(inp, l1, w1, b1)": ["inp.g", "w1.g", "b1.g"],
    }
    assert {name for name in found if "(" not in name} == {WHOLE_PASS, *chain(*lines.values())}
    for call, names in lines.items():
        assert [place for name in names for place in found[name]] == list(found[call])


@each_form
def test_a_statement_is_its_operations_and_ends_with_what_it_sets(form: str) -> None:
    operations = record_excerpt(*network(5, 4), range(5), form)
    for place, operation in enumerate(operations):
        inside = statement_of(operations, place)
        assert place in inside
        assert {operations[other].sets for other in inside} == {operation.sets}
        assert ends_statement(operations, place) == (place == inside[-1])
    ends = {o.sets: o.value for place, o in enumerate(operations) if ends_statement(operations, place)}
    assert len(ends) == sum(ends_statement(operations, place) for place in range(len(operations)))
    for name, value in by_numpy(5, 4).items():
        assert_near(ends[name], value, name)


def test_statements_of_two_calls_are_two_though_they_set_the_same_name() -> None:
    operations = tuple(replace(operation, sets="x") for operation in record_pass(7, 5, lesson.relu))
    assert statement_of(operations, 0) == range(0, 2)
    assert statement_of(operations, 3) == range(3, 5)


@over(("n", "nh"), [(1, 50), (1_000, 50), (50_000, 100), (3, 2)])
def test_most_is_alive_when_the_product_is_added_up(n: int, nh: int) -> None:
    operations = record_pass(n, nh, lesson.relu)
    at = operations[peak(operations)]
    assert (at.sets, at.name) == ("w1.g", "sum")
    outputs, inp_g, w1_g, product = 4 * n, 4 * n * PIXELS, 4 * PIXELS * nh, 4 * n * PIXELS * nh
    hidden, w2_g, b2_g, loss = 4 * n * nh, 4 * nh, 4, 4  # l1, l2, l1.g and l2.g; out and out.g
    assert at.live == 4 * hidden + 2 * outputs + inp_g + product + w1_g + w2_g + b2_g + loss


@over("form", ["einsum", "matmul"])
def test_the_other_forms_take_at_most_the_rest(form: str) -> None:
    broadcast, other = record_pass(1_000, 50, lesson.relu), record_pass(1_000, 50, lesson.relu, form)
    assert broadcast[peak(broadcast)].live - other[peak(other)].live == 4 * 1_000 * PIXELS * 50 - 4 * 50  # b1.g comes after


def test_the_peak_is_the_first_of_equals() -> None:
    operations = record_pass(7, 5, lesson.relu, "matmul")[:1] * 3
    assert peak(operations) == 0
