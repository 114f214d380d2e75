"""Distances of rows and `row = c * b.g`, against NumPy on the images themselves."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from loops import over

from mnistgrad.gradient.rows import Rows, rows_of
from mnistgrad.gradient.weight_gradient import LAYERS, WeightGradient, weight_gradient_of
from mnistgrad.network.data import load_batch
from mnistgrad.network.presets import PRESETS, initial_weights

STATES = [(1, 50, 0), (2, 50, 0), (10, 2, 0), (10, 50, 3), (1_000, 23, 0), (1, 2, 7)]
each_state = over(("n", "nh", "seed"), STATES)
each_preset = over("preset", PRESETS)
each_layer = over("layer", LAYERS)


@lru_cache
def made(layer: str, n: int, nh: int, seed: int, preset: str) -> tuple[WeightGradient, Rows]:
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, seed, preset)
    found = weight_gradient_of(layer, batch, weights)
    return found, rows_of(found)


def pixels(n: int) -> np.ndarray:
    return load_batch(n).images.numpy().reshape(n, -1)


@each_state
@each_preset
def test_distances_are_from_the_row_of_a_pixel_that_is_black_in_every_image(n: int, nh: int, seed: int, preset: str) -> None:
    found, rows = made("w1", n, nh, seed, preset)
    g = found.g.numpy()
    black = int(np.flatnonzero(pixels(n).max(0) == 0)[0])
    expected = np.sqrt(((g - g[black]) ** 2).sum(1))
    assert rows.distances.numpy() == pytest.approx(expected, rel=1e-9, abs=1e-8 * np.abs(g).max())


@each_state
@each_preset
def test_copies_are_at_exactly_0_and_every_black_pixel_is_one(n: int, nh: int, seed: int, preset: str) -> None:
    found, rows = made("w1", n, nh, seed, preset)
    g = found.g.numpy()
    black = pixels(n).max(0) == 0
    alike = np.isclose(g, g[black][0], rtol=0, atol=1e-8 * np.abs(g).max()).all(1)
    assert rows.copied.numpy().tolist() == alike.tolist()
    assert (rows.distances.numpy()[black] == 0).all()


def test_a_lit_pixel_is_a_copy_too_where_no_unit_is_on_for_its_images() -> None:
    """Two units, ten images: some pixels have ink only where both units are off."""
    _, rows = made("w1", 10, 2, 0, "lesson-2019")
    assert rows.copied.sum() > (pixels(10).max(0) == 0).sum()


@each_state
@each_preset
def test_distance_in_the_second_layer_is_from_what_an_off_unit_holds(n: int, nh: int, seed: int, preset: str) -> None:
    found, rows = made("w2", n, nh, seed, preset)
    reference = -PRESETS[preset].relu_shift * found.out_g.double().sum().item()
    assert rows.distances.numpy() == pytest.approx(np.abs(found.g.numpy()[:, 0] - reference), abs=1e-8 * rows.largest)


@each_state
@each_preset
@each_layer
def test_rows_of_constant_inputs_are_their_value_times_the_bias_gradient(
    layer: str, n: int, nh: int, seed: int, preset: str
) -> None:
    found, rows = made(layer, n, nh, seed, preset)
    inp, g = found.inp.double().numpy(), found.g.numpy()
    constant = [i for i in range(len(g)) if len(set(inp[:, i])) == 1]
    assert np.flatnonzero(rows.constant.numpy()).tolist() == constant
    assert rows.values == len({inp[0, i] for i in constant})
    b_g = found.out_g.double().numpy().sum(0)
    differences = [np.abs(g[i] - inp[0, i] * b_g).max() for i in constant]
    assert rows.difference <= 1e-12 * rows.largest
    assert rows.difference == pytest.approx(max(differences, default=0.0), abs=1e-14 * (rows.largest or 1))


def test_the_identity_is_not_true_of_a_wrong_gradient() -> None:
    """One number changed in a black row is found."""
    found, rows = made("w1", 10, 50, 3, "lesson-2019")
    wrong = found.g.clone()
    wrong[0, 7] += 0.25
    spoilt = rows_of(replace(found, g=wrong))
    assert spoilt.difference == pytest.approx(0.25) and not spoilt.copied[0] and rows.copied[0]


def test_one_image_makes_every_pixel_constant_with_its_own_value() -> None:
    _, rows = made("w1", 1, 50, 0, "lesson-2019")
    assert rows.constant.all() and rows.values == len(np.unique(pixels(1)))


def test_an_input_that_changes_in_the_last_image_only_is_not_constant() -> None:
    found, rows = made("w2", 1, 50, 0, "lesson-2019")
    inp = found.inp.repeat(200, 1)
    inp[-1, 3] += 1
    changed = rows_of(replace(found, inp=inp)).constant
    assert rows.constant.all() and changed.nonzero().flatten().tolist() == [unit for unit in range(50) if unit != 3]


def test_a_gradient_of_zeros_has_no_distance() -> None:
    _, rows = made("w1", 1, 2, 7, "lesson-2019")
    assert rows.largest == 0 and rows.copied.all() and rows.difference == 0
