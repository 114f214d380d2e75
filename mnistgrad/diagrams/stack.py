"""The product as a stack of sheets, one for each image."""

from itertools import pairwise

import numpy as np

from mnistgrad import numbers
from mnistgrad.diagrams import boxes
from mnistgrad.diagrams.boxes import DASH, DEPTH, DOWN, RIGHT, Box, Roles
from mnistgrad.diagrams.operands import Brush, limit_of
from mnistgrad.diagrams.svg import Drawing
from mnistgrad.recording import Operand

SHEET_GAP = 15.0


def sheet_depths(brush: Brush) -> list[tuple[float, int]]:
    """(depth, image) of every drawn sheet, nearest first; the last of a deep stack stands at the back."""
    images = [image for image, _ in brush.sheets()]
    if brush.paint.n > len(images):
        return [(DEPTH if k == len(images) - 1 else SHEET_GAP * k, image) for k, image in enumerate(images)]
    gap = DEPTH / max(len(images) - 1, 1)
    return [(gap * k, image) for k, image in enumerate(images)]


def draw_stack(drawing: Drawing, box: Box, roles: Roles, brush: Brush, plus: bool) -> None:
    """The product as separate sheets, back to front, with a plus between those that are to be added."""
    palette, colour = drawing.palette, drawing.palette.axis[roles.depth]
    depths = sheet_depths(brush)
    sheets = [table for _, table in brush.sheets()]
    limit = limit_of(np.stack(sheets))
    if len(depths) > 1:
        for right, down in ((0, 0), (RIGHT, DOWN)):
            drawing.line([box.at(right, down, 0), box.at(right, down, DEPTH)], colour, 1.4, DASH)
    for (depth, image), table in reversed(list(zip(depths, sheets, strict=True))):
        x, y = box.at(0, 0, depth)
        drawing.rect(x - 1, y - 1, RIGHT + 2, DOWN + 2, palette.paper, stroke=palette.paper, stroke_width=2)
        sheet = Box(x, y, RIGHT, DOWN, 0)
        boxes.paint_front(
            drawing, sheet, 0, table, limit, f"product[{image}]: the pixels of image {image} times its own gradients"
        )
        boxes.draw_edges(drawing, sheet, roles)
    drawing.text(
        box.x + 7, box.y + 12, f"image {depths[0][1]}", palette.axis_text[roles.depth], 12, 600, "left", halo=palette.paper
    )
    draw_frame(drawing, box, brush)
    deep = brush.paint.n > len(depths)
    if deep:
        x, y = box.at(RIGHT, DOWN, 0)
        for share in (0.6, 0.72, 0.84):
            drawing.add("circle", dict(cx=x + DEPTH * share * 0.8 + 9, cy=y - DEPTH * share * 0.6 + 7, r=1.9, fill=colour))
    if plus:
        for (near, _), (far, _) in pairwise(depths[:-1] if deep else depths):
            x, y = box.at(RIGHT, DOWN, (near + far) / 2)
            drawing.text(x + 11, y + 9, "+", palette.axis_text[roles.depth], 15, 600)


def draw_frame(drawing: Drawing, box: Box, brush: Brush) -> None:
    """Marks on the front sheet the numbers that the table below shows."""
    left, top, width, height = brush.frame()
    for colour, stroke in ((drawing.palette.paper, 4), (drawing.palette.ink, 1.8)):
        drawing.rect(
            box.x + left * RIGHT - 1.5,
            box.y + top * DOWN - 1.5,
            width * RIGHT + 3,
            height * DOWN + 3,
            stroke=colour,
            stroke_width=stroke,
            rx=2,
        )


def label_stack(drawing: Drawing, box: Box, tensor: Operand, roles: Roles) -> None:
    sizes = dict(zip(tensor.axes, tensor.shape, strict=True))
    n = sizes[roles.depth]
    if n > 1:
        boxes.label_depth(drawing, Box(box.x, box.y, 0, 0, DEPTH), numbers.count(n, "sheet"), roles.depth)
    else:
        drawing.text(box.x + RIGHT / 2, box.y - 13, "1 sheet", drawing.palette.axis_text[roles.depth], 12.5, 600)
    boxes.label_down(drawing, box, boxes.length_label(sizes[roles.down], roles.down), roles.down)
    boxes.label_right(drawing, box, boxes.length_label(sizes[roles.right], roles.right), roles.right, DOWN)
