"""The shape diagram of one operation of the pass: which picture it has, and the picture."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pandas as pd

from mnistgrad.pictures.diagrams.shapes.contraction import draw_einsum, draw_matmul
from mnistgrad.pictures.diagrams.shapes.elementwise import SIGNS, draw_each, draw_pair, draw_product
from mnistgrad.pictures.diagrams.shapes.reductions import draw_rows_sum, draw_sheets_sum
from mnistgrad.pictures.diagrams.shapes.reshape import draw_squeeze, draw_transpose, draw_unsqueeze
from mnistgrad.pictures.diagrams.shapes.scene import Scene, frame_of, result_text, roles_of
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing, slug
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.painting import Paint
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import Window

WIDTH, LEAST = 690.0, 560.0


class Picture(NamedTuple):
    """How an operation is drawn: the function, and the height that it needs."""

    draw: Callable[[Drawing, Scene], str]
    height: float


BOXES = 372.0  # height of a picture of boxes
FLAT = 262.0  # of lids and strips
PRINTED = 360.0  # of printed matrices


def picture_of(step: Operation) -> Picture:
    """Raises NotImplementedError for an operation that has none."""
    rank, two = step.rank, len(step.operands) == 2
    match step.name:
        case "matmul":
            return Picture(draw_matmul, PRINTED)
        case "einsum":
            return Picture(draw_einsum, PRINTED)
        case "unsqueeze":
            return Picture(draw_unsqueeze, BOXES if rank > 2 else FLAT)
        case "squeeze":
            return Picture(draw_squeeze, FLAT)
        case "t":
            return Picture(draw_transpose, PRINTED if "i" in step.axes else FLAT)
        case "sum" | "mean":
            return Picture(draw_sheets_sum, BOXES) if rank > 2 else Picture(draw_rows_sum, FLAT)
        case "mul" if two and rank > 2:
            return Picture(draw_product, BOXES)
        case "add" | "sub" | "mul" if two and step.name in SIGNS:
            return Picture(draw_pair, FLAT)
        case "clamp_min" | "sub" | "pow" | "mul" | "div" | "gt" | "float":
            return Picture(draw_each, FLAT)
    raise NotImplementedError(f"there is no picture of {step.name!r}")


def shape_diagram(operations: Sequence[Operation], place: int, paint: Paint, window: Window, palette: Palette) -> Diagram:
    """The picture of the operation at a place of the pass. Raises NotImplementedError for one that has none."""
    step, roles = operations[place], roles_of(operations, place)
    picture = picture_of(step)
    drawing = Drawing(WIDTH, picture.height, palette)
    scene = Scene(step, paint.operations[place], paint, roles, result_text(operations, place), frame_of(window, paint, roles))
    description = picture.draw(drawing, scene)
    return drawing.finished(f"shapes-{slug(f'{step.name} {step.expression}')}", description, shapes_frame(step), LEAST)


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
