"""Pictures and their data as files. Nothing here is made before somebody asks for it."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mnistgrad.pictures.about import About, Purpose, theme_for
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram, slug
from mnistgrad.pictures.palette import theme_of
from mnistgrad.pictures.sheet.chart_json import chart_json
from mnistgrad.pictures.sheet.files import pdf_file, png_file, svg_file
from mnistgrad.pictures.sheet.pages import chart_page, diagram_page
from mnistgrad.pictures.sheet.sheet import with_large_words, words_are_large
from mnistgrad.pictures.sheet.table import csv_file

LONGEST_NAME = 120  # characters; file systems take 255 bytes

Picture = Chart | Diagram
ON_SLIDES = ("", "-below", "-slide", "-beside", "-phone")
# The rooms that a picture is drawn for, one after the other, until its words are large enough.
ROOMS_FOR: Mapping[Purpose, Sequence[str]] = {
    "slides": ON_SLIDES,
    "slides-clear": ON_SLIDES,
    "print": ("", "-slide", "-phone"),
}


@dataclass(frozen=True)
class Format:
    """A kind of file: its ending, its media type, and how a picture becomes one."""

    ending: str
    media_type: str
    make: Callable[[Any, About, Purpose], bytes]


# By name. Pictures differ by what they are for; data and pages are the same for all.
PICTURES = {
    "PNG": Format("png", "image/png", png_file),
    "SVG": Format("svg", "image/svg+xml", svg_file),
    "PDF": Format("pdf", "application/pdf", pdf_file),
}
CSV = {"CSV": Format("csv", "text/csv", lambda picture, about, purpose: csv_file(picture.frame))}
DIAGRAM_FORMATS = PICTURES | CSV | {"HTML": Format("html", "text/html", lambda diagram, about, _: diagram_page(diagram, about))}
CHART_FORMATS = (
    PICTURES
    | CSV
    | {"Vega-Lite": Format("json", "application/json", lambda chart, about, _: chart_json(chart, about))}
    | {"HTML": Format("html", "text/html", lambda chart, about, _: chart_page(chart, about))}
)


def formats_of(picture: Picture) -> dict[str, Format]:
    """By name, the files that a picture can become."""
    return CHART_FORMATS if isinstance(picture, Chart) else DIAGRAM_FORMATS


def export(picture: Picture, name: str, about: About, purpose: Purpose = "screen") -> bytes:
    """The picture as a file of the named format. Raises ValueError for a format it does not have, and for a dark picture that is
    to be printed.
    """
    formats = formats_of(picture)
    if name not in formats:
        raise ValueError(f"name is {name!r}; allowed are {', '.join(formats)}")
    return formats[name].make(picture, about, purpose)


def drawn_for(purpose: Purpose, theme: str, about: About, draw: Callable[[str], Picture]) -> Picture:
    """The picture in the widest look in which its words are large enough for that; in none, the one with the largest.

    theme: "light" or "dark", on a page with its room. draw: the picture in a look.
    """
    if purpose == "screen":
        return draw(theme)
    found: dict[float, Picture] = {}
    for room in ROOMS_FOR[purpose]:
        picture = draw(f"{theme_of(theme_for(purpose, theme))}{room}")
        found.setdefault(words_are_large(picture, about, purpose), picture)
        if max(found) >= 1:
            break
    else:
        for picture in [*found.values()]:
            larger = with_large_words(picture, about, purpose)
            found.setdefault(words_are_large(larger, about, purpose), larger)
            if max(found) >= 1:
                break
    return found[max(found)]


def file_name(about: About, picture: Picture, theme: str, purpose: Purpose, ending: str) -> str:
    """`mnistgrad-gradient-unit-7-n-1000-seed-0-light-slides-1f3a9c.png`: the last part differs wherever anything else does."""
    content = picture.svg if isinstance(picture, Diagram) else json.dumps(picture.spec, sort_keys=True)
    told = "\n".join([about.title, about.sentence, about.state, about.link, about.key, content])
    digest = hashlib.sha256(told.encode()).hexdigest()[:6]
    says = re.sub(r"(?<=\d),(?=\d)", "", f"{about.page} {picture.name} {about.state}")
    words = slug(says.encode("ascii", "ignore").decode())[:LONGEST_NAME]
    parts = ["mnistgrad", words, theme_for(purpose, theme), "" if purpose == "screen" else purpose, digest]
    return "-".join(filter(None, parts)) + f".{ending}"
