"""Tensors as boxes in one fixed orientation: n recedes, the next axis runs down, the last runs right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mnistgrad import numbers
from mnistgrad.axes import NAMES
from mnistgrad.diagrams.svg import Drawing, Point
from mnistgrad.palette import FloatArray, Palette, hex_colour, value_colours
from mnistgrad.recording import Operand

RECEDE = (0.8, 0.6)  # screen direction of one step along the receding axis: right and up
ANGLE = -36.87  # degrees of that direction
THIN = 12.0  # drawn length of an axis of length 1
DEPTH, DOWN, RIGHT = 84.0, 204.0, 114.0  # drawn length of a longer one
BASE = 270.0  # where the boxes stand
DASH = "4 4"
Point3 = tuple[float, float, float]


@dataclass(frozen=True)
class Roles:
    """Which axis letter recedes, runs down and runs right, and how long each is; taken from the product."""

    depth: str
    down: str
    right: str
    sizes: Mapping[str, int]


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


def extent(axes: Sequence[str], shape: Sequence[int], letter: str, full: float) -> float:
    """How long an axis is drawn: 0 if the tensor has none, thin if its length is 1."""
    if letter not in axes:
        return 0.0
    return THIN if shape[list(axes).index(letter)] == 1 else full


def box_of(x: float, y: float, axes: Sequence[str], shape: Sequence[int], roles: Roles) -> Box:
    return Box(
        x,
        y,
        extent(axes, shape, roles.right, RIGHT),
        extent(axes, shape, roles.down, DOWN),
        extent(axes, shape, roles.depth, DEPTH),
    )


def paint_side(drawing: Drawing, box: Box, right: float, values: FloatArray, limit: float, tips: Sequence[Sequence[str]]) -> None:
    """Values (depth, down) on the side at `right`, the nearest image first."""
    cells = [
        (box.at(right, d0, z0), box.at(right, d0, z1), box.at(right, d1, z1), box.at(right, d1, z0))
        for z0, z1 in _steps(box.depth, len(values))
        for d0, d1 in _steps(box.down, len(values[0]))
    ]
    _paint(drawing, cells, values, limit, tips)
    for z0, _ in _steps(box.depth, len(values))[1:]:
        drawing.line([box.at(right, 0, z0), box.at(right, box.down, z0)], drawing.palette.paper)


def paint_lid(drawing: Drawing, box: Box, values: FloatArray, limit: float, tips: Sequence[Sequence[str]]) -> None:
    """Values (depth, right) on the top, the nearest image first."""
    cells = [
        (box.at(r0, 0, z0), box.at(r0, 0, z1), box.at(r1, 0, z1), box.at(r1, 0, z0))
        for z0, z1 in _steps(box.depth, len(values))
        for r0, r1 in _steps(box.right, len(values[0]))
    ]
    _paint(drawing, cells, values, limit, tips)
    for z0, _ in _steps(box.depth, len(values))[1:]:
        drawing.line([box.at(0, 0, z0), box.at(box.right, 0, z0)], drawing.palette.paper)


def paint_front(drawing: Drawing, box: Box, depth: float, values: FloatArray, limit: float, tip: str = "") -> None:
    """Values (down, right) on the sheet at `depth`."""
    x, y = box.at(0, 0, depth)
    drawing.image(x, y, box.right, box.down, value_colours(values, limit, drawing.palette), tip)


def _paint(
    drawing: Drawing, cells: Sequence[Sequence[Point]], values: FloatArray, limit: float, tips: Sequence[Sequence[str]]
) -> None:
    colours = value_colours(values, limit, drawing.palette).reshape(-1, 3)
    for cell, colour, tip in zip(cells, colours, (tip for row in tips for tip in row), strict=True):
        fill = hex_colour(colour)
        drawing.polygon(cell, fill, stroke=fill, stroke_width=0.6, tip=tip)


def _steps(length: float, count: int) -> list[tuple[float, float]]:
    return [(length * k / count, length * (k + 1) / count) for k in range(count)]


def draw_edges(drawing: Drawing, box: Box, roles: Roles, depth: float = 0.0) -> None:
    """The visible edges of what is there: a sheet, a lid, a front (at `depth`), or a box, each in its axis' colour."""
    r, d, z = box.right, box.down, box.depth
    front, back = depth, depth + z
    colour = drawing.palette.axis
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
    for letter, segments in lines.items():
        for start, end in segments:
            drawing.line([box.at(*start), box.at(*end)], colour[letter], 2)


def draw_ghosts(drawing: Drawing, box: Box, roles: Roles, letter: str, copies: int) -> None:
    """Dashed copies of a thin box along the axis that broadcasting stretches, up to the full box."""
    colour = drawing.palette.axis[letter]
    along_right = letter == roles.right
    thin, full = (box.right, RIGHT) if along_right else (box.down, DOWN)
    for copy in range(1, copies + 1):
        at = thin + (full - thin) * copy / copies
        last = copy == copies
        if along_right:
            corners = [(at, 0, 0), (at, 0, box.depth), (at, box.down, box.depth), (at, box.down, 0), (at, 0, 0)]
        else:
            corners = [(0, at, 0), (box.right, at, 0), (box.right, at, box.depth)]
        drawing.line([box.at(*c) for c in corners], colour, 1.4 if last else 1, DASH, opacity=1 if last else 0.45)
    if along_right:
        rails = [(0, 0), (box.down, 0), (0, box.depth)]
        ends = [((thin, d, z), (full, d, z)) for d, z in rails]
    else:
        sides = [(0, 0), (box.right, 0), (box.right, box.depth)]
        ends = [((r, thin, z), (r, full, z)) for r, z in sides]
    for start, end in ends:
        drawing.line([box.at(*start), box.at(*end)], colour, 1.4, DASH)


def label_depth(drawing: Drawing, box: Box, text: str, letter: str) -> None:
    """Along the upper left receding edge; a thin one is too short to write along."""
    colour = drawing.palette.axis_text[letter]
    x, y = box.at(0, 0, box.depth / 2)
    if box.depth <= THIN:
        drawing.text(x + 2, y - 14, text, colour, 12.5, 600)
    else:
        drawing.text(x - 8, y - 10, text, colour, 12.5, 600, angle=ANGLE)


def label_down(drawing: Drawing, box: Box, text: str, letter: str) -> None:
    x, y = box.at(0, DOWN / 2, 0)
    drawing.text(x - 13, y, text, drawing.palette.axis_text[letter], 12.5, 600, angle=-90)


def label_right(drawing: Drawing, box: Box, text: str, letter: str, down: float) -> None:
    x, y = box.at(RIGHT / 2, down, 0)
    drawing.text(x, y + 14, text, drawing.palette.axis_text[letter], 12.5, 600)


def length_label(size: int, letter: str) -> str:
    """ "784 pixels", "1 image"."""
    return numbers.count(size, NAMES[letter].split()[-1])


def shape_parts(shape: Sequence[int], axes: Sequence[str], palette: Palette) -> list[tuple[str, str]]:
    """A shape as Python prints it, each size in its axis' colour: (text, colour) parts."""
    parts = [("(", palette.muted)]
    for place, (size, letter) in enumerate(zip(shape, axes, strict=True)):
        if place:
            parts.append((", ", palette.muted))
        parts.append((str(size), palette.axis_text.get(letter, palette.ink)))
    return [*parts, (",)" if len(shape) == 1 else ")", palette.muted)]


def caption(drawing: Drawing, x: float, tensor: Operand, note: str) -> None:
    """The tensor's source text, its shape, and a note on its bytes, centred on x under its box."""
    y = BASE + 44
    drawing.text(x, y, tensor.text, drawing.palette.ink, 13, 500, mono=True)
    drawing.runs(x, y + 20, shape_parts(tensor.shape, tensor.axes, drawing.palette), 13, 500)
    drawing.text(x, y + 40, note, drawing.palette.muted, 12.5)
