"""The sweep over counts, against the gradient of each count by itself and against NumPy in float64."""

from functools import lru_cache

import numpy as np
import pytest
import torch
from loops import over

from mnistgrad import gradients, initial_weights, load_batch
from mnistgrad.gradient.sweep import (
    EXACT,
    Sweep,
    SweepPoint,
    blocks,
    distances,
    lit_pixels,
    sweep,
    sweep_point,
)
from mnistgrad.gradient.weight_gradient import LAYERS, weight_gradient_of
from mnistgrad.network.data import MnistBatch
from mnistgrad.network.presets import PRESETS, Weights

COUNTS = (1, 2, 5, 50, 500, 2_000, 5_000)  # in float64, and beyond
NETWORKS = [("lesson-2019", 50, 0), ("lesson-2022", 50, 0), ("lesson-2019", 2, 0), ("lesson-2022", 100, 3)]
each_network = over("network", NETWORKS)
each_count = over("n", COUNTS)


@lru_cache
def images(normalise: bool) -> MnistBatch:
    return load_batch(COUNTS[-1], normalise)


def given(network: tuple[str, int, int]) -> tuple[MnistBatch, Weights]:
    preset, nh, seed = network
    return images(PRESETS[preset].normalise), initial_weights(nh, seed, preset)


@lru_cache
def swept(network: tuple[str, int, int]) -> dict[str, Sweep]:
    return sweep_of(network, COUNTS)


def sweep_of(network: tuple[str, int, int], counts: tuple[int, ...]) -> dict[str, Sweep]:
    batch, weights = given(network)
    return sweep(lit_pixels(batch.images, batch.labels, counts), weights, weights.preset.normalise)


def at(network: tuple[str, int, int], layer: str, n: int) -> SweepPoint:
    (point,) = (point for point in swept(network)[layer].points if point.n == n)
    return point


def same(one: SweepPoint, other: SweepPoint) -> None:
    """Counts are equal; what is measured agrees to float32's rounding."""
    assert (one.n, one.columns, one.distinct, one.rank, one.sizes) == (
        other.n,
        other.columns,
        other.distinct,
        other.rank,
        other.sizes,
    )
    assert one.first_share == pytest.approx(other.first_share, rel=1e-5)
    assert one.copied_row_share == pytest.approx(other.copied_row_share, rel=1e-4, abs=1e-6)
    assert one.variances == pytest.approx(other.variances, rel=1e-4, abs=0)


@each_network
@each_count
def test_each_count_is_what_its_gradient_by_itself_is(network, n):
    batch, weights = given(network)
    for layer in LAYERS:
        same(at(network, layer, n), sweep_point(weight_gradient_of(layer, batch.first(n), weights)))


@each_network
@each_count
def test_rows_rank_and_variances_are_those_numpy_finds_in_float64(network, n):
    batch, weights = given(network)
    g, point = weight_gradient_of("w1", batch.first(n), weights).g.numpy(), at(network, "w1", n)
    assert point.distinct == len(np.unique(np.round(g / abs(g).max(), 9) + 0.0, axis=0))
    assert point.rank == np.linalg.matrix_rank(g)
    lit = batch.images[:n].numpy().reshape(n, -1).any(0)
    assert (point.sizes["black"], point.sizes["lit"]) == ((~lit).sum(), lit.sum())
    assert point.variances["all"] == pytest.approx(g.var(0).mean(), rel=1e-4)
    assert point.variances["lit"] == pytest.approx(g[lit].var(0).mean(), rel=1e-4)
    assert point.variances["printed"] == point.variances["black"] == 0


@each_network
def test_full_batch_is_the_gradient_of_all_images(network):
    batch, weights = given(network)
    expected = gradients(batch, weights)
    for layer in ("w1", "w2"):
        full = swept(network)[layer].full
        assert full.dtype == torch.float64
        limit = 1e-5 * getattr(expected, layer).abs().max().item()
        torch.testing.assert_close(full.float(), getattr(expected, layer), rtol=1e-3, atol=limit)


@over("layer", ["w1", "w2"])
@each_count
def test_distance_from_the_full_batch_is_that_between_two_gradients(layer, n):
    batch, weights = given(NETWORKS[0])
    g, full = (getattr(gradients(batch.first(m), weights), layer).double().numpy().ravel() for m in (n, COUNTS[-1]))
    away = at(NETWORKS[0], layer, n).away
    cosine = g @ full / np.linalg.norm(g) / np.linalg.norm(full)
    assert away.angle == pytest.approx(np.degrees(np.arccos(min(cosine, 1))), abs=0.05)
    assert away.norm == pytest.approx(np.linalg.norm(g - full) / np.linalg.norm(full), abs=1e-5)
    assert away.largest == pytest.approx(abs(g - full).max() / abs(full).max(), abs=1e-5)


def test_point_of_a_gradient_has_its_distance_where_the_full_batch_is_known():
    batch, weights = given(NETWORKS[0])
    found, full = weight_gradient_of("w1", batch.first(50), weights), swept(NETWORKS[0])["w1"].full
    assert sweep_point(found).away is None
    away, expected = sweep_point(found, full).away, at(NETWORKS[0], "w1", 50).away
    assert (away.angle, away.norm, away.largest) == pytest.approx((expected.angle, expected.norm, expected.largest), rel=1e-5)


def test_full_batch_is_at_no_distance_from_itself():
    away = at(NETWORKS[0], "w1", COUNTS[-1]).away
    assert (away.angle, away.norm, away.largest) == (0, 0, 0)


@over("degrees", [0.001, 30, 90, 179])
def test_angle_is_that_of_two_arrows(degrees):
    turn = np.radians(degrees)
    arrow, full = torch.tensor([[np.cos(turn)], [np.sin(turn)]]), torch.tensor([[1.0], [0.0]], dtype=torch.float64)
    (away,) = distances(3 * arrow.unsqueeze(0), full)
    assert away.angle == pytest.approx(degrees, rel=1e-9)


def test_gradient_of_zero_has_no_direction_and_no_full_batch_to_be_far_from():
    some, none = torch.ones(3, 2, dtype=torch.float64), torch.zeros(3, 2, dtype=torch.float64)
    away, half = distances(torch.stack([none, some / 2]), some)
    assert (away.angle, away.norm, away.largest) == (None, 1, 1)
    assert (half.angle, half.norm, half.largest) == (0, 0.5, 0.5)
    assert distances(torch.stack([some, none]), none) == [None, None]


def test_where_all_units_are_off_the_point_says_so():
    batch, weights = load_batch(1), initial_weights(2, 7)
    found = sweep(lit_pixels(batch.images, batch.labels, [1]), weights)
    (first,), (second,) = found["w1"].points, found["w2"].points
    assert (first.rank, first.distinct, first.first_share, first.away) == (0, 1, 0, None)
    assert (second.sizes["off"], second.sizes["on"], second.distinct) == (2, 0, 1)


def test_points_do_not_depend_on_the_counts_between():
    batch, weights = given(NETWORKS[0])
    alone = sweep_of(NETWORKS[0], (2_500, COUNTS[-1]))["w1"]
    same(alone.points[-1], at(NETWORKS[0], "w1", COUNTS[-1]))
    same(alone.points[0], sweep_point(weight_gradient_of("w1", batch.first(2_500), weights)))


def test_blocks_follow_one_another_and_none_is_half_exact():
    found = list(blocks(3, COUNTS[-1]))
    assert [block.start for block in found] == [3, *(block.stop for block in found[:-1])]
    assert found[-1].stop == COUNTS[-1] and not any(block.start < EXACT < block.stop for block in found)


def test_black_pixels_add_exactly_nothing_even_beyond_float64():
    batch, _ = given(NETWORKS[0])
    full = sweep_of(NETWORKS[0], COUNTS[-1:])["w1"].full
    black = batch.images.flatten(1).amax(0) == 0
    assert black.sum() > 50
    assert (full[black] == full[0]).all() and (full[~black] != full[0]).any(1).all()


def test_constant_pixels_are_counted_black_or_not():
    sizes = at(NETWORKS[0], "w1", 1).sizes
    pictures = images(True).images[:2].numpy().reshape(2, -1)
    assert sizes["constant"] == 784
    assert at(NETWORKS[0], "w1", 2).sizes["constant"] == (pictures[0] == pictures[1]).sum()


def test_nothing_given_is_changed():
    batch, weights = given(NETWORKS[0])
    pixels = lit_pixels(batch.images, batch.labels, (3, 40))
    tensors = (batch.images, batch.labels, weights.w1, weights.b1, weights.w2, pixels.above, pixels.chosen, pixels.targ)
    kept = [tensor.clone() for tensor in tensors]
    sweep(pixels, weights)
    assert all(torch.equal(*pair) for pair in zip(kept, tensors, strict=True))


@over(
    ("counts", "error", "says"),
    [
        ([], ValueError, "at least one"),
        ([5, 2], ValueError, "ascending"),
        ([2, 2], ValueError, "ascending"),
        ([0, 1], ValueError, "counts is 0"),
        ([1, 9_999], ValueError, "counts is 9999"),
        ([1.5], TypeError, "counts is 1.5"),
    ],
)
def test_counts_that_are_none_are_refused(counts, error, says):
    with pytest.raises(error, match=says):
        lit_pixels(images(True).images, images(True).labels, counts)


def test_a_sweep_that_is_told_to_end_ends_before_its_next_count():
    told = []

    def go_on():
        told.append(True)
        if len(told) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        sweep(lit_pixels(images(True).images, images(True).labels, COUNTS), initial_weights(2), go_on=go_on)
    assert len(told) == 3
