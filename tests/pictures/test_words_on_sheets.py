"""On every slide and every print, of every kind of picture, all words are large enough to be read: measured in the file's SVG."""

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from xml.etree import ElementTree

import pandas as pd
from loops import over
from pictures.diagrams.drawn import SVG, texts
from pictures.every_picture import KINDS, pictures

from mnistgrad.captions.plain import Run
from mnistgrad.pictures.about import About, Purpose
from mnistgrad.pictures.diagrams.svg import Drawing
from mnistgrad.pictures.export import drawn_for
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.pictures.sheet.enlarging import enlarged
from mnistgrad.pictures.sheet.paragraphs import paragraph
from mnistgrad.pictures.sheet.sheet import sheet_of

LINK = "http://127.0.0.1:8501/gradient?n=10&view=Units+on+the+image"
ABOUT = About(
    "What `w1.g` says in a title of about this length",
    "A :orange[**sentence**] with `code`, that holds, and is about as long as sentences on the pages are.",
    "MNIST, n = 1,000, 2019 lesson, normalised pixels, seed 0, 50 hidden units",
    LINK,
)
LEAST: dict[Purpose, float] = {"slides": 0.03 * 720, "print": 7.5 / 0.75}  # px: 3 % of a slide's height, 7.5 points
SMALL_PRINT = {"slides": 12.5, "print": 9.5}  # of the link
# Parts of `numbers_diagram`, which gives them fewer numbers where they have little room.
PARTS = {"one_cell", "added_rows", "tables", "multiplication_table"}
FIRST = {"alignment": 1}  # the second has six axes, which no slide has room for
ALL = [kind for kind in KINDS if kind not in PARTS]
SCALE = re.compile(r"scale\((-?[\d.e-]+)")


def sizes_in(element: ElementTree.Element, scale: float = 1.0, size: float = 13.0) -> Iterator[tuple[float, str]]:
    """Of every text, in px of the sheet."""
    for child in element:
        across = math.prod(map(float, SCALE.findall(child.get("transform", ""))), start=scale)
        own = float(child.get("font-size", f"{size}").removesuffix("px"))
        words = "".join(child.itertext()).strip()
        if child.tag == f"{SVG}text" and words:
            yield across * own, words
        elif child.tag != f"{SVG}a":  # around the link
            yield from sizes_in(child, across, own)


@over("kind", ALL)
def test_no_words_are_too_small_to_be_read(kind: str) -> None:
    drawn = lru_cache(lambda look: [shown for _, shown in islice(pictures(kind, look), FIRST.get(kind, 2))][-1])
    for purpose, least in LEAST.items():
        picture = drawn_for(purpose, "light", ABOUT, drawn)
        root = ElementTree.fromstring(sheet_of(picture, ABOUT, purpose, outlined=False).svg)
        small = [(round(size, 2), words) for size, words in sizes_in(root) if size < least - 0.01]
        assert not small, (purpose, small[:5])
        link = next(root.iter(f"{SVG}a"))
        assert min(size for size, _ in sizes_in(link)) >= SMALL_PRINT[purpose]


def drawn_with(*places: tuple[float, float, str]):
    """Words of 10 px on a picture of 200 px, the box of the second filled."""
    drawing = Drawing(200, 100, PALETTES["light"])
    drawing.rect(20, 40, 96, 16, PALETTES["light"].panel)
    for x, y, words in places:
        drawing.text(x, y, words, PALETTES["light"].ink, 10, align="left")
    return drawing.finished("words", "", pd.DataFrame({"a": [1]}), 200)


def test_words_grow_where_they_meet_neither_others_nor_the_edge_of_their_box() -> None:
    free, boxed, beside, last = (
        (4, 10, "free"),
        (22, 48, "in a box that is full"),
        (100, 80, "next to"),
        (138, 80, "the other one"),
    )
    grown = enlarged(drawn_with(free, boxed, beside, last), 20)
    root = ElementTree.fromstring(grown.svg)
    found = {text.words: text for text in texts(root)}
    sizes = {"".join(text.itertext()): float(text.get("font-size", 0)) for text in root.iter(f"{SVG}text")}
    assert sizes[free[2]] == 20 and sizes[boxed[2]] == 10  # the box has no room
    boxes = [text.box for text in found.values()]
    pairs = [(a, b) for a in boxes for b in boxes if a is not b]
    meets = [(a, b) for a, b in pairs if all(min(a[end], b[end]) - max(a[end - 2], b[end - 2]) > 1.5 for end in (2, 3))]
    assert not meets
    assert grown.width >= max(box[2] for box in boxes) - 1  # and so does the picture, with them


def test_no_line_ends_between_the_letter_of_an_axis_and_its_meaning() -> None:
    named = [
        Run("n\u00a0", bold=True, axis="n"),
        Run("image\u00a0of\u00a0the\u00a0batch "),
        Run("   j\u00a0", bold=True, axis="j"),
    ]
    for width in range(60, 400, 7):
        lines = paragraph([*named, Run("hidden\u00a0unit")], width, 20).lines
        assert not {line.text.split(" ")[-1].strip() for line in lines} & {"n", "j"}, width
