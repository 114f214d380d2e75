"""What holds for every picture: it is well formed and says what it is, and its words can be read where they stand."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from xml.etree import ElementTree

import numpy as np
import vl_convert
from pictures.diagrams.drawn import SVG, Placed, Point, Text, overlap, parsed, pixels_of, placed, size_of, text_of

from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.export import Picture
from mnistgrad.pictures.palette import Palette, contrast, hex_colour, rgb
from mnistgrad.pictures.sheet.fitting import VEGA_LITE

READABLE = 4.5  # WCAG 2, level AA
REACH = 1.0  # px that two words, or a word and the edge of the picture, may reach into each other
Box = tuple[float, float, float, float]  # left, top, right, bottom
NUMBERS = re.compile(r"-?\d*\.?\d+")


def assert_well_formed(pictures: Iterable[tuple[str, Picture]]) -> None:
    """Each is a whole document that needs nothing else and tells what it shows to those who cannot see it."""
    faulty = {label: found for label, picture in pictures if (found := [*faults_of_form(picture)])}
    assert not faulty, faulty


def assert_tidy(pictures: Iterable[tuple[str, Picture]], palette: Palette) -> None:
    """In each, all words and shapes lie inside, no two words on each other, and each word can be read on its ground."""
    faulty = {label: found for label, picture in pictures if (found := [*faults_of_look(picture, palette)])}
    assert not faulty, faulty


def faults_of_form(picture: Picture) -> Iterator[str]:
    if not re.fullmatch(r"[\w.-]+", picture.name):
        yield f"name {picture.name!r}"
    if not picture.description.endswith(".") or re.search(r"\b(nan|inf|None)\b|  ", picture.description):
        yield f"description {picture.description!r}"
    if picture.frame.empty:
        yield "an empty table"
    if not 0 < picture.least <= picture.width:
        yield f"least width {picture.least}, width {picture.width}"
    yield from _faults_of_spec(picture.spec) if isinstance(picture, Chart) else _faults_of_svg(picture)


def _faults_of_spec(spec: dict) -> Iterator[str]:
    json.dumps(spec, allow_nan=False)
    if {layer["data"]["name"] for layer in spec["layer"]} != set(spec["datasets"]):
        yield "a layer without data, or data without a layer"
    if unset := [param["name"] for param in spec["params"] if "select" not in param and "expr" in param]:
        yield f"unset {unset}"
    compiled = {entry["name"]: entry.get("values") for entry in vl_convert.vegalite_to_vega(spec, vl_version=VEGA_LITE)["data"]}
    if changed := [name for name, rows in spec["datasets"].items() if compiled[name] != rows]:
        yield f"compiled with other {changed}"


def _faults_of_svg(diagram: Diagram) -> Iterator[str]:
    root = parsed(diagram.svg)
    if root.tag != f"{SVG}svg" or (root.get("role"), root.get("aria-label")) != ("img", diagram.description):
        yield "no accessible name"
    if size_of(root)[0] != float(f"{diagram.width:.2f}"):
        yield "another width"
    if re.search(r"\b(nan|inf|None)\b", re.sub(r'href="[^"]*"|<title>.*?</title>', "", diagram.svg)):
        yield "a number that is none"
    if not any(root.itertext()):
        yield "neither a word nor a tip"
    for element in root.iter():
        if element.tag.endswith(("script", "foreignObject")):
            yield element.tag
        if any(name.endswith("href") and not v.startswith("data:image/png;base64,") for name, v in element.attrib.items()):
            yield "a link"
        if element.tag == f"{SVG}title" and not element.text:
            yield "an empty tip"
        if not element.get("data-row", "0").isdigit():
            yield f"row {element.get('data-row')}"


def faults_of_look(picture: Picture, palette: Palette) -> Iterator[str]:
    root = root_of(picture)
    end = float(root.get("width", "nan")), float(root.get("height", "nan"))
    elements = placed(root)
    words = {
        order: text_of(each) for order, each in enumerate(elements) if each.tag == "text" and "".join(each.element.itertext())
    }
    shapes = {} if isinstance(picture, Chart) else {o: found for o, each in enumerate(elements) if (found := corners_of(each))}
    boxes = {o: _box_of(points) for o, points in shapes.items()}
    for label, (left, top, right, bottom) in [
        *((text.words, text.box) for text in words.values()),
        *((elements[o].tag, box) for o, box in boxes.items()),
    ]:
        if min(left, top) < -REACH or right > end[0] + REACH or bottom > end[1] + REACH:
            yield f"{label!r} outside, at {round(left)}, {round(top)} to {round(right)}, {round(bottom)}"
    for one, other in touching([*words.values()]):
        yield f"{one.words!r} on {other.words!r}"
    badges = [points for o, points in shapes.items() if elements[o].tag == "circle"]
    plain = [text for text in words.values() if not text.halo and not any(_inside(text, points) for points in badges)]
    for points in (points for o, points in shapes.items() if elements[o].tag == "image"):
        yield from (f"{text.words!r} over the edge of an image" for text in plain if _over_the_edge(text, points))
    grounds = _grounds(elements, words, shapes, boxes, palette)
    for text, ground in zip(words.values(), grounds, strict=True):
        if text.fill.startswith("#") and not _readable(text.fill, palette.paper if text.halo else ground):
            yield f"{text.words!r}, {text.fill} on {ground}"


def root_of(picture: Picture) -> ElementTree.Element:
    return parsed(vl_convert.vegalite_to_svg(picture.spec, vl_version=VEGA_LITE) if isinstance(picture, Chart) else picture.svg)


def texts_of(picture: Picture) -> list[str]:
    """Its words in the order in which they are painted; of a chart, those in its data."""
    if isinstance(picture, Chart):
        return [str(row["says"]) for rows in picture.spec["datasets"].values() for row in rows if "says" in row]
    return ["".join(text.itertext()) for text in parsed(picture.svg).iter(f"{SVG}text")]


def touching(words: Sequence[Text]) -> list[tuple[Text, Text]]:
    """Pairs of words that reach into each other; an outline under its own word does not count."""
    boxes = np.array([text.box for text in words]).reshape(-1, 4)
    order = boxes[:, 0].argsort()  # by their left ends, each only against those that begin before it ends
    low, high = boxes[order, :2], boxes[order, 2:]
    found = []
    for place, end in enumerate(np.searchsorted(low[:, 0], high[:, 0] - REACH)):
        near = slice(place + 1, end)
        reach = np.minimum(high[near, 1], high[place, 1]) - np.maximum(low[near, 1], low[place, 1])
        for other in np.flatnonzero(reach > REACH) + place + 1:
            one, two = words[order[place]], words[order[other]]
            if (one.words, one.box) != (two.words, two.box) and overlap(one.corners, two.corners) > REACH:
                found.append((one, two))
    return found


def _over_the_edge(text: Text, corners: Sequence[Point]) -> bool:
    """Whether it lies partly on the image."""
    (left, top), (right, bottom), box = corners[0], corners[2], text.box
    near = min(right, box[2]) - max(left, box[0]) > REACH and min(bottom, box[3]) - max(top, box[1]) > REACH
    return near and overlap(text.corners, np.array(corners)) > REACH and not _inside(text, corners)


def _inside(text: Text, corners: Sequence[Point]) -> bool:
    (left, top), (right, bottom), box = corners[0], corners[2], text.box
    return left <= box[0] and box[2] <= right and top <= box[1] and box[3] <= bottom


def _box_of(points: Sequence[Point]) -> Box:
    across, down = zip(*points, strict=True)
    return min(across), min(down), max(across), max(down)


def corners_of(each: Placed) -> list[Point] | None:
    """The corners of a shape; of a circle, those of its box."""
    match each.tag:
        case "rect" | "image" if each.element.get("width") != "100%":
            x, y, width, height = (each.number(name) for name in ("x", "y", "width", "height"))
            return each.on_paper([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
        case "polygon" | "polyline":
            numbers = [float(v) for v in NUMBERS.findall(each.element.get("points", ""))]
            return each.on_paper([*zip(numbers[::2], numbers[1::2], strict=True)])
        case "circle":
            x, y, r = each.number("cx"), each.number("cy"), each.number("r")
            return each.on_paper([(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)])
        case "path":
            return each.on_paper(_points_of_path(each.element.get("d", "")))
    return None


@lru_cache(maxsize=16_384)
def _points_of_path(path: str) -> list[Point]:
    x = y = 0.0
    points = []
    for command, given in re.findall(r"([MmHhVvLlZz])([^MmHhVvLlZz]*)", path):
        values = [float(v) for v in NUMBERS.findall(given)]
        if command in "Zz":
            continue
        here = (x, y) if command.islower() else (0.0, 0.0)
        if command not in "Vv":
            x = here[0] + values[0]
        if command not in "Hh":
            y = here[1] + values[-1]
        points.append((x, y))
    return points


@lru_cache(maxsize=4096)
def _readable(ink: str, ground: str) -> bool:
    return contrast(ink, ground) >= READABLE


def _grounds(
    elements: Sequence[Placed],
    words: Mapping[int, Text],
    shapes: Mapping[int, list[Point]],
    boxes: Mapping[int, Box],
    palette: Palette,
) -> list[str]:
    """What is painted under the middle of each text before it."""
    under = [o for o in shapes if elements[o].tag == "image" or elements[o].style.get("fill", "").startswith("#")]
    under = [o for o in under if elements[o].tag in ("image", "rect", "polygon", "circle")]
    middles = np.array([text.corners.mean(0) for text in words.values()]).reshape(-1, 1, 2)
    ends = np.array([boxes[o] for o in under]).reshape(-1, 2, 2)
    inside = ((middles >= ends[:, 0]) & (middles < ends[:, 1])).all(-1) & (np.array(under) < np.array([*words])[:, None])
    return [
        _blended([(elements[under[k]], shapes[under[k]]) for k in np.flatnonzero(hits)], middle[0], palette)
        for hits, middle in zip(inside, middles, strict=True)
    ]


def _blended(painted: Sequence[tuple[Placed, list[Point]]], at: np.ndarray, palette: Palette) -> str:
    colour = np.array(rgb(palette.paper), float)
    for shape, points in painted:
        corners = np.array(points)
        if shape.tag == "image":
            pixels = pixels_of(shape.element)
            low, high = corners.min(0), corners.max(0)
            column, row = ((at - low) / (high - low) * pixels.shape[1::-1]).astype(int)
            colour = pixels[row, column].astype(float)
        elif _holds(corners, at):
            opacity = shape.number("opacity", 1) * shape.number("fill-opacity", 1)
            colour = (1 - opacity) * colour + opacity * np.array(rgb(shape.style["fill"]))
    return hex_colour(colour.round().astype(np.uint8))


def _holds(corners: np.ndarray, at: np.ndarray) -> bool:
    """Whether the point lies in the convex shape."""
    edges, away = np.roll(corners, -1, 0) - corners, at - corners
    turns = edges[:, 0] * away[:, 1] - edges[:, 1] * away[:, 0]
    return bool((turns >= 0).all() or (turns <= 0).all())
