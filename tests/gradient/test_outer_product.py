"""The best outer product, against NumPy's whole decomposition."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
import torch
from loops import over

from mnistgrad.gradient.outer_product import LeadingVectors, leading_vectors, rank_limit
from mnistgrad.gradient.weight_gradient import LAYERS, WeightGradient, weight_gradient_of
from mnistgrad.network.data import load_batch
from mnistgrad.network.presets import PRESETS, initial_weights

STATES = [(1, 50, 0), (2, 100, 0), (10, 50, 3), (10, 2, 0), (1_000, 50, 0), (200, 23, 5)]
each_state = over(("n", "nh", "seed"), STATES)
each_preset = over("preset", PRESETS)
each_layer = over("layer", LAYERS)


@lru_cache
def made(layer: str, n: int, nh: int, seed: int, preset: str) -> WeightGradient:
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, seed, preset)
    return weight_gradient_of(layer, batch, weights)


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / np.sqrt((one @ one) * (other @ other)))


@each_layer
@each_state
@each_preset
def test_it_is_the_first_term_of_the_singular_value_decomposition(layer: str, n: int, nh: int, seed: int, preset: str) -> None:
    found = made(layer, n, nh, seed, preset)
    left, values, right = np.linalg.svd(found.g.numpy(), full_matrices=False)
    leading = leading_vectors(found)
    assert leading.size == pytest.approx(values[0], rel=1e-9)
    product = leading.size * np.outer(leading.rows, leading.columns)
    assert product == pytest.approx(values[0] * np.outer(left[:, 0], right[0]), abs=1e-6 * values[0])
    assert leading.rows.norm().item() == pytest.approx(1) and leading.columns.norm().item() == pytest.approx(1)


@each_state
@each_preset
def test_cosines_are_with_the_mean_image_and_the_bias_gradient(n: int, nh: int, seed: int, preset: str) -> None:
    found = made("w1", n, nh, seed, preset)
    leading = leading_vectors(found)
    pixels = load_batch(n, PRESETS[preset].normalise).inp.double().numpy()
    mean, b_g = pixels.mean(0), found.out_g.double().numpy().sum(0)
    assert leading.mean_inp.numpy() == pytest.approx(mean, abs=1e-5)
    assert leading.row_cosine == pytest.approx(cosine(leading.rows.numpy(), mean), abs=1e-5)
    assert leading.column_cosine == pytest.approx(cosine(leading.columns.numpy(), b_g), abs=1e-6)
    assert leading.row_cosine >= 0


def test_one_image_is_its_own_outer_product() -> None:
    leading = leading_vectors(made("w1", 1, 50, 0, "lesson-2019"))
    assert (leading.row_cosine, leading.column_cosine) == pytest.approx((1, 1))


@over("seed", range(3))
def test_the_same_out_g_for_every_image_makes_the_mean_image_times_the_bias_gradient(seed: int) -> None:
    found = made("w1", 10, 50, seed, "lesson-2019")
    out_g = found.out_g[:1].expand_as(found.out_g)
    g = found.inp.double().t() @ out_g.double()
    same = replace(found, out_g=out_g, g=g, b_g=out_g.double().sum(0))
    np.testing.assert_allclose(g, np.outer(found.inp.double().mean(0), same.b_g), atol=1e-9)
    leading = leading_vectors(same)
    assert (leading.row_cosine, leading.column_cosine) == pytest.approx((1, 1), abs=1e-6)


@over("scale", [1e-170, 1e-9, 1e9])
def test_size_of_the_gradient_changes_nothing_but_the_size(scale: float) -> None:
    found = made("w1", 10, 50, 3, "lesson-2019")
    plain, scaled = leading_vectors(found), leading_vectors(replace(found, g=found.g * scale))
    assert scaled.size == pytest.approx(scale * plain.size, rel=1e-12, abs=0)
    assert scaled.rows.numpy() == pytest.approx(plain.rows.numpy(), abs=1e-9)


@over("dtype", [torch.float32, torch.float64])
def test_limit_is_the_one_of_torchs_rank(dtype: torch.dtype) -> None:
    found = made("w1", 10, 50, 3, "lesson-2019")
    limit = rank_limit(found, dtype)
    for factor, rank in ((0.9, 1), (1.1, 2)):  # a second value just below the limit does not count, one just above does
        matrix = torch.zeros(784, 50, dtype=dtype)
        matrix[0, 0], matrix[1, 1] = found.spectrum.values[0], factor * limit
        assert torch.linalg.matrix_rank(matrix) == rank


@each_state
@each_preset
def test_as_many_values_are_above_float64s_limit_as_the_rank_is(n: int, nh: int, seed: int, preset: str) -> None:
    found = made("w1", n, nh, seed, preset)
    count = int((found.spectrum.values > rank_limit(found, torch.float64)).sum())
    assert count == found.spectrum.rank == int(torch.linalg.matrix_rank(found.g))


def test_a_gradient_of_zeros_has_no_leading_vectors() -> None:
    with pytest.raises(ValueError, match="found has a gradient of zeros; allowed is one of rank 1 or more"):
        leading_vectors(made("w1", 1, 2, 7, "lesson-2019"))


def test_they_are_float64_of_the_gradients_shape() -> None:
    leading: LeadingVectors = leading_vectors(made("w1", 2, 100, 0, "lesson-2022"))
    assert leading.rows.shape == (784,) and leading.columns.shape == (100,) and leading.rows.dtype == torch.float64
