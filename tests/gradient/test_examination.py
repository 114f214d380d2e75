"""What the pages say about a gradient, on the real images, against measured facts and the plain way to find it."""

from functools import lru_cache

import pytest
import torch

from mnistgrad import gradients, initial_weights, lesson, load_batch
from mnistgrad.gradient.examination import Examination, examine
from mnistgrad.gradient.statistics import printed_indices
from mnistgrad.network.data import Batch
from mnistgrad.network.presets import PRESETS, Weights
from mnistgrad.trace.painting import choose_paint
from mnistgrad.trace.window import choose_window

COUNTS = [1, 2, 50, 3_000]  # one block, and more than one
PRINTED = printed_indices(784)


def network(n: int, preset: str = "lesson-2019", nh: int = 50, seed: int = 0) -> tuple[Batch, Weights]:
    return load_batch(n, PRESETS[preset].normalise), initial_weights(nh, seed, preset)


@lru_cache
def examined(n: int, preset: str = "lesson-2019") -> Examination:
    return examine(*network(n, preset))


def test_all_50_000_images_have_718_distinct_rows_and_full_rank() -> None:
    found = examined(50_000)
    assert found.black_pixels == 67
    assert found.distinct == 718
    assert found.spectrum.rank == 50
    assert 0.96 < found.spectrum.first_share < 0.975
    assert 0.0005 < found.spectrum.copied_row_share < 0.0015


@pytest.mark.parametrize("preset", PRESETS)
def test_one_image_gives_one_outer_product(preset: str) -> None:
    found = examined(1, preset)
    assert found.spectrum.rank == 1
    assert found.spectrum.first_share == pytest.approx(1)
    assert found.groups.constant.all()


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("n", COUNTS)
def test_rank_is_at_most_the_images_and_the_units_that_are_on(n: int, preset: str) -> None:
    found = examined(n, preset)
    assert 1 <= found.spectrum.rank <= min(n, int((~found.off).sum()))


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("n", COUNTS)
def test_printed_rows_are_the_bias_gradient_times_black(n: int, preset: str) -> None:
    found = examined(n, preset)
    assert found.black == pytest.approx(-0.4245 if PRESETS[preset].normalise else 0, abs=1e-4)
    expected = (found.black * found.grads.b1).expand(len(PRINTED), -1)
    torch.testing.assert_close(found.grads.w1[PRINTED], expected, rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(found.w1_exact[PRINTED].float(), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("n", COUNTS)
def test_variance_is_zero_over_black_rows_and_positive_over_lit_ones_where_a_unit_is_on(n: int, preset: str) -> None:
    found = examined(n, preset)
    for group in ("printed", "black"):
        assert (found.variances[group] <= found.zero_variance).all()
    for group in ("lit", "all"):
        assert torch.equal(found.variances[group] > found.zero_variance, ~found.off)


@pytest.mark.parametrize("preset", PRESETS)
def test_copies_that_differ_by_rounding_have_zero_variance_and_real_differences_have_not(preset: str) -> None:
    found = examined(50, preset)
    largest = found.w1_exact.abs().max()
    noise = torch.randn(6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    assert 0 < (largest * (1 + 1e-14 * noise)).var(correction=0) < found.zero_variance
    assert (largest * (1 + 1e-6 * noise)).var(correction=0) > found.zero_variance


@pytest.mark.parametrize("n", COUNTS)
def test_variances_are_those_of_the_groups_rows(n: int) -> None:
    found = examined(n)
    groups = found.groups
    rows = {"printed": PRINTED, "black": groups.black, "constant": groups.constant, "lit": groups.lit, "all": slice(None)}
    assert found.variances.keys() == rows.keys()
    for group, chosen in rows.items():
        torch.testing.assert_close(found.variances[group], found.w1_exact[chosen].var(0, unbiased=False))


@pytest.mark.parametrize("n", COUNTS)
def test_a_unit_is_off_where_no_image_lights_it(n: int) -> None:
    batch, weights = network(n)
    assert torch.equal(examined(n).off, (lesson.lin(batch.inp, weights.w1, weights.b1) <= 0).all(0))


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("n", COUNTS)
def test_the_gradients_are_those_of_gradients(n: int, preset: str) -> None:
    found, plain = examined(n, preset), gradients(*network(n, preset))
    for name in ("w1", "b1", "w2", "b2", "loss"):
        torch.testing.assert_close(getattr(found.grads, name), getattr(plain, name), msg=name)


@pytest.mark.parametrize("n", COUNTS)
def test_w1_exact_adds_the_same_products_in_float64(n: int) -> None:
    batch, weights = network(n)
    found = examined(n)
    assert found.w1_exact.dtype == torch.float64
    torch.testing.assert_close(found.w1_exact.float(), found.grads.w1, rtol=1e-4, atol=1e-5)
    l1, l2, out = forward(batch, weights)
    lesson.mse_grad(out, batch.targ)
    l2.g = out.g @ weights.w2.t()
    lesson.relu_grad(l1, l2)
    torch.testing.assert_close(found.w1_exact, batch.inp.double().t() @ l1.g.double(), rtol=1e-4, atol=1e-6)


def forward(batch: Batch, weights: Weights) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    l1 = lesson.lin(batch.inp, weights.w1, weights.b1)
    l2 = weights.preset.relu(l1)
    return l1, l2, lesson.lin(l2, weights.w2, weights.b2)


def test_nothing_given_is_changed() -> None:
    batch, weights = network(20)
    kept = [t.clone() for t in (batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2)]
    examine(batch, weights)
    for tensor, before in zip((batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2), kept, strict=True):
        assert torch.equal(tensor, before)
        assert not hasattr(tensor, "g")


def test_where_all_units_are_off_everything_is_zero_and_nothing_fails() -> None:
    batch, weights = all_off()
    found = examine(batch, weights)
    assert found.is_zero
    assert not found.w1_exact.any()
    assert (found.spectrum.rank, found.distinct, found.colour_limit) == (0, 1, 0)
    assert all((variance <= found.zero_variance).all() for variance in found.variances.values())
    window, paint = choose_window(batch, weights, found.grads), choose_paint(batch, weights, found.grads)
    assert not window.whole["w1.g"].any()
    ends = {o.sets: (o.value, p.result) for o, p in zip(window.operations, paint.operations, strict=True)}
    assert not any(values.any() for name in ("l1.g", "inp.g", "w1.g", "b1.g") for values in ends[name])


def all_off() -> tuple[Batch, Weights]:
    """A first image that lights neither of two units."""
    for seed in range(100):
        batch, weights = network(1, nh=2, seed=seed)
        if (lesson.lin(batch.inp, weights.w1, weights.b1) <= 0).all():
            return batch, weights
    raise AssertionError("no such seed below 100")


def test_where_some_unit_is_on_the_gradient_is_not_zero() -> None:
    assert not examined(1).is_zero
    assert examined(1).off.any()


def test_the_colour_scale_ends_inside_the_largest_entry() -> None:
    sizes = examined(50).grads.w1.abs()
    assert 0 < examined(50).colour_limit < sizes.max()
    assert 0.97 < (sizes <= examined(50).colour_limit).double().mean() < 1


@pytest.mark.parametrize("nh", [1, 2, 100])
def test_any_number_of_hidden_units(nh: int) -> None:
    found = examine(*network(30, nh=nh, seed=1))
    assert (found.rows, found.columns) == (784, nh)
