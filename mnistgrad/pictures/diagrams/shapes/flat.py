"""Matrices as they are printed, rows down, and the arrow from one tensor to the next."""

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.shapes import boxes
from mnistgrad.pictures.diagrams.shapes.boxes import Box
from mnistgrad.pictures.diagrams.shapes.scene import Drawn
from mnistgrad.pictures.diagrams.svg import Drawing
from mnistgrad.pictures.palette import value_colours


def draw_matrix(drawing: Drawing, tensor: Drawn, box: Box, near: int) -> None:
    """A matrix as it is printed. near: how many cells along n are drawn."""
    rows, columns = tensor.axes
    cells = tensor.face(rows, columns)
    cells = cells[:near] if rows == "n" else cells[:, :near] if columns == "n" else cells
    tip = f"{tensor.text}, {numbers.shape(tensor.shape)}"
    drawing.image(box.x, box.y, box.right, box.down, value_colours(cells, tensor.limit, drawing.palette), tip)
    colour = drawing.palette.axis
    for x in (box.x, box.x + box.right):
        drawing.line([(x, box.y), (x, box.y + box.down)], colour[rows], 2)
    for y in (box.y, box.y + box.down):
        drawing.line([(box.x, y), (box.x + box.right, y)], colour[columns], 2)


def label_rows(drawing: Drawing, tensor: Drawn, box: Box) -> None:
    """The length of the axis that runs down, on the left; upright where the axis is too short to write along."""
    letter, words = tensor.axes[0], boxes.length_label(tensor.shape[0], tensor.axes[0])
    if box.down > boxes.SHORT:
        boxes.label_down(drawing, box, words, letter, box.down)
    else:
        drawing.text(box.x - 8, box.y + box.down / 2, words, drawing.palette.axis_text[letter], 12.5, 600, "right")


def label_columns(drawing: Drawing, tensor: Drawn, box: Box, align: str = "center") -> None:
    """The length of the axis that runs right, below: centred, or flush with the left or the right edge."""
    letter, words = tensor.axes[1], boxes.length_label(tensor.shape[1], tensor.axes[1])
    x = box.x + box.right * {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    drawing.text(x, box.y + box.down + 14, words, drawing.palette.axis_text[letter], 12.5, 600, align)


def draw_arrow(
    drawing: Drawing, left: float, right: float, y: float, method: str, words: tuple[str, ...], colour: str = ""
) -> None:
    """From one tensor to the next: the method above, what it does below."""
    middle = (left + right) / 2
    drawing.arrow((left, y), (right, y), colour or drawing.palette.ink, 1.8, 9)
    drawing.text(middle, y - 15, method, drawing.palette.ink, 13, 500, mono=True)
    for line, text in enumerate(words):
        drawing.text(middle, y + 19 + 17 * line, text, drawing.palette.muted, 12.5)
