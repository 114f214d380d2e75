"""A picture's SVG made such that every program draws it alike: no style sheet, no nested drawing, no need of our fonts."""

import base64
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

from PIL import Image

from mnistgrad.pictures.palette import MONO, SANS
from mnistgrad.pictures.sheet.letters import BOLD, UNITS, outline_of, width_of

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)
ANCHORED = {"start": 0.0, "middle": 0.5, "end": 1.0}
DATA = "data:image/png;base64,"
UNSEEN = dict(fill="#000000", **{"fill-opacity": "0"})  # not every program knows "transparent"
DROPPED = ("style", "class", "data-row", "pointer-events")

Element = ElementTree.Element


@dataclass(frozen=True)
class Style:
    """What a text inherits."""

    size: float = 13.0
    bold: bool = False
    mono: bool = False
    anchor: str = "start"

    def within(self, element: Element) -> "Style":
        given = element.attrib
        mono = self.mono or given.get("class") == "mono" or "Source Code" in given.get("font-family", "")
        weight = given.get("font-weight", "")
        bold = self.bold if not weight else weight == "bold" or (weight.isdigit() and int(weight) >= BOLD)
        size = float(given["font-size"].removesuffix("px")) if "font-size" in given else self.size
        return Style(size, bold, mono, given.get("text-anchor", self.anchor))


def words_in(parent: Element, inherited: Style | None = None) -> Iterator[tuple[Element, Style]]:
    """Every text that says anything, and what it inherits."""
    style = (inherited or Style()).within(parent)
    if parent.tag != f"{{{SVG}}}text":
        for child in parent:
            yield from words_in(child, style)
    elif "".join(parent.itertext()).strip():
        yield parent, style


def taken_in(svg: str, outlined: bool, sharpness: float) -> list[Element]:
    """What the picture is made of, without its paper.

    outlined: words become shapes; each keeps what it says as its label. sharpness: pixels of images for each px, at least.
    """
    root = ElementTree.fromstring(svg)
    style = Style().within(root)
    _take_in(root, style, outlined, sharpness)
    return [child for place, child in enumerate(root) if not (place == 0 and child.tag == f"{{{SVG}}}rect")]


def _take_in(parent: Element, inherited: Style, outlined: bool, sharpness: float) -> None:
    kept: list[Element] = []
    for child in parent:
        style, tag = inherited.within(child), child.tag.removeprefix(f"{{{SVG}}}")
        if tag == "style":
            continue
        if tag == "text":
            kept += _words(child, style, outlined)
            continue
        if tag == "image":
            _sharpen(child, sharpness)
        elif tag == "svg":
            child.tag = f"{{{SVG}}}g"
            child.set("transform", f"translate({child.attrib.pop('x', 0)},{child.attrib.pop('y', 0)})")
            for name in ("width", "height", "viewBox"):
                child.attrib.pop(name, None)
        if child.get("fill") == "transparent":
            child.attrib.update(UNSEEN)
        for name in DROPPED:
            child.attrib.pop(name, None)
        _take_in(child, style, outlined, sharpness)
        kept.append(child)
    parent[:] = kept


def _words(text: Element, style: Style, outlined: bool) -> list[Element]:
    """The words as shapes; as words where that is not asked for, or our fonts do not have their letters."""
    said = "".join(text.itertext())
    outline = outline_of(said, style.mono, style.bold) if outlined else ""
    if not said.strip():
        return []
    if not outline:
        for name in ("class", "font-family"):
            text.attrib.pop(name, None)
        text.set("font-family", MONO if style.mono else SANS)
        return [text]
    scale = style.size / UNITS
    x = float(text.get("x", 0)) - ANCHORED[style.anchor] * width_of(said, style.size, style.mono, style.bold)
    place = f"translate({x:.2f},{float(text.get('y', 0)):.2f}) scale({scale:.5g})"
    path = Element(f"{{{SVG}}}path", {"aria-label": said, "d": outline})
    path.set("transform", f"{text.get('transform', '')} {place}".strip())
    for name in ("fill", "opacity", "fill-opacity"):
        if given := text.get(name):
            path.set(name, given)
    path.set("stroke", "none")
    if text.get("stroke", "none") == "none":
        return [path]
    halo = Element(f"{{{SVG}}}path", {**path.attrib, "fill": "none", "stroke": text.get("stroke", "")})
    del halo.attrib["aria-label"]
    halo.set("stroke-width", f"{float(text.get('stroke-width', 1)) / scale:.5g}")
    halo.set("stroke-linejoin", text.get("stroke-linejoin", "round"))
    return [halo, path]  # not every program knows that an outline can be painted first


def _sharpen(image: Element, sharpness: float) -> None:
    """Enough pixels that no program needs to smooth it, and the wish that none does, as most programs know it."""
    url = image.attrib.pop("href", "") or image.attrib.pop(f"{{{XLINK}}}href", "")
    width, height = float(image.get("width", 0)), float(image.get("height", 0))
    image.set(f"{{{XLINK}}}href", _enlarged(url, width * sharpness, height * sharpness))
    image.set("image-rendering", "optimizeSpeed")


@lru_cache(maxsize=64)
def _enlarged(url: str, width: float, height: float) -> str:
    """Each cell becomes whole pixels, so many that there are at least so many of them across and down."""
    with Image.open(io.BytesIO(base64.b64decode(url.removeprefix(DATA)))) as image:
        across, down = math.ceil(width / image.width), math.ceil(height / image.height)
        if across <= 1 and down <= 1:
            return url
        file = io.BytesIO()
        image.resize((image.width * across, image.height * down), Image.Resampling.NEAREST).save(file, "PNG", compress_level=6)
    return DATA + base64.b64encode(file.getvalue()).decode()
