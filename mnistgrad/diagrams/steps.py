"""The shape diagram of each operation of the w.g line, drawn from its recorded shapes and axes."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from mnistgrad import numbers
from mnistgrad.axes import NAMES
from mnistgrad.data import SIDE
from mnistgrad.diagrams import boxes
from mnistgrad.diagrams.boxes import BASE, DASH, DEPTH, DOWN, RIGHT, THIN, Box, Roles, box_of
from mnistgrad.diagrams.operands import Brush, draw_operand, label_axes, limit_of
from mnistgrad.diagrams.stack import draw_frame, draw_stack, label_stack, sheet_depths
from mnistgrad.diagrams.svg import Diagram, Drawing
from mnistgrad.palette import Palette
from mnistgrad.recording import Operand, Operation
from mnistgrad.window import Paint, Window

WIDTH, HEIGHT, LEAST = 690.0, 372.0, 560.0
AFTER = 392.0  # where the unsqueezed tensor stands


def roles_of(steps: Sequence[Operation]) -> Roles:
    """n recedes, the next axis of the product runs down, the last runs right."""
    product = next(step for step in steps if step.name == "mul")
    depth, down, right = product.axes
    return Roles(depth, down, right, dict(zip(product.axes, product.shape, strict=True)))


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
    return pd.DataFrame(
        [
            dict(tensor=text, axis=place, name=letter, size=size)
            for text, shape, axes in tensors
            for place, (size, letter) in enumerate(zip(shape, axes, strict=True))
        ]
    )


def draw_unsqueeze(drawing: Drawing, step: Operation, roles: Roles, brush: Brush) -> str:
    operand = step.operands[0]
    new = next(letter for letter in step.axes if letter not in operand.axes)
    adds_right = new == roles.right
    before = box_of(96 if adds_right else 40, BASE - DOWN if adds_right else BASE - DOWN / 2, operand.axes, operand.shape, roles)
    after = box_of(AFTER, BASE - DOWN, step.axes, step.shape, roles)
    draw_operand(drawing, before, operand.axes, roles, brush)
    label_axes(drawing, before, operand, roles)
    draw_operand(drawing, after, step.axes, roles, brush)
    boxes.draw_ghosts(drawing, after, roles, new, copies=1)
    label_axes(drawing, after, _as_operand(step), roles)
    _label_new_axis(drawing, after, roles, new)
    end = before.at(before.right, 0, before.depth)[0]
    middle = BASE - DOWN / 2 - 20
    where = "at the end" if adds_right else "in the middle"
    _arrow(drawing, end + 24, AFTER - 30, middle, _method(step), (f"adds an axis {where},", "of length 1"), drawing.palette.ink)
    size = numbers.byte_count(_operand_bytes(operand, step))
    boxes.caption(drawing, before.at(before.right / 2, 0, before.depth / 2)[0], operand, size)
    boxes.caption(drawing, after.x + RIGHT / 2 + 16, _as_operand(step), f"{size}, the same numbers")
    return (
        f"{operand.text} of shape {numbers.shape(operand.shape)} becomes {step.expression} of shape "
        f"{numbers.shape(step.shape)}: a new axis of length 1 leaves room for the {_room(roles, new)}."
    )


def draw_product(drawing: Drawing, step: Operation, roles: Roles, brush: Brush) -> str:
    sign_height = BASE - DOWN / 2 - 10
    starts = (28.0, 254.0, 482.0)
    for x, operand, sign in zip(starts, step.operands, "×=", strict=False):
        box = box_of(x, BASE - DOWN, operand.axes, operand.shape, roles)
        stretched = next(a for a, size in zip(operand.axes, operand.shape, strict=True) if size != roles.sizes[a])
        draw_operand(drawing, box, operand.axes, roles, brush)
        boxes.draw_ghosts(drawing, box, roles, stretched, copies=4)
        label_axes(drawing, box, operand, roles, {stretched: f"1 → {roles.sizes[stretched]}, by repeating"})
        boxes.caption(drawing, x + RIGHT / 2 + 14, operand, numbers.byte_count(_operand_bytes(operand, step)))
        drawing.text(x + RIGHT + DEPTH * 0.8 + 15, sign_height, sign, drawing.palette.ink, 28)
    box = box_of(starts[2], BASE - DOWN, step.axes, step.shape, roles)
    draw_stack(drawing, box, roles, brush, plus=False)
    label_stack(drawing, box, _as_operand(step), roles)
    boxes.caption(drawing, box.x + RIGHT / 2 + 14, _as_operand(step, "product"), f"{numbers.byte_count(step.nbytes)} in float32")
    one, other = step.operands
    return (
        f"{one.text} {numbers.shape(one.shape)} is repeated along {roles.right}, {other.text} "
        f"{numbers.shape(other.shape)} along {roles.down}; multiplied cell by cell they give a product of shape "
        f"{numbers.shape(step.shape)}: one sheet for each image."
    )


def draw_sum(drawing: Drawing, step: Operation, roles: Roles, brush: Brush) -> str:
    operand = step.operands[0]
    box = box_of(40, BASE - DOWN, operand.axes, operand.shape, roles)
    draw_stack(drawing, box, roles, brush, plus=True)
    label_stack(drawing, box, operand, roles)
    boxes.caption(
        drawing,
        box.x + RIGHT / 2 + 14,
        replace(operand, text="product"),
        f"{numbers.byte_count(_operand_bytes(operand, step))} in float32",
    )
    n = operand.shape[list(operand.axes).index(roles.depth)]
    words = ("all sheets fall onto", "each other and add up") if n > 1 else ("the one sheet", "is the sum")
    _arrow(drawing, 242, 386, BASE - DOWN / 2 - 10, _method(step), words, drawing.palette.axis[roles.depth])
    result = Box(432, BASE - DOWN, RIGHT, DOWN, 0)
    colour = drawing.palette.axis[roles.depth]
    for depth in [z for z, _ in sheet_depths(brush)][:0:-1]:
        x, y = result.at(0, 0, depth)
        drawing.rect(
            x, y, RIGHT, DOWN, drawing.palette.paper, stroke=colour, stroke_width=1.1, stroke_dasharray=DASH, opacity=0.6
        )
    if n > 1:
        for right, down in ((RIGHT, 0), (RIGHT, DOWN), (0, 0)):
            drawing.arrow(result.at(right, down, DEPTH - 6), result.at(right, down, 9), colour)
    w_g = brush.paint.w_g.numpy()
    tip = f"w.g: the sum of {numbers.count(n, 'sheet')}; each cell is the mean of {SIDE} pixels of one unit"
    boxes.paint_front(drawing, result, 0, w_g, limit_of(w_g), tip)
    boxes.draw_edges(drawing, result, roles)
    draw_frame(drawing, result, brush)
    label_axes(drawing, result, _as_operand(step), roles)
    x, y = result.at(RIGHT, 0, DEPTH if n > 1 else 0)
    for line, words_ in enumerate(("the n axis", "is gone")):
        drawing.text(x + 10, y + 12 + 17 * line, words_, drawing.palette.axis_text[roles.depth], 12.5, 600, "left")
    boxes.caption(
        drawing, result.x + RIGHT / 2 + 10, _as_operand(step, step.target), f"{numbers.byte_count(step.nbytes)}, the shape of w"
    )
    return (
        f"Adding the {numbers.count(n, 'sheet')} of the product {numbers.shape(operand.shape)} along axis 0, "
        f"the n axis, gives w.g of shape {numbers.shape(step.shape)}."
    )


PICTURES = {"unsqueeze": draw_unsqueeze, "mul": draw_product, "sum": draw_sum}


def _as_operand(step: Operation, name: str = "") -> Operand:
    """The step's result, under a name or its own expression."""
    return Operand(name or step.expression, step.shape, step.axes, step.value)


def _operand_bytes(operand: Operand, step: Operation) -> int:
    return math.prod(operand.shape) * step.nbytes // math.prod(step.shape)


def _method(step: Operation) -> str:
    """ ".sum(0)" of "(…).sum(0)"."""
    return step.expression[step.expression.rindex(f".{step.name}(") :]


def _room(roles: Roles, letter: str) -> str:
    return numbers.count(roles.sizes[letter], NAMES[letter])


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
