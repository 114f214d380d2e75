"""One weight as a sum over the images, and the gradients built up."""

from collections.abc import Iterator

import torch
from pictures.every_picture.kinds import STATES, Named, shows
from states import State
from torch import Tensor

from mnistgrad.gradient.build_up import SumSoFar, sum_over, sum_so_far
from mnistgrad.gradient.one_weight import OneWeight, one_weight
from mnistgrad.pictures.charts.one_weight import running_sum_chart, terms_chart
from mnistgrad.pictures.diagrams.build_up.bars import units_build_up
from mnistgrad.pictures.diagrams.build_up.build_up import column_build_up
from mnistgrad.pictures.diagrams.build_up.matrix import matrix_build_up
from mnistgrad.pictures.diagrams.images.image_strip import image_strip
from mnistgrad.pictures.palette import Palette


def weights() -> Iterator[tuple[str, State, OneWeight]]:
    for state in STATES:
        for layer in ("w1", "w2"):
            found = state.weight_gradient(layer)
            row = found.largest_row(found.liveliest_column)
            for at in {(row, found.liveliest_column), (0, found.liveliest_column)}:
                weight = one_weight(found, *at)
                if weight.strongest_down or weight.strongest_up:
                    yield f"{state} {layer} {at}", state, weight


@shows(terms_chart)
def _(palette: Palette) -> Named:
    for label, _, weight in [*weights()][::4]:
        yield label, terms_chart(weight, palette)


@shows(running_sum_chart)
def _(palette: Palette) -> Named:
    for label, state, weight in [*weights()][::5]:
        if state.n > 1:
            yield label, running_sum_chart(weight, palette)


@shows(image_strip)
def _(palette: Palette) -> Named:
    for label, state, weight in weights():
        images = [*weight.strongest_down, *weight.strongest_up]
        pictures, labels = state.batch.images[images], state.batch.labels[images].tolist()
        yield label, image_strip(weight, pictures, labels, palette)


def sums(layer: str) -> Iterator[tuple[str, SumSoFar, Tensor, int]]:
    """With the picture and the digit of the image added last."""
    for state in STATES:
        matrix = state.weight_gradient(layer)
        for added in {1, min(state.n, 12), state.n}:
            images = torch.arange(state.n)
            found = sum_so_far(matrix, images, added, sum_over(matrix, images[:added]))
            yield f"{state} {added}", found, state.batch.images[found.image], int(state.batch.labels[found.image])


@shows(column_build_up)
def _(palette: Palette) -> Named:
    for label, found, picture, digit in sums("w1"):
        yield label, column_build_up(found, int(found.out_g.abs().argmax()), picture, digit, palette)


@shows(matrix_build_up)
def _(palette: Palette) -> Named:
    for label, found, picture, _ in [*sums("w1")][::3]:
        yield label, matrix_build_up(found, int(found.out_g.abs().argmax()), picture, palette)


@shows(units_build_up)
def _(palette: Palette) -> Named:
    for label, found, _, digit in sums("w2"):
        yield label, units_build_up(found, digit, palette)
