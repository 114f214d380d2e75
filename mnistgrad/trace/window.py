"""A window on the real tensors: a few images, pixels and units, whose numbers are small enough in count to read."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnistgrad.common.tensors import WHOLE, plain
from mnistgrad.network.data import SIDE, MnistBatch
from mnistgrad.network.gradients import Gradients
from mnistgrad.network.presets import Weights
from mnistgrad.network.sets.kinds import OF_MNIST, Kind
from mnistgrad.trace.passes import record_excerpt, whole_results
from mnistgrad.trace.recording import Operation

WINDOW_IMAGES = 3
WINDOW_PIXELS = 5
WINDOW_UNITS = 4
FEW_PIXELS, FEW_UNITS = 3, 2  # where there is little room


@dataclass(frozen=True)
class Pick:
    """What a reader chose to look at; None and () leave the choice to `choose_window`.

    images: up to three of the batch. pixel: the first of five side by side, or an earlier one near the end of its image
    row. unit: the first of four, or an earlier one near the last.
    """

    images: tuple[int, ...] = ()
    pixel: int | None = None
    unit: int | None = None


@dataclass(frozen=True)
class Window:
    """Some images, neighbouring pixels and neighbouring units, and the whole pass run on exactly these images.

    pictures (m, 28, 28) uint8. operations: the pass with the values of the m images, every pixel and unit; what it adds
    up over images is added over these m. whole: what the pass adds up over all n images, by the name it sets. kind: what
    the images show.
    """

    n: int
    images: tuple[int, ...]
    pixels: tuple[int, ...]
    units: tuple[int, ...]
    pictures: Tensor
    labels: tuple[int, ...]
    operations: tuple[Operation, ...]
    whole: dict[str, Tensor]
    kind: Kind = OF_MNIST

    def indices(self, letter: str) -> tuple[int, ...]:
        """Which entries of an axis the window shows, as the reader knows them; an axis of length 1 has only 0."""
        return {"n": self.images, "i": self.pixels, "j": self.units}.get(letter, (0,))

    def near(self, pixel: int, unit: int) -> "Window":
        """The same with fewer pixels and units, those beside these."""
        return replace(self, pixels=_beside(self.pixels, pixel, FEW_PIXELS), units=_beside(self.units, unit, FEW_UNITS))

    def value_of(self, name: str) -> Tensor:
        """What the pass sets by this name, for the window's images."""
        return _value_of(self.operations, name)

    def cells(self, value: Tensor, axes: Sequence[str]) -> NDArray[np.floating]:
        """The window's part of a tensor of `operations` or `whole`, one array axis for each of its axes."""
        for place, letter in enumerate(axes):
            if letter in "ij" and value.shape[place] > 1:
                value = value.index_select(place, torch.tensor(self.indices(letter), **WHOLE))
        return value.float().numpy()


def _beside(run: Sequence[int], chosen: int, count: int) -> tuple[int, ...]:
    """So many of a run, the chosen one in their middle where it can be."""
    first = max(0, min(run.index(chosen) - count // 2, len(run) - count))
    return tuple(run[first : first + count])


def power_of(largest: float) -> int:
    """The power of ten, in steps of three, that brings the largest number between 0.1 and 100; 0 for 0."""
    return 3 * math.floor((math.log10(largest) + 1) / 3) if largest > 0 else 0


@plain()
def choose_window(
    batch: MnistBatch, weights: Weights, grads: Gradients, form: str = "broadcast", pick: Pick | None = None
) -> Window:
    """What the reader picked, and where nothing was: the first three images, five pixels side by side where they hold most
    different ink, and four units that are on for most of them.
    """
    n, pick = len(batch), pick or Pick()
    images = pick.images or tuple(range(min(n, WINDOW_IMAGES)))
    operations = record_excerpt(batch, weights, images, form)
    pictures = batch.images[list(images)]
    pixel = _inkiest_pixel(pictures) if pick.pixel is None else pick.pixel
    shown = min(WINDOW_UNITS, weights.w1.shape[1])
    unit = _busiest_unit(_value_of(operations, "l1.g")) if pick.unit is None else min(pick.unit, weights.w1.shape[1] - shown)
    return Window(
        n,
        images,
        _run(pixel - max(pixel % SIDE + WINDOW_PIXELS - SIDE, 0), WINDOW_PIXELS),
        _run(unit, shown),
        pictures,
        tuple(batch.labels[list(images)].tolist()),
        operations,
        whole_results(grads),
        batch.kind,
    )


def _run(first: int, count: int) -> tuple[int, ...]:
    return tuple(range(first, first + count))


def _value_of(operations: Sequence[Operation], name: str) -> Tensor:
    value = [operation for operation in operations if operation.sets == name][-1].value
    assert value is not None  # an excerpt has values
    return value


def _inkiest_pixel(images: Tensor) -> int:
    """The first of neighbours in one image row that are most often lit, then of most varied ink."""
    runs = images.float().unfold(2, WINDOW_PIXELS, 1)  # (m, 28, starts, 5)
    score = (runs > 0).sum((0, 3)) + runs.std(3).mean(0) / 256
    row, column = divmod(int(score.argmax()), score.shape[1])
    return row * SIDE + column


def _busiest_unit(l1_g: Tensor) -> int:
    """The first of neighbours that are on for most of the images, then of largest gradient."""
    runs = l1_g.abs().unfold(1, min(WINDOW_UNITS, l1_g.shape[1]), 1)  # (m, starts, u)
    score = (runs > 0).sum((0, 2)) + runs.mean((0, 2)) / (l1_g.abs().max() or 1)
    return int(score.argmax())
