"""Variances inside a gradient, against the statistics module."""

import statistics
from functools import lru_cache

import pytest
import torch

from mnistgrad.gradient.examination import examine
from mnistgrad.gradient.matrix import LAYERS, Matrix, matrix_of
from mnistgrad.gradient.matrix_variance import group_variances, row_variances
from mnistgrad.network.data import load_batch
from mnistgrad.network.presets import PRESETS, initial_weights

each_layer = pytest.mark.parametrize("layer", LAYERS)
each_preset = pytest.mark.parametrize("preset", PRESETS)


@lru_cache
def made(layer: str, n: int, nh: int, preset: str, seed: int = 0) -> Matrix:
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, seed, preset)
    return matrix_of(layer, batch, weights, examine(batch, weights))


@each_layer
@each_preset
@pytest.mark.parametrize(("n", "nh"), [(1, 50), (10, 50), (30, 2)])
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
@pytest.mark.parametrize("n", [1, 10, 300])
def test_a_column_varies_over_each_group_as_its_entries_do(layer: str, n: int, preset: str) -> None:
    matrix = made(layer, n, 50, preset)
    column = matrix.liveliest_column
    found = group_variances(matrix, column)
    assert set(found) == {name for name, mask in matrix.groups.items() if mask.any()}
    for name, variance in found.items():
        entries = matrix.g[matrix.groups[name], column].tolist()
        assert variance == pytest.approx(statistics.pvariance(entries), rel=1e-9, abs=matrix.tolerance**2)
    copies = "black" if layer == "w1" else "off"
    assert found.get(copies, 0.0) == 0.0
    assert found["all"] > 0


def test_nothing_varies_where_every_unit_is_off() -> None:
    matrix = made("w1", 1, 2, "lesson-2019", 7)
    assert not row_variances(matrix).any() and set(group_variances(matrix, 0).values()) == {0.0}
