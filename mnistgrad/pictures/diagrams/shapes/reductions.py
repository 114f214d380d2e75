"""Pictures of what is added up over the images: the sheets of w.g, the rows of b.g, and the mean of the loss."""

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.shapes import boxes
from mnistgrad.pictures.diagrams.shapes.boxes import BASE, DASH, DOWN, Box
from mnistgrad.pictures.diagrams.shapes.elementwise import ARROW, FLAT_BASE, LIDS, SINGLE_LENGTHS, STRIPS, box_is_wide
from mnistgrad.pictures.diagrams.shapes.flat import draw_arrow
from mnistgrad.pictures.diagrams.shapes.scene import Scene
from mnistgrad.pictures.diagrams.shapes.stack import draw_stack, frame_window, label_stack, sheets_of
from mnistgrad.pictures.diagrams.shapes.tensors import draw_tensor, label_axes, place_tensor
from mnistgrad.pictures.diagrams.shapes.words import method
from mnistgrad.pictures.diagrams.svg import Drawing


def draw_sheets_sum(drawing: Drawing, scene: Scene) -> str:
    """All sheets fall together onto one."""
    roles, operand, n = scene.roles, scene.operand(0), scene.paint.n
    right, down = roles.length(roles.right), roles.length(roles.down)
    colour = drawing.palette.axis[roles.depth]
    box = Box(48, BASE - down, right, down, 0)
    draw_stack(drawing, scene, operand, box, plus=True)
    label_stack(drawing, scene, operand, box)
    boxes.caption(drawing, box.x + max(right, 90) / 2 + 14, operand.operand, f"{numbers.byte_count(operand.nbytes)} in float32")
    words = ("all sheets fall onto", "each other and add up") if n > 1 else ("the one sheet", "is the sum")
    draw_arrow(drawing, 242, 386, BASE - DOWN / 2 - 10, method(scene.step), words, colour)
    result = Box(432, BASE - down, right, down, 0)
    for depth in [z for z, _ in sheets_of(scene)][:0:-1]:
        x, y = result.at(0, 0, depth)
        outline = dict(stroke=colour, stroke_width=1.1, stroke_dasharray=DASH, opacity=0.6)
        drawing.rect(x, y, right, down, drawing.palette.paper, "", **outline)
    if n > 1:
        for r, d in {(right, 0.0), (right, down), (0.0, 0.0)}:
            drawing.arrow(result.at(r, d, roles.depth_length - 6), result.at(r, d, 9), colour)
    draw_tensor(drawing, scene, scene.result, result)
    frame_window(drawing, scene, result)
    label_axes(drawing, scene, scene.result, result)
    x, y = result.at(right, 0, roles.depth_length if n > 1 else 0)
    _draw_gone(drawing, x + 10, y + 12, roles.depth)
    note = f"{numbers.byte_count(scene.step.nbytes)}, the shape of w"
    boxes.caption(drawing, result.x + max(right, 90) / 2 + 10, scene.result.operand, note)
    return (
        f"Adding the {numbers.count(n, 'sheet')} of the product {numbers.shape(operand.shape)} along axis 0, the n axis, gives "
        f"{scene.result.text} of shape {numbers.shape(scene.step.shape)}."
    )


def draw_rows_sum(drawing: Drawing, scene: Scene) -> str:
    """The rows of all images slide to the front and add up; a mean also divides by n."""
    scene = scene.with_lengths(*SINGLE_LENGTHS)
    roles, operand, result, n = scene.roles, scene.operand(0), scene.result, scene.paint.n
    colour = drawing.palette.axis[roles.depth]
    left, right = LIDS if box_is_wide(scene) else STRIPS
    before, after = place_tensor(scene, operand, left, FLAT_BASE), place_tensor(scene, result, right, FLAT_BASE)
    depth, inside = roles.length(roles.depth), box_is_wide(scene) and n > 1
    draw_tensor(drawing, scene, operand, before)
    label_axes(drawing, scene, operand, before)
    if n > 1:
        corners = [(0.0, 0.0, 0.0), (0.0, 0.0, depth), (after.right, 0.0, depth), (after.right, 0.0, 0.0)]
        drawing.line([after.at(*corner) for corner in corners], colour, 1.2, DASH)
        for edge in (0.0, after.right):
            drawing.arrow(after.at(edge, 0, depth - 8), after.at(edge, 0, 22), colour)
    x, y = after.at(after.right / 2, 0, depth * 0.5) if inside else after.at(after.right, 0, depth)
    _draw_gone(drawing, x - 30 if inside else x + 10, y, roles.depth)
    draw_tensor(drawing, scene, result, after)
    label_axes(drawing, scene, result, after)
    draw_arrow(drawing, *ARROW, FLAT_BASE - 34, method(scene.step), _row_words(scene), colour)
    for tensor, box in ((operand, before), (result, after)):
        boxes.caption(drawing, box.x + max(box.width, 60) / 2, tensor.operand, numbers.byte_count(tensor.nbytes), FLAT_BASE + 44)
    deed = "averaged" if scene.step.known.averages else "added up"
    return (
        f"The {numbers.count(n, 'row')} of {operand.text} {numbers.shape(operand.shape)}, {deed} over the n axis: {result.text}, "
        f"{numbers.shape(scene.step.shape)}."
    )


def _row_words(scene: Scene) -> tuple[str, ...]:
    n = numbers.count(scene.paint.n)
    if scene.step.known.averages:
        return (f"all {n} added,", f"then divided by {n}") if scene.paint.n > 1 else ("one square,", "divided by 1")
    return ("all rows add up", "onto the first") if scene.paint.n > 1 else ("the one row", "is the sum")


def _draw_gone(drawing: Drawing, x: float, y: float, letter: str) -> None:
    for line, words in enumerate((f"the {letter} axis", "is gone")):
        drawing.text(x, y + 17 * line, words, drawing.palette.axis_text[letter], 12.5, 600, "left")
