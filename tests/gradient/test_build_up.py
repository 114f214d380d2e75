"""A gradient built up image by image, against loops in plain numbers, autograd and the whole gradient."""

from functools import lru_cache

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from loops import over

from mnistgrad.gradient.build_up import SumSoFar, images_on, next_count, read_images, sum_over, sum_so_far
from mnistgrad.gradient.weight_gradient import LAYERS, WeightGradient, weight_gradient_of
from mnistgrad.network.data import MnistBatch, load_batch
from mnistgrad.network.presets import PRESETS, initial_weights
from mnistgrad.network.verification import autograd_gradients

each_layer = over("layer", LAYERS)
each_preset = over("preset", PRESETS)


@lru_cache
def made(layer: str, n: int = 40, nh: int = 13, preset: str = "lesson-2019", seed: int = 0) -> WeightGradient:
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, seed, preset)
    return weight_gradient_of(layer, batch, weights)


def built(matrix: WeightGradient, images: list[int], added: int) -> SumSoFar:
    on = torch.tensor(images)
    return sum_so_far(matrix, on, added, sum_over(matrix, on[:added]))


labels_of = some.lists(some.integers(0, 9), min_size=1, max_size=30)


@given(labels_of, some.sets(some.integers(0, 9)), some.data())
def test_images_are_on_by_their_digit_and_one_by_one(labels: list[int], digits: set[int], data: some.DataObject) -> None:
    off = data.draw(some.sets(some.integers(0, len(labels) - 1)))
    wanted = [image for image, label in enumerate(labels) if label in digits and image not in off]
    for dtype in (torch.uint8, torch.int64):
        assert images_on(torch.tensor(labels, dtype=dtype), digits, tuple(off)).tolist() == wanted


def test_play_adds_singly_up_to_ten_and_then_in_steps_of_one_two_five() -> None:
    counts = [1]
    while counts[-1] < 50_000:
        counts.append(next_count(counts[-1], 50_000))
    assert counts == [*range(1, 11), 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000]


@given(some.integers(1, 60_000), some.integers(1, 60_000))
def test_play_goes_forward_and_never_beyond_the_last(added: int, last: int) -> None:
    after = next_count(min(added, last), last)
    assert min(added, last) < after <= last or after == last == min(added, last)


@over(
    ("text", "images", "left_out"),
    [
        ("", (), ()),
        ("3, 7", (3, 7), ()),
        ("7,3,,3 ", (3, 7), ()),
        ("9,10", (9,), ("10",)),
        ("-1, 1.5, 0x2, 1e0, ٣, 2", (2,), ("-1", "1.5", "0x2", "1e0", "٣")),
        ("9" * 5_000, (), ("9" * 5_000,)),
        ("__import__('os')", (), ("__import__('os')",)),
    ],
)
def test_list_of_images_is_read_strictly(text: str, images: tuple[int, ...], left_out: tuple[str, ...]) -> None:
    assert read_images(text, 10) == (images, left_out)


def test_list_of_images_is_bounded() -> None:
    images, left_out = read_images(",".join(map(str, range(70))), 1_000)
    assert images == tuple(range(50)) and left_out == tuple(map(str, range(50, 70)))


@given(some.text(max_size=60), some.integers(1, 50_000))
def test_any_text_names_only_images_of_the_batch(text: str, n: int) -> None:
    images, _ = read_images(text, n)
    assert all(0 <= image < n for image in images) and list(images) == sorted(set(images))


@each_layer
@each_preset
def test_part_is_the_outer_product_of_the_image_added_last(layer: str, preset: str) -> None:
    matrix = made(layer, preset=preset)
    found = built(matrix, [2, 5, 11, 30], 3)
    assert (found.added, found.possible, found.image) == (3, 4, 11) and not found.is_last
    expected = [[float(i) * float(j) for j in matrix.out_g[11]] for i in matrix.inp[11]]
    np.testing.assert_allclose(found.part.numpy(), expected, rtol=1e-12)


@each_layer
@each_preset
def test_sum_is_autograds_gradient_of_the_images_that_are_in(layer: str, preset: str) -> None:
    """Autograd's mean over those images, times their share of the batch: the 1/n in out.g is the whole batch's."""
    images, n = torch.tensor([1, 4, 9, 16, 25]), 40
    matrix, batch = made(layer, n, preset=preset), load_batch(n, PRESETS[preset].normalise)
    chosen = MnistBatch(*(part[images] for part in (batch.inp, batch.targ, batch.images, batch.labels)))
    reference = getattr(autograd_gradients(chosen, initial_weights(13, 0, preset)), layer) * len(images) / n
    scale = reference.abs().max().item()
    torch.testing.assert_close(sum_over(matrix, images).float(), reference, rtol=1e-3, atol=1e-4 * scale)


@each_layer
@settings(max_examples=20)
@given(some.sets(some.integers(0, 39)), some.data())
def test_parts_add_up(layer: str, images: set[int], data: some.DataObject) -> None:
    matrix, order = made(layer), sorted(images)
    cut = data.draw(some.integers(0, len(order)))
    both = sum_over(matrix, torch.tensor(order[:cut], dtype=torch.int64)) + sum_over(
        matrix, torch.tensor(order[cut:], dtype=torch.int64)
    )
    expected = torch.zeros_like(matrix.g)
    for image in order:
        expected += torch.outer(matrix.inp[image].double(), matrix.out_g[image].double())
    torch.testing.assert_close(both, expected, rtol=1e-10, atol=1e-14)


@each_layer
@each_preset
@over("n", [1, 2, 40])
def test_sum_over_all_images_is_the_gradient(layer: str, preset: str, n: int) -> None:
    matrix = made(layer, n, preset=preset)
    found = built(matrix, list(range(n)), n)
    assert found.is_all and found.is_last
    assert found.difference <= 1e-14 * matrix.g.abs().max().item()
    assert found.distance is not None and found.distance < 1e-13


@each_preset
@over("nh", [13, 50])
@over("added", [1, 2, 3, 7, 12, 20])
def test_rank_grows_with_the_images_and_rows_with_what_they_show(preset: str, nh: int, added: int) -> None:
    matrix = made("w1", 40, nh, preset)
    found = built(matrix, list(range(40)), added)
    images = load_batch(added).images.flatten(1)
    assert found.rank <= min(added, nh)
    assert found.rank == np.linalg.matrix_rank(matrix.out_g[:added].double().numpy())  # these images are independent
    kinds = len({tuple(pixel) for pixel in images.t().tolist()})  # pixels with the same history have the same row
    rounded = {tuple(row) for row in (found.total / found.total.abs().max()).mul(1e7).round().int().tolist()}
    assert len(rounded) <= found.distinct <= kinds
    assert added > 2 or found.distinct == kinds


def test_distance_is_the_norm_of_what_is_missing() -> None:
    matrix = made("w1")
    found = built(matrix, [0, 1, 2, 3], 4)
    missing, whole = (matrix.g - found.total).numpy(), matrix.g.numpy()
    assert found.distance == pytest.approx(np.sqrt((missing**2).sum() / (whole**2).sum()), rel=1e-12)
    assert found.difference == np.abs(missing).max()


def test_gradient_of_zeros_is_at_no_distance_that_could_be_told() -> None:
    found = built(made("w1", 1, 2, seed=7), [0], 1)  # no unit is on
    assert found.distance is None and found.rank == 0 and found.distinct == 1 and found.difference == 0


@over("added", [0, 3, -1])
def test_count_beyond_the_images_is_refused(added: int) -> None:
    matrix = made("w1")
    with pytest.raises(ValueError, match=f"added is {added}; allowed are 1 to 2"):
        sum_so_far(matrix, torch.tensor([4, 5]), added, matrix.g)
