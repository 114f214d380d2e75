"""The pieces of the real tensors that are shown are real: the same numbers as in the whole."""

import pytest
import torch

from mnistgrad import gradients, initial_weights, lesson, load_batch
from mnistgrad.data import Batch
from mnistgrad.presets import PRESETS, Weights
from mnistgrad.window import Paint, Window, choose_paint, choose_window

counts = pytest.mark.parametrize("n", [1, 2, 3, 1_000])
units = pytest.mark.parametrize("nh", [1, 2, 50])


def network(n: int, nh: int = 50, preset: str = "lesson-2019") -> tuple[Batch, Weights]:
    return load_batch(n, PRESETS[preset].normalise), initial_weights(nh, 0, preset)


def window(n: int, nh: int = 50, preset: str = "lesson-2019") -> Window:
    batch, weights = network(n, nh, preset)
    return choose_window(batch, weights, gradients(batch, weights).w1)


def paint(n: int, nh: int = 50) -> Paint:
    batch, weights = network(n, nh)
    return choose_paint(batch, weights, gradients(batch, weights).w1)


def hidden_gradient(batch: Batch, weights: Weights) -> torch.Tensor:
    """l1.g (n, nh), by the lesson's functions."""
    l1 = lesson.lin(batch.inp, weights.w1, weights.b1)
    l2 = weights.preset.relu(l1)
    out = lesson.lin(l2, weights.w2, weights.b2)
    lesson.mse_grad(out, batch.targ)
    l2.g = out.g @ weights.w2.t()
    lesson.relu_grad(l1, l2)
    return l1.g


@counts
@units
@pytest.mark.parametrize("preset", PRESETS)
def test_the_window_shows_the_real_numbers_of_the_whole_batch(n: int, nh: int, preset: str) -> None:
    batch, weights = network(n, nh, preset)
    shown = window(n, nh, preset)
    m = min(n, 3)
    inp, out_g = batch.inp[:m, shown.pixels], hidden_gradient(batch, weights)[:m, shown.units]
    thick, wide, product, total = (step.value for step in shown.steps)
    assert torch.equal(thick.squeeze(-1), inp)
    torch.testing.assert_close(wide.squeeze(1), out_g)
    torch.testing.assert_close(product, torch.einsum("ni,nj->nij", inp, out_g))
    torch.testing.assert_close(total, product.sum(0))


@counts
@units
def test_the_windows_sizes(n: int, nh: int) -> None:
    shown, m, u = window(n, nh), min(n, 3), min(nh, 4)
    assert [step.shape for step in shown.steps] == [(m, 5, 1), (m, 1, u), (m, 5, u), (5, u)]
    assert shown.images.shape == (m, 28, 28)
    assert shown.labels == (5, 0, 4)[:m]
    assert (shown.n, shown.w_g.shape) == (n, (5, u))


@counts
@pytest.mark.parametrize("preset", PRESETS)
def test_pixels_and_units_are_neighbours_and_the_pixels_of_one_image_row(n: int, preset: str) -> None:
    shown = window(n, preset=preset)
    assert list(shown.pixels) == list(range(shown.pixels[0], shown.pixels[0] + 5))
    assert shown.pixels[0] // 28 == shown.pixels[-1] // 28
    assert list(shown.units) == list(range(shown.units[0], shown.units[0] + 4))


@counts
def test_the_window_is_worth_looking_at(n: int) -> None:
    shown = window(n)
    assert all((image.flatten()[list(shown.pixels)] > 0).any() for image in shown.images)
    assert shown.steps[-1].value.any()


@pytest.mark.parametrize("n", [1, 2, 3])
def test_where_the_window_holds_all_images_its_sum_is_the_gradient(n: int) -> None:
    shown = window(n)
    torch.testing.assert_close(shown.steps[-1].value, shown.w_g)


def test_the_gradient_beside_the_window_is_the_whole_batchs() -> None:
    shown, whole = window(1_000), gradients(*network(1_000)).w1
    assert torch.equal(shown.w_g, whole[list(shown.pixels)][:, list(shown.units)])


@counts
@units
def test_paint_is_the_mean_over_image_rows_of_the_real_tensors(n: int, nh: int) -> None:
    batch, weights = network(n, nh)
    shown, l1_g = paint(n, nh), hidden_gradient(batch, weights)
    m, chosen = min(n, 8), list(shown.units)
    assert shown.images == tuple(range(m))
    row_means = torch.stack([batch.inp[:, 28 * row:28 * row + 28].mean(1) for row in range(28)], 1)
    torch.testing.assert_close(shown.inp, row_means[:m])
    torch.testing.assert_close(shown.last_inp, row_means[-1])
    torch.testing.assert_close(shown.out_g, l1_g[:m, chosen])
    torch.testing.assert_close(shown.last_out_g, l1_g[-1, chosen])
    w_g = gradients(batch, weights).w1[:, chosen]
    torch.testing.assert_close(shown.w_g, torch.stack([w_g[28 * row:28 * row + 28].mean(0) for row in range(28)]))


@pytest.mark.parametrize("nh", [1, 2, 25, 26, 50, 99, 100])
def test_painted_units_are_evenly_spaced_and_at_most_25(nh: int) -> None:
    shown = paint(2, nh)
    assert 1 <= len(shown.units) <= 25
    assert shown.units[0] == 0
    assert len({b - a for a, b in zip(shown.units, shown.units[1:], strict=False)}) <= 1
    assert shown.units[-1] < nh <= shown.units[-1] + (shown.units[1] if nh > 1 else 1)
