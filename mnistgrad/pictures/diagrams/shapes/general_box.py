"""Any tensor as a box: up to three of its axes drawn, each with its letter and size, those before them as a stack of boxes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.shapes.boxes import ANGLE, DASH, RECEDE, SHORT, THIN, Box, Point3
from mnistgrad.pictures.diagrams.svg import Drawing, Point

PLACES = ("depth", "down", "right")  # ways an axis may run
LESSON = "ijk"  # the first of them that are there run down and right
SHORTEST, LONGEST = 36.0, 120.0  # drawn length of an axis of 2, and of 1,000 or more
RECEDING = 0.7  # of it, where it recedes
COPIES = 4
LABEL = 12.5  # font size
WIDE = 0.53  # of the font size: a character of the sans
APART = (9.0, -7.0)  # from box to box of a stack


@dataclass(frozen=True)
class Side:
    """One drawn axis. full: how far it is stretched, where it is repeated. added: whether it is added up."""

    letter: str
    size: int
    length: float
    full: float
    added: bool = False

    @property
    def stretched(self) -> bool:
        return self.full > self.length

    @property
    def label(self) -> str:
        return f"{self.letter} = {numbers.count(self.size)}"


@dataclass(frozen=True)
class TensorBox:
    """A tensor's drawn axes by the way they run, and the letters and sizes of those that are only said."""

    sides: Mapping[str, Side]
    said: tuple[tuple[str, int], ...] = ()

    @property
    def solid(self) -> Box:
        """At (0, 0); thin where a face or a number needs it."""
        extents = dict.fromkeys(PLACES, 0.0) | {way: side.length for way, side in self.sides.items()}
        thick = [*(way for way in self.sides if not extents[way]), *(way for way in ("right", "down") if not extents[way])]
        for way in thick[: max(2 - sum(map(bool, extents.values())), 0)]:
            extents[way] = THIN
        return Box(0, 0, extents["right"], extents["down"], extents["depth"])

    @property
    def whole(self) -> Box:
        """With what it is stretched to."""
        box = self.solid
        full = {way: side.full for way, side in self.sides.items() if side.stretched}
        return replace(box, **{way: max(getattr(box, way), length) for way, length in full.items()})

    @property
    def left(self) -> float:
        """Room for the label of the axis that runs down, and for that of one that recedes."""
        down = self.sides.get("down")
        return 8.0 if not down else 24.0 if self.whole.down > SHORT else 14.0 + _wide(down.label)

    @property
    def above(self) -> float:
        depth = self.sides.get("depth")
        label = max(self.whole.depth, _wide(depth.label)) if depth else 0.0
        return label * RECEDE[1] + (22.0 if depth else 8.0) + (2 * -APART[1] if self.stacked else 0.0)

    @property
    def width(self) -> float:
        """From the front left corner to the right."""
        depth, right = self.sides.get("depth"), self.sides.get("right")
        label = max(self.whole.depth, _wide(depth.label)) * RECEDE[0] if depth else 0.0
        below = (self.whole.right + _wide(right.label)) / 2 if right else 0.0
        return max(self.whole.width, label, below) + (2 * APART[0] if self.stacked else 0.0)

    @property
    def stacked(self) -> bool:
        """Whether there is more than one such box."""
        return math.prod(size for _, size in self.said) > 1


def ways_of(axes: Sequence[str]) -> dict[str, str]:
    """Which way each of at most three axes of different letters runs: n recedes, i runs down, j right; others by their place."""
    ways = {"n": "depth"} if "n" in axes else {}
    lesson = [letter for letter in LESSON if letter in axes]
    order = ("down", "right", "depth") if len(lesson) > 1 or "i" in lesson else ("right",)
    ways |= dict(zip(lesson, order, strict=False))
    free = [way for way in PLACES if way not in ways.values()]
    for letter in reversed([letter for letter in axes if letter not in ways]):
        ways[letter] = free.pop()
    return ways


def by_place(axes: Sequence[str]) -> list[str]:
    """The last axis runs right, the one before it down, the one before that recedes."""
    return list(PLACES[-len(axes) :]) if axes else []


def length_of(size: int, way: str) -> float:
    """Longer the more there are, up to 1,000; thin for one, or for none."""
    if size < 2:
        return THIN
    length = SHORTEST + (LONGEST - SHORTEST) * min(math.log(size / 2) / math.log(500), 1)
    return length * (RECEDING if way == "depth" else 1)


def draw_box(drawing: Drawing, tensor: TensorBox, x: float, y: float) -> None:
    """With its front upper left corner at (x, y)."""
    box = replace(tensor.solid, x=x, y=y)
    for behind in (2, 1) if tensor.stacked else ():
        _faces(drawing, replace(box, x=x + APART[0] * behind, y=y + APART[1] * behind), drawing.palette.faint)
    stretched = box
    for way, side in tensor.sides.items():
        if side.stretched:
            _ghosts(drawing, stretched, way, side)
            stretched = replace(stretched, **{way: side.full})
    _faces(drawing, box)
    _edges(drawing, box, tensor.sides)
    for way, side in tensor.sides.items():
        if side.added:
            _falling(drawing, box, way, side)
        _label(drawing, replace(tensor.whole, x=x, y=y), way, side)


def _faces(drawing: Drawing, box: Box, stroke: str = "") -> None:
    r, d, z = box.right, box.down, box.depth
    outline = dict(stroke=stroke) if stroke else {}
    for wide, corners in (
        (r and d, [(0.0, 0.0, 0.0), (r, 0.0, 0.0), (r, d, 0.0), (0.0, d, 0.0)]),
        (r and z, [(0.0, 0.0, 0.0), (r, 0.0, 0.0), (r, 0.0, z), (0.0, 0.0, z)]),
        (z and d, [(r, 0.0, 0.0), (r, 0.0, z), (r, d, z), (r, d, 0.0)]),
    ):
        if wide:
            drawing.polygon([box.at(*corner) for corner in corners], drawing.palette.panel, **outline)


def _edges(drawing: Drawing, box: Box, sides: Mapping[str, Side]) -> None:
    """Each in its axis' colour; one along no axis of the tensor is a hair line."""
    r, d, z = box.right, box.down, box.depth
    lines: dict[str, list[tuple[Point3, Point3]]] = {
        "depth": [((a, b, 0.0), (a, b, z)) for a, b in sorted({(0.0, 0.0), (r, 0.0), (r, d)})],
        "down": [((a, 0.0, c), (a, d, c)) for a, c in sorted({(0.0, 0.0), (r, 0.0), (r, z)})],
        "right": [((0.0, b, c), (r, b, c)) for b, c in sorted({(0.0, 0.0), (d, 0.0), (0.0, z)})],
    }
    for way in sorted(PLACES, key=lambda way: way in sides):
        colour, width = (drawing.palette.axis[sides[way].letter], 2.0) if way in sides else (drawing.palette.faint, 1.0)
        for start, end in lines[way] if getattr(box, way) else ():
            drawing.line([box.at(*start), box.at(*end)], colour, width)


def _ghosts(drawing: Drawing, box: Box, way: str, side: Side) -> None:
    """Dashed copies along the axis that is repeated, up to its full length."""
    colour, own = drawing.palette.axis[side.letter], getattr(box, way)

    def outline(at: float) -> list[Point]:
        r, d, z = (at if way == other else getattr(box, other) for other in ("right", "down", "depth"))
        if way == "right":
            corners = [(r, 0, 0), (r, 0, z), (r, d, z), (r, d, 0), (r, 0, 0)]
        elif way == "down":
            corners = [(0, d, 0), (r, d, 0), (r, d, z)]
        else:
            corners = [(0, 0, z), (r, 0, z), (r, d, z)]
        return [box.at(*corner) for corner in corners]

    for copy in range(1, COPIES + 1):
        last = copy == COPIES
        at = own + (side.full - own) * copy / COPIES
        drawing.line(outline(at), colour, 1.4 if last else 1, DASH, opacity=1 if last else 0.45)
    for start, end in dict(zip(outline(own), outline(side.full), strict=True)).items():
        drawing.line([start, end], colour, 1.4, DASH)


def _falling(drawing: Drawing, box: Box, way: str, side: Side) -> None:
    """Arrows along the axis that is added up, on a face that is seen."""
    across = next((other for other in ("right", "down", "depth") if other != way and getattr(box, other)), "depth")
    length = getattr(box, across)
    for share in (0.25, 0.75) if length > SHORT else (0.5,):
        ends = []
        for along in (0.9, 0.1):
            at = dict.fromkeys(PLACES, 0.0) | {way: along * getattr(box, way), across: share * length}
            ends.append(box.at(at["right"], at["down"], at["depth"]))
        drawing.arrow(ends[0], ends[1], drawing.palette.axis[side.letter])


def _label(drawing: Drawing, box: Box, way: str, side: Side) -> None:
    colour, words = drawing.palette.axis_text[side.letter], side.label
    if way == "right":
        x, y = box.at(box.right / 2, box.down, 0)
        drawing.text(x, y + 14, words, colour, LABEL, 600)
    elif way == "depth":
        x, y = box.at(0, 0, max(box.depth, _wide(words)) / 2)
        drawing.text(x - 8, y - 10, words, colour, LABEL, 600, angle=ANGLE)
    elif box.down > SHORT:
        drawing.text(box.x - 13, box.y + box.down / 2, words, colour, LABEL, 600, angle=-90)
    else:
        drawing.text(box.x - 8, box.y + box.down / 2, words, colour, LABEL, 600, "right")


def _wide(words: str) -> float:
    return len(words) * LABEL * WIDE
