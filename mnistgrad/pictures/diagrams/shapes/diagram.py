"""The shape diagram of one operation of the pass: which picture it has, and the picture."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mnistgrad.pictures.diagrams.shapes.contraction import PRINTED_ROOM, draw_einsum, draw_matmul
from mnistgrad.pictures.diagrams.shapes.elementwise import draw_each, draw_pair, draw_product
from mnistgrad.pictures.diagrams.shapes.reductions import draw_rows_sum, draw_sheets_sum
from mnistgrad.pictures.diagrams.shapes.reshape import draw_squeeze, draw_transpose, draw_unsqueeze
from mnistgrad.pictures.diagrams.shapes.scene import Scene, frame_of, result_text, roles_of
from mnistgrad.pictures.diagrams.shapes.unknown import draw_unknown
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing, Rows, slug
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.painting import Paint
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import Window

WIDTH, LEAST = 690.0, 560.0


class Sketch(NamedTuple):
    """How an operation is drawn: the function, the height that it needs, and where it may be cut, before a sign or after an
    arrow.
    """

    draw: Callable[[Drawing, Scene], str]
    height: float
    cuts: tuple[float, ...]


BOXES = 372.0  # height of a picture of boxes
FLAT = 262.0  # of lids and strips
PRINTED = 360.0  # of printed matrices


UNKNOWN = Sketch(draw_unknown, FLAT, (412.0,))
DRAWN = {  # by what an operation does
    "matmul": Sketch(draw_matmul, PRINTED, (PRINTED_ROOM - 14,)),
    "einsum": Sketch(draw_einsum, PRINTED, (PRINTED_ROOM - 14,)),
    "unsqueeze sheets": Sketch(draw_unsqueeze, BOXES, (373.5,)),
    "unsqueeze": Sketch(draw_unsqueeze, FLAT, (236.0,)),
    "squeeze": Sketch(draw_squeeze, FLAT, (236.0,)),
    "t": Sketch(draw_transpose, FLAT, (378.0,)),
    "mul sheets": Sketch(draw_product, BOXES, (210.0, 438.0)),
    "sum sheets": Sketch(draw_sheets_sum, BOXES, (400.0,)),
    "sum": Sketch(draw_rows_sum, FLAT, (412.0,)),
    "mean": Sketch(draw_rows_sum, FLAT, (412.0,)),
    **dict.fromkeys(("add", "sub", "mul"), Sketch(draw_pair, FLAT, (218.0, 446.0))),
    **dict.fromkeys(
        ("sub number", "mul number", "div number", "clamp_min", "pow", "gt", "float"), Sketch(draw_each, FLAT, (412.0,))
    ),
}


def picture_of(step: Operation) -> Sketch:
    """What is not known is drawn as shapes alone."""
    found = DRAWN.get(step.manner, UNKNOWN)
    return (
        found._replace(height=PRINTED, cuts=(405.0,)) if step.manner == "t" and "i" in step.axes else found
    )  # pixels take a tall matrix


def shape_diagram(operations: Sequence[Operation], place: int, paint: Paint, window: Window, palette: Palette) -> Diagram:
    """The picture of the operation at a place of the pass."""
    step, roles = operations[place], roles_of(operations, place)
    picture = picture_of(step)
    drawing = Drawing(WIDTH, picture.height, palette)
    scene = Scene(step, paint.operations[place], paint, roles, result_text(operations, place), frame_of(window, paint, roles))
    description = picture.draw(drawing, scene)
    return drawing.finished(f"shapes-{slug(f'{step.name} {step.expression}')}", description, _rows(step), LEAST, picture.cuts)


def _rows(step: Operation) -> Rows:
    """Every tensor of the step, one row an axis."""
    tensors = [*((o.text, o.shape, o.axes) for o in step.operands), (step.expression, step.shape, step.axes)]
    return [
        dict(tensor=text, axis=place, name=letter, size=size)
        for text, shape, axes in tensors
        for place, (size, letter) in enumerate(zip(shape, axes, strict=True))
    ]
