"""Which axis of a product a reduction adds up, beside the one that the lesson adds up."""

import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.shapes.boxes import shape_parts
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.axes import AXIS_NAMES
from mnistgrad.trace.operations import OPERATIONS
from mnistgrad.trace.recording import Operation

CELL, TALL, GAP = 112.0, 46.0, 10.0
MARGIN, TOP, LEFT, RIGHT = 14.0, 40.0, 148.0, 130.0
NARROW, ABOVE = 6.0, 46.0  # where there is little room: the margin, and what words above the cells take
LEAST_SHARE = 0.8
DASH = "4 4"


def added_axis(name: str, wrong: Operation, right: Operation, target: str, palette: Palette) -> Diagram:
    """wrong, right: a sum or mean over one axis of the same product. target: what either sets, as "w1.g"."""
    product = right.operands[0]
    count = len(product.axes)
    width = MARGIN + LEFT + count * (CELL + GAP) + RIGHT
    above = 0.0 if width <= palette.room else ABOVE  # px that the words of a row take, if they stand above its cells
    cell, left = (CELL, MARGIN + LEFT) if not above else ((palette.room - 2 * NARROW + GAP) / count - GAP, NARROW)
    rows, down = [("product", None), ("written wrongly", wrong), ("the lesson", right)], above + TALL + GAP
    drawing = Drawing(min(width, palette.room), TOP + len(rows) * down + MARGIN - GAP, palette)
    for place in range(count):
        drawing.text(left + place * (cell + GAP) + cell / 2, TOP - 20, f"axis {place}", palette.muted, 12, 600)
    for row, (label, operation) in enumerate(rows):
        y = TOP + row * down
        method = f".{operation.name}({operation.arguments[0]})" if operation else numbers.shape(product.shape)
        words, tall = NARROW if above else MARGIN, above or TALL
        drawing.text(words, y + 0.3 * tall, label, palette.ink if operation is None else palette.muted, 12.5, align="left")
        drawing.text(words, y + 0.7 * tall, method, palette.ink, 13, 600, "left", mono=True)
        for place, (size, letter) in enumerate(zip(product.shape, product.axes, strict=True)):
            _cell(drawing, left + place * (cell + GAP), y + above, cell, size, letter, _fate(operation, place))
        if operation:
            x = width - RIGHT + 6 if not above else left + 2 * (cell + GAP)
            drawing.text(x, y + 0.3 * tall, target, palette.ink, 13, 600, "left", mono=True)
            drawing.runs(x, y + 0.7 * tall, shape_parts(operation.shape, operation.axes, palette), 13, 500, "left")
    description = (
        f"The product has shape {numbers.shape(product.shape)}. .{wrong.name}({wrong.arguments[0]}) takes away axis "
        f"{_place(wrong)} and leaves {numbers.shape(wrong.shape)}; the lesson's .{right.name}({right.arguments[0]}) takes away "
        f"axis {_place(right)} and leaves {numbers.shape(right.shape)}."
    )
    return drawing.finished(name, description, _frame(wrong, right), drawing.width * LEAST_SHARE)


def _place(operation: Operation) -> int:
    """Which axis goes, counted from the left."""
    return int(operation.arguments[0]) % len(operation.operands[0].axes)


def _fate(operation: Operation | None, place: int) -> str:
    """What happens to the axis; "" where it stays."""
    if operation is None or place != _place(operation):
        return ""
    return "averaged" if OPERATIONS[operation.name].averages else "added up"


def _cell(drawing: Drawing, x: float, y: float, wide: float, size: int, letter: str, fate: str) -> None:
    palette = drawing.palette
    dash = dict(stroke_dasharray=DASH) if fate else dict()
    drawing.rect(x, y, wide, TALL, palette.paper, stroke=palette.axis[letter], stroke_width=1.4 if fate else 1.8, rx=6, **dash)
    middle, noun = x + wide / 2, numbers.count(size, AXIS_NAMES[letter]).split(" ", 1)[1]
    drawing.text(middle, y + 0.34 * TALL, fate or str(size), palette.axis_text[letter], 13.5 if fate else 15, 600, mono=not fate)
    drawing.text(middle, y + 0.74 * TALL, numbers.count(size, "term") if fate else noun, palette.muted, 12)


def _frame(wrong: Operation, right: Operation) -> pd.DataFrame:
    product = right.operands[0]
    rows = [
        dict(
            axis=place,
            name=letter,
            size=size,
            written_wrongly=_fate(wrong, place) or "stays",
            lesson=_fate(right, place) or "stays",
        )
        for place, (size, letter) in enumerate(zip(product.shape, product.axes, strict=True))
    ]
    return pd.DataFrame(rows)
