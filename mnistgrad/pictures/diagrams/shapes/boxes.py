"""Tensors as boxes in one fixed orientation: n recedes, the next axis runs down, the last runs right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.svg import Drawing, Point, points_text
from mnistgrad.pictures.palette import FloatArray, Palette, hex_colours, value_colours
from mnistgrad.trace.axes import noun
from mnistgrad.trace.recording import Operand

RECEDE = (0.8, 0.6)  # screen direction of one step along the receding axis: right and up
ANGLE = -36.87  # degrees of that direction
THIN = 12.0  # drawn length of an axis of length 1, and of an axis that a flat tensor does not have
DEPTH, DOWN, RIGHT = 84.0, 204.0, 114.0  # drawn length of a longer one, unless a picture has room for more
BASE = 270.0  # where the boxes stand
SHORT = 30.0  # an edge too short to write along
DASH = "4 4"
Point3 = tuple[float, float, float]


@dataclass(frozen=True)
class Roles:
    """Which axis letter recedes, runs down and runs right, each one's size, and how long a longer one is drawn."""

    depth: str
    down: str
    right: str
    sizes: Mapping[str, int]
    depth_length: float = DEPTH
    down_length: float = DOWN
    right_length: float = RIGHT
    thin: float = THIN

    def length(self, letter: str) -> float:
        """How long an axis of the layer is drawn: thin if its size is 1."""
        full = {self.depth: self.depth_length, self.down: self.down_length, self.right: self.right_length}[letter]
        return self.thin if self.sizes[letter] == 1 else full


@dataclass(frozen=True)
class Box:
    """A drawn tensor with its front upper left corner at (x, y). An extent is 0 where the tensor has no such axis."""

    x: float
    y: float
    right: float
    down: float
    depth: float

    def at(self, right: float, down: float, depth: float) -> Point:
        """The screen point of a point in the box, in drawn px along each axis."""
        return self.x + right + depth * RECEDE[0], self.y + down - depth * RECEDE[1]

    @property
    def width(self) -> float:
        """What it takes of the screen, from its front left corner."""
        return self.right + self.depth * RECEDE[0]


def box_of(x: float, y: float, axes: Sequence[str], shape: Sequence[int], roles: Roles) -> Box:
    """Where a tensor is drawn; one of fewer than two axes is drawn thin along those that a face needs."""
    lengths = {roles.right: 0.0, roles.down: 0.0, roles.depth: 0.0}
    for letter, size in zip(axes, shape, strict=True):
        lengths[letter] = roles.thin if size == 1 else roles.length(letter)
    if roles.down not in axes and len(axes) < 2:
        lengths[roles.depth] = lengths[roles.depth] or roles.thin
    if len(axes) < 2:
        lengths[roles.right] = lengths[roles.right] or roles.thin
    return Box(x, y, lengths[roles.right], lengths[roles.down], lengths[roles.depth])


def paint_side(
    drawing: Drawing, box: Box, right: float, values: FloatArray, limit: float, tips: Sequence[Sequence[str]] = ()
) -> None:
    """Values (depth, down) on the side at `right`, the nearest image first."""
    _paint(drawing, _side_cells(box, right, *values.shape), values, limit, tips)
    for z0, _ in pieces(box.depth, len(values))[1:]:
        drawing.line([box.at(right, 0, z0), box.at(right, box.down, z0)], drawing.palette.paper)


def paint_lid(drawing: Drawing, box: Box, values: FloatArray, limit: float, tips: Sequence[Sequence[str]] = ()) -> None:
    """Values (depth, right) on the top, the nearest image first."""
    _paint(drawing, _lid_cells(box, *values.shape), values, limit, tips)
    for z0, _ in pieces(box.depth, len(values))[1:]:
        drawing.line([box.at(0, 0, z0), box.at(box.right, 0, z0)], drawing.palette.paper)


def paint_front(drawing: Drawing, box: Box, depth: float, values: FloatArray, limit: float, tip: str = "") -> None:
    """Values (down, right) on the sheet at `depth`."""
    x, y = box.at(0, 0, depth)
    drawing.image(x, y, box.right, box.down, value_colours(values, limit, drawing.palette), tip)


@lru_cache(maxsize=128)
def _side_cells(box: Box, right: float, rows: int, columns: int) -> list[str]:
    """The corners of its cells: the same for all values."""
    return [
        points_text((box.at(right, d0, z0), box.at(right, d0, z1), box.at(right, d1, z1), box.at(right, d1, z0)))
        for z0, z1 in pieces(box.depth, rows)
        for d0, d1 in pieces(box.down, columns)
    ]


@lru_cache(maxsize=128)
def _lid_cells(box: Box, rows: int, columns: int) -> list[str]:
    return [
        points_text((box.at(r0, 0, z0), box.at(r0, 0, z1), box.at(r1, 0, z1), box.at(r1, 0, z0)))
        for z0, z1 in pieces(box.depth, rows)
        for r0, r1 in pieces(box.right, columns)
    ]


def _paint(drawing: Drawing, cells: Sequence[str], values: FloatArray, limit: float, tips: Sequence[Sequence[str]]) -> None:
    colours = hex_colours(value_colours(values, limit, drawing.palette))
    words = [tip for row in tips for tip in row] or [""] * len(cells)
    drawing.cells(zip(cells, colours, words, strict=True))


def pieces(length: float, count: int) -> list[tuple[float, float]]:
    """A length cut into equal parts: where each begins and ends."""
    return [(length * part / count, length * (part + 1) / count) for part in range(count)]


def draw_edges(drawing: Drawing, box: Box, roles: Roles, axes: Sequence[str], depth: float = 0.0) -> None:
    """The visible edges of a sheet, a lid, a front (at `depth`) or a box, each in its axis' colour.

    An edge along an axis that the tensor does not have is a hair line.
    """
    r, d, z = box.right, box.down, box.depth
    front, back = depth, depth + z
    lines: dict[str, list[tuple[Point3, Point3]]] = {roles.depth: [], roles.down: [], roles.right: []}
    if z:
        corners = {(0.0, 0.0), (r, 0.0), (r, d), (0.0, d) if not r else (r, d)}
        lines[roles.depth] = [((a, b, front), (a, b, back)) for a, b in sorted(corners)]
    if d:
        places = {(0.0, front), (r, front), (r, back)}
        lines[roles.down] = [((a, 0.0, c), (a, d, c)) for a, c in sorted(places)]
    if r:
        heights = {(0.0, front), (d, front), (0.0, back)}
        lines[roles.right] = [((0.0, b, c), (r, b, c)) for b, c in sorted(heights)]
    for letter, segments in sorted(lines.items(), key=lambda item: item[0] in axes):
        colour, width = (drawing.palette.axis[letter], 2.0) if letter in axes else (drawing.palette.faint, 1.0)
        for start, end in segments:
            drawing.line([box.at(*start), box.at(*end)], colour, width)


def draw_ghosts(drawing: Drawing, box: Box, roles: Roles, letter: str, copies: int) -> None:
    """Dashed copies of a thin box along the axis that broadcasting stretches, up to that axis' full length."""
    extents = {roles.right: box.right, roles.down: box.down, roles.depth: box.depth}
    thin, full = extents[letter], roles.length(letter)
    colour = drawing.palette.axis[letter]

    def outline(at: float) -> list[Point]:
        r, d, z = (at if letter == role else extents[role] for role in (roles.right, roles.down, roles.depth))
        if letter == roles.right:
            corners = [(r, 0, 0), (r, 0, z), (r, d, z), (r, d, 0), *([(r, 0, 0)] if z else [])]
        elif letter == roles.down:
            corners = [(0, d, 0), (r, d, 0), (r, d, z)]
        else:
            corners = [(0, 0, z), (r, 0, z), (r, d, z)] if d else [(0, 0, z), (r, 0, z)]
        return [box.at(*corner) for corner in corners]

    for copy in range(1, copies + 1):
        last = copy == copies
        at = thin + (full - thin) * copy / copies
        drawing.line(outline(at), colour, 1.4 if last else 1, DASH, opacity=1 if last else 0.45)
    for start, end in zip(outline(thin), outline(full), strict=True):
        drawing.line([start, end], colour, 1.4, DASH)


def draw_frame(drawing: Drawing, x: float, y: float, width: float, height: float) -> None:
    """Around some cells, and seen on any colour."""
    for colour, stroke in ((drawing.palette.paper, 4.0), (drawing.palette.ink, 1.8)):
        drawing.rect(x - 1.5, y - 1.5, width + 3, height + 3, stroke=colour, stroke_width=stroke, rx=2)


def label_depth(drawing: Drawing, box: Box, text: str, letter: str) -> None:
    """Along the upper left receding edge; a thin one is too short to write along."""
    colour = drawing.palette.axis_text[letter]
    x, y = box.at(0, 0, box.depth / 2)
    if box.depth <= SHORT:
        drawing.text(x + 2, y - 11 - 0.3 * box.depth, text, colour, 12.5, 600)
    else:
        drawing.text(x - 8, y - 10, text, colour, 12.5, 600, angle=ANGLE)


def label_down(drawing: Drawing, box: Box, text: str, letter: str, length: float) -> None:
    """Left of the front edge, along the `length` that the axis has or is stretched to."""
    x, y = box.at(0, length / 2, 0)
    drawing.text(x - 13, y, text, drawing.palette.axis_text[letter], 12.5, 600, angle=-90)


def label_right(drawing: Drawing, box: Box, text: str, letter: str, length: float, down: float) -> None:
    """Below the front, at the height `down`."""
    x, y = box.at(length / 2, down, 0)
    drawing.text(x, y + 14, text, drawing.palette.axis_text[letter], 12.5, 600)


def length_label(size: int, letter: str) -> str:
    """ "784 pixels", "1 image"."""
    return numbers.count(size, noun(letter))


def shape_parts(shape: Sequence[int], axes: Sequence[str], palette: Palette) -> list[tuple[str, str]]:
    """A shape as Python prints it, each size in its axis' colour: (text, colour) parts."""
    parts = [("(", palette.muted)]
    for place, (size, letter) in enumerate(zip(shape, axes, strict=True)):
        if place:
            parts.append((", ", palette.muted))
        parts.append((str(size), palette.axis_text.get(letter, palette.ink)))
    return [*parts, (",)" if len(shape) == 1 else ")", palette.muted)]


def caption(drawing: Drawing, x: float, tensor: Operand, note: str, y: float = BASE + 44) -> None:
    """The tensor's source text, its shape, and a note on its bytes, centred on x under its box."""
    size = 13 if len(tensor.text) < 26 else 12
    drawing.text(x, y, tensor.text, drawing.palette.ink, size, 500, mono=True)
    drawing.runs(x, y + 20, shape_parts(tensor.shape, tensor.axes, drawing.palette), 13, 500)
    drawing.text(x, y + 40, note, drawing.palette.muted, 12.5)
