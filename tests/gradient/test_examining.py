"""What is said of a weight gradient of any sizes, against NumPy and against the rows themselves."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over

import mnistgrad as mg
from mnistgrad.gradient.growing import first_images
from mnistgrad.gradient.rows import rows_of
from mnistgrad.gradient.statistics import distinct_rows
from mnistgrad.gradient.variance import image_variance
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.network.data import MnistBatch

size = st.integers(1, 9)


def examined(n: int, pixels: int, units: int, outputs: int, layer: str, seed: int, dark: int = 0) -> WeightGradient:
    drawn = torch.Generator().manual_seed(seed)
    inp = torch.rand(n, pixels, generator=drawn, dtype=torch.float64) + 1
    inp[:, :dark] = 0.25
    w = [
        torch.randn(shape, generator=drawn, dtype=torch.float64)
        for shape in [(pixels, units), (units,), (units, outputs), (outputs,)]
    ]
    targ = torch.randint(outputs, (n,), generator=drawn)
    return mg.examine(mg.Batch(inp, targ, loss="cross-entropy"), mg.Weights(*w), layer)


@settings(max_examples=40, derandomize=True)
@given(size, size, size, size, st.sampled_from(["w1", "w2"]), st.integers(0, 99), st.integers(0, 3))
def test_rank_variances_and_rows_are_numpys(
    n: int, pixels: int, units: int, outputs: int, layer: str, seed: int, dark: int
) -> None:
    found = examined(n, pixels, units, outputs, layer, seed, dark)
    g, inp = found.g.numpy(), found.inp.numpy()
    np.testing.assert_allclose(g, inp.T @ found.out_g.numpy(), atol=1e-12)
    assert found.rank == np.linalg.matrix_rank(g)
    close = np.abs(g[:, None] - g[None]).max(-1) <= 1e-9 * np.abs(g).max()
    assert found.distinct == len({tuple(row) for row in close.tolist()})
    assert found.off.tolist() == (found.out_g.numpy() == 0).all(0).tolist()
    for name, rows in found.groups.items():
        if rows.any():
            np.testing.assert_allclose(found.variances[name].numpy(), g[rows.numpy()].var(0), atol=1e-14)
    if layer == "w1":
        assert found.groups["constant"].tolist() == (inp == inp[0]).all(0).tolist()
        assert found.groups["black"].tolist() == (inp == inp.min()).all(0).tolist()
    copied = (inp == found.background).all(0)
    assert found.copies.tolist() == copied.tolist()
    np.testing.assert_allclose(g[copied], np.outer(np.full(copied.sum(), found.background), found.b_g.numpy()), atol=1e-12)
    assert rows_of(found).distances.shape == (found.rows,) and image_variance(found).variance.shape == g.shape


@over("layer", ["w1", "w2"])
def test_first_images_have_the_gradient_of_a_batch_of_their_own(layer: str) -> None:
    drawn = torch.Generator().manual_seed(2)
    inp, targ = torch.rand(20, 6, generator=drawn), torch.rand(20, 2, generator=drawn)
    weights = mg.Weights(*[torch.randn(shape, generator=drawn) for shape in [(6, 5), (5,), (5, 2), (2,)]])
    whole = mg.examine(mg.Batch(inp, targ), weights, layer)
    for n in (1, 7, 20):
        some, alone = first_images(whole, n), mg.examine(mg.Batch(inp[:n], targ[:n]), weights, layer)
        torch.testing.assert_close(some.g, alone.g, rtol=1e-5, atol=1e-7)
        torch.testing.assert_close(some.b_g, alone.b_g, rtol=1e-5, atol=1e-7)
        assert {name: rows.tolist() for name, rows in some.groups.items()} == {k: v.tolist() for k, v in alone.groups.items()}


def test_images_without_a_black_corner_have_no_copied_row() -> None:
    batch, weights = mg.load_batch(50), mg.initial_weights(8)
    grain = torch.randint(1, 30, batch.images.shape, generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    grey = batch.images.maximum(grain)
    for own in (
        MnistBatch(grey.flatten(1) / 256, batch.targ, grey, batch.labels),
        mg.Batch(grey.flatten(1) / 256, batch.targ),
    ):
        found = mg.examine(own, weights)
        assert not found.copies.any() and found.sizes["lit"] == 784 and (found.variances["printed"] > 0).any()
        torch.testing.assert_close(found.g.float(), mg.gradients(own, weights).w1, rtol=1e-3, atol=1e-4)


def test_whole_numbers_whose_projections_meet_are_told_apart() -> None:
    rows = torch.tensor([[2, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 4], [8, 0, 0, 0]], dtype=torch.float64)
    assert distinct_rows(rows.repeat(50, 1)) == 6


def test_batch_and_what_it_gave_are_examined_alike() -> None:
    batch, weights = mg.load_batch(12), mg.initial_weights(4)
    for layer in ("w1", "w2"):
        assert torch.equal(mg.examine(mg.gradients(batch, weights), layer=layer).g, mg.examine(batch, weights, layer).g)
    with pytest.raises(TypeError, match="of is"):
        mg.examine(mg.gradients(batch, weights), weights)
