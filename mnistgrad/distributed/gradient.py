"""The lesson's gradients, of which each worker adds up its own images."""

import torch

from mnistgrad.common.tensors import plain
from mnistgrad.distributed.images import Images
from mnistgrad.distributed.shares import Shares, Survey
from mnistgrad.distributed.workers import Workers
from mnistgrad.gradient.sweep import EXACT
from mnistgrad.network.gradients import Gradients, block_gradients, run_layers
from mnistgrad.network.presets import Weights

SUMMED = ("w1", "b1", "w2", "b2", "loss")


@plain()
def split_gradients(images: Images, n: int, weights: Weights, normalise: bool, known: Survey, workers: Workers) -> Gradients:
    """Of the mean square over the first n images, the same at every worker, in float64.

    Of up to 500 images all is computed in float64; of more each image's part in float32, as `gradients` does, and the sums in
    float64, so that they do not depend on who adds what. Raises WorkerLost, UnusableFile.
    """
    dtype = torch.float64 if n <= EXACT else torch.float32
    weights = weights.to(dtype).on(workers.device)
    shares = Shares(images, 0, n, known.moments(normalise), dtype, workers)
    w1, b1, w2, b2 = (torch.zeros_like(getattr(weights, name), dtype=torch.float64) for name in SUMMED[:4])
    total = Gradients(w1, b1, w2, b2, b2.new_zeros(()))
    for inp, labels in shares.parts():
        part = block_gradients(run_layers(inp, labels.to(dtype), weights, n))
        for name in SUMMED:
            getattr(total, name).add_(getattr(part, name))
    workers.add_up(*(getattr(total, name) for name in SUMMED))
    return total
