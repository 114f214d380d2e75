"""What is true of the first layer's gradient, on the real images, against measured facts and the plain way to find it."""

from dataclasses import replace
from functools import lru_cache

import pytest
import torch
from loops import over

from mnistgrad import gradients, initial_weights, lesson, load_batch
from mnistgrad.gradient.statistics import colour_limit, printed_indices
from mnistgrad.gradient.weight_gradient import WeightGradient, weight_gradient_of
from mnistgrad.network.data import Batch
from mnistgrad.network.gradients import Layers, run_layers, summed_gradients
from mnistgrad.network.presets import PRESETS, Weights
from mnistgrad.trace.painting import choose_paint
from mnistgrad.trace.window import choose_window

COUNTS = [1, 2, 50, 3_000]  # one block, and more than one
PRINTED = printed_indices(784)


def network(n: int, preset: str = "lesson-2019", nh: int = 50, seed: int = 0) -> tuple[Batch, Weights]:
    return load_batch(n, PRESETS[preset].normalise), initial_weights(nh, seed, preset)


@lru_cache
def first_layer(n: int, preset: str = "lesson-2019") -> WeightGradient:
    return weight_gradient_of("w1", *network(n, preset))


@lru_cache
def run_layers_of(n: int, preset: str = "lesson-2019") -> Layers:
    batch, weights = network(n, preset)
    return run_layers(batch.inp, batch.targ, weights, n)


def first_rows(count: int) -> torch.Tensor:
    """A mask of w1.g's rows."""
    return torch.arange(784) < count


def test_all_50_000_images_have_718_distinct_rows_and_full_rank() -> None:
    found = first_layer(50_000)
    assert found.sizes["black"] == 67
    assert found.distinct == 718
    assert found.spectrum.rank == 50
    assert 0.96 < found.spectrum.first_share < 0.975
    assert 0.0005 < found.spectrum.copied_row_share < 0.0015


@over("preset", PRESETS)
def test_one_image_gives_one_outer_product(preset: str) -> None:
    found = first_layer(1, preset)
    assert found.spectrum.rank == 1
    assert found.spectrum.first_share == pytest.approx(1)
    assert found.groups["constant"].all()


@over("preset", PRESETS)
@over("n", COUNTS)
def test_rank_is_at_most_the_images_and_the_units_that_are_on(n: int, preset: str) -> None:
    found = first_layer(n, preset)
    assert 1 <= found.spectrum.rank <= min(n, int((~found.off).sum()))


@over("preset", PRESETS)
@over("n", COUNTS)
def test_printed_rows_are_the_bias_gradient_times_black(n: int, preset: str) -> None:
    found = first_layer(n, preset)
    assert found.background == pytest.approx(-0.4245 if PRESETS[preset].normalise else 0, abs=1e-4)
    plain = summed_gradients(run_layers_of(n, preset))
    expected = (found.background * plain.b1).expand(len(PRINTED), -1)
    torch.testing.assert_close(plain.w1[PRINTED], expected, rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(found.g[PRINTED].float(), expected, rtol=1e-4, atol=1e-6)


@over("preset", PRESETS)
@over("n", COUNTS)
def test_variance_is_zero_over_black_rows_and_positive_over_lit_ones_where_a_unit_is_on(n: int, preset: str) -> None:
    found = first_layer(n, preset)
    for group in ("printed", "black"):
        assert not found.variances[group].any()
    for group in ("lit", "all"):
        assert torch.equal(found.variances[group] > 0, ~found.off)


@over("preset", PRESETS)
def test_copies_that_differ_by_rounding_have_zero_variance_and_real_differences_have_not(preset: str) -> None:
    found = first_layer(50, preset)
    largest = found.g.abs().max()
    noise = torch.randn(6, 1, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for size, varies in ((1e-14, False), (1e-6, True)):
        copies = largest * (1 + size * noise)
        alone = replace(found, g=torch.cat([copies.expand(-1, found.columns), found.g[6:]]), groups={"first": first_rows(6)})
        assert copies.var(correction=0) > 0
        assert bool(alone.variances["first"].any()) == bool(alone.variances["first"].all()) == varies


@over("n", COUNTS)
def test_variances_are_those_of_the_groups_rows(n: int) -> None:
    found = first_layer(n)
    rows = found.groups | {"printed": PRINTED, "all": slice(None)}
    assert found.variances.keys() == rows.keys()
    for group, chosen in rows.items():
        torch.testing.assert_close(found.variances[group], found.g[chosen].var(0, unbiased=False))


@over("n", COUNTS)
def test_a_unit_is_off_where_no_image_lights_it(n: int) -> None:
    batch, weights = network(n)
    assert torch.equal(first_layer(n).off, (lesson.lin(batch.inp, weights.w1, weights.b1) <= 0).all(0))


@over("preset", PRESETS)
@over("n", COUNTS)
def test_the_gradients_summed_from_layers_are_those_of_gradients(n: int, preset: str) -> None:
    found, plain = summed_gradients(run_layers_of(n, preset)), gradients(*network(n, preset))
    for name in ("w1", "b1", "w2", "b2", "loss"):
        torch.testing.assert_close(getattr(found, name), getattr(plain, name), msg=name)


@over("n", COUNTS)
def test_the_same_products_are_added_in_float64(n: int) -> None:
    batch, weights = network(n)
    found = first_layer(n)
    assert found.g.dtype == torch.float64
    torch.testing.assert_close(found.g.float(), summed_gradients(run_layers_of(n)).w1, rtol=1e-4, atol=1e-5)
    l1, l2, out = forward(batch, weights)
    lesson.mse_grad(out, batch.targ)
    l2.g = out.g @ weights.w2.t()
    lesson.relu_grad(l1, l2)
    torch.testing.assert_close(found.g, batch.inp.double().t() @ l1.g.double(), rtol=1e-4, atol=1e-6)


def forward(batch: Batch, weights: Weights) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    l1 = lesson.lin(batch.inp, weights.w1, weights.b1)
    l2 = weights.preset.relu(l1)
    return l1, l2, lesson.lin(l2, weights.w2, weights.b2)


def test_nothing_given_is_changed() -> None:
    batch, weights = network(20)
    kept = [t.clone() for t in (batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2)]
    weight_gradient_of("w1", batch, weights)
    for tensor, before in zip((batch.inp, batch.targ, weights.w1, weights.b1, weights.w2, weights.b2), kept, strict=True):
        assert torch.equal(tensor, before)
        assert not hasattr(tensor, "g")


def test_where_all_units_are_off_everything_is_zero_and_nothing_fails() -> None:
    batch, weights = all_off()
    found = weight_gradient_of("w1", batch, weights)
    assert found.is_zero
    assert not found.g.any()
    assert (found.spectrum.rank, found.distinct, colour_limit(found.g)) == (0, 1, 0)
    assert not any(variance.any() for variance in found.variances.values())
    grads = gradients(batch, weights)
    window, paint = choose_window(batch, weights, grads), choose_paint(batch, weights, grads)
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
    assert not first_layer(1).is_zero
    assert first_layer(1).off.any()


def test_the_colour_scale_ends_inside_the_largest_entry() -> None:
    sizes, limit = first_layer(50).g.abs(), colour_limit(first_layer(50).g)
    assert 0 < limit < sizes.max()
    assert 0.97 < (sizes <= limit).double().mean() < 1


@over("nh", [1, 2, 100])
def test_any_number_of_hidden_units(nh: int) -> None:
    found = weight_gradient_of("w1", *network(30, nh=nh, seed=1))
    assert (found.rows, found.columns) == (784, nh)
