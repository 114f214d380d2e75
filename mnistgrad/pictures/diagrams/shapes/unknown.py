"""An operation of which only the shapes are known."""

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.shapes import boxes
from mnistgrad.pictures.diagrams.shapes.flat import draw_arrow
from mnistgrad.pictures.diagrams.shapes.scene import Scene
from mnistgrad.pictures.diagrams.svg import Drawing

TAKEN, MADE, TOP, APART = 150.0, 530.0, 40.0, 66.0
ARROW = (290.0, 400.0)


def draw_unknown(drawing: Drawing, scene: Scene) -> str:
    """What it takes, one under the other, and what it makes."""
    for place, tensor in enumerate(scene.operands):
        boxes.caption(drawing, TAKEN, tensor.operand, numbers.byte_count(tensor.nbytes), TOP + APART * place)
    middle = TOP + APART * max(len(scene.operands) - 1, 0) / 2
    boxes.caption(drawing, MADE, scene.result.operand, numbers.byte_count(scene.step.nbytes), middle)
    draw_arrow(drawing, *ARROW, middle + 20, scene.step.name, ())
    taken = " and ".join(f"{tensor.text} {numbers.shape(tensor.shape)}" for tensor in scene.operands)
    return f"{scene.step.expression}{f' of {taken}' if taken else ''} makes {numbers.shape(scene.step.shape)}."
