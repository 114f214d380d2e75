"""The parts of the sum that the page shows, and what is said of them."""

from dataclasses import replace

import pytest
import torch

import mnistgrad as mg
from mnistgrad.captions import split as says
from mnistgrad.distributed.parts import SplitSum, split_sum
from mnistgrad.network.gradients import run_layers


def parts(n: int, workers: int) -> SplitSum:
    batch, weights = mg.load_batch(n), mg.initial_weights(20)
    return split_sum(run_layers(batch.inp, batch.targ, weights, n), mg.gradients(batch, weights).w1, workers)


@pytest.mark.parametrize(("n", "workers"), [(1_000, 4), (10, 3), (3, 8), (1, 2), (7, 1)])
def test_each_part_is_the_gradient_of_its_images_and_their_sum_that_of_all(n: int, workers: int) -> None:
    found, batch, weights = parts(n, workers), mg.load_batch(n), mg.initial_weights(20)
    for own, part in zip(found.images, found.parts, strict=True):
        count = own.stop - own.start
        if count:
            alone = mg.Batch(batch.inp[own].double(), batch.targ[own].double())
            expected = mg.gradients(alone, weights.to(torch.float64)).w1 * (count / n)  # its own mean is over fewer images
            torch.testing.assert_close(part.double(), expected, rtol=1e-3, atol=1e-5)
        else:
            assert not part.any()
    torch.testing.assert_close(found.total, mg.gradients(batch, weights).w1, rtol=1e-5, atol=1e-5)
    assert found.difference <= 1e-6 and found.n == n and found.nbytes == 784 * 20 * 4


def test_what_is_said_of_the_sum_is_what_it_is() -> None:
    found = parts(1_000, 4)
    assert [says.images_of(own) for own in found.images][1] == "images 250 to 499"
    assert [says.images_of(own) for own in parts(3, 8).images].count("no image") == 5 and says.images_of(slice(2, 3)) == "image 2"
    assert says.same(found).startswith("the same as in one process, to ")
    assert says.same(replace(found, whole=found.total)) == "the same as in one process"
    off = found.total.clone()
    off[3, 3] += off.abs().max()
    assert says.same(replace(found, whole=off)).endswith("off one process")
    assert says.title(found).startswith("4 workers") and says.title(parts(1, 1)).startswith("One worker")
