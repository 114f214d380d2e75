"""Lines written wrongly: what becomes of them, against NumPy's broadcasting, torch run by hand, and sums written out."""

import inspect
from functools import cache, lru_cache

import numpy as np
import pytest
import torch
from loops import over
from torch import Tensor

from mnistgrad import lesson
from mnistgrad.lines import as_written, wrong_lines
from mnistgrad.lines.study import Attempt, Study, study
from mnistgrad.lines.wrong_lines import WRONG_LINES, changed_lines, outcomes, sample_size
from mnistgrad.network.data import PIXELS, MnistBatch, load_batch
from mnistgrad.network.presets import Weights, initial_weights

SIZES = [(1, 50), (2, 2), (3, 50), (50, 50), (784, 4), (1_000, 7)]
NAMES = list(WRONG_LINES)
each_size = over(("n", "nh"), SIZES)
each_line = over("name", NAMES)

# What stands on either side of the product of w.g, and the axis that is added up, for inp (n, i) and out.g (n, j).
PRODUCTS = {
    "without unsqueeze(-1)": (lambda n, i, j: ((n, i), (n, 1, j)), 0),
    "without unsqueeze(1)": (lambda n, i, j: ((n, i, 1), (n, j)), 0),
    "without either unsqueeze": (lambda n, i, j: ((n, i), (n, j)), 0),
    "unsqueeze(0) for unsqueeze(1)": (lambda n, i, j: ((n, i, 1), (1, n, j)), 0),
    "sum(1) for sum(0)": (lambda n, i, j: ((n, i, 1), (n, 1, j)), 1),
    "sum(-1) for sum(0)": (lambda n, i, j: ((n, i, 1), (n, 1, j)), 2),
    "mean(0) for sum(0)": (lambda n, i, j: ((n, i, 1), (n, 1, j)), 0),
}


@lru_cache(maxsize=64)
def network(n: int, nh: int, preset: str = "lesson-2019", seed: int = 0) -> tuple[MnistBatch, Weights]:
    return load_batch(n, preset == "lesson-2019"), initial_weights(nh, seed, preset)


@cache
def studied(name: str, n: int, nh: int, preset: str = "lesson-2019", seed: int = 0) -> Study:
    return study(WRONG_LINES[name], *network(n, nh, preset, seed))


def layer(shown: Study, weight: str) -> Attempt:
    """The call that is given this weight."""
    return next(attempt for attempt in shown.attempts if weight in attempt.names.values())


def broadcast(*shapes: tuple[int, ...]) -> tuple[int, ...] | None:
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        return None


@each_size
@over("name", PRODUCTS)
def test_products_fail_and_run_as_numpy_broadcasts(name: str, n: int, nh: int) -> None:
    operands, axis = PRODUCTS[name]
    for weight, i, j in (("w1", 784, nh), ("w2", nh, 1)):
        attempt, product = layer(studied(name, n, nh), weight), broadcast(*operands(n, i, j))
        assert (attempt.refused is None) == (product is not None)
        if product:
            shape = product[:axis] + product[axis + 1 :]
            assert (attempt.result.shape, attempt.result.needed) == (shape, (i, j))
            assert attempt.result.verdict in (("right", "numbers") if shape == (i, j) else ("shape",))
            fits = broadcast((i, j), shape) == (i, j)
            assert (attempt.update == "") == (fits and shape != (i, j)) and (attempt.update is None) == (shape == (i, j))
        else:
            assert attempt.result.verdict == "never" and attempt.refused
            assert [operand.shape for operand in attempt.refused.operands] == list(operands(n, i, j))


@each_size
def test_matrix_products_fail_where_the_inner_sizes_differ(n: int, nh: int) -> None:
    turned = studied("out.g @ w for out.g @ w.t()", n, nh)
    assert layer(turned, "w1").refused and layer(turned, "w2").refused  # 784 against nh, and nh against 1
    times = studied("x * w for x @ w", n, nh)
    for weight, shapes in (("w1", ((n, 784), (784, nh))), ("w2", ((n, nh), (nh, 1)))):
        assert (layer(times, weight).refused is None) == (broadcast(*shapes) is not None)
    assert times.outcome == turned.outcome == "raises"


@each_size
def test_differences_without_squeeze_have_all_pairs(n: int, nh: int) -> None:
    (flat,) = studied("mse_grad without squeeze and unsqueeze", n, nh).attempts
    (thick,) = studied("mse_grad without squeeze", n, nh).attempts
    assert (flat.result.shape, thick.result.shape) == ((n, n), (n, n, 1))
    assert thick.result.verdict == "shape" and (flat.result.verdict == "right") == (n == 1)


def run_by_hand(name: str, inp: Tensor, targ: Tensor, weights: Weights) -> tuple[dict[str, Tensor], str]:
    """The pass written out again, with the wrong function; what it sets, and torch's message."""
    functions = {each: getattr(lesson, each) for each in ("lin", "mse", "mse_grad", "relu_grad", "lin_grad")}
    functions[WRONG_LINES[name].right.__name__] = WRONG_LINES[name].wrong
    w1, b1, w2, b2 = (t.clone() for t in (weights.w1, weights.b1, weights.w2, weights.b2))
    found: dict[str, Tensor] = {}
    tensors: dict[str, Tensor] = {"w1": w1, "b1": b1, "w2": w2, "b2": b2, "inp": inp.clone()}
    message = ""
    try:
        l1 = tensors["l1"] = functions["lin"](tensors["inp"], w1, b1)
        l2 = tensors["l2"] = weights.preset.relu(l1)
        out = tensors["out"] = functions["lin"](l2, w2, b2)
        found["loss"] = functions["mse"](out, targ)
        functions["mse_grad"](out, targ)
        functions["lin_grad"](l2, out, w2, b2)
        functions["relu_grad"](l1, l2)
        functions["lin_grad"](tensors["inp"], l1, w1, b1)
    except RuntimeError as error:
        message = str(error)
    return found | {f"{key}.g": tensor.g for key, tensor in tensors.items() if hasattr(tensor, "g")}, message


@each_line
@over(("n", "nh", "preset"), [(1, 50, "lesson-2019"), (50, 50, "lesson-2019"), (2, 2, "lesson-2022"), (60, 7, "lesson-2022")])
def test_whole_pass_ends_as_it_does_by_hand(name: str, n: int, nh: int, preset: str) -> None:
    batch, weights = network(n, nh, preset)
    shown = studied(name, n, nh, preset)
    found, message = run_by_hand(name, batch.inp, batch.targ, weights)
    assert shown.message == message and (shown.refused is None) == (not message)
    assert {r.name: r.shape for r in shown.results if r.shape is not None} == {k: tuple(v.shape) for k, v in found.items()}


@over("preset", ["lesson-2019", "lesson-2022"])
@each_line
def test_differences_are_those_from_autograd(name: str, preset: str) -> None:
    n, nh = 40, 6
    batch, weights = network(n, nh, preset)
    found, _ = run_by_hand(name, batch.inp, batch.targ, weights)
    w1, b1, w2, b2 = (t.clone().requires_grad_() for t in (weights.w1, weights.b1, weights.w2, weights.b2))
    l1 = batch.inp @ w1 + b1
    out = weights.preset.relu(l1) @ w2 + b2
    ((out[:, 0] - batch.targ) ** 2).mean().backward()
    for tensor, key in ((w1, "w1.g"), (b1, "b1.g"), (w2, "w2.g"), (b2, "b2.g")):
        (result,) = (r for r in studied(name, n, nh, preset).results if r.name == key)
        assert tensor.grad is not None and result.largest == pytest.approx(tensor.grad.abs().max().item(), rel=1e-5)
        if result.difference is not None:
            by_hand = (found[key] - tensor.grad).abs().max().item()
            assert result.difference == pytest.approx(by_hand, abs=2e-6 * result.largest)
            assert (result.verdict == "right") == (by_hand < 1e-5 * result.largest)


@each_line
@over("n", [1, 3, 50])
def test_each_call_ends_as_it_does_on_real_tensors(name: str, n: int) -> None:
    sizes = {
        "inp": (n, 784),
        "targ": (n,),
        "w1": (784, 50),
        "b1": (50,),
        "w2": (50, 1),
        "b2": (1,),
        "l1": (n, 50),
        "l2": (n, 50),
        "out": (n, 1),
    }
    generator = torch.Generator().manual_seed(0)
    for attempt in studied(name, n, 50).attempts:
        given = [torch.randn(sizes[each], generator=generator) for each in attempt.names.values()]
        for tensor in given:
            tensor.g = torch.randn(tensor.shape, generator=generator)
        message = ""
        try:
            WRONG_LINES[name].wrong(*given)
        except RuntimeError as error:
            message = str(error)
        assert attempt.message == message
        assert attempt.call == f"{WRONG_LINES[name].right.__name__}({', '.join(attempt.names.values())})"


def by_hand(batch: MnistBatch, weights: Weights) -> tuple[np.ndarray, np.ndarray]:
    """inp and l1.g in float64, by NumPy."""
    inp, targ, w1, w2 = (t.double().numpy() for t in (batch.inp, batch.targ, weights.w1, weights.w2))
    l1 = inp @ w1 + weights.b1.double().numpy()
    l2 = np.maximum(l1, 0) - weights.preset.relu_shift
    out_g = 2 * (l2 @ w2 - targ[:, None]) / len(targ)
    return inp, (l1 > 0) * (out_g @ w2.T)


ACCIDENTS = {
    "without unsqueeze(1)": "ni,ij->ij",
    "unsqueeze(0) for unsqueeze(1)": "ni,ij->ij",
    "sum(1) for sum(0)": "ni,nj->nj",
}


@over(("name", "equation"), ACCIDENTS.items())
def test_784_images_meet_784_pixels_and_make_wrong_numbers_of_the_right_shape(name: str, equation: str) -> None:
    inp, out_g = by_hand(*network(784, 4))
    right, wrong = np.einsum("ni,nj->ij", inp, out_g), np.einsum(equation, inp, out_g)
    result = layer(studied(name, 784, 4), "w1").result
    assert (result.shape, result.verdict) == ((784, 4), "numbers")
    assert result.difference == pytest.approx(np.abs(wrong - right).max(), rel=1e-4)
    off = np.abs(wrong - right) > 1e-5 * np.abs(right).max()
    assert result.off == pytest.approx(off.mean(), abs=2e-3) and result.factor is None


def test_as_many_images_as_units_hide_the_missing_axis_in_layer_2() -> None:
    shown = studied("without unsqueeze(1)", 50, 50)
    assert layer(shown, "w2").result.verdict == "numbers"
    assert shown.refused and shown.refused.caller == "lin_grad(inp, l1, w1, b1)"


@over("n", [3, 50, 1_000, 50_000])
def test_mean_and_missing_1_over_n_are_off_by_the_number_of_images(n: int) -> None:
    small, large = studied("mean(0) for sum(0)", n, 5), studied("mse_grad without 1/n", n, 5)
    assert layer(small, "w1").result.factor == pytest.approx(1 / small.sample, rel=1e-5)
    assert {r.name for r in small.results if r.verdict != "right"} == {"w1.g", "w2.g"}
    assert [r.factor for r in large.results if r.name != "loss"] == pytest.approx([large.sample] * 8, rel=1e-5)
    assert studied("mean(0) for sum(0)", 1, 5).outcome == studied("mse_grad without 1/n", 1, 5).outcome == "right"


@over("n", [2, 7, 1_000])
def test_loss_without_squeeze_is_the_mean_over_all_pairs_and_pulls_to_the_mean_target(n: int) -> None:
    shown = studied("mse without squeeze", n, 50)
    assert shown.pairs and len(shown.pairs.out) == len(shown.pairs.targ) == n
    out, targ = shown.pairs.out.double().numpy(), shown.pairs.targ.double().numpy()
    assert shown.pairs.wrong_loss == pytest.approx(np.mean([(a - b) ** 2 for a in out for b in targ]), rel=1e-5)
    assert shown.pairs.loss == pytest.approx(np.mean((out - targ) ** 2), rel=1e-5)
    leaf = shown.pairs.out[:, None].clone().requires_grad_()
    as_written.mse_without_squeeze(leaf, shown.pairs.targ).backward()
    assert leaf.grad is not None
    torch.testing.assert_close(leaf.grad, 2 / n * (leaf.detach() - shown.pairs.targ.mean()))


@each_line
@over(
    ("n", "nh", "preset", "seed"),
    [
        (1, 50, "lesson-2019", 0),
        (1, 2, "lesson-2019", 7),
        (2, 2, "lesson-2022", 0),
        (50, 50, "lesson-2019", 0),
        (1_000, 7, "lesson-2019", 0),
        (1_000, 4, "lesson-2022", 2),
    ],
)
def test_group_of_a_line_is_the_outcome_of_its_study(name: str, n: int, nh: int, preset: str, seed: int) -> None:
    found = all_outcomes(n, nh, preset, seed)
    assert list(found) == NAMES
    assert found[name] == studied(name, n, nh, preset, seed).outcome


@lru_cache(maxsize=16)
def all_outcomes(n: int, nh: int, preset: str, seed: int) -> dict[str, str]:
    return outcomes(*network(n, nh, preset, seed))


DOWNSTREAM = {  # what a line may spoil where it runs
    "lin_grad": {"w1.g", "w2.g"},
    "mse": {"loss"},
    "relu_grad": {"l1.g", "inp.g", "w1.g", "b1.g"},
    "mse_grad": {"out.g", "l2.g", "w2.g", "b2.g", "l1.g", "inp.g", "w1.g", "b1.g"},
}


@each_line
@over("preset", ["lesson-2019", "lesson-2022"])
@over(("n", "seed"), [(1, 3), (1_000, 5)])
def test_what_a_line_does_not_touch_is_right(name: str, preset: str, n: int, seed: int) -> None:
    shown = studied(name, n, 6, preset, seed)
    touched = DOWNSTREAM.get(shown.line.function, set())
    assert all(r.verdict in ("right", "never") for r in shown.results if r.name not in touched)


@each_line
@over("n", [201, 785, 1_000])
def test_numbers_of_fewer_images_are_of_the_same_case(name: str, n: int) -> None:
    shown, few = studied(name, n, 6), studied(name, 200, 6)
    assert shown.sample == sample_size(WRONG_LINES[name], n) <= n
    assert [(a.refused is None, a.result.verdict) for a in shown.attempts] == [
        (a.refused is None, a.result.verdict) for a in few.attempts
    ]
    assert shown.outcome == few.outcome


def test_rectifier_that_is_not_shifted_lets_either_mask_pass() -> None:
    assert studied("relu_grad with out > 0", 1_000, 50, "lesson-2022").outcome == "right"
    shifted = studied("relu_grad with out > 0", 1_000, 50)
    batch, weights = network(1_000, 50)
    l1 = (batch.inp @ weights.w1)[: shifted.sample]
    assert shifted.attempts[0].result.off == pytest.approx(((l1 > 0) & (l1 <= 0.5)).float().mean().item(), abs=2e-3)


@each_line
def test_wrong_function_is_the_lessons_but_for_the_lines_shown(name: str) -> None:
    line, pairs = WRONG_LINES[name], changed_lines(WRONG_LINES[name])
    assert list(inspect.signature(line.right).parameters) == list(inspect.signature(line.wrong).parameters)
    body = inspect.getsource(line.wrong).split('"""')[2]
    for right, wrong in pairs:
        assert right.text in inspect.getsource(line.right) and wrong.text in body
        body = body.replace(wrong.text, right.text)
    assert body == inspect.getsource(line.right).split('"""')[2] and 1 <= len(pairs) <= 2


def test_every_wrong_function_is_a_line_to_choose() -> None:
    written = {function for _, function in inspect.getmembers(as_written, inspect.isfunction)}
    assert {line.wrong for line in WRONG_LINES.values()} == written
    assert all(line.name == name for name, line in WRONG_LINES.items())


@each_line
def test_nothing_that_is_shared_is_changed(name: str) -> None:
    batch, weights = load_batch(5), initial_weights(4)
    tensors = [batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2]
    before = [tensor.clone() for tensor in tensors]
    study(WRONG_LINES[name], batch, weights)
    outcomes(batch, weights)
    assert all(torch.equal(one, other) for one, other in zip(tensors, before, strict=True))
    assert not any(hasattr(tensor, "g") or tensor.requires_grad for tensor in tensors)


def test_error_that_is_no_refusal_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("something else")

    monkeypatch.setattr(wrong_lines, "_run", broken)
    with pytest.raises(RuntimeError, match="something else"):
        study(WRONG_LINES[NAMES[0]], *network(3, 4))


def largest_tensor(name: str, n: int, nh: int) -> int:
    """By hand: numbers of the largest tensor that the pass asks for before torch refuses a shape."""
    lessons = n * PIXELS * nh  # layer 1, by broadcasting
    by_line = {
        "without unsqueeze(-1)": n * n * nh,  # layer 2: (n, nh) against (n, 1, 1)
        "mse_grad without squeeze": n * n * nh,  # (n, n, 1) @ (1, nh)
        "mse without squeeze": n * n,
        "mse_grad without squeeze and unsqueeze": n * n,  # out.g, and then (n, n) @ (1, nh) is refused
    }
    return by_line.get(name, lessons)


@over(("n", "nh"), [(10_000, 50), (17_000, 50), (18_500, 50), (50_000, 50), (50_000, 2), (50_000, 100)])
def test_line_whose_tensor_no_machine_holds_is_stopped_by_memory(n: int, nh: int) -> None:
    batch, weights = load_batch(1), initial_weights(nh)
    large = MnistBatch(*(t.expand(n, *t.shape[1:]) for t in (batch.inp, batch.targ, batch.images, batch.labels)))
    found = outcomes(large, weights)
    for name in ("without unsqueeze(-1)", "mse without squeeze", "mse_grad without squeeze", "mse_grad without 1/n"):
        shown, needed = study(WRONG_LINES[name], large, weights), 4 * largest_tensor(name, n, nh)
        stopped = shown.refused is not None and shown.refused.nbytes > 0
        assert stopped == (needed > 64e9), name
        if stopped:
            assert shown.refused is not None and shown.refused.nbytes == needed
            assert f"tried to allocate {needed} bytes" in shown.message
            assert found[name] == shown.outcome == "raises"


def test_500_gigabytes_of_the_line_without_unsqueeze_are_told_in_torchs_words() -> None:
    batch = load_batch(1)
    large = MnistBatch(*(t.expand(50_000, *t.shape[1:]) for t in (batch.inp, batch.targ, batch.images, batch.labels)))
    second = study(WRONG_LINES["without unsqueeze(-1)"], large, initial_weights()).attempts[0]
    assert second.refused is not None and second.refused.shape == (50_000, 50_000, 50)
    assert "DefaultCPUAllocator: can't allocate memory: you tried to allocate 500000000000 bytes" in second.message
