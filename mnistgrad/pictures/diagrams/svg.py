"""A drawing: plain SVG elements in pixels, painted in the order they are added."""

import base64
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from mnistgrad.common.shown import Brief
from mnistgrad.pictures.palette import MONO, SANS, Colours, Palette

Point = tuple[float, float]
Rows = Sequence[Mapping[str, Any]] | pd.DataFrame  # of a table, by the names of its columns
SEEN = 1.5  # px from which the edges of a cell must be sharp
MONO_WIDTH = 0.6  # of the font size: Source Code and DejaVu Sans Mono
ANCHORS = {"left": "start", "center": "middle", "right": "end"}


@dataclass(frozen=True, repr=False)
class Diagram(Brief):
    """A finished picture: its SVG, what it says in words, and the rows of its numbers.

    least: the width in px below which a card scrolls it instead of shrinking it further, or stacks the parts of an equation:
    cuts are where the gaps between those are, in px from the left.
    """

    name: str
    svg: str
    description: str
    rows: Rows
    width: float
    least: float
    cuts: tuple[float, ...] = ()

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Its numbers as a table; made once somebody asks, which takes pandas as long as many a picture."""
        return pd.DataFrame(self.rows)

    @property
    def height(self) -> float:
        """In px."""
        found = re.search(r'height="([\d.]+)"', self.svg)
        assert found  # as every drawing has
        return float(found[1])

    def _repr_svg_(self) -> str:
        """What a notebook shows."""
        return self.svg


class Drawing:
    """Collects elements; colours are hex, sizes px. A `tip` is what the element says when pointed at."""

    def __init__(self, width: float, height: float, palette: Palette) -> None:
        self.width, self.height, self.palette = width, height, palette
        self._elements: list[str] = []

    def add(self, tag: str, attributes: Mapping[str, object], body: str = "", tip: str = "") -> None:
        given = "".join([f'{_name(key)}"{_text(value)}"' for key, value in attributes.items() if value not in (None, "")])
        inside = f"<title>{escape(tip)}</title>{body}" if tip else body
        self._elements.append(f"<{tag}{given}>{inside}</{tag}>" if inside else f"<{tag}{given}/>")

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str = "none", tip: str = "", **attributes: object
    ) -> None:
        self.add("rect", dict(x=x, y=y, width=width, height=height, fill=fill) | attributes, tip=tip)

    def polygon(self, points: Iterable[Point], fill: str = "none", tip: str = "", **attributes: object) -> None:
        self.add("polygon", dict(points=points_text(points), fill=fill) | attributes, tip=tip)

    def cells(self, cells: Iterable[tuple[str, str, str]]) -> None:
        """Polygons of one flat colour, hundreds to a picture: the text of their points, their colour and their tip."""
        for points, fill, tip in cells:
            inside = f"><title>{escape(tip)}</title></polygon>" if tip else "/>"
            self._elements.append(f'<polygon points="{points}" fill="{fill}" stroke="{fill}" stroke-width="0.6"{inside}')

    def line(self, points: Iterable[Point], colour: str, width: float = 1.0, dash: str = "", opacity: float = 1) -> None:
        stroke = dict(stroke=colour, stroke_width=width, stroke_dasharray=dash, stroke_linejoin="round")
        see_through = dict(opacity=opacity) if opacity < 1 else {}
        self.add("polyline", dict(points=points_text(points), fill="none") | stroke | see_through)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        colour: str,
        size: float = 13,
        weight: int = 400,
        align: str = "center",
        mono: bool = False,
        angle: float = 0,
        halo: str = "",
    ) -> None:
        """Text with its middle at height y; `halo` is the colour of an outline that keeps it readable on a picture."""
        attributes: dict[str, object] = dict(x=x, y=y + 0.35 * size, fill=colour, font_size=size, text_anchor=ANCHORS[align])
        if weight != 400:
            attributes["font_weight"] = weight
        if mono:
            attributes["class"] = "mono"
        if angle:
            attributes["transform"] = f"rotate({_text(float(angle))} {_text(float(x))} {_text(float(y))})"
        if halo:
            attributes |= dict(paint_order="stroke", stroke=halo, stroke_width=4, stroke_linejoin="round")
        self.add("text", attributes, escape(text))

    def runs(
        self, x: float, y: float, parts: Sequence[tuple[str, str]], size: float = 13, weight: int = 400, align: str = "center"
    ) -> None:
        """Monospace text in several colours: (text, colour) parts, word by word since SVG drops repeated blanks."""
        advance = size * MONO_WIDTH
        x -= {"left": 0, "center": 0.5, "right": 1}[align] * advance * sum(len(text) for text, _ in parts)
        for text, colour in parts:
            for word in re.finditer(r"\S+", text):
                self.text(x + word.start() * advance, y, word.group(), colour, size, weight, "left", mono=True)
            x += len(text) * advance

    def arrow(self, start: Point, end: Point, colour: str, width: float = 1.6, head: float = 8) -> None:
        turn = math.atan2(end[1] - start[1], end[0] - start[0])
        neck = (end[0] - 0.8 * head * math.cos(turn), end[1] - 0.8 * head * math.sin(turn))
        self.line([start, neck], colour, width)
        barbs = [(end[0] - head * math.cos(turn + side), end[1] - head * math.sin(turn + side)) for side in (0.42, -0.42)]
        self.polygon([end, *barbs], colour)

    def image(self, x: float, y: float, width: float, height: float, colours: Colours, tip: str = "") -> None:
        """Colours (rows, columns, 3), one flat cell each."""
        rows, columns = colours.shape[:2]
        enlarge = _enlargement(height / rows), _enlargement(width / columns)
        place = dict(x=x, y=y, width=width, height=height, preserveAspectRatio="none", image_rendering="pixelated")
        self.add("image", place | dict(href=png_url(colours, enlarge)), tip=tip)

    def areas(self, areas: Iterable[tuple[int, str, str]], transform: str = "") -> None:
        """What is pointed at and clicked: rows, each with its path and its tip; those that say the same share one element."""
        saying: dict[str, list[str]] = {}
        for row, path, tip in areas:
            saying.setdefault(tip, []).append(f'<path data-row="{row}" d="{path}"/>')
        groups = (f"<g><title>{escape(tip)}</title>{''.join(of)}</g>" if tip else "".join(of) for tip, of in saying.items())
        self.add("g", dict(fill="transparent", transform=transform), "".join(groups))

    def finished(self, name: str, description: str, rows: Rows, least: float, cuts: Iterable[float] = ()) -> Diagram:
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_text(self.width)} {_text(self.height)}" '
            f'width="{_text(self.width)}" height="{_text(self.height)}" role="img" '
            f'aria-label="{escape(description)}" font-family="{escape(SANS)}">'
            f"<style>.mono{{font-family:{MONO}}}</style>"
        )
        paper = f'<rect width="100%" height="100%" fill="{self.palette.paper}"/>'
        return Diagram(name, head + paper + "".join(self._elements) + "</svg>", description, rows, self.width, least, tuple(cuts))


def _enlargement(cell: float) -> int:
    """Pixels for a cell of so many px: two a px, since exports smooth what they enlarge; one where nobody would see it."""
    return math.ceil(2 * cell) if cell >= SEEN else 1


def png_url(colours: Colours, enlarge: tuple[int, int]) -> str:
    """The colours (rows, columns, 3) of a ramp as a data URL; each becomes `enlarge` pixels, down and right."""
    return _png_url(colours.tobytes(), colours.shape, enlarge)


@lru_cache(maxsize=128)  # an image stands in several pictures, a tensor in those of all steps that take it
def _png_url(colours: bytes, shape: tuple[int, ...], enlarge: tuple[int, int]) -> str:
    file = io.BytesIO()
    packed = np.frombuffer(colours, np.uint8).reshape(shape).astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    index, used = pd.factorize(packed.ravel())  # numpy.unique sorts, which takes eight times as long
    cells = index.reshape(packed.shape).astype(np.uint8)  # a ramp has fewer than 256 colours
    enlarged = cells.repeat(enlarge[0], 0).repeat(enlarge[1], 1)
    image = Image.frombytes("P", enlarged.shape[::-1], enlarged.tobytes())
    image.putpalette(b"".join(int(colour).to_bytes(3, "big") for colour in used))
    image.save(file, "PNG", compress_level=6)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def slug(text: str) -> str:
    """The words and numbers of a text, for the name of a file."""
    return "-".join("".join(c if c.isalnum() else " " for c in text).split())


@cache
def _name(key: str) -> str:
    """Of an attribute, up to its value."""
    return f" {key.rstrip('_').replace('_', '-')}="


def _text(value: object) -> str:
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


def points_text(points: Iterable[Point]) -> str:
    """As SVG writes them."""
    return " ".join(f"{_text(float(x))},{_text(float(y))}" for x, y in points)
