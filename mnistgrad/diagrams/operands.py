"""The two operands of the product: inp as a side sheet, out.g as a lid, flat or made thin by unsqueeze."""

from dataclasses import dataclass

import numpy as np

from mnistgrad import numbers
from mnistgrad.data import SIDE
from mnistgrad.diagrams import boxes
from mnistgrad.diagrams.boxes import DOWN, THIN, Box, Roles
from mnistgrad.diagrams.svg import Drawing
from mnistgrad.palette import FloatArray
from mnistgrad.recording import Operand
from mnistgrad.window import Paint, Window

NEAR_SHEETS = 4  # sheets drawn at the front of a deep stack, before the dots and the last one


@dataclass(frozen=True)
class Brush:
    """The real values as arrays, with the limits of their colour scales and the words for each cell."""

    paint: Paint
    window: Window

    @property
    def inp(self) -> FloatArray:
        return self.paint.inp.numpy()

    @property
    def out_g(self) -> FloatArray:
        return self.paint.out_g.numpy()

    def inp_limit(self) -> float:
        return limit_of(self.inp)

    def out_g_limit(self) -> float:
        return limit_of(self.out_g)

    def inp_tips(self) -> list[list[str]]:
        return [
            [f"inp[{n}, {SIDE * r}:{SIDE * (r + 1)}], mean of {SIDE} pixels = {numbers.fixed(v)}" for r, v in enumerate(row)]
            for n, row in enumerate(self.inp)
        ]

    def out_g_tips(self) -> list[list[str]]:
        return [
            [f"out.g[{n}, {j}] = {numbers.significant(float(v))}" for j, v in zip(self.paint.units, row, strict=True)]
            for n, row in enumerate(self.out_g)
        ]

    def sheets(self) -> list[tuple[int, FloatArray]]:
        """(image, its own table (28, u)) for each sheet that is drawn, nearest first."""
        deep = self.paint.n > NEAR_SHEETS + 1
        near = range(NEAR_SHEETS if deep else self.paint.n)
        last = np.outer(self.paint.last_inp.numpy(), self.paint.last_out_g.numpy())
        own = [(image, np.outer(self.inp[image], self.out_g[image])) for image in near]
        return [*own, (self.paint.n - 1, last)] if deep else own

    def frame(self) -> tuple[float, float, float, float]:
        """Where the window's numbers lie on a sheet: left, top, width, height as shares of the sheet."""
        units, pixels = self.window.units, self.window.pixels
        all_units = self.paint.units[-1] + 1
        return (units[0] / all_units, (pixels[0] // SIDE) / SIDE, len(units) / all_units, 1 / SIDE)


def limit_of(values: FloatArray) -> float:
    """The end of a colour scale: nearly the largest, so that one outlier does not bleach the rest."""
    return float(np.quantile(np.abs(values), 0.97)) or float(np.abs(values).max())


def draw_operand(drawing: Drawing, box: Box, axes: tuple[str, ...], roles: Roles, brush: Brush) -> None:
    """A sheet, a lid, or either made thin: painted with inp if it stands, with out.g if it lies."""
    palette = drawing.palette
    if box.down > THIN or roles.right not in axes:
        boxes.paint_side(drawing, box, box.right, brush.inp, brush.inp_limit(), brush.inp_tips())
        if box.right:
            drawing.polygon(
                [box.at(0, 0, 0), box.at(box.right, 0, 0), box.at(box.right, 0, box.depth), box.at(0, 0, box.depth)],
                palette.panel,
            )
            boxes.paint_front(drawing, box, 0, brush.inp[0][:, None], brush.inp_limit(), "inp[0, :], the pixels of image 0")
    else:
        boxes.paint_lid(drawing, box, brush.out_g, brush.out_g_limit(), brush.out_g_tips())
        if box.down:
            r, d, z = box.right, box.down, box.depth
            drawing.polygon([box.at(r, 0, 0), box.at(r, 0, z), box.at(r, d, z), box.at(r, d, 0)], palette.panel)
            boxes.paint_front(drawing, box, 0, brush.out_g[:1], brush.out_g_limit(), "out.g[0, :], the gradients of image 0")
    boxes.draw_edges(drawing, box, roles)


def label_axes(drawing: Drawing, box: Box, tensor: Operand, roles: Roles, instead: dict[str, str] | None = None) -> None:
    """The length and name of each axis longer than it is new; `instead` replaces the words of an axis."""
    words = {letter: boxes.length_label(size, letter) for letter, size in zip(tensor.axes, tensor.shape, strict=True)}
    words |= instead or {}
    if box.depth:
        boxes.label_depth(drawing, box, words[roles.depth], roles.depth)
    if box.down > THIN or (instead and roles.down in instead):
        boxes.label_down(drawing, box, words[roles.down], roles.down)
    if box.right > THIN or (instead and roles.right in instead):
        lowest = box.down if box.down != THIN else DOWN
        boxes.label_right(drawing, box, words[roles.right], roles.right, lowest)
