"""Reads a drawn SVG back: its texts and where they lie, its tooltips, its images."""

import base64
import io
import math
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from PIL import Image, ImageFont

from mnistgrad.pictures import export

SVG = "{http://www.w3.org/2000/svg}"
FONTS = Path(export.__file__).parent / "fonts"
BOLD = 600
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


def texts(root: ElementTree.Element) -> list[Text]:
    return [_text(element) for element in root.iter(f"{SVG}text")]


def _text(element: ElementTree.Element) -> Text:
    words, mono = "".join(element.itertext()), element.get("class") == "mono"
    x, y, size = (float(element.get(name, "nan")) for name in ("x", "y", "font-size"))
    width = size * _width_of(words, mono, int(element.get("font-weight", 400)) >= BOLD)
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[element.get("text-anchor", "start")]
    corners = [
        (left, y - 0.75 * size),
        (left + width, y - 0.75 * size),
        (left, y + 0.2 * size),
        (left + width, y + 0.2 * size),
    ]
    turn = re.fullmatch(r"rotate\(([-\d.]+) ([-\d.]+) ([-\d.]+)\)", element.get("transform", ""))
    if turn:
        angle, cx, cy = (float(part) for part in turn.groups())
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        corners = [(cx + (a - cx) * cos - (b - cy) * sin, cy + (a - cx) * sin + (b - cy) * cos) for a, b in corners]
    across, down = zip(*corners, strict=True)
    box = (min(across), min(down), max(across), max(down))
    around = np.array([corners[k] for k in (0, 1, 3, 2)])
    return Text(words, x, y, element.get("fill", ""), mono, box, around, element.get("paint-order") == "stroke")


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


def says(text: str, value: float) -> bool:
    """The text is the value, rounded to the digits it shows."""
    return abs(number(text) - value) <= 0.5001 * last_digit(text) + 1e-6 * abs(value)


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
