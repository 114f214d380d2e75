"""Variances inside a gradient, against the statistics module; and over images, against their own gradients one by one."""

import math
import statistics
from dataclasses import replace
from functools import lru_cache

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from loops import over
from torch import Tensor
from torch.func import grad, vmap

from mnistgrad.gradient.variance import ImageVariance, image_variance, row_variances
from mnistgrad.gradient.weight_gradient import BLOCK, LAYERS, WeightGradient, weight_gradient_of
from mnistgrad.network.data import load_batch
from mnistgrad.network.presets import PRESETS, initial_weights

each_layer = over("layer", LAYERS)
each_preset = over("preset", PRESETS)


@lru_cache
def made(layer: str, n: int, nh: int = 50, preset: str = "lesson-2019", seed: int = 0) -> WeightGradient:
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, seed, preset)
    return weight_gradient_of(layer, batch, weights)


def of(inp: Tensor, out_g: Tensor) -> ImageVariance:
    """Of a layer with these factors."""
    g = inp.double().t() @ out_g.double()
    return image_variance(replace(made("w1", 1, 2), inp=inp, out_g=out_g, g=g))


def own_gradients(layer: str, n: int, nh: int, preset: str) -> Tensor:
    """(n, i, j), float64, by torch.func: of each image's own squared error."""
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, 0, preset).to(torch.float64)

    def loss(w1: Tensor, w2: Tensor, inp: Tensor, targ: Tensor) -> Tensor:
        return (weights.preset.relu(inp @ w1 + weights.b1) @ w2 + weights.b2 - targ).square().sum()

    argument = LAYERS.index(layer)
    per_image = vmap(grad(loss, argument), (None, None, 0, 0))
    return per_image(weights.w1, weights.w2, batch.inp.double(), batch.targ.double())


@each_layer
@each_preset
@over(("n", "nh"), [(2, 7), (23, 11), (60, 3)])
def test_agrees_with_the_images_own_gradients_by_torch_func(layer: str, n: int, nh: int, preset: str) -> None:
    own, found = own_gradients(layer, n, nh, preset), image_variance(made(layer, n, nh, preset))
    mean, variance = own.mean(0), own.var(0, correction=0)
    assert found.n == n and found.mean.dtype == found.variance.dtype == torch.float64
    torch.testing.assert_close(found.mean, mean, rtol=1e-3, atol=1e-5 * mean.abs().max().item())
    torch.testing.assert_close(found.variance, variance, rtol=1e-3, atol=1e-5 * variance.max().item())
    torch.testing.assert_close(found.deviation, found.variance.sqrt())


@each_layer
@over("n", [BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 17])
def test_blocks_add_up_to_the_variance_by_definition(layer: str, n: int) -> None:
    matrix = made(layer, n, 9)
    found = image_variance(matrix)
    for column in range(matrix.columns):
        own = n * matrix.inp.double() * matrix.out_g[:, column : column + 1].double()
        expected = own.var(0, correction=0)
        torch.testing.assert_close(found.variance[:, column], expected, rtol=1e-9, atol=1e-12 * expected.max().item() + 1e-300)


@given(st.integers(1, 7), st.integers(1, 5), st.integers(1, 4), st.integers(0, 2**31))
def test_any_sizes(n: int, i: int, j: int, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    inp, out_g = torch.randn(n, i, generator=generator), torch.randn(n, j, generator=generator)
    own = n * inp.double().unsqueeze(-1) * out_g.double().unsqueeze(1)
    torch.testing.assert_close(of(inp, out_g).variance, own.var(0, correction=0), rtol=1e-7, atol=1e-10)


def test_two_images_by_hand() -> None:
    found = of(torch.tensor([[1.0, 2.0], [3.0, 2.0]]), torch.tensor([[0.5], [-0.5]]))
    # Each image's own: 2 · 1 · 0.5 = 1 and 2 · 3 · -0.5 = -3; 2 · 2 · 0.5 = 2 and -2.
    assert found.mean.tolist() == [[-1.0], [0.0]]
    assert found.variance.tolist() == [[4.0], [4.0]]
    assert found.signal_to_noise.tolist() == [[0.5], [0.0]]


@over("n", [2, 7, 1_001])
def test_images_that_agree_have_no_spread_and_no_ratio(n: int) -> None:
    found = of(torch.tensor([[0.7, 0.0]]).expand(n, 2), torch.full((n, 1), 0.1))
    assert found.variance.tolist() == [[0.0], [0.0]] and not found.varies.any()
    assert found.signal_to_noise.isnan().all() and found.mean[0, 0] != 0


def test_a_small_spread_around_a_large_mean_is_kept() -> None:
    found = of(torch.tensor([[1.0], [1.0]]), torch.tensor([[1.0], [1.0 + 1e-5]]))
    difference = float(torch.tensor(1.0 + 1e-5)) - 1
    assert found.variance.item() == pytest.approx(difference**2, rel=1e-4)


@each_layer
def test_one_image_has_no_spread(layer: str) -> None:
    assert not image_variance(made(layer, 1)).varies.any()


def test_raw_black_pixels_and_units_that_are_off_do_not_vary_and_all_else_does() -> None:
    matrix = made("w1", 10, 50, "lesson-2022")
    varies = image_variance(matrix).varies
    assert matrix.off.any() and matrix.copies.any()
    assert not varies[matrix.copies].any() and not varies[:, matrix.off].any()
    own = 10 * matrix.inp.double().unsqueeze(-1) * matrix.out_g.double().unsqueeze(1)
    assert torch.equal(varies, own.amax(0) != own.amin(0))


def test_ratio_times_the_root_of_one_image_less_is_the_t_statistic() -> None:
    matrix = made("w1", 12, 5)
    ratio = image_variance(matrix).signal_to_noise
    for i, j in [(400, 0), (203, 4), (0, 2)]:
        own = [12 * a * b for a, b in zip(matrix.inp[:, i].tolist(), matrix.out_g[:, j].tolist(), strict=True)]
        t = statistics.mean(own) / (statistics.stdev(own) / math.sqrt(12))
        assert ratio[i, j].item() * math.sqrt(11) == pytest.approx(abs(t), rel=1e-6)


@each_layer
@each_preset
@over(("n", "nh"), [(1, 50), (10, 50), (30, 2)])
def test_rows_vary_as_their_entries_do(layer: str, n: int, nh: int, preset: str) -> None:
    matrix = made(layer, n, nh, preset)
    found = row_variances(matrix)
    assert found.shape == (matrix.rows,)
    expected = torch.tensor([statistics.pvariance(row) for row in matrix.g.tolist()])
    torch.testing.assert_close(found.float(), expected, rtol=1e-5, atol=1e-9 * expected.max().item())
    if layer == "w2":
        assert (found == 0).all(), "a row of one number"
    elif preset == "lesson-2022":
        assert (found[matrix.copies] == 0).all() and found.any()


@each_layer
@each_preset
@over("n", [1, 10, 300])
def test_a_column_varies_over_each_group_as_its_entries_do(layer: str, n: int, preset: str) -> None:
    matrix = made(layer, n, 50, preset)
    column = matrix.liveliest_column
    found = {name: variances[column].item() for name, variances in matrix.variances.items()}
    assert set(found) == {name for name, mask in matrix.groups.items() if mask.any()}
    for name, variance in found.items():
        entries = matrix.g[matrix.groups[name], column].tolist()
        assert variance == pytest.approx(statistics.pvariance(entries), rel=1e-9, abs=matrix.tolerance**2)
    copies = "black" if layer == "w1" else "off"
    assert found.get(copies, 0.0) == 0.0
    assert found["all"] > 0


def test_nothing_varies_where_every_unit_is_off() -> None:
    matrix = made("w1", 1, 2, "lesson-2019", 7)
    assert not row_variances(matrix).any() and not any(variances.any() for variances in matrix.variances.values())
