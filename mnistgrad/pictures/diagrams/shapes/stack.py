"""The product as a stack of sheets, one for each image."""

from itertools import pairwise

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.shapes import boxes
from mnistgrad.pictures.diagrams.shapes.boxes import DASH, Box
from mnistgrad.pictures.diagrams.shapes.scene import Drawn, Scene
from mnistgrad.pictures.diagrams.svg import Drawing

SHEET_GAP = 15.0


def sheets_of(scene: Scene) -> list[tuple[float, int]]:
    """(depth, place among the painted images) of every drawn sheet, nearest first; a deep stack's last stands at the back."""
    depth, places = scene.roles.depth_length, scene.paint.sheets
    if len(places) < scene.paint.n:
        return [*((SHEET_GAP * place, place) for place in places[:-1]), (depth, places[-1])]
    return [(depth * place / max(len(places) - 1, 1), place) for place in places]


def draw_stack(drawing: Drawing, scene: Scene, product: Drawn, box: Box, plus: bool) -> None:
    """The product as separate sheets, back to front, with a plus between those that are to be added."""
    palette, roles = drawing.palette, scene.roles
    colour, depth, images = palette.axis[roles.depth], roles.depth_length, scene.paint.images
    sheets = sheets_of(scene)
    tables = product.cells.transpose([product.axes.index(a) for a in (roles.depth, roles.down, roles.right)])
    if len(sheets) > 1:
        for right, down in ((0, 0), (box.right, box.down)):
            drawing.line([box.at(right, down, 0), box.at(right, down, depth)], colour, 1.4, DASH)
    for at, place in reversed(sheets):
        x, y = box.at(0, 0, at)
        drawing.rect(x - 1, y - 1, box.right + 2, box.down + 2, palette.paper, stroke=palette.paper, stroke_width=2)
        sheet = Box(x, y, box.right, box.down, 0)
        image = images[place]
        tip = f"product[{image}]: the row of image {image} times its own gradients"
        boxes.paint_front(drawing, sheet, 0, tables[place], product.limit, tip)
        boxes.draw_edges(drawing, sheet, roles, product.axes)
    if box.right > 60:
        drawing.text(box.x + 7, box.y + 12, "image 0", palette.axis_text[roles.depth], 12, 600, "left", halo=palette.paper)
    frame_window(drawing, scene, box)
    _draw_plus_and_dots(drawing, scene, box, plus)


def _draw_plus_and_dots(drawing: Drawing, scene: Scene, box: Box, plus: bool) -> None:
    palette, letter, depth = drawing.palette, scene.roles.depth, scene.roles.depth_length
    sheets = sheets_of(scene)
    deep = scene.paint.n > len(sheets)
    if deep:
        x, y = box.at(box.right, box.down, 0)
        for share in (0.6, 0.72, 0.84):
            at = dict(cx=x + depth * share * 0.8 + 9, cy=y - depth * share * 0.6 + 7)
            drawing.add("circle", at | dict(r=1.9, fill=palette.axis[letter]))
    if plus:
        for (near, _), (far, _) in pairwise(sheets[:-1] if deep else sheets):
            x, y = box.at(box.right, box.down, (near + far) / 2)
            drawing.text(x + 11, y + 9, "+", palette.axis_text[letter], 15, 600)


def frame_window(drawing: Drawing, scene: Scene, box: Box) -> None:
    """Marks on the front sheet the numbers that the table below shows."""
    left, top, width, height = scene.frame
    boxes.draw_frame(drawing, box.x + left * box.right, box.y + top * box.down, width * box.right, height * box.down)


def label_stack(drawing: Drawing, scene: Scene, product: Drawn, box: Box) -> None:
    roles = scene.roles
    sizes = dict(zip(product.axes, product.shape, strict=True))
    n = sizes[roles.depth]
    if n > 1:
        boxes.label_depth(drawing, Box(box.x, box.y, 0, 0, roles.depth_length), numbers.count(n, "sheet"), roles.depth)
    else:
        drawing.text(box.x + box.right / 2, box.y - 13, "1 sheet", drawing.palette.axis_text[roles.depth], 12.5, 600)
    boxes.label_down(drawing, box, boxes.length_label(sizes[roles.down], roles.down), roles.down, box.down)
    words = boxes.length_label(sizes[roles.right], roles.right)
    if box.right > boxes.THIN:
        boxes.label_right(drawing, box, words, roles.right, box.right, box.down)
    else:  # clear of the pluses
        x, y = box.at(box.right, box.down, 0)
        drawing.text(x, y + 14, words, drawing.palette.axis_text[roles.right], 12.5, 600, "right")
