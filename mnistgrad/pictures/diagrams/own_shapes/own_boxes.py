"""An operation on two shapes as boxes: both operands stretched to the box of all pairs, and what is added up in it."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.lines.own_shapes import FLOAT, OwnOperation
from mnistgrad.pictures.diagrams.shapes import boxes
from mnistgrad.pictures.diagrams.shapes.boxes import RIGHT, SHORT, Box, Roles, box_of
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing, Point
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.recording import Operand

LEFT, STEP = 46.0, 232.0  # of the first box, and from box to box
DEEP_TOP, FLAT_TOP, BELOW = 66.0, 26.0, 102.0  # room above boxes and sheets, and below either
SIGN_ROOM = 38.0  # of a sign, left of the box behind it
SHRUNK = 0.8
COPIES = 4
MOST = 3  # axes that a box has
SIGNS = {"+": "+", "-": "−"}


def fits(operation: OwnOperation) -> bool:
    """Whether the box of all pairs has no more axes than a box can have."""
    return len(operation.sizes) <= MOST


def own_boxes(operation: OwnOperation, palette: Palette) -> Diagram:
    """For an operation that fits and does not clash."""
    roles = _roles(operation)
    result = Operand(operation.expression, operation.shape, operation.kept, None)
    pairs = Operand("all products", operation.pairs_shape, tuple(operation.sizes), None)
    shown = [*operation.operands, pairs, result] if operation.added_up else [*operation.operands, result]
    top, middle = (DEEP_TOP, RIGHT / 2 + 12) if roles.depth in operation.sizes else (FLAT_TOP, RIGHT / 2)
    base = top + roles.length(roles.down)
    drawing = Drawing(LEFT + STEP * len(shown), base + BELOW, palette)
    signs = (SIGNS.get(operation.sign, "×"), "=", "→")
    for place, tensor in enumerate(shown):
        box = _box(LEFT + STEP * place, top, tensor, operation, roles)
        if place < 2:
            _draw_operand(drawing, tensor, box, operation, roles)
        else:
            _draw_solid(drawing, tensor, box, roles, operation.kept if tensor is pairs else ())
            _label(drawing, tensor, box, roles)
        if tensor is pairs:
            _draw_falling(drawing, box, operation, roles)
        boxes.caption(drawing, box.x + middle, tensor, _note(tensor, pairs), base + 44)
        if place:
            drawing.text(box.x - SIGN_ROOM, (top + base) / 2, signs[place - 1], palette.ink, 26)
    cuts = [LEFT + STEP * place - SIGN_ROOM - 9 for place in range(1, len(shown))]
    description = _description(operation, result)
    return drawing.finished("own-boxes", description, _frame(shown), drawing.width * SHRUNK, cuts)


def _box(x: float, y: float, tensor: Operand, operation: OwnOperation, roles: Roles) -> Box:
    """Flat and as thick as an axis of length 1, if the operation has no axis that recedes."""
    box = box_of(x, y, tensor.axes, tensor.shape, roles)
    if roles.depth in operation.sizes:
        return box
    return replace(box, right=box.right or roles.thin, down=box.down or roles.thin, depth=0.0)


def _roles(operation: OwnOperation) -> Roles:
    """The last axis runs right, the one before runs down, the first recedes."""
    letters = list(operation.sizes)
    letters = [letter for letter in "nijk" if letter not in letters][: MOST - len(letters)] + letters
    depth, down, right = letters
    return Roles(depth, down, right, {letter: operation.sizes.get(letter) or 1 for letter in letters})


def _lengths(box: Box, roles: Roles) -> dict[str, float]:
    return {roles.right: box.right, roles.down: box.down, roles.depth: box.depth}


def _draw_operand(drawing: Drawing, tensor: Operand, box: Box, operation: OwnOperation, roles: Roles) -> None:
    """Solid as it is, with dashed copies along each axis in which it is repeated."""
    own = dict(zip(tensor.axes, tensor.shape, strict=True))
    repeated = [letter for letter, size in operation.sizes.items() if own.get(letter, 1) != size]
    stretched = box
    for letter in repeated:
        boxes.draw_ghosts(drawing, stretched, roles, letter, COPIES)
        stretched = _along(stretched, roles, letter, roles.length(letter))
    _draw_solid(drawing, tensor, box, roles)
    words = {
        letter: f"1 → {operation.sizes[letter]}" if letter in own else f"{operation.sizes[letter]} times" for letter in repeated
    }
    _label(drawing, tensor, stretched, roles, words)


def _along(box: Box, roles: Roles, letter: str, length: float) -> Box:
    name = {roles.right: "right", roles.down: "down", roles.depth: "depth"}[letter]
    return replace(box, **{name: length})


def _draw_solid(drawing: Drawing, tensor: Operand, box: Box, roles: Roles, marked: Sequence[str] = ()) -> None:
    """Its visible faces, the one along the two `marked` axes in another colour, and its edges."""
    tip = f"{tensor.text} {numbers.shape(tensor.shape)}"
    for letters, corners in _faces(box, roles).items():
        if len(set(corners)) == len(corners):
            fill = drawing.palette.mark if letters == frozenset(marked) else drawing.palette.panel
            drawing.polygon(corners, fill, tip)
    boxes.draw_edges(drawing, box, roles, tensor.axes)


def _faces(box: Box, roles: Roles) -> dict[frozenset[str], list[Point]]:
    """The corners of the front, the lid and the side, by the axes along which each lies."""
    r, d, z = box.right, box.down, box.depth
    return {
        frozenset((roles.right, roles.down)): [box.at(0, 0, 0), box.at(r, 0, 0), box.at(r, d, 0), box.at(0, d, 0)],
        frozenset((roles.right, roles.depth)): [box.at(0, 0, 0), box.at(r, 0, 0), box.at(r, 0, z), box.at(0, 0, z)],
        frozenset((roles.depth, roles.down)): [box.at(r, 0, 0), box.at(r, 0, z), box.at(r, d, z), box.at(r, d, 0)],
    }


def _draw_falling(drawing: Drawing, box: Box, operation: OwnOperation, roles: Roles) -> None:
    """Arrows along each axis that is added up, and the names of the faces on which operands and result lie."""
    r, d, z = box.right, box.down, box.depth
    for letter in operation.added_up:
        colour = drawing.palette.axis[letter]
        across = [length for axis, length in _lengths(box, roles).items() if axis != letter]
        for share in (0.2, 0.8) if max(across) > SHORT else (0.5,):
            start, end = {
                roles.right: (box.at(0.1 * r, share * d, 0), box.at(0.95 * r, share * d, 0)),
                roles.down: (box.at(share * r, 0.95 * d, 0), box.at(share * r, 0.1 * d, 0)),
                roles.depth: (box.at(share * r, 0, 0.95 * z), box.at(share * r, 0, 0.1 * z)),
            }[letter]
            drawing.arrow(start, end, colour)
    names: dict[frozenset[str], list[str]] = {}
    for text, axes in (*((o.text, o.axes) for o in operation.operands), ("result", operation.kept)):
        names.setdefault(frozenset(axes), []).append(text)
    for letters, corners in _faces(box, roles).items():
        if letters in names and min(_lengths(box, roles)[letter] for letter in letters) > SHORT:
            x, y = (sum(part) / len(corners) for part in zip(*corners, strict=True))
            words = ", ".join(names[letters])
            drawing.text(x, y, words, drawing.palette.ink, 13, 600, mono=words != "result", halo=drawing.palette.panel)


def _label(drawing: Drawing, tensor: Operand, box: Box, roles: Roles, instead: dict[str, str] | None = None) -> None:
    """The size of each axis along the box; `instead` has the words of those that are repeated."""
    words = {letter: str(size) for letter, size in zip(tensor.axes, tensor.shape, strict=True)} | (instead or {})
    if roles.depth in words:
        boxes.label_depth(drawing, box, words[roles.depth], roles.depth)
    if roles.down in words:
        boxes.label_down(drawing, box, words[roles.down], roles.down, box.down)
    if roles.right in words:
        boxes.label_right(drawing, box, words[roles.right], roles.right, box.right, box.down)


def _note(tensor: Operand, pairs: Operand) -> str:
    size = numbers.byte_count(FLOAT * math.prod(tensor.shape))
    return f"{size} if stored" if tensor is pairs else f"{size} in float32"


def _description(operation: OwnOperation, result: Operand) -> str:
    a, b = operation.operands
    added = " and ".join(str(operation.sizes[axis]) for axis in operation.added_up)
    middle = f", whose products form {numbers.shape(operation.pairs_shape)}; along {added} they are added up" if added else ""
    return (
        f"{a.text} {numbers.shape(a.shape)} and {b.text} {numbers.shape(b.shape)} as boxes, each repeated along the axes that "
        f"only the other has{middle}. {result.text} has shape {numbers.shape(result.shape)}."
    )


def _frame(tensors: Sequence[Operand]) -> pd.DataFrame:
    rows = [dict(tensor=tensor.text, axis=place, size=size) for tensor in tensors for place, size in enumerate(tensor.shape)]
    return pd.DataFrame(rows, columns=["tensor", "axis", "size"])
