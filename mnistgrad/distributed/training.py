"""Training of which each worker has a share of the images: gradients are added up, and every worker takes the same step."""

from collections.abc import Callable

import torch

from mnistgrad.common.tensors import plain
from mnistgrad.distributed.images import Images
from mnistgrad.distributed.shares import Shares, Survey
from mnistgrad.distributed.workers import Workers
from mnistgrad.training.comparison import Experiment, Key
from mnistgrad.training.descent import TrainingPoint, train_on, weights_of


@plain()
def split_training(
    experiment: Experiment, images: Images, known: Survey, workers: Workers, done: Callable[[], None] = lambda: None
) -> dict[Key, list[TrainingPoint]]:
    """The points of each method and seed, the same at every worker; done: told each step.

    In float64, since training makes what sums round grow: so the curves do not depend on how many workers there are. Raises
    WorkerLost, UnusableFile.
    """
    found: dict[Key, list[TrainingPoint]] = {}
    for plan in experiment.plans:
        moments = known.moments(plan.normalise)
        ends = ((0, plan.images), (len(images) - images.held_back, len(images)))
        training, held_back = (Shares(images, *end, moments, torch.float64, workers) for end in ends)
        for method in experiment.methods:
            weights = weights_of(plan).to(torch.float64).on(workers.device)
            points = found[method, plan.seed] = []
            for point in train_on(plan, method, training, held_back, weights):
                done()
                if point:
                    points.append(point)
    return found
