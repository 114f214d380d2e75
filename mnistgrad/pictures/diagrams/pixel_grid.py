"""The 28 × 28 pixels of a picture: where each lies, and what is drawn on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistgrad.network.data import SIDE
from mnistgrad.pictures.diagrams.minus_signs import minus_signs
from mnistgrad.pictures.diagrams.svg import Drawing, Point, png_url
from mnistgrad.pictures.palette import Colours, FloatArray, value_colours

CELL = "h1v1h-1z"  # the path of a cell, in units of a cell
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class PixelGrid:
    """Square cells of `cell` px in a drawing, the first at (left, top); pixels are numbered row by row."""

    drawing: Drawing
    left: float
    top: float
    cell: float

    @property
    def edge(self) -> float:
        return SIDE * self.cell

    def corner(self, pixel: int) -> Point:
        return self.left + pixel % SIDE * self.cell, self.top + pixel // SIDE * self.cell

    def paint(self, colours: Colours, tip: str = "") -> None:
        """Colours (784, 3)."""
        sharp_image(self.drawing, self.left, self.top, self.edge, self.edge, colours.reshape(SIDE, SIDE, 3), tip)

    def paint_values(self, values: FloatArray, limit: float, hatched: Mask | None = None) -> None:
        """Values (784,) on the diverging scale. hatched: mask (784,) of those that will be hatched, which carry no other mark."""
        self.paint(value_colours(values, limit, self.drawing.palette))
        signed = values if hatched is None else np.where(hatched, 0, values)
        minus_signs(self.drawing, self.left, self.top, self.edge, self.edge, signed.reshape(SIDE, SIDE), limit)

    def hatch(self, mask: Mask, colour: str) -> None:
        """A stroke through every pixel of the mask (784,)."""
        strokes = []
        for pixel in np.flatnonzero(mask).tolist():
            x, y = self.corner(pixel)
            strokes.append(f"M{x:g} {y + self.cell:g}l{self.cell:g} {-self.cell:g}")
        self.drawing.add("path", dict(d="".join(strokes), stroke=colour, stroke_width=0.7, opacity=0.75))

    def contour(self, mask: Mask, colour: str) -> None:
        """A line where the mask (784,) and the other pixels meet."""
        image = mask.reshape(SIDE, SIDE)
        pieces = []
        for place, (between_rows, between_columns) in enumerate(
            zip(np.diff(image, axis=0), np.diff(image, axis=1).T, strict=True)
        ):
            away = (place + 1) * self.cell
            for start, length in _runs(between_rows):
                pieces.append(f"M{self.left + start * self.cell:g} {self.top + away:g}h{length * self.cell:g}")
            for start, length in _runs(between_columns):
                pieces.append(f"M{self.left + away:g} {self.top + start * self.cell:g}v{length * self.cell:g}")
        self.drawing.add("path", dict(d="".join(pieces), fill="none", stroke=colour, stroke_linecap="square"))

    def border(self) -> None:
        self.drawing.rect(self.left, self.top, self.edge, self.edge, stroke=self.drawing.palette.hair)

    def frame(self, pixels: Sequence[int]) -> None:
        """A box around neighbours; where they go on in the next image row, a second box."""
        for image_row in sorted({pixel // SIDE for pixel in pixels}):
            inside = [pixel for pixel in pixels if pixel // SIDE == image_row]
            for colour, width in ((self.drawing.palette.paper, 4.5), (self.drawing.palette.ink, 2.2)):
                self.drawing.rect(*self.corner(inside[0]), len(inside) * self.cell, self.cell, stroke=colour, stroke_width=width)

    def cells(self, tips: Iterable[str]) -> None:
        """On every pixel a cell that can be clicked and says its tip."""
        self.cells_at(tips, "")

    def cells_at(self, tips: Iterable[str], again: str) -> None:
        """In units of a cell, to be short. again: a path from where a cell ends, for what else belongs to the pixel."""
        cells = ((pixel, f"M{pixel % SIDE} {pixel // SIDE}{CELL}{again}", tip) for pixel, tip in enumerate(tips))
        self.drawing.areas(cells, f"translate({self.left:g} {self.top:g}) scale({self.cell:g})")


def sharp_image(drawing: Drawing, x: float, y: float, width: float, height: float, colours: Colours, tip: str = "") -> None:
    """Colours (rows, columns, 3), one flat cell each, at one pixel a cell: small, and sharp in a browser and in files."""
    place = dict(x=x, y=y, width=width, height=height, preserveAspectRatio="none")
    sharp = dict(image_rendering="optimizeSpeed", style="image-rendering:pixelated")  # files know the first, browsers the second
    drawing.add("image", place | sharp | dict(href=png_url(colours, (1, 1))), tip=tip)


def _runs(line: Mask) -> list[tuple[int, int]]:
    """Where the line is true: starts and lengths."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], line, [False]))))
    return [(int(start), int(end - start)) for start, end in edges.reshape(-1, 2)]
