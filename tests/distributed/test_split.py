"""Gradient, sweep and training on two real processes, beside one process and beside the engine."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from distributed import job
from distributed.started import torchrun
from patience import ENDED_WITHIN

import mnistgrad as mg
from mnistgrad.distributed.shares import Shares
from mnistgrad.distributed.workers import Workers, share
from mnistgrad.gradient.sweep import counts_to, lit_pixels, sweep
from mnistgrad.network.data import validation_batch
from mnistgrad.training.descent import train, weights_of

CLOSE = 1e-6  # of the largest entry


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What two workers found."""
    out = tmp_path_factory.mktemp("split") / "found.pt"
    with torchrun(str(Path(__file__).parent / "job.py"), str(out)) as process:
        _, says = process.communicate(timeout=ENDED_WITHIN)
    assert process.returncode == 0, says
    return dict(torch.load(out, weights_only=False))


@pytest.fixture(scope="module")
def alone() -> dict[str, Any]:
    return job.results(Workers())


def numbers_in(found: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(found, dict):
        for key, of in found.items():
            yield from numbers_in(of, f"{place} {key}")
    elif isinstance(found, list | tuple):
        for key, of in enumerate(found):
            yield from numbers_in(of, f"{place} {key}")
    else:
        yield place, found


def test_two_workers_find_what_one_finds(split: dict[str, Any], alone: dict[str, Any]) -> None:
    ours, theirs = dict(numbers_in(split)), dict(numbers_in(alone))
    assert {place.split()[0] for place in ours.keys() - theirs.keys()} == {"ddp"} and len(theirs) > 400
    for place, expected in theirs.items():
        found = ours[place]
        if isinstance(expected, torch.Tensor):
            assert (found - expected).abs().max() <= CLOSE * expected.abs().max(), place
        elif isinstance(expected, float):
            assert found == pytest.approx(expected, rel=CLOSE, abs=1e-12), place
        else:
            assert found == expected, place


@pytest.mark.parametrize("n", job.COUNTS)
def test_the_gradient_is_the_engines(split: dict[str, Any], n: int) -> None:
    batch = mg.load_batch(n)
    wide = mg.Batch(batch.inp.double(), batch.targ.double())
    expected = mg.gradients(wide, mg.initial_weights(job.UNITS).to(torch.float64))
    for name, found in split[f"gradient {n}"].items():
        of = getattr(expected, name)
        assert (found - of).abs().max() <= CLOSE * of.abs().max(), name


def test_the_sweep_is_the_engines(split: dict[str, Any]) -> None:
    images = job.IMAGES.source
    found = sweep(lit_pixels(images.images, images.labels, counts_to(job.SWEPT)), mg.initial_weights(job.UNITS))
    for layer, of in found.items():
        points, full = split["sweep"][layer]
        assert (full - of.full).abs().max() <= CLOSE * of.full.abs().max()
        for ours, theirs in zip(points, job.vars_of(of.points), strict=True):
            expected = dict(numbers_in(theirs))
            assert dict(numbers_in(ours)) == pytest.approx(expected, rel=CLOSE, abs=1e-7, nan_ok=True)


@pytest.mark.parametrize("place", range(len(job.PLANS)))
def test_training_is_the_engines_in_float64(split: dict[str, Any], place: int) -> None:
    plan = job.PLANS[place]
    training, held_back = (
        replace(of, inp=of.inp.double())
        for of in (mg.load_batch(plan.images, images=job.FEW.source), validation_batch(source=job.FEW.source))
    )
    for (method, _), points in split[f"training {place}"].items():
        weights = weights_of(plan).to(torch.float64)
        expected = [point for point in train(plan, method, training, held_back, weights) if point]
        assert [point["step"] for point in points] == [point.step for point in expected]
        for ours, theirs in zip(points, expected, strict=True):
            assert (ours["loss"], ours["accuracy"]) == pytest.approx((theirs.loss, theirs.accuracy), rel=CLOSE, nan_ok=True)


def test_torchs_own_data_parallel_averages_to_the_same_gradient(split: dict[str, Any]) -> None:
    assert split["ddp"].keys() == {"w1", "b1", "w2", "b2"}
    for name, found in split["ddp"].items():
        expected = split[f"gradient {job.SWEPT}"][name]
        assert (found.double() - expected).abs().max() <= CLOSE * expected.abs().max(), name


def test_chosen_images_count_from_where_a_share_begins() -> None:
    labels = job.IMAGES.source.labels
    ((_, found),) = Shares(job.IMAGES, 100, 200, (0.0, 1.0), torch.float64, Workers()).parts(torch.tensor([0, 7]))
    assert found.tolist() == labels[[100, 107]].tolist()


@pytest.mark.parametrize("grain", [1, 16])
@pytest.mark.parametrize("count", [1, 2, 3, 64])
@pytest.mark.parametrize("size", [0, 1, 2, 500, 1_001])
def test_shares_are_neighbours_and_leave_nothing_out(size: int, count: int, grain: int) -> None:
    shares = [share(7, 7 + size, rank, count, grain) for rank in range(count)]
    assert [each.start for each in shares] == [7, *(each.stop for each in shares[:-1])] and shares[-1].stop == 7 + size
    sizes = [each.stop - each.start for each in shares]
    assert max(sizes) - min(sizes) <= max(grain * 2, 1) and min(sizes) >= 0
    assert grain == 1 or all(of == 0 or of >= grain for of in sizes) or size < grain
