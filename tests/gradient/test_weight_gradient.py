"""A layer's gradient with its factors and groups of rows, against autograd and against the images themselves."""

from functools import lru_cache

import pytest
import torch
from loops import over
from torch import Tensor

from mnistgrad.gradient.weight_gradient import LAYERS, WeightGradient, weight_gradient_of
from mnistgrad.network.data import load_batch
from mnistgrad.network.presets import PRESETS, initial_weights
from mnistgrad.network.verification import autograd_gradients

STATES = [(1, 50), (2, 100), (10, 50), (50, 50), (3_100, 23)]
each_layer = over("layer", LAYERS)
each_state = over(("n", "nh"), STATES)
each_preset = over("preset", PRESETS)


@lru_cache
def made(layer: str, n: int, nh: int, preset: str, seed: int = 0) -> WeightGradient:
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, seed, preset)
    return weight_gradient_of(layer, batch, weights)


@lru_cache
def forward(n: int, nh: int, preset: str) -> tuple[Tensor, Tensor]:
    """l1 and l2, in float64."""
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, 0, preset).to(torch.float64)
    l1 = batch.inp.double() @ weights.w1 + weights.b1
    return l1, PRESETS[preset].relu(l1)


@each_layer
@each_state
@each_preset
def test_gradient_is_autograds_and_the_product_of_its_factors(layer: str, n: int, nh: int, preset: str) -> None:
    found = made(layer, n, nh, preset)
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, 0, preset)
    reference = autograd_gradients(batch, weights)
    expected, bias = (getattr(reference, layer), reference.b1 if layer == "w1" else reference.b2)
    scale = expected.abs().max().item()
    torch.testing.assert_close(found.g.float(), expected, rtol=1e-3, atol=1e-4 * scale)
    torch.testing.assert_close(found.b_g.float(), bias, rtol=1e-3, atol=1e-4 * scale)
    torch.testing.assert_close(found.g, found.inp.double().t() @ found.out_g.double(), rtol=1e-9, atol=1e-9 * scale)


@each_state
@each_preset
def test_pixels_are_grouped_by_what_the_images_hold(n: int, nh: int, preset: str) -> None:
    groups = made("w1", n, nh, preset).groups
    pixels = load_batch(n).images.flatten(1)
    black = [int(column.max()) == 0 for column in pixels.t()]
    constant = [len(set(column.tolist())) == 1 for column in pixels.t()]
    assert groups["black"].tolist() == black
    assert groups["lit"].tolist() == [not is_black for is_black in black]
    assert groups["constant"].tolist() == constant
    assert groups["printed"].nonzero().flatten().tolist() == [0, 1, 2, 781, 782, 783]
    assert groups["all"].all()


@each_state
@each_preset
def test_hidden_units_are_grouped_by_whether_any_image_switches_them_on(n: int, nh: int, preset: str) -> None:
    groups = made("w2", n, nh, preset).groups
    l1, _ = forward(n, nh, preset)
    assert groups["on"].tolist() == (l1.amax(0) > 0).tolist()
    assert groups["off"].tolist() == (l1.amax(0) <= 0).tolist()


@each_layer
@each_state
@each_preset
def test_rows_of_the_background_are_copies_of_the_bias_gradient(layer: str, n: int, nh: int, preset: str) -> None:
    found = made(layer, n, nh, preset)
    rows = found.g[found.copies]
    torch.testing.assert_close(rows, (found.background * found.b_g).expand_as(rows), rtol=1e-6, atol=1e-7)
    inputs = found.inp[:, found.copies]
    assert bool((inputs == torch.tensor(found.background, dtype=torch.float32)).all())


def test_a_matrix_of_zeros_has_rank_zero_and_every_column_off() -> None:
    found = made("w1", 1, 2, "lesson-2019", 7)  # no unit is on
    assert found.off.all() and not found.g.any() and found.spectrum.rank == 0


def test_default_weight_is_the_largest_of_the_column_that_varies_most_and_the_first_image_moves() -> None:
    found = made("w1", 10, 50, "lesson-2019")
    moved = [j for j in range(50) if found.out_g[0, j]]
    column = max(moved, key=lambda j: found.g[:, j].var(correction=0).item())
    assert len(moved) < 50
    assert found.liveliest_column == column
    assert abs(found.g[found.largest_row(column), column].item()) == found.g[:, column].abs().max().item()


def test_unknown_layer_is_refused() -> None:
    batch, weights = load_batch(1), initial_weights()
    with pytest.raises(ValueError, match="layer is 'w3'; allowed are 'w1', 'w2'"):
        weight_gradient_of("w3", batch, weights)
