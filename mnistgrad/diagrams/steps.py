"""The shape diagram of each operation of the w.g line, drawn from its recorded shapes and axes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mnistgrad import numbers
from mnistgrad.axes import NAMES
from mnistgrad.data import SIDE
from mnistgrad.diagrams import boxes
from mnistgrad.diagrams.boxes import ANGLE, DASH, DEPTH, DOWN, RIGHT, THIN, Box, Roles, box_of
from mnistgrad.diagrams.svg import Diagram, Drawing
from mnistgrad.palette import FloatArray, Palette
from mnistgrad.recording import Operand, Operation
from mnistgrad.window import Paint, Window

WIDTH, HEIGHT, LEAST = 690.0, 372.0, 560.0
BASE = 270.0  # where the boxes stand
NEAR_SHEETS = 4  # sheets drawn at the front of a deep stack, before the dots and the last one
SHEET_GAP = 15.0
AFTER = 392.0  # where the unsqueezed tensor stands


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
        return _limit(self.inp)

    def out_g_limit(self) -> float:
        return _limit(self.out_g)

    def inp_tips(self) -> list[list[str]]:
        return [[f"inp[{n}, {SIDE * r}:{SIDE * (r + 1)}], mean of {SIDE} pixels = {numbers.fixed(v)}"
                 for r, v in enumerate(row)] for n, row in enumerate(self.inp)]

    def out_g_tips(self) -> list[list[str]]:
        return [[f"out.g[{n}, {j}] = {numbers.significant(float(v))}" for j, v in zip(self.paint.units, row, strict=True)]
                for n, row in enumerate(self.out_g)]

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


def _limit(values: FloatArray) -> float:
    """The end of a colour scale: nearly the largest, so that one outlier does not bleach the rest."""
    return float(np.quantile(np.abs(values), 0.97)) or float(np.abs(values).max())


def roles_of(steps: Sequence[Operation]) -> Roles:
    """n recedes, the next axis of the product runs down, the last runs right."""
    product = next(step for step in steps if step.name == "mul")
    return Roles(*product.axes, dict(zip(product.axes, product.shape, strict=True)))


def step_diagram(step: Operation, roles: Roles, paint: Paint, window: Window, palette: Palette) -> Diagram:
    """The picture of one operation. Raises NotImplementedError for one that has none."""
    if step.name not in PICTURES:
        raise NotImplementedError(f"there is no picture of {step.name!r}; there are {', '.join(PICTURES)}")
    drawing = Drawing(WIDTH, HEIGHT, palette)
    description = PICTURES[step.name](drawing, step, roles, Brush(paint, window))
    return drawing.finished(f"shapes-{step.name}-{_slug(step.expression)}", description, shapes_frame(step), LEAST)


def _slug(expression: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in expression).split())


def shapes_frame(step: Operation) -> pd.DataFrame:
    """Every tensor of the step, one row an axis."""
    tensors = [*((o.text, o.shape, o.axes) for o in step.operands), (step.expression, step.shape, step.axes)]
    return pd.DataFrame([dict(tensor=text, axis=place, name=letter, size=size)
                         for text, shape, axes in tensors for place, (size, letter) in enumerate(zip(shape, axes, strict=True))])


def draw_unsqueeze(drawing: Drawing, step: Operation, roles: Roles, brush: Brush) -> str:
    operand = step.operands[0]
    new = next(letter for letter in step.axes if letter not in operand.axes)
    adds_right = new == roles.right
    before = box_of(96 if adds_right else 40, BASE - DOWN if adds_right else BASE - DOWN / 2, operand.axes, operand.shape, roles)
    after = box_of(AFTER, BASE - DOWN, step.axes, step.shape, roles)
    _draw_operand(drawing, before, operand.axes, roles, brush)
    _label_axes(drawing, before, operand, roles)
    _draw_operand(drawing, after, step.axes, roles, brush)
    boxes.draw_ghosts(drawing, after, roles, new, copies=1)
    _label_axes(drawing, after, _as_operand(step), roles)
    _label_new_axis(drawing, after, roles, new)
    end = before.at(before.right, 0, before.depth)[0]
    middle = BASE - DOWN / 2 - 20
    where = "at the end" if adds_right else "in the middle"
    _arrow(drawing, end + 24, AFTER - 30, middle, _method(step), (f"adds an axis {where},", "of length 1"), drawing.palette.ink)
    size = numbers.byte_count(_operand_bytes(operand, step))
    boxes.caption(drawing, before.at(before.right / 2, 0, before.depth / 2)[0], BASE + 44, operand.text, operand.shape, operand.axes, size)
    boxes.caption(drawing, after.x + RIGHT / 2 + 16, BASE + 44, step.expression, step.shape, step.axes, f"{size}, the same numbers")
    return (f"{operand.text} of shape {numbers.shape(operand.shape)} becomes {step.expression} of shape "
            f"{numbers.shape(step.shape)}: a new axis of length 1 leaves room for the {_room(roles, new)}.")


def draw_product(drawing: Drawing, step: Operation, roles: Roles, brush: Brush) -> str:
    sign_height = BASE - DOWN / 2 - 10
    starts = (28.0, 254.0, 482.0)
    for x, operand, sign in zip(starts, step.operands, "×=", strict=False):
        box = box_of(x, BASE - DOWN, operand.axes, operand.shape, roles)
        stretched = next(a for a, size in zip(operand.axes, operand.shape, strict=True) if size != roles.sizes[a])
        _draw_operand(drawing, box, operand.axes, roles, brush)
        boxes.draw_ghosts(drawing, box, roles, stretched, copies=4)
        _label_axes(drawing, box, operand, roles, {stretched: f"1 → {roles.sizes[stretched]}, by repeating"})
        boxes.caption(drawing, x + RIGHT / 2 + 14, BASE + 44, operand.text, operand.shape, operand.axes,
                      numbers.byte_count(4 * math.prod(operand.shape)))
        drawing.text(x + RIGHT + DEPTH * 0.8 + 15, sign_height, sign, drawing.palette.ink, 28)
    box = box_of(starts[2], BASE - DOWN, step.axes, step.shape, roles)
    _draw_stack(drawing, box, roles, brush, plus=False)
    _label_stack(drawing, box, step, roles)
    boxes.caption(drawing, box.x + RIGHT / 2 + 14, BASE + 44, "product", step.shape, step.axes,
                  f"{numbers.byte_count(step.nbytes)} in float32")
    one, other = step.operands
    return (f"{one.text} {numbers.shape(one.shape)} is repeated along {roles.right}, {other.text} "
            f"{numbers.shape(other.shape)} along {roles.down}; multiplied cell by cell they give a product of shape "
            f"{numbers.shape(step.shape)}: one sheet for each image.")


def draw_sum(drawing: Drawing, step: Operation, roles: Roles, brush: Brush) -> str:
    operand = step.operands[0]
    box = box_of(40, BASE - DOWN, operand.axes, operand.shape, roles)
    _draw_stack(drawing, box, roles, brush, plus=True)
    _label_stack(drawing, box, operand, roles)
    boxes.caption(drawing, box.x + RIGHT / 2 + 14, BASE + 44, "product", operand.shape, operand.axes,
                  f"{numbers.byte_count(_operand_bytes(operand, step))} in float32")
    n = operand.shape[list(operand.axes).index(roles.depth)]
    words = ("all sheets fall onto", "each other and add up") if n > 1 else ("the one sheet", "is the sum")
    _arrow(drawing, 242, 386, BASE - DOWN / 2 - 10, _method(step), words, drawing.palette.axis[roles.depth])
    result = Box(432, BASE - DOWN, RIGHT, DOWN, 0)
    colour = drawing.palette.axis[roles.depth]
    for depth in [z for z, _ in _sheet_depths(brush)][:0:-1]:
        x, y = result.at(0, 0, depth)
        drawing.rect(x, y, RIGHT, DOWN, drawing.palette.paper, stroke=colour, stroke_width=1.1, stroke_dasharray=DASH, opacity=0.6)
    if n > 1:
        for right, down in ((RIGHT, 0), (RIGHT, DOWN), (0, 0)):
            drawing.arrow(result.at(right, down, DEPTH - 6), result.at(right, down, 9), colour)
    w_g = brush.paint.w_g.numpy()
    tip = f"w.g: the sum of {numbers.count(n, 'sheet')}; each cell is the mean of {SIDE} pixels of one unit"
    boxes.paint_front(drawing, result, 0, w_g, _limit(w_g), tip)
    boxes.draw_edges(drawing, result, roles)
    _draw_frame(drawing, result, brush)
    _label_axes(drawing, result, _as_operand(step), roles)
    x, y = result.at(RIGHT, 0, DEPTH if n > 1 else 0)
    for line, words_ in enumerate(("the n axis", "is gone")):
        drawing.text(x + 10, y + 12 + 17 * line, words_, drawing.palette.axis_text[roles.depth], 12.5, 600, "left")
    boxes.caption(drawing, result.x + RIGHT / 2 + 10, BASE + 44, "w.g", step.shape, step.axes,
                  f"{numbers.byte_count(step.nbytes)}, the shape of w")
    return (f"Adding the {numbers.count(n, 'sheet')} of the product {numbers.shape(operand.shape)} along axis 0, "
            f"the n axis, gives w.g of shape {numbers.shape(step.shape)}.")


PICTURES = {"unsqueeze": draw_unsqueeze, "mul": draw_product, "sum": draw_sum}


def _as_operand(step: Operation) -> Operand:
    return Operand(step.expression, step.shape, step.axes, step.value)


def _operand_bytes(operand: Operand, step: Operation) -> int:
    return math.prod(operand.shape) * step.nbytes // math.prod(step.shape)


def _method(step: Operation) -> str:
    """".sum(0)" of "(…).sum(0)"."""
    return step.expression[step.expression.rindex(f".{step.name}("):]


def _room(roles: Roles, letter: str) -> str:
    return numbers.count(roles.sizes[letter], NAMES[letter])


def _draw_operand(drawing: Drawing, box: Box, axes: tuple[str, ...], roles: Roles, brush: Brush) -> None:
    """A sheet, a lid, or either made thin: painted with inp if it stands, with out.g if it lies."""
    palette = drawing.palette
    if box.down > THIN or roles.right not in axes:
        boxes.paint_side(drawing, box, box.right, brush.inp, brush.inp_limit(), brush.inp_tips())
        if box.right:
            drawing.polygon([box.at(0, 0, 0), box.at(box.right, 0, 0), box.at(box.right, 0, box.depth), box.at(0, 0, box.depth)], palette.panel)
            boxes.paint_front(drawing, box, 0, brush.inp[0][:, None], brush.inp_limit(), "inp[0, :], the pixels of image 0")
    else:
        boxes.paint_lid(drawing, box, brush.out_g, brush.out_g_limit(), brush.out_g_tips())
        if box.down:
            r, d, z = box.right, box.down, box.depth
            drawing.polygon([box.at(r, 0, 0), box.at(r, 0, z), box.at(r, d, z), box.at(r, d, 0)], palette.panel)
            boxes.paint_front(drawing, box, 0, brush.out_g[:1], brush.out_g_limit(), "out.g[0, :], the gradients of image 0")
    boxes.draw_edges(drawing, box, roles)


def _label_axes(drawing: Drawing, box: Box, tensor: Operand, roles: Roles, instead: dict[str, str] | None = None) -> None:
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


def _label_new_axis(drawing: Drawing, box: Box, roles: Roles, letter: str) -> None:
    colour = drawing.palette.axis_text[letter]
    room = ("room for the", _room(roles, letter))
    if letter == roles.right:
        x, y = box.at(0, DOWN, 0)
        drawing.text(x - 2, y + 14, "1 new axis", colour, 12.5, 600, "left")
        x, y = box.at(RIGHT, DOWN * 0.42, box.depth)
        for line, text in enumerate(room):
            drawing.text(x + 10, y + 17 * line, text, colour, 12.5, align="left")
    else:
        x, y = box.at(0, THIN / 2, 0)
        drawing.text(x - 9, y, "1", colour, 12.5, 600, "right")
        drawing.text(x - 13, y + 50, "new axis", colour, 12.5, 600, angle=-90)
        x, y = box.at(RIGHT / 2, DOWN * 0.55, 0)
        for line, text in enumerate(room):
            drawing.text(x, y + 18 * line, text, colour, 12.5)


def _arrow(drawing: Drawing, left: float, right: float, y: float, method: str, words: tuple[str, ...], colour: str) -> None:
    middle = (left + right) / 2
    drawing.arrow((left, y), (right, y), colour, 1.8, 9)
    drawing.text(middle, y - 15, method, drawing.palette.ink, 13, 500, mono=True)
    for line, text in enumerate(words):
        drawing.text(middle, y + 19 + 17 * line, text, drawing.palette.muted, 12.5)


def _sheet_depths(brush: Brush) -> list[tuple[float, int]]:
    """(depth, image) of every drawn sheet, nearest first; the last of a deep stack stands at the back."""
    images = [image for image, _ in brush.sheets()]
    if brush.paint.n > len(images):
        return [(DEPTH if k == len(images) - 1 else SHEET_GAP * k, image) for k, image in enumerate(images)]
    gap = DEPTH / max(len(images) - 1, 1)
    return [(gap * k, image) for k, image in enumerate(images)]


def _draw_stack(drawing: Drawing, box: Box, roles: Roles, brush: Brush, plus: bool) -> None:
    """The product as separate sheets, back to front, with a plus between those that are to be added."""
    palette, colour = drawing.palette, drawing.palette.axis[roles.depth]
    depths = _sheet_depths(brush)
    sheets = [table for _, table in brush.sheets()]
    limit = _limit(np.stack(sheets))
    if len(depths) > 1:
        for right, down in ((0, 0), (RIGHT, DOWN)):
            drawing.line([box.at(right, down, 0), box.at(right, down, DEPTH)], colour, 1.4, DASH)
    for (depth, image), table in reversed(list(zip(depths, sheets, strict=True))):
        x, y = box.at(0, 0, depth)
        drawing.rect(x - 1, y - 1, RIGHT + 2, DOWN + 2, palette.paper, stroke=palette.paper, stroke_width=2)
        sheet = Box(x, y, RIGHT, DOWN, 0)
        boxes.paint_front(drawing, sheet, 0, table, limit, f"product[{image}]: the pixels of image {image} times its own gradients")
        boxes.draw_edges(drawing, sheet, roles)
    drawing.text(box.x + 7, box.y + 12, f"image {depths[0][1]}", palette.axis_text[roles.depth], 12, 600, "left", halo=palette.paper)
    _draw_frame(drawing, box, brush)
    deep = brush.paint.n > len(depths)
    if deep:
        x, y = box.at(RIGHT, DOWN, 0)
        for share in (0.5, 0.64, 0.78):
            drawing.add("circle", cx=x + DEPTH * share * 0.8 + 9, cy=y - DEPTH * share * 0.6 + 7, r=1.9, fill=colour)
    if plus:
        for (near, _), (far, _) in zip(depths[: -1 if deep else None], depths[1 : -1 if deep else None], strict=False):
            x, y = box.at(RIGHT, DOWN, (near + far) / 2)
            drawing.text(x + 11, y + 9, "+", palette.axis_text[roles.depth], 15, 600)


def _draw_frame(drawing: Drawing, box: Box, brush: Brush) -> None:
    """Marks on the front sheet the numbers that the table below shows."""
    left, top, width, height = brush.frame()
    area = dict(x=box.x + left * RIGHT - 1.5, y=box.y + top * DOWN - 1.5, width=width * RIGHT + 3, height=height * DOWN + 3, rx=2)
    for colour, stroke in ((drawing.palette.paper, 4), (drawing.palette.ink, 1.8)):
        drawing.add("rect", fill="none", stroke=colour, stroke_width=stroke, **area)


def _label_stack(drawing: Drawing, box: Box, tensor: Operand | Operation, roles: Roles) -> None:
    sizes = dict(zip(tensor.axes, tensor.shape, strict=True))
    n = sizes[roles.depth]
    if n > 1:
        boxes.label_depth(drawing, Box(box.x, box.y, 0, 0, DEPTH), numbers.count(n, "sheet"), roles.depth)
    else:
        drawing.text(box.x + RIGHT / 2, box.y - 13, "1 sheet", drawing.palette.axis_text[roles.depth], 12.5, 600)
    boxes.label_down(drawing, box, boxes.length_label(sizes[roles.down], roles.down), roles.down)
    boxes.label_right(drawing, box, boxes.length_label(sizes[roles.right], roles.right), roles.right, DOWN)
