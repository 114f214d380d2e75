"""A matrix product as it is printed and as three faces of one box; einsum as its letters and the same box."""

import re
from collections.abc import Mapping, Sequence

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.shapes import boxes
from mnistgrad.pictures.diagrams.shapes.boxes import THIN, Box, Roles
from mnistgrad.pictures.diagrams.shapes.flat import draw_matrix, label_columns, label_rows
from mnistgrad.pictures.diagrams.shapes.scene import Drawn, Scene
from mnistgrad.pictures.diagrams.svg import Drawing, Point
from mnistgrad.trace.axes import AXIS_NAMES

PRINTED = {"n": 84.0, "i": 166.0, "j": 104.0}  # drawn length of an axis of a printed matrix
PRINTED_WIDE = {"n": 110.0, "i": 166.0, "j": 160.0}  # where the inner axis has length 1
NAME_ROOM = 112.0  # what the first operand's name takes, left of the second operand
ROW_LABEL = 62.0  # room for the label of rows too few to write along
GAP = 14.0
LEFT, TOP = 30.0, 30.0
PRINTED_ROOM = 428.0  # left of the box
WORDS = 236.0  # what is said below it takes
BOX_LEFT, BOX_TOP = 462.0, 92.0
BOX_LENGTHS = (76.0, 176.0, 106.0)  # of depth, down and right
Marked = Mapping[str, tuple[float, float]]  # where the marked row and column lie along each axis, as shares of it
ONTO = ("onto the front", "onto the side", "onto the top")  # what is added up along depth, right, down


def draw_matmul(drawing: Drawing, scene: Scene) -> str:
    one, other = scene.operands
    inner = one.axes[1]
    marked = _marked(scene)
    _draw_printed(drawing, scene, (one, other, scene.result), marked)
    _draw_box(drawing, scene, inner, marked)
    size = scene.roles.sizes[inner]
    products = f"{numbers.count(size, 'product')} added up" if size > 1 else "one product"
    return (
        f"{one.text} {numbers.shape(one.shape)} @ {other.text} {numbers.shape(other.shape)}: row by column, "
        f"{products} for each cell of {numbers.shape(scene.step.shape)}. The same three as faces "
        f"of one box: the {inner} axis is added up, {_onto(scene.roles, inner)}."
    )


def draw_einsum(drawing: Drawing, scene: Scene) -> str:
    inner = next(a for a in scene.operand(0).axes if a not in scene.step.axes)
    _draw_equation(drawing, scene, inner)
    _draw_box(drawing, scene, inner, _marked(scene))
    one, other = scene.operands
    return (
        f"{scene.step.expression} of {numbers.shape(one.shape)} and {numbers.shape(other.shape)} gives "
        f"{numbers.shape(scene.step.shape)}: the {' and the '.join(AXIS_NAMES[letter] for letter in scene.step.axes)} axis stay; "
        f"the {AXIS_NAMES[inner]} axis is in both operands and not in the result, so the products are added up along it. Three "
        f"faces of one box: the sum falls {_onto(scene.roles, inner)}."
    )


def _onto(roles: Roles, inner: str) -> str:
    return ONTO[(roles.depth, roles.right, roles.down).index(inner)]


def _marked(scene: Scene) -> Marked:
    """The third image where there is one, and the first pixels and unit of the frame that the table below shows."""
    left, top, _, height = scene.frame
    near = scene.paint.near
    image, units = min(2, near - 1), len(scene.paint.units)
    shares = {"n": (image / near, 1 / near), "k": (0.0, 1.0), "i": (top, height), "j": (0.0, 1 / units)}
    place = left if scene.roles.right == "j" else top
    shares["j"] = (int(place * units + 1e-6) / units, 1 / units)  # the share of a whole unit may fall short of it
    return shares


def _draw_printed(drawing: Drawing, scene: Scene, tensors: Sequence[Drawn], marked: Marked) -> None:
    """The first operand left of the result, the second above it."""
    one, other, result = tensors
    rows, inner = one.axes
    columns = other.axes[1]
    printed = PRINTED if scene.roles.sizes[inner] > 1 else PRINTED_WIDE
    lengths = {letter: printed[letter] if scene.roles.sizes[letter] > 1 else THIN for letter in (rows, inner, columns)}
    left, top = LEFT + (NAME_ROOM - min(lengths[inner], NAME_ROOM)), TOP + max(64.0 - lengths[inner], 0)
    left += max((PRINTED_ROOM - left - lengths[inner] - lengths[columns] - NAME_ROOM) / 2, 0)
    tall = lengths[rows] > boxes.SHORT
    left = left if tall else max(left, ROW_LABEL)
    x, y = left + lengths[inner] + GAP, top + lengths[inner] + GAP
    places = (
        Box(left, y, lengths[inner], lengths[rows], 0),
        Box(x, top, lengths[columns], lengths[inner], 0),
        Box(x, y, lengths[columns], lengths[rows], 0),
    )
    for tensor, box in zip(tensors, places, strict=True):
        draw_matrix(drawing, tensor, box, scene.paint.near)
    label_rows(drawing, one, places[0])
    thin = lengths[inner] == THIN
    label_columns(drawing, one, places[0], "right" if thin else "center")
    if not thin:
        label_rows(drawing, other, places[1])
    label_columns(drawing, result, places[2], "left" if tall and lengths[columns] == THIN else "center")
    beside = x + max(lengths[columns] + 14, 38)
    _name(drawing, other, beside, min(top + lengths[inner] / 2 - 20, y - 64), "left")
    _name(drawing, result, beside, y + max(lengths[rows] / 2 - 20, 8), "left")
    _name(drawing, one, x - 34, y - 64, "right")
    row = _cut(places[0], marked[rows], None)
    column = _cut(places[1], None, marked[columns])
    cell = _cut(places[2], marked[rows], marked[columns])
    middle_x, middle_y = cell[0] + cell[2] / 2, cell[1] + cell[3] / 2
    drawing.line([(row[0] + row[2], middle_y), (cell[0], middle_y)], drawing.palette.ink, 1.2, "3 3")
    drawing.line([(middle_x, column[1] + column[3]), (middle_x, cell[1])], drawing.palette.ink, 1.2, "3 3")
    for frame in (row, column, cell):
        boxes.draw_frame(drawing, *frame)


def _cut(box: Box, down: tuple[float, float] | None, right: tuple[float, float] | None) -> tuple[float, float, float, float]:
    """A part of a matrix on the screen: left, top, width, height."""
    (y, height), (x, width) = down or (0.0, 1.0), right or (0.0, 1.0)
    return box.x + x * box.right, box.y + y * box.down, width * box.right, height * box.down


def _name(drawing: Drawing, tensor: Drawn, x: float, y: float, align: str) -> None:
    drawing.text(x, y, tensor.text, drawing.palette.ink, 13, 500, align, mono=True)
    drawing.runs(x, y + 19, boxes.shape_parts(tensor.shape, tensor.axes, drawing.palette), 13, 500, align)
    drawing.text(x, y + 38, numbers.byte_count(tensor.nbytes), drawing.palette.muted, 12.5, align=align)


def _draw_equation(drawing: Drawing, scene: Scene, inner: str) -> None:
    """The equation in the colours of its axes, and what becomes of each letter."""
    equation = re.sub(r"\s", "", str(scene.step.arguments[0]))
    operands = equation.split("->")[0]
    letters: dict[str, str] = {}
    for text, tensor in zip(operands.split(","), scene.operands, strict=True):
        letters |= dict(zip(text, tensor.axes, strict=True))
    palette = drawing.palette
    drawing.runs(
        LEFT, 48, [(c, palette.axis_text[letters[c]] if c in letters else palette.muted) for c in equation], 26, 600, "left"
    )
    x = LEFT
    for tensor in (*scene.operands, scene.result):
        _name(drawing, tensor, x, 96, "left")
        x += 138
    for line, (letter, axis) in enumerate(letters.items()):
        y = 196 + 34 * line
        size = scene.roles.sizes[axis]
        drawing.runs(LEFT, y, [(letter, palette.axis_text[axis])], 18, 600, "left")
        fate = "in both, not in the result: added up" if axis == inner else "in the result: it stays"
        words = boxes.length_label(size, axis) + (f", the axis {axis}" if letter != axis else "")
        drawing.text(LEFT + 26, y, words, palette.axis_text[axis], 13, 600, "left")
        drawing.text(LEFT + 172, y, fate, palette.ink, 13, align="left")


def _draw_box(drawing: Drawing, scene: Scene, inner: str, marked: Marked) -> None:
    """Operands and result as the three faces of one box: lid, side and front."""
    scene = scene.with_lengths(*BOX_LENGTHS)
    roles = scene.roles
    box = Box(BOX_LEFT, BOX_TOP, roles.length(roles.right), roles.length(roles.down), roles.length(roles.depth))
    faces = {frozenset(tensor.axes): tensor for tensor in (*scene.operands, scene.result)}
    lid = faces[frozenset((roles.depth, roles.right))]
    side = faces[frozenset((roles.depth, roles.down))]
    front = faces[frozenset((roles.down, roles.right))]
    near = scene.paint.near
    boxes.paint_side(drawing, box, box.right, side.face(roles.depth, roles.down)[:near], side.limit)
    boxes.paint_lid(drawing, box, lid.face(roles.depth, roles.right)[:near], lid.limit)
    boxes.paint_front(drawing, box, 0, front.face(roles.down, roles.right), front.limit)
    boxes.draw_edges(drawing, box, roles, (roles.depth, roles.down, roles.right))
    for tensor, fixed in ((lid, roles.down), (side, roles.right), (front, roles.depth)):
        _mark_face(drawing, box, roles, fixed, inner, marked, tensor.axes == scene.step.axes)
    _label_box(drawing, scene, box, (lid, side, front), inner)


def _mark_face(drawing: Drawing, box: Box, roles: Roles, fixed: str, inner: str, marked: Marked, is_result: bool) -> None:
    """The marked cell on the result's face, and the marked strip along the inner axis on an operand's."""
    lengths = {roles.depth: box.depth, roles.down: box.down, roles.right: box.right}
    at = {roles.depth: (0.0, 0.0), roles.down: (0.0, 0.0), roles.right: (box.right, box.right)}
    for letter, length in lengths.items():
        if letter != fixed:
            start, share = (0.0, 1.0) if letter == inner and not is_result else marked[letter]
            at[letter] = (start * length, (start + share) * length)
    one, other = (letter for letter in (roles.depth, roles.down, roles.right) if letter != fixed)

    def corner(a: int, b: int) -> Point:
        chosen = {letter: ends[0] for letter, ends in at.items()} | {one: at[one][a], other: at[other][b]}
        return box.at(chosen[roles.right], chosen[roles.down], chosen[roles.depth])

    for colour, width in ((drawing.palette.paper, 4.0), (drawing.palette.ink, 1.8)):
        outline = dict(stroke=colour, stroke_width=width, stroke_linejoin="round")
        drawing.polygon([corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)], "none", "", **outline)


def _label_box(drawing: Drawing, scene: Scene, box: Box, faces: tuple[Drawn, Drawn, Drawn], inner: str) -> None:
    roles, palette = scene.roles, drawing.palette
    lid, side, front = faces
    words = {letter: boxes.length_label(scene.roles.sizes[letter], letter) for letter in (roles.depth, roles.down, roles.right)}
    boxes.label_depth(drawing, box, words[roles.depth], roles.depth)
    boxes.label_down(drawing, box, words[roles.down], roles.down, box.down)
    boxes.label_right(drawing, box, words[roles.right], roles.right, box.right, box.down)
    if min(box.right, box.depth) > THIN:
        x, y = box.at(box.right / 2, 0, box.depth)
        drawing.text(x + 8, y - 13, _face_name(lid, scene), palette.ink, 12.5, 500, mono=True)
    else:
        x, y = box.at(box.right, 0, box.depth)
        drawing.text(x + 16, y - 5, _face_name(lid, scene), palette.ink, 12.5, 500, "left", mono=True)
    x, y = box.at(box.right, box.down * 0.36, box.depth)
    drawing.text(x + 9, y, _face_name(side, scene), palette.ink, 12.5, 500, "left", mono=True)
    x, y = box.at(box.right / 2, box.down, 0) if box.right > THIN else box.at(-26, box.down, 0)
    drawing.text(x, y - 14, _face_name(front, scene), palette.ink, 12.5, 500, mono=True, halo=palette.paper)
    middle = max(box.x + box.width / 2, PRINTED_ROOM + WORDS / 2)  # right of where the picture may be cut
    y = box.y + box.down + 42
    drawing.text(middle, y, "The same three as sides of one box.", palette.muted, 12.5)
    drawing.text(middle, y + 18, f"The {AXIS_NAMES[inner]} axis is added up, {_onto(roles, inner)}.", palette.muted, 12.5)


def _face_name(tensor: Drawn, scene: Scene) -> str:
    """A turned matrix has the name of the matrix: on the box it is the same face."""
    return tensor.text.removesuffix(".t()") if tensor is not scene.result else tensor.text
