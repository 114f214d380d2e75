"""The sheet: title, sentence, picture, the meaning of its axes, what it was made from and the link that opens it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree

from mnistgrad.captions.plain import Run, runs, verbatim
from mnistgrad.captions.words import COLOURS
from mnistgrad.pictures.about import About, Purpose
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES, SANS, Palette
from mnistgrad.pictures.sheet.enlarging import enlarged
from mnistgrad.pictures.sheet.fitting import Fitted, fitted, smallest_text, svg_in
from mnistgrad.pictures.sheet.paragraphs import Paragraph, paragraph
from mnistgrad.pictures.sheet.taken_in import SVG, Element, taken_in

LINK_LINES = 3  # what is longer is cut; the whole stands in the file's fields
LONGEST_DESCRIPTION = 320  # characters
PX_PER_MM = 96 / 25.4
GROWTHS = 4  # times that a picture grows with its words, and is the smaller on its sheet for it


@dataclass(frozen=True)
class Format:
    """Of a purpose, in px: the sheet's size, 0 where it follows the picture; its margin; the sizes of title, sentence, axes and
    state, and of the link; how much larger than drawn a picture may be; the pixels of a PNG for each px; the most lines of title
    and sentence, 0 for any; and the least size of a picture's words, 0 for any.
    """

    width: float
    height: float
    highest: float
    margin: float
    title: float
    sentence: float
    axes: float
    state: float
    link: float
    most: float
    dots: float
    lines: int = 0
    least: float = 0


SCREEN = Format(0, 0, 1e9, 24, 19, 14, 12.6, 11, 11, 1, 2)
SLIDE = Format(1280, 720, 720, 24, 28, 23.5, 21.6, 21.6, 13, 4, 3, 5, 0.03 * 720)  # its PNG is 3,840 by 2,160
# A4 less 10 mm around, 300 dots an inch, no words below 7.5 points.
PAPER = Format(190 * PX_PER_MM, 0, 277 * PX_PER_MM, 8, 17, 12.5, 11.3, 10, 10, 1.25, 300 / 96, least=10)
FORMATS: dict[Purpose, Format] = {"screen": SCREEN, "slides": SLIDE, "slides-clear": SLIDE, "print": PAPER}
NARROWEST = 460.0  # px of text under a small picture
BESIDE = (0.36, 0.32, 0.28, 0.24)  # of a slide's width, for text beside a picture


@dataclass(frozen=True)
class Sheet:
    """Its SVG, px of its size, and where in it the link stands: left, top, right, bottom."""

    svg: str
    width: float
    height: float
    link: tuple[float, float, float, float]


@dataclass(frozen=True)
class Texts:
    """What stands on it, broken into lines for one width."""

    title: Paragraph
    sentence: Paragraph
    axes: Paragraph
    state: Paragraph
    link: Paragraph

    @property
    def head(self) -> float:
        """px of height."""
        return self.title.height + self.sentence.height

    @property
    def foot(self) -> float:
        return self.axes.height + self.state.height + self.link.height


def palette_of(picture: Chart | Diagram) -> Palette:
    """The one in which it was drawn, by its paper."""
    if isinstance(picture, Chart):
        return next(palette for palette in PALETTES.values() if palette.paper == picture.spec["config"]["background"])
    return next(palette for palette in PALETTES.values() if f'height="100%" fill="{palette.paper}"' in picture.svg)


def words_of(picture: Chart | Diagram) -> list[str]:
    """What it says: its own words, those of its table's head and of its description, and each letter in whose colour it says
    anything.
    """
    head = [*map(str, picture.frame.columns), picture.description]
    if isinstance(picture, Diagram):
        texts = [*ElementTree.fromstring(picture.svg).iter(f"{{{SVG}}}text")]
        words, colours = ["".join(text.itertext()) for text in texts], {text.get("fill", "") for text in texts}
    else:
        words = [*_strings(picture.spec)]
        colours = {*words}
    coloured = palette_of(picture).axis_text.items()
    return [*words, *head, *(letter for letter, colour in coloured if letter in COLOURS and colour in colours)]


def caption_of(picture: Chart | Diagram, about: About) -> str:
    """The one sentence; where the page has none beside it, what it shows; none without a title, among words that say it."""
    return about.caption or (shown_in_short(picture) if about.title else "")


def shown_in_short(picture: Chart | Diagram) -> str:
    """What it shows, "" where that is long."""
    told = verbatim(picture.description)
    return told if len(told) <= LONGEST_DESCRIPTION else ""


def sheet_of(picture: Chart | Diagram, about: About, purpose: Purpose, outlined: bool) -> Sheet:
    """outlined: words as shapes, so that no font is needed. Raises ValueError for a dark picture on paper."""
    form = FORMATS[purpose]
    if purpose == "print" and palette_of(picture) is not PALETTES["light"]:
        raise ValueError("picture is drawn for a dark page; on paper, allowed is one for a light page")
    return _finished(_placed(picture, about, form), picture, about, purpose, outlined)


def words_are_large(picture: Chart | Diagram, about: About, purpose: Purpose) -> float:
    """How large its smallest words are on that sheet, as a share of what is asked there; enough from 1 on."""
    form = FORMATS[purpose]
    return _placed(picture, about, form).picture.scale * smallest_text(picture) / form.least if form.least else 1.0


def with_large_words(picture: Chart | Diagram, about: About, purpose: Purpose) -> Chart | Diagram:
    """A diagram's words as large as asked on that sheet, where they have room."""
    form = FORMATS[purpose]
    for _ in range(GROWTHS):
        scale = _placed(picture, about, form).picture.scale
        if isinstance(picture, Chart) or scale * smallest_text(picture) >= form.least:
            break
        picture = enlarged(picture, math.ceil(20 * form.least / scale) / 20)
    return picture


def _placed(picture: Chart | Diagram, about: About, form: Format) -> "_Placed":
    return (_slide if form is SLIDE else _column)(picture, about, words_of(picture), form)


def told_of(picture: Chart | Diagram, about: About) -> str:
    """All that it says and shows, in one paragraph, for those who cannot see it and for the fields of files."""
    return f"{about.told(words_of(picture))} {picture.description}".strip()


@dataclass(frozen=True)
class _Placed:
    """Where things stand, in px of the sheet."""

    form: Format
    texts: Texts
    picture: Fitted
    width: float
    height: float
    head: tuple[float, float]
    at: tuple[float, float]
    foot: tuple[float, float]


def _texts(about: About, caption: str, words: Sequence[str], width: float, form: Format, lines: int = 1) -> Texts:
    """lines: how many times as many the sentence may have."""
    return Texts(
        paragraph(runs(about.title), width, form.title, bold=True, most=form.lines),
        paragraph(runs(caption), width, form.sentence, most=form.lines * lines),
        paragraph(_axis_names(about, words), width, form.axes),
        paragraph([Run(about.state)] if about.state else [], width, form.state),
        paragraph([Run(about.link)] if about.link else [], width, form.link, most=LINK_LINES),
    )


def _axis_names(about: About, words: Sequence[str]) -> Iterator[Run]:
    for place, (letter, meaning) in enumerate(about.axes(words).items()):
        yield Run(f"{'   ' if place else ''}{letter}\u00a0", bold=True, axis=letter)
        yield Run(meaning.replace(" ", "\u00a0") + " ")


def _column(picture: Chart | Diagram, about: About, words: Sequence[str], form: Format) -> _Placed:
    """One below the other, as wide as the picture or the paper."""
    inside = form.width - 2 * form.margin if form.width else max(picture.width, NARROWEST)
    texts = _texts(about, caption_of(picture, about), words, inside, form)
    gap = form.sentence
    room = form.highest - 2 * form.margin - texts.head - texts.foot - 2 * gap
    drawn = fitted(picture, inside if form.width else picture.width, room, form.most)
    top = form.margin + texts.head + gap
    foot = top + drawn.height + gap
    width, height = inside + 2 * form.margin, foot + texts.foot + form.margin
    return _Placed(form, texts, drawn, width, height, (form.margin,) * 2, (form.margin, top), (form.margin, foot))


def _slide(picture: Chart | Diagram, about: About, words: Sequence[str], form: Format) -> _Placed:
    """Text above and below the picture, or beside it, whichever leaves it larger."""
    ways = [_below(picture, about, words, form), *(_beside(picture, about, words, form, share) for share in BESIDE)]
    return max((way for way in ways if way), key=lambda way: round(way.picture.scale, 3))


def _below(picture: Chart | Diagram, about: About, words: Sequence[str], form: Format) -> _Placed:
    inside, gap = form.width - 2 * form.margin, form.margin / 2
    texts = _texts(about, caption_of(picture, about), words, inside, form)
    top, foot = form.margin + texts.head + gap, form.height - form.margin - texts.foot
    drawn = fitted(picture, inside, foot - gap - top, form.most)
    at = form.margin + (inside - drawn.width) / 2, top + (foot - gap - top - drawn.height) / 2
    return _Placed(form, texts, drawn, form.width, form.height, (form.margin,) * 2, at, (form.margin, foot))


def _beside(picture: Chart | Diagram, about: About, words: Sequence[str], form: Format, share: float) -> _Placed | None:
    """share: of the width, for the text; None where that does not hold it."""
    inside, full = form.width - 2 * form.margin, form.height - 2 * form.margin
    texts = _texts(about, caption_of(picture, about), words, inside * share, form, lines=2)
    if texts.head + texts.foot + form.margin > full:
        return None
    width = inside * (1 - share) - form.margin
    drawn = fitted(picture, width, full, form.most)
    at = form.width - form.margin - width + (width - drawn.width) / 2, form.margin + (full - drawn.height) / 2
    foot = form.height - form.margin - texts.foot
    return _Placed(form, texts, drawn, form.width, form.height, (form.margin,) * 2, at, (form.margin, foot))


def _finished(placed: _Placed, picture: Chart | Diagram, about: About, purpose: Purpose, outlined: bool) -> Sheet:
    palette = palette_of(picture)
    texts, (x, y), (left, foot) = placed.texts, placed.head, placed.foot
    state = foot + texts.axes.height
    link = state + texts.state.height
    said = [
        texts.title.drawn(x, y, palette, palette.ink),
        texts.sentence.drawn(x, y + texts.title.height, palette, palette.ink),
        texts.axes.drawn(left, foot, palette, palette.muted),
        texts.state.drawn(left, state, palette, palette.muted),
    ]
    address = texts.link.drawn(left, link, palette, palette.muted)
    linked = about.link.startswith(("http://", "https://"))
    said.append(f'<a href="{escape(about.link)}">{address}</a>' if linked else address)
    box = left, link, left + texts.link.width, link + texts.link.height
    written = taken_in(f'<svg xmlns="{SVG}" font-family="{escape(SANS)}">{"".join(said)}</svg>', outlined, 1)
    place = f"translate({placed.at[0]:.2f},{placed.at[1]:.2f}) scale({placed.picture.scale:.5g})"
    drawn = Element(f"{{{SVG}}}g", {"transform": place})
    drawn.extend(taken_in(svg_in(picture, placed.picture), outlined, placed.picture.scale * placed.form.dots))
    paper = "" if purpose == "slides-clear" else palette.paper
    svg = _document(placed, [*written, drawn], about.plain_title, told_of(picture, about), paper)
    return Sheet(svg, placed.width, placed.height, box)


def _document(placed: _Placed, elements: Sequence[Element], title: str, told: str, paper: str) -> str:
    width, height = f"{placed.width:.2f}", f"{placed.height:.2f}"
    root = Element(f"{{{SVG}}}svg", dict(width=width, height=height, viewBox=f"0 0 {width} {height}", role="img"))
    root.set("aria-labelledby", "title told")
    for tag, name, text in (("title", "title", title), ("desc", "told", told)):
        said = ElementTree.SubElement(root, f"{{{SVG}}}{tag}", id=name)
        said.text = text
    if paper:
        ElementTree.SubElement(root, f"{{{SVG}}}rect", dict(width=width, height=height, fill=paper))
    root.extend(elements)
    return ElementTree.tostring(root, encoding="unicode")


def _strings(spec: object) -> Iterator[str]:
    """All texts in a specification."""
    if isinstance(spec, str):
        yield spec
    elif isinstance(spec, dict):
        for value in spec.values():
            yield from _strings(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from _strings(value)
