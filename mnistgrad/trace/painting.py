"""The real values that the drawn boxes are painted with: few enough cells to draw, from the pass run on a few images."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from mnistgrad.common.tensors import plain
from mnistgrad.network.data import PIXELS, SIDE, Batch
from mnistgrad.network.gradients import Gradients
from mnistgrad.network.presets import Weights
from mnistgrad.trace.passes import ends_statement, record_excerpt, whole_results
from mnistgrad.trace.recording import Operation

PAINTED_IMAGES = 8
PAINTED_UNITS = 25
NEAR_SHEETS = 4
Cells = NDArray[np.floating]


class PaintedOperation(NamedTuple):
    """The cells of an operation's operands and of its result, one array axis for each of the tensor's."""

    operands: tuple[Cells, ...]
    result: Cells


@dataclass(frozen=True)
class Paint:
    """Cells for every operation of the pass.

    Along n: the first images, eight at most, and where there are more, the last one behind them. Along i: the mean of
    each image row of 28 pixels. Along j: `units`, evenly spaced.
    """

    n: int
    images: tuple[int, ...]
    units: tuple[int, ...]
    operations: tuple[PaintedOperation, ...]

    @property
    def near(self) -> int:
        """How many images are drawn side by side; one more, the last of the batch, may stand behind them."""
        return min(self.n, PAINTED_IMAGES)

    @property
    def sheets(self) -> tuple[int, ...]:
        """Which of `images` have a sheet of their own in a stack: the first four and the last."""
        last = len(self.images) - 1
        return (*range(min(NEAR_SHEETS, last)), last)


@plain()
def choose_paint(batch: Batch, weights: Weights, grads: Gradients, form: str = "broadcast") -> Paint:
    """The cells of the pass in one form; `grads` are the batch's."""
    n, nh = len(batch), weights.w1.shape[1]
    images = [*range(min(n, PAINTED_IMAGES)), *([n - 1] if n > PAINTED_IMAGES else [])]
    stride = -(-nh // PAINTED_UNITS)
    operations = record_excerpt(batch, weights, images, form)
    whole = whole_results(grads)
    painted = []
    for place, operation in enumerate(operations):
        operands = tuple(_cells(_value(o.value), o.axes, stride) for o in operation.operands)
        added_up = sums_over_images(operation) and ends_statement(operations, place)
        value = whole[operation.sets] if added_up else _value(operation.value)
        painted.append(PaintedOperation(operands, _cells(value, operation.axes, stride)))
    return Paint(n, tuple(images), tuple(range(0, nh, stride)), tuple(painted))


def sums_over_images(operation: Operation) -> bool:
    """Whether the axis n goes into the operation and does not come out, which only names can tell."""
    return not {"n", ""} & {*operation.axes} and any("n" in operand.axes for operand in operation.operands)


def _value(value: Tensor | None) -> Tensor:
    assert value is not None  # an excerpt has values
    return value


def _cells(value: Tensor, axes: tuple[str, ...], stride: int) -> Cells:
    """The tensor with its pixels averaged by image row and its units thinned out."""
    for place, letter in enumerate(axes):
        if letter == "i" and value.shape[place] == PIXELS:
            value = value.unflatten(place, (SIDE, SIDE)).mean(place + 1)
        if letter == "j":
            value = value[(slice(None),) * place + (slice(None, None, stride),)]
    return value.float().numpy()
