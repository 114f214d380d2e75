"""What is measured: every way computes what it says, the counts and bytes are right, and nothing beyond the budget is run."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from loops import over
from measurements import made_up, made_up_lines, made_up_seconds
from torch.utils.flop_counter import FlopCounterMode

import mnistgrad as mg
from mnistgrad.common import numbers
from mnistgrad.common.data_files import DataFileError
from mnistgrad.cost import measurement as cost
from mnistgrad.cost.measurement import (
    COST_METHODS,
    COUNTS,
    LINE,
    PASS,
    MeasurementPlan,
    Spread,
    multiplications,
    per_image_gradients,
    read,
    stored_measurement,
)
from mnistgrad.network.gradients import Gradients
from mnistgrad.network.verification import autograd_pass

PRODUCT = 784 * 50 * 4  # bytes an image


def result(method: str, n: int, nh: int) -> object:
    return COST_METHODS[method].prepare(mg.load_batch(n), mg.initial_weights(nh))()


@over(("n", "nh"), [(1, 2), (7, 3), (60, 50)])
@over("method", ["forward", "matmul"])
def test_forward_product_and_gradient_take_as_many_multiplications_as_torch_counts(method: str, n: int, nh: int) -> None:
    run = COST_METHODS[method].prepare(mg.load_batch(n), mg.initial_weights(nh))
    with FlopCounterMode(display=False) as counter:
        run()
    assert counter.get_total_flops() == 2 * multiplications(n, nh)  # torch counts an addition with each multiplication


@over("form", ["broadcast", "einsum", "matmul"])
def test_each_form_computes_the_gradient_of_w1(form: str) -> None:
    expected = mg.gradients(mg.load_batch(6), mg.initial_weights(5)).w1
    torch.testing.assert_close(result(form, 6, 5), expected)


@over("method", ["manual", "autograd"])
def test_each_pass_computes_every_gradient(method: str) -> None:
    batch, weights = mg.load_batch(6), mg.initial_weights(5)
    tensors = autograd_pass(batch.inp, batch.targ, weights)
    expected = torch.autograd.grad(tensors["loss"], [tensors[name] for name in ("w1", "b1", "w2", "b2")])
    found = result(method, 6, 5)
    assert isinstance(found, Gradients)
    torch.testing.assert_close((found.w1, found.b1, found.w2, found.b2), expected)


@over("preset", ["lesson-2019", "lesson-2022"])
def test_gradients_of_each_image_are_those_of_that_image_alone(preset: str) -> None:
    batch, weights = mg.load_batch(4, preset=preset), mg.initial_weights(3, preset=preset)
    apart = per_image_gradients(batch, weights)
    for place in range(4):
        tensors = autograd_pass(batch.inp[place : place + 1], batch.targ[place : place + 1], weights)
        alone = torch.autograd.grad(tensors["loss"], [tensors[name] for name in ("w1", "b1", "w2", "b2")])
        torch.testing.assert_close(tuple(each[place] for each in apart), alone)
    whole = mg.gradients(batch, weights)
    torch.testing.assert_close(tuple(each.mean(0) for each in apart), (whole.w1, whole.b1, whole.w2, whole.b2))


@over(("n", "nh"), [(1, 2), (9, 4)])
def test_bytes_are_those_of_the_tensors_that_are_made(n: int, nh: int) -> None:
    gradient, product = torch.empty(784, nh).nbytes, torch.empty(n, 784, nh).nbytes
    apart = sum(each.nbytes for each in per_image_gradients(mg.load_batch(n), mg.initial_weights(nh)))
    expected = {
        "forward": torch.empty(n, nh).nbytes,
        "broadcast": product + gradient,
        "einsum": gradient,
        "matmul": gradient,
        "per image": apart,
    }
    assert {method: COST_METHODS[method].nbytes(n, nh) for method in expected} == expected


def test_every_way_is_on_a_chart() -> None:
    assert {*LINE, *PASS} == set(COST_METHODS)


@given(st.sampled_from(COUNTS), st.integers(10**6, 10**9), st.integers(1, 100))
def test_nothing_beyond_the_budget_is_run(largest: int, budget: int, nh: int) -> None:
    plan = MeasurementPlan(largest, budget, nh)
    for n, method in plan.tasks:
        assert n <= largest
        if method in ("broadcast", "per image"):
            assert n * 784 * nh * 4 <= budget
    left_out = {(n, method) for n in COUNTS for method in COST_METHODS if n <= largest} - set(plan.tasks)
    assert all(COST_METHODS[method].nbytes(n, nh) > budget for n, method in left_out)


@over(
    ("arguments", "error", "says"),
    [
        (dict(largest=3), ValueError, "largest is 3; allowed are 1, 5"),
        (dict(budget=0), ValueError, "budget is 0; allowed are 313,600 to 1,000,000,000"),
        (dict(budget=1e9), TypeError, "a whole number is allowed"),
        (dict(nh=513), ValueError, "nh is 513; allowed are 1 to 512"),
    ],
)
def test_plan_that_there_is_not_is_refused(arguments: dict[str, float], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        MeasurementPlan(**arguments)


@given(st.lists(st.floats(1e-6, 1e3), min_size=2, max_size=40))
def test_spread_is_the_median_and_the_quartiles(values: list[float]) -> None:
    spread = Spread.of(values)
    assert (spread.low, spread.median, spread.high) == pytest.approx(tuple(np.quantile(values, [0.25, 0.5, 0.75])))
    assert spread.runs == len(values) and not spread.calculated


def test_what_was_measured_is_read_back() -> None:
    found = made_up(MeasurementPlan(largest=1_000))
    for n, method in found.plan.tasks:
        one = found.at(method, n)
        assert (one.method, one.n, one.seconds.runs, one.nbytes.runs) == (method, n, 7, 3)
        assert one.seconds.median == pytest.approx(made_up_seconds(method, n))
    assert found.memory_seen and len(found.costs) == len(found.plan.tasks) == 7 * len(COST_METHODS)


def test_beyond_the_budget_bytes_follow_from_shapes_and_time_from_the_last_run() -> None:
    found = made_up(MeasurementPlan(budget=10**9))
    line = found.line_of("broadcast")
    assert [each.n for each in line if each.seconds.calculated] == [10_000, 50_000]
    assert [each.nbytes.median for each in line if each.nbytes.calculated] == [
        10_000 * PRODUCT + 784 * 50 * 4,
        50_000 * PRODUCT + 784 * 50 * 4,
    ]
    assert line[-1].seconds.median == pytest.approx(10 * made_up_seconds("broadcast", 5_000))
    assert not any(each.seconds.calculated for method in ("forward", "matmul", "manual") for each in found.line_of(method))


def test_memory_is_calculated_where_the_system_cannot_tell_it() -> None:
    found = made_up(MeasurementPlan(largest=100), memory=False)
    assert not found.memory_seen
    one = found.at("broadcast", 100)
    assert one.nbytes.calculated and not one.seconds.calculated and one.nbytes.median == 101 * PRODUCT


@over("lost", [1, 20, -1])
def test_measurement_that_was_cut_is_refused(lost: int) -> None:
    lines = made_up_lines(MeasurementPlan(largest=100))
    row = json.loads(lines.pop(lost))
    with pytest.raises(ValueError, match=rf"lacks 1 of the 35 costs .*\({row['n']}, '{row['method']}'\)"):
        read(lines)


def test_empty_measurement_is_refused() -> None:
    with pytest.raises(ValueError, match="lines is empty"):
        read([])


@pytest.mark.parametrize("content", [None, "", "{}", "[]", "null", "nonsense", '{"plan": {"images": 3}, "machine": {}}'], ids=str)
def test_broken_stored_file_is_told_with_its_remedy(content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "cost.jsonl"
    if content is not None:
        broken.write_text(content)
    monkeypatch.setattr(cost, "STORED", broken)
    with pytest.raises(DataFileError, match=r"cost\.jsonl cannot be read .* install mnistgrad again"):
        stored_measurement.__wrapped__()


@over(("n", "nearest"), [(1, 1), (2, 1), (3, 5), (7, 5), (8, 10), (30, 50), (2_000, 1_000), (3_000, 5_000)])
def test_nearest_count_is_nearest_in_proportion(n: int, nearest: int) -> None:
    assert stored_measurement().nearest(n) == nearest


def test_nearest_count_is_one_of_the_plan() -> None:
    assert made_up(MeasurementPlan(largest=100)).nearest(50_000) == 100


def test_stored_measurement_is_whole_and_plausible() -> None:
    found = stored_measurement()
    assert found.plan == MeasurementPlan() and found.memory_seen and found.machine.threads == 1
    assert all(len(found.line_of(method)) == len(COUNTS) for method in COST_METHODS)
    for n in (500, 1_000, 5_000):
        assert found.at("broadcast", n).nbytes.median == pytest.approx(n * PRODUCT, rel=0.02)
        assert found.at("broadcast", n).seconds.median > 10 * found.at("matmul", n).seconds.median
    assert found.at("matmul", 50_000).nbytes.median < 1_000_000


@over(
    ("seconds", "text"),
    [(3.4, "3.4 s"), (0.14, "140 ms"), (0.00098, "980 µs"), (0.0012, "1.2 ms"), (4.8e-6, "4.8 µs"), (11.14, "11 s"),
     (0.9999, "1.0 s"), (9.96e-3, "10 ms"), (0.994, "990 ms"), (1234.0, "1,200 s"), (2e-8, "0.0 µs")],
)  # fmt: skip
def test_duration_has_two_significant_digits(seconds: float, text: str) -> None:
    assert numbers.duration(seconds) == text
