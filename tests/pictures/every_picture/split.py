"""The sum, split over workers."""

import torch
from pictures.every_picture.kinds import Named, shows

from mnistgrad.distributed.parts import split_sum
from mnistgrad.network.data import load_batch
from mnistgrad.network.gradients import run_layers, summed_gradients
from mnistgrad.network.presets import initial_weights
from mnistgrad.pictures.diagrams.split_sum import shown_images, split_sum_diagram
from mnistgrad.pictures.palette import Palette


@shows(split_sum_diagram)
def _(palette: Palette) -> Named:
    for n, nh, workers in ((1_000, 50, 4), (50, 50, 4), (1, 2, 1), (3, 7, 8), (50, 100, 2), (100, 50, 7), (1, 2, 2)):
        batch = load_batch(n)
        layers = run_layers(batch.inp, batch.targ, initial_weights(nh, 7), n)  # at nh = 2 all units are off
        found = split_sum(layers, summed_gradients(layers).w1, workers)
        yield f"{n} {nh} {workers}", split_sum_diagram(found, batch.images[torch.tensor(shown_images(found))], palette)
