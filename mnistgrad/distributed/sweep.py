"""The sweep over counts of images, each worker adding up its share of every step, with a checkpoint behind each count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from mnistgrad.common.devices import CPU
from mnistgrad.common.tensors import plain
from mnistgrad.distributed.images import Images
from mnistgrad.distributed.shares import GRAIN, pieces
from mnistgrad.distributed.workers import Workers
from mnistgrad.gradient.statistics import PixelGroups
from mnistgrad.gradient.sweep import (
    EXACT,
    Added,
    Reach,
    Sums,
    Sweep,
    SweepPoint,
    above,
    check_counts,
    chosen_pixels,
    counted_point,
)
from mnistgrad.gradient.weight_gradient import LAYERS
from mnistgrad.network.presets import Weights


@dataclass(frozen=True)
class Steps:
    """What is known of a sweep as far as it has come: the reach of the pixels at every count, and the sums at those done."""

    reaches: dict[int, Reach]
    sums: dict[int, Sums]


@plain()
def reaches_at(images: Images, counts: Sequence[int], workers: Workers) -> dict[int, Reach]:
    """How bright and dark each pixel gets, up to each count. Raises TypeError or ValueError for other counts, WorkerLost."""
    check_counts(counts, images.most)
    found, reach = {}, Reach.of(images.read(slice(0, 0))[0])
    for start, n in zip((0, *counts), counts, strict=False):
        for block in pieces(workers.share(start, n)):
            reach = reach.joined(Reach.of(images.read(block)[0]))
        ends = torch.stack([reach.brightest.int(), -reach.darkest.int()]).to(workers.device)
        workers.largest(ends)
        bright, dark = ends.cpu()
        reach = found[n] = Reach(bright.to(torch.uint8), (-dark).to(torch.uint8))
    return found


@plain()
def split_sweep(
    images: Images,
    steps: Steps,
    weights: Weights,
    moments: tuple[float, float],
    workers: Workers,
    done: Callable[[int, Steps], None] = lambda n, steps: None,
) -> dict[str, Sweep]:
    """For "w1" and "w2" what `sweep` finds, the same at every worker, and going on from what `steps` holds.

    moments: what makes inp of pixel / 256. done: told each count that is added up now, and all steps with it. Raises
    WorkerLost, UnusableFile.
    """
    counts = list(steps.reaches)
    groups = {n: reach.groups for n, reach in steps.reaches.items()}
    chosen = chosen_pixels(groups[counts[-1]])
    added = Added(chosen, weights.on(workers.device), *moments)
    total, last = added.nothing(), 0
    for n in counts:
        if n in steps.sums:
            total, last = steps.sums[n].on_device(workers.device), n
            continue
        of_step = added.nothing()
        for start, end, exact in ((last, min(n, EXACT), True), (max(last, EXACT), n, False)):
            if start < end:
                for block in pieces(workers.share(start, end, 1 if exact else GRAIN)):
                    _add(added, of_step, images, block, chosen, exact)
        workers.add_up(of_step.w1, of_step.b1, of_step.w2)
        workers.largest(of_step.on)
        total.add(of_step)
        last, steps.sums[n] = n, total.on_device(CPU)
        done(n, steps)
    return _measured(added, steps, groups, workers)


def _add(added: Added, sums: Sums, images: Images, block: slice, chosen: Tensor, exact: bool) -> None:
    pictures, labels = images.read(block)
    device = sums.w1.device
    added.add(sums, above(pictures.to(device), chosen.to(device)), labels.to(device), exact)


def _measured(added: Added, steps: Steps, groups: dict[int, PixelGroups], workers: Workers) -> dict[str, Sweep]:
    """The points, which the workers take in turns."""
    counts = list(groups)
    full = added.counted(steps.sums[counts[-1]], counts[-1], groups[counts[-1]])
    own: dict[int, dict[str, SweepPoint]] = {}
    for n in counts[workers.rank :: workers.count]:
        found = added.counted(steps.sums[n], n, groups[n])
        own[n] = {layer: counted_point(found[layer], full[layer].g) for layer in LAYERS}
    points = {n: of for each in workers.gathered(own) for n, of in each.items()}
    return {layer: Sweep(tuple(points[n][layer] for n in counts), full[layer].g) for layer in LAYERS}
