"""Pictures of operations that move no number: unsqueeze, squeeze and the transpose."""

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.shapes import boxes
from mnistgrad.pictures.diagrams.shapes.boxes import BASE, THIN, Box, Roles
from mnistgrad.pictures.diagrams.shapes.flat import draw_arrow, draw_matrix, label_columns, label_rows
from mnistgrad.pictures.diagrams.shapes.scene import Drawn, Scene
from mnistgrad.pictures.diagrams.shapes.tensors import draw_tensor, label_axes, place_tensor
from mnistgrad.pictures.diagrams.shapes.words import method
from mnistgrad.pictures.diagrams.svg import Drawing
from mnistgrad.trace.axes import AXIS_NAMES

AFTER = 392.0  # where the result stands
FLAT_BASE = 176.0
STRIP_LENGTHS = (140.0, boxes.DOWN, boxes.RIGHT, 26.0)  # of depth, down, right and of length 1


def draw_unsqueeze(drawing: Drawing, scene: Scene) -> str:
    operand, result = scene.operand(0), scene.result
    new = next(letter for letter in scene.step.axes if letter not in operand.axes)
    if len(result.axes) < 3:
        return _draw_strips(drawing, scene, f"adds the axis of the {AXIS_NAMES[new]}")
    roles, down = scene.roles, scene.roles.length(scene.roles.down)
    adds_right = new == roles.right
    before = place_tensor(scene, operand, 96 if adds_right else 40, BASE - down if adds_right else BASE - down / 2)
    after = place_tensor(scene, result, AFTER, BASE - down)
    for tensor, box in ((operand, before), (result, after)):
        draw_tensor(drawing, scene, tensor, box)
        label_axes(drawing, scene, tensor, box)
    if roles.length(new) > THIN:
        boxes.draw_ghosts(drawing, after, roles, new, copies=1)
    _label_new_axis(drawing, after, roles, new)
    where = "at the end" if adds_right else "in the middle"
    words = (f"adds an axis {where},", "of length 1")
    draw_arrow(drawing, before.x + before.width + 24, AFTER - 30, BASE - down / 2 - 20, method(scene.step), words)
    size = numbers.byte_count(operand.nbytes)
    boxes.caption(drawing, before.x + before.width / 2, operand.operand, size)
    boxes.caption(drawing, after.x + max(after.width, 130) / 2, result.operand, f"{size}, the same numbers")
    return (
        f"{operand.text} of shape {numbers.shape(operand.shape)} becomes {result.text} of shape "
        f"{numbers.shape(result.shape)}: a new axis of length 1 leaves room for the {_room(roles, new)}."
    )


def draw_squeeze(drawing: Drawing, scene: Scene) -> str:
    gone = next(letter for letter in scene.operand(0).axes if letter not in scene.step.axes)
    return _draw_strips(drawing, scene, f"drops the axis of the {AXIS_NAMES[gone]}")


def _draw_strips(drawing: Drawing, scene: Scene, deed: str) -> str:
    """Before and after, both one number an image."""
    scene = scene.with_lengths(*STRIP_LENGTHS)
    operand, result = scene.operand(0), scene.result
    for tensor, x in ((operand, 110.0), (result, 430.0)):
        box = place_tensor(scene, tensor, x, FLAT_BASE - 20)
        draw_tensor(drawing, scene, tensor, box)
        label_axes(drawing, scene, tensor, box)
        note = numbers.byte_count(tensor.nbytes) + (", the same numbers" if tensor is result else "")
        boxes.caption(drawing, x + box.width / 2 - 10, tensor.operand, note, FLAT_BASE + 30)
    draw_arrow(drawing, 270, 390, FLAT_BASE - 64, method(scene.step), (f"{deed},", "of length 1"))
    return f"{operand.text} of shape {numbers.shape(operand.shape)} {deed}: {numbers.shape(result.shape)}, the same numbers."


def draw_transpose(drawing: Drawing, scene: Scene) -> str:
    """The matrix as it is printed, rows down, before and after it is turned."""
    operand, result = scene.operand(0), scene.result
    tallest = max(_printed_length(scene, letter) for letter in operand.axes)
    middle = 34 + tallest / 2
    before = _draw_printed(drawing, scene, operand, 60, middle)
    after = _draw_printed(drawing, scene, result, 450, middle)
    words = ("rows become columns,", "no number moves")
    beside = 36 if after.down > boxes.SHORT else 76  # what the label of its rows takes
    draw_arrow(drawing, before.x + before.right + 24, after.x - beside, middle, method(scene.step), words)
    y = middle + tallest / 2 + 50
    size = numbers.byte_count(operand.nbytes)
    boxes.caption(drawing, before.x + before.right / 2, operand.operand, size, y)
    boxes.caption(drawing, after.x + after.right / 2, result.operand, f"{size}, the same numbers", y)
    return f"{operand.text} of shape {numbers.shape(operand.shape)}, turned to {numbers.shape(result.shape)}."


def _printed_length(scene: Scene, letter: str) -> float:
    return {"n": 90.0, "i": 190.0, "j": 110.0, "k": THIN}[letter] if scene.roles.sizes[letter] > 1 else THIN


def _draw_printed(drawing: Drawing, scene: Scene, tensor: Drawn, x: float, middle: float) -> Box:
    down, right = (_printed_length(scene, letter) for letter in tensor.axes)
    box = Box(x, middle - down / 2, right, down, 0)
    draw_matrix(drawing, tensor, box, scene.paint.near)
    label_rows(drawing, tensor, box)
    label_columns(drawing, tensor, box)
    return box


def _room(roles: Roles, letter: str) -> str:
    size = roles.sizes[letter]
    return numbers.count(size, AXIS_NAMES[letter]) if size > 1 else f"one {AXIS_NAMES[letter]}"


def _label_new_axis(drawing: Drawing, box: Box, roles: Roles, letter: str) -> None:
    colour = drawing.palette.axis_text[letter]
    room = ("room for the", _room(roles, letter))
    down, right = roles.length(roles.down), roles.length(roles.right)
    if letter == roles.right:
        x, y = box.at(0, down, 0)
        drawing.text(x - 2, y + 14, "1 new axis", colour, 12.5, 600, "left")
        x, y = box.at(max(right, box.right), down * 0.42, box.depth)
        for line, text in enumerate(room):
            drawing.text(x + 10, y + 17 * line, text, colour, 12.5, align="left")
    else:
        x, y = box.at(0, THIN / 2, 0)
        drawing.text(x - 9, y, "1", colour, 12.5, 600, "right")
        drawing.text(x - 13, y + 50, "new axis", colour, 12.5, 600, angle=-90)
        x, y = box.at(right / 2, down * 0.55, 0) if right > THIN else box.at(right + 10, down * 0.55, box.depth)
        align = "center" if right > THIN else "left"
        for line, text in enumerate(room):
            drawing.text(x, y + 18 * line, text, colour, 12.5, align=align)
