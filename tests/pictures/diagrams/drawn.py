"""Reads a drawn SVG back: its texts and where they lie, its tooltips, its images."""

import base64
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from weakref import WeakKeyDictionary
from xml.etree import ElementTree

import numpy as np
from PIL import Image, ImageFont

from mnistgrad.pictures import export

SVG = "{http://www.w3.org/2000/svg}"
FONTS = Path(export.__file__).parent / "fonts"
BOLD = 600
LINE = 14 / 12  # of the font size, from one line of a text to the next
NUMBER = r"[−+]?[\d,]*\.?\d+(?:\u00a0×\u00a010[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
PLAIN = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")


@dataclass(frozen=True)
class Text:
    """A text element and the box it fills in the fonts of exported files."""

    words: str
    x: float
    y: float
    fill: str
    mono: bool
    box: tuple[float, float, float, float]
    corners: np.ndarray = field(compare=False)
    halo: bool


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def size_of(root: ElementTree.Element) -> tuple[float, float]:
    left, top, width, height = map(float, root.get("viewBox", "").split())
    assert (left, top) == (0, 0) and (width, height) == (float(root.get("width", 0)), float(root.get("height", 0)))
    return width, height


Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]  # as SVG has it: x becomes a·x + c·y + e, y becomes b·x + d·y + f
INHERITED = frozenset(
    ("fill", "font-size", "font-weight", "text-anchor", "class", "paint-order", "stroke", "stroke-width", "display")
)


class Placed(NamedTuple):
    """An element with the style that it inherits, and the matrix that takes it to the picture's own px; None changes nothing."""

    element: ElementTree.Element
    tag: str
    style: Mapping[str, str]
    matrix: Matrix | None

    def number(self, name: str, default: float = 0.0) -> float:
        return float(self.element.get(name, default))

    def on_paper(self, points: Sequence[Point]) -> list[Point]:
        """Points of the element in px of the picture."""
        if self.matrix is None:
            return list(points)
        a, b, c, d, e, f = self.matrix
        return [(a * x + c * y + e, b * x + d * y + f) for x, y in points]


def placed(root: ElementTree.Element) -> list[Placed]:
    """The element and all inside it, in the order in which they are painted."""
    found, waiting = [], [Placed(root, "svg", {}, None)]
    while waiting:
        element, _, style, matrix = waiting.pop()
        if own := INHERITED & element.attrib.keys():
            style = {**style, **{name: element.attrib[name] for name in own}}
        if transform := element.attrib.get("transform"):
            matrix = _product(matrix, _matrix_of(transform))
        found.append(Placed(element, element.tag.removeprefix(SVG), style, matrix))
        waiting += [Placed(child, "", style, matrix) for child in reversed(element)]
    return found


def _product(one: Matrix | None, other: Matrix) -> Matrix:
    if one is None:
        return other
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f


@lru_cache(maxsize=4096)
def _matrix_of(transform: str) -> Matrix:
    """Of translate, scale and rotate, one after the other."""
    whole: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    for name, given in re.findall(r"(\w+)\(([^)]*)\)", transform):
        first, *more = map(float, re.split(r"[ ,]+", given.strip()))
        if name == "translate":
            whole = _product(whole, (1.0, 0.0, 0.0, 1.0, first, more[0] if more else 0.0))
        elif name == "scale":
            whole = _product(whole, (first, 0.0, 0.0, more[0] if more else first, 0.0, 0.0))
        else:
            assert name == "rotate", transform
            cos, sin = math.cos(math.radians(first)), math.sin(math.radians(first))
            x, y = more or (0.0, 0.0)
            whole = _product(whole, (cos, sin, -sin, cos, x - x * cos + y * sin, y - x * sin - y * cos))
    return whole


def texts(root: ElementTree.Element) -> list[Text]:
    """Kept as long as the picture is: its tests ask for them once for each cell."""
    if root not in TEXTS:
        TEXTS[root] = [text_of(each) for each in placed(root) if each.tag == "text"]
    return [*TEXTS[root]]


TEXTS: WeakKeyDictionary[ElementTree.Element, list[Text]] = WeakKeyDictionary()


def text_of(text: Placed) -> Text:
    lines, style = [*text.element.itertext()] or [""], text.style
    words = "".join(lines)
    mono, size = style.get("class") == "mono", float(style["font-size"].removesuffix("px"))
    bold = style.get("font-weight", "400") in ("600", "700", "bold")
    width = size * max(_width_of(line, mono, bold) for line in lines)
    x, y = text.number("x"), text.number("y")
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[style.get("text-anchor", "start")]
    upper, lower = y - 0.75 * size, y + (0.2 + LINE * (len(lines) - 1)) * size
    (x, y), *around = text.on_paper([(x, y), (left, upper), (left + width, upper), (left + width, lower), (left, lower)])
    across, down = zip(*around, strict=True)
    box = (min(across), min(down), max(across), max(down))
    return Text(words, x, y, style.get("fill", ""), mono, box, np.array(around), style.get("paint-order") == "stroke")


@lru_cache(maxsize=4096)
def _width_of(text: str, mono: bool, bold: bool) -> float:
    """As a multiple of the font size."""
    return _font(f"Mnistgrad{'Code' if mono else 'Sans'}-{'SemiBold' if bold else 'Regular'}.ttf").getlength(text) / 100


@lru_cache(maxsize=4)
def _font(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, 100)


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    """How far two convex shapes, lists of corners, reach into each other; a line has two corners. Negative where apart."""
    depth = math.inf
    for shape in (one, other):
        for start, end in zip(shape, np.roll(shape, -1, axis=0), strict=True):
            across = np.array([start[1] - end[1], end[0] - start[0]])
            if (length := float(np.hypot(*across))) > 0:
                a, b = one @ across / length, other @ across / length
                depth = min(depth, min(a.max(), b.max()) - max(a.min(), b.min()))
    return depth


def words(root: ElementTree.Element) -> list[str]:
    return [text.words for text in texts(root)]


def rows_of_text(found: list[Text], per: float = 1.0) -> dict[float, list[Text]]:
    """Texts on one baseline, from left to right."""
    rows: dict[float, list[Text]] = {}
    for text in sorted(found, key=lambda text: text.x):
        rows.setdefault(round(text.y / per) * per, []).append(text)
    return rows


def tips(root: ElementTree.Element) -> list[str]:
    return [title.text or "" for title in root.iter(f"{SVG}title")]


def number(text: str) -> float:
    """The value of a printed number: "−1.25", "1,000", "2 × 10⁻⁷"."""
    mantissa, _, power = text.replace(",", "").replace("\u00a0", "").translate(PLAIN).partition("×10")
    return float(mantissa) * 10.0 ** int(power or 0)


def last_digit(text: str) -> float:
    """The size of one step in the last digit printed: what a rounded value may be off by, twice over."""
    mantissa, _, power = text.replace(",", "").replace("\u00a0", "").translate(PLAIN).partition("×10")
    return 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))


def says(text: str, value: float, off: float = 0.0) -> bool:
    """The text is the value, or one as far off, rounded to the digits it shows."""
    return abs(number(text) - value) <= 0.5001 * last_digit(text) + 1e-6 * abs(value) + off


def pixels_of(image: ElementTree.Element) -> np.ndarray:
    """(rows, columns, 3) of an image element's data URL."""
    head, _, data = image.get("href", "").partition(",")
    assert head == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(data))) as opened:
        return np.asarray(opened.convert("RGB"))


def points_of(element: ElementTree.Element) -> np.ndarray:
    return np.array([[float(v) for v in pair.split(",")] for pair in element.get("points", "").split()])


def pixel_grid(root: ElementTree.Element) -> tuple[float, float, float]:
    """Where a map of 28 × 28 pixels starts, and the size of a pixel on it."""
    image = next(root.iter(f"{SVG}image"))
    assert image.get("width") == image.get("height")
    return float(image.get("x", 0)), float(image.get("y", 0)), float(image.get("width", 0)) / 28


def pixel_at(root: ElementTree.Element, x: float, y: float) -> int:
    """The pixel whose corner lies there."""
    left, top, cell = pixel_grid(root)
    return round((y - top) / cell) * 28 + round((x - left) / cell)
