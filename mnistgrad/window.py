"""Small pieces of the real tensors to look at: a window of cells to read, and values to paint on the drawn boxes."""

import math
from dataclasses import dataclass

from torch import Tensor

from mnistgrad.data import PIXELS, SIDE, Batch
from mnistgrad.gradients import Layers, run_layers
from mnistgrad.presets import Weights
from mnistgrad.recording import Operation, record_lin_grad, weight_gradient_steps

WINDOW_IMAGES = 3
WINDOW_PIXELS = 5
WINDOW_UNITS = 4
PAINTED_IMAGES = 8
PAINTED_UNITS = 25


@dataclass(frozen=True)
class Window:
    """Some images, neighbouring pixels and neighbouring units, with what `lin_grad` makes of exactly these.

    steps: the recorded operations of the w.g line, with values: (m, p, 1), (m, 1, u), (m, p, u) and (p, u).
    images (m, 28, 28) uint8; w_g (p, u): the gradient of the whole batch, for the same pixels and units.
    """

    n: int
    pixels: tuple[int, ...]
    units: tuple[int, ...]
    images: Tensor
    labels: tuple[int, ...]
    steps: tuple[Operation, ...]
    w_g: Tensor

    @property
    def power(self) -> int:
        """The power of ten in which out.g and the products are written."""
        out_g = self.steps[1].value
        assert out_g is not None
        return power_of(out_g.abs().max().item())


def power_of(largest: float) -> int:
    """The power of ten, in steps of three, that brings the largest number between 0.1 and 100; 0 for 0."""
    return 3 * math.floor((math.log10(largest) + 1) / 3) if largest > 0 else 0


def choose_window(batch: Batch, weights: Weights, w_g: Tensor) -> Window:
    """The first three images, five pixels side by side where they hold most different ink, four units that are on."""
    n = len(batch)
    m = min(n, WINDOW_IMAGES)
    layers = run_layers(batch.inp[:m], batch.targ[:m], weights, n)
    pixels, units = _inkiest_pixels(batch.images[:m]), _busiest_units(layers.l1_g)
    steps = weight_gradient_steps(record_lin_grad(batch.inp[:m, pixels], layers.l1_g[:, units]))
    return Window(
        n, tuple(pixels), tuple(units), batch.images[:m], tuple(batch.labels[:m].tolist()), steps, w_g[pixels][:, units]
    )


def _inkiest_pixels(images: Tensor) -> list[int]:
    """Neighbours in one image row: most often lit, then of most varied ink."""
    runs = images.float().unfold(2, WINDOW_PIXELS, 1)  # (m, 28, starts, 5)
    score = (runs > 0).sum((0, 3)) + runs.std(3).mean(0) / 256
    row, column = divmod(int(score.argmax()), score.shape[1])
    return [row * SIDE + column + p for p in range(WINDOW_PIXELS)]


def _busiest_units(l1_g: Tensor) -> list[int]:
    """Neighbours that are on for most of the images, then of largest gradient."""
    size = min(WINDOW_UNITS, l1_g.shape[1])
    runs = l1_g.abs().unfold(1, size, 1)  # (m, starts, u)
    score = (runs > 0).sum((0, 2)) + runs.mean((0, 2)) / (l1_g.abs().max() or 1)
    start = int(score.argmax())
    return list(range(start, start + size))


@dataclass(frozen=True)
class Paint:
    """Values for the drawn boxes: per painted image, the mean of each image row of 28 pixels, and some units.

    images: which (the first eight at most). inp (m, 28), out_g (m, u), last_inp (28,), last_out_g (u,) of image n - 1,
    w_g (28, u): the mean over each image row.
    """

    n: int
    images: tuple[int, ...]
    units: tuple[int, ...]
    inp: Tensor
    out_g: Tensor
    last_inp: Tensor
    last_out_g: Tensor
    w_g: Tensor


def choose_paint(batch: Batch, weights: Weights, w_g: Tensor) -> Paint:
    n, nh = len(batch), w_g.shape[1]
    m = min(n, PAINTED_IMAGES)
    stride = -(-nh // PAINTED_UNITS)
    chosen = [*range(m), n - 1]
    layers: Layers = run_layers(batch.inp[chosen], batch.targ[chosen], weights, n)
    inp = layers.inp.view(m + 1, SIDE, PIXELS // SIDE).mean(2)
    out_g = layers.l1_g[:, ::stride]
    return Paint(
        n,
        tuple(range(m)),
        tuple(range(0, nh, stride)),
        inp[:m],
        out_g[:m],
        inp[m],
        out_g[m],
        w_g[:, ::stride].view(SIDE, PIXELS // SIDE, -1).mean(1),
    )
