"""Small words of a diagram drawn larger, each where it has room: a slide is read from far away."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple
from xml.etree import ElementTree

from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.sheet.letters import width_of
from mnistgrad.pictures.sheet.taken_in import ANCHORED, SVG, Element, Style, words_in

MIDDLE, HALF = 0.35, 0.42  # of a size: from the base of words up to their middle, and from there to either end
AWAY = (0.0, 0.3, -0.3, 0.6, -0.6, 0.9, -0.9)  # of a size: how far words may move to have room
APART = 0.5  # of a size: between words on one line
EDGE = 4.0  # px beyond a picture's edge that words may take before it grows
TURN = re.compile(r"rotate\((-?[\d.]+)")


Word = tuple[Element, Style]


class Box(NamedTuple):
    """px."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box", slack: float = 1.0) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > slack and min(self.bottom, other.bottom) - max(self.top, other.top) > slack

    def holds(self, other: "Box") -> bool:
        inside = self.left <= other.left and other.right <= self.right
        return inside and self.top <= other.top and other.bottom <= self.bottom


def enlarged(diagram: Diagram, size: float) -> Diagram:
    """The same with no words below a size in px, but for those that would meet others, or leave the box that they stand in."""
    root = ElementTree.fromstring(diagram.svg)
    if root.find(f".//{{{SVG}}}svg") is not None:  # pictures within it, which stand elsewhere than they say
        return diagram
    runs = _runs([*words_in(root)])
    boxes = [_around(run) for run in runs]
    rects = [each for each in root.iter(f"{{{SVG}}}rect") if "%" not in each.get("width", "")]
    filled = [_area(each) for each in rects if each.get("fill", "none") not in ("none", "transparent")]
    images = [_area(each) for each in root.iter(f"{{{SVG}}}image")]
    for place, run in enumerate(runs):
        if run[0][1].size >= size:
            continue
        before, others = boxes[place], boxes[:place] + boxes[place + 1 :]
        around = [box for box in filled if box.holds(before)]
        beside = [box for box in images if not box.meets(before)]
        for down, across in product(AWAY, AWAY[:5]):
            larger = _larger(run, size, across * size, down * size)
            box = _around(larger)
            spaced = box._replace(left=box.left - APART * size, right=box.right + APART * size)
            meets = any(spaced.meets(other) for other in others) or any(box.meets(image) for image in beside)
            if not meets and all(outer.holds(box) for outer in around):
                boxes[place] = box
                for (text, _), (found, _) in zip(run, larger, strict=True):
                    text.attrib.update(found.attrib)
                break
    return _grown(diagram, root, boxes)


def _runs(words: Sequence[Word]) -> list[list[Word]]:
    """Words that were drawn one by one but belong together, a character apart, are one run."""
    runs: list[list[Word]] = []
    for text, style in words:
        if runs and style.mono and style.anchor == "start":
            last, its = runs[-1][-1]
            gap = float(text.get("x", 0)) - _box(last, its).right
            same = its.mono and its.size == style.size and text.get("y") == last.get("y")
            if same and "transform" not in text.attrib and -0.1 <= gap <= 1.3 * style.size:
                runs[-1].append((text, style))
                continue
        runs.append([(text, style)])
    return runs


def _larger(run: Sequence[Word], size: float, across: float, down: float) -> list[Word]:
    """Copies of a run's words, so large and moved so far; several grow about the middle of all of them."""
    box, its = _around(run), run[0][1]
    middle = (box.left + box.right) / 2 if len(run) > 1 else float(run[0][0].get("x", 0))
    found = []
    for text, style in run:
        copied, factor = Element(text.tag, text.attrib), size / its.size
        copied.text = "".join(text.itertext())
        x = middle + (float(text.get("x", 0)) - middle) * factor + across
        y = float(text.get("y", 0)) - MIDDLE * its.size + MIDDLE * size + down
        copied.attrib.update({"x": f"{x:.2f}", "y": f"{y:.2f}", "font-size": f"{size:.2f}"})
        found.append((copied, replace(style, size=size)))
    return found


def _around(run: Sequence[Word]) -> Box:
    boxes = [_box(text, style) for text, style in run]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def _box(text: Element, style: Style) -> Box:
    wide = width_of("".join(text.itertext()), style.size, style.mono, style.bold)
    x, y = float(text.get("x", 0)), float(text.get("y", 0)) - MIDDLE * style.size
    left = x - ANCHORED[style.anchor] * wide
    box = Box(left, y - HALF * style.size, left + wide, y + HALF * style.size)
    turn = TURN.search(text.get("transform", ""))
    return _turned(box, x, y, math.radians(float(turn[1]))) if turn else box


def _turned(box: Box, x: float, y: float, angle: float) -> Box:
    """What holds it once it is turned about a point."""
    corners = [(across - x, down - y) for across in (box.left, box.right) for down in (box.top, box.bottom)]
    xs = [x + across * math.cos(angle) - down * math.sin(angle) for across, down in corners]
    ys = [y + across * math.sin(angle) + down * math.cos(angle) for across, down in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _area(each: Element) -> Box:
    x, y, width, height = (float(each.get(name, 0)) for name in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)


def _grown(diagram: Diagram, root: Element, boxes: Sequence[Box]) -> Diagram:
    """As large as its words need."""
    left, top = (min(0.0, *(box[side] for box in boxes)) for side in (0, 1))
    right = max(diagram.width, *(box.right for box in boxes))
    bottom = max(diagram.height, *(box.bottom for box in boxes))
    left, top = (-math.ceil(-edge) if edge < -EDGE else 0 for edge in (left, top))
    width, height = (math.ceil(end) - start for end, start in ((right, left), (bottom, top)))
    root.attrib.update(viewBox=f"{left} {top} {width} {height}", width=str(width), height=str(height))
    for child in root:
        if (left or top) and child.tag != f"{{{SVG}}}style" and "%" not in child.get("width", ""):
            child.set("transform", f"translate({-left} {-top}) {child.get('transform', '')}".strip())
    root.set("viewBox", f"0 0 {width} {height}")
    return replace(diagram, svg=ElementTree.tostring(root, encoding="unicode"), width=float(width))
