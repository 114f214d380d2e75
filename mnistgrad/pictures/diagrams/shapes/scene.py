"""What a shape diagram is drawn from: one operation, the cells of its tensors, and the box that its layer makes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mnistgrad.common import numbers
from mnistgrad.network.data import SIDE
from mnistgrad.pictures.diagrams.shapes.boxes import THIN, Roles
from mnistgrad.pictures.palette import FloatArray
from mnistgrad.trace.painting import Paint, PaintedOperation
from mnistgrad.trace.passes import axis_sizes, ends_statement
from mnistgrad.trace.recording import Operand, Operation
from mnistgrad.trace.window import Window

LONG = 26  # characters of an expression beyond which a caption shortens it


@dataclass(frozen=True)
class Drawn:
    """A tensor to draw: its source text, shape and axes at n images, its bytes, and the cells that it is painted with."""

    text: str
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    nbytes: int
    cells: FloatArray

    @property
    def operand(self) -> Operand:
        """Without its cells, for a caption."""
        return Operand(self.text, self.shape, self.axes, None)

    @property
    def limit(self) -> float:
        """The end of its colour scale."""
        return limit_of(self.cells)

    def face(self, first: str, second: str) -> FloatArray:
        """Cells along two axes, in that order; an axis that the tensor does not have has one cell."""
        order = [self.axes.index(letter) for letter in (first, second) if letter in self.axes]
        others = [place for place in range(len(self.axes)) if place not in order]
        cells = self.cells.transpose(*order, *others)
        return cells.reshape([cells.shape[order.index(self.axes.index(a))] if a in self.axes else 1 for a in (first, second)])


@dataclass(frozen=True)
class Scene:
    """One operation at n images with its cells. frame: where the window's numbers lie on a sheet, as shares: left, top,
    width, height.
    """

    step: Operation
    painted: PaintedOperation
    paint: Paint
    roles: Roles
    result_text: str
    frame: tuple[float, float, float, float]

    def operand(self, place: int) -> Drawn:
        of, itemsize = self.step.operands[place], self.step.known.operand_bytes
        return Drawn(shortened(of.text), of.shape, of.axes, math.prod(of.shape) * itemsize, self.painted.operands[place])

    @property
    def operands(self) -> tuple[Drawn, ...]:
        return tuple(self.operand(place) for place in range(len(self.step.operands)))

    @property
    def result(self) -> Drawn:
        return Drawn(self.result_text, self.step.shape, self.step.axes, self.step.nbytes, self.painted.result)

    def with_lengths(self, depth: float, down: float, right: float, thin: float = THIN) -> "Scene":
        """The same, its axes drawn in other lengths."""
        roles = replace(self.roles, depth_length=depth, down_length=down, right_length=right, thin=thin)
        return replace(self, roles=roles)

    def tips(self, tensor: Drawn, first: str, second: str) -> list[list[str]]:
        """What each cell of a face says when pointed at."""
        cells = tensor.face(first, second).tolist()
        text = f"({tensor.text})" if " " in tensor.text else tensor.text
        mean = f", mean of {SIDE} pixels" if "i" in (first, second) and "i" in tensor.axes else ""
        entry = ", ".join({first: "{0}", second: "{1}"}.get(letter, "0") for letter in tensor.axes)
        before, between = (f"{text}[", f"]{mean} = ") if entry else (text, f"{mean} = ")
        rows, columns = self._indices(tensor, first), self._indices(tensor, second)
        return [
            [
                f"{before}{entry.format(at, along)}{between}{numbers.significant(value)}"
                for along, value in zip(columns, row, strict=True)
            ]
            for at, row in zip(rows, cells, strict=True)
        ]

    def _indices(self, tensor: Drawn, letter: str) -> list[str]:
        """What stands in the brackets for each cell along an axis; one of no name where the tensor does not have it."""
        if letter not in tensor.axes or tensor.shape[tensor.axes.index(letter)] == 1:
            return ["0"]
        if letter == "i":
            return [f"{SIDE * at}:{SIDE * (at + 1)}" for at in range(SIDE)]
        return [str(index) for index in {"n": self.paint.images, "j": self.paint.units}[letter]]


def limit_of(values: FloatArray) -> float:
    """The end of a colour scale: nearly the largest, so that one outlier does not bleach the rest."""
    return float(np.quantile(np.abs(values), 0.97)) or float(np.abs(values).max())


def shortened(text: str) -> str:
    """A long expression by its last call, or as the product that it is."""
    if len(text) <= LONG:
        return text
    return "…" + text[text.rindex(".") :] if text.endswith(")") and " * " not in text else "product"


def roles_of(operations: Sequence[Operation], place: int) -> Roles:
    """The axes of the operation's layer: the second one's, if any operation of its call has an axis k."""
    call = [o for o in operations if o.caller == operations[place].caller]
    letters = {letter for o in call for letter in o.letters}
    depth, down, right = ("n", "j", "k") if "k" in letters else ("n", "i", "j")
    return Roles(depth, down, right, axis_sizes(operations))


def result_text(operations: Sequence[Operation], place: int) -> str:
    """What the operation's result is called: what its statement sets, or else its expression."""
    step = operations[place]
    if ends_statement(operations, place):
        return step.target or step.sets
    return shortened(step.expression)


def frame_of(window: Window, paint: Paint, roles: Roles) -> tuple[float, float, float, float]:
    """Where the window's pixels and units lie on a sheet of the layer, as shares of it: left, top, width, height."""
    units = roles.sizes.get("j", 1)
    along = {
        "i": ((window.pixels[0] // SIDE) / SIDE, 1 / SIDE),
        "j": (window.units[0] / units, len(window.units) / units),
        "k": (0.0, 1.0),
    }
    (left, width), (top, height) = along[roles.right], along[roles.down]
    return left, top, width, height
