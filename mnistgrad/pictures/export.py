"""Pictures and their data as files. Nothing here is made before somebody asks for it."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import vl_convert

from mnistgrad.pictures.about import About, Purpose, theme_for
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram, slug
from mnistgrad.pictures.palette import FONTS

VEGA_LITE = "6.4"
LONGEST_NAME = 120  # characters; file systems take 255 bytes
SHARP = 2.0  # pixels of a PNG for each px of the picture

Picture = Chart | Diagram

vl_convert.register_font_directory(str(FONTS))


@dataclass(frozen=True)
class Format:
    """A kind of file: its ending, its media type, and how a picture becomes one."""

    ending: str
    media_type: str
    make: Callable[[Any], bytes]


def _chart_svg(chart: Chart) -> bytes:
    return vl_convert.vegalite_to_svg(chart.spec, vl_version=VEGA_LITE).encode()


def _chart_png(chart: Chart) -> bytes:
    return vl_convert.vegalite_to_png(chart.spec, vl_version=VEGA_LITE, scale=SHARP)


def _chart_pdf(chart: Chart) -> bytes:
    return vl_convert.vegalite_to_pdf(chart.spec, vl_version=VEGA_LITE)


def _chart_json(chart: Chart) -> bytes:
    schema = {"$schema": f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE}.json"}
    return json.dumps(chart.spec | schema, ensure_ascii=False, indent=1).encode()


def _chart_html(chart: Chart) -> bytes:
    """A page that works without a network: the renderer is inside."""
    return vl_convert.vegalite_to_html(chart.spec, vl_version=VEGA_LITE, bundle=True).encode()


def _diagram_svg(diagram: Diagram) -> bytes:
    return diagram.svg.encode()


def _diagram_png(diagram: Diagram) -> bytes:
    return vl_convert.svg_to_png(diagram.svg, scale=SHARP)


def _diagram_pdf(diagram: Diagram) -> bytes:
    return vl_convert.svg_to_pdf(diagram.svg)


def _csv(picture: Picture) -> bytes:
    return picture.frame.to_csv(index=False).encode()


DIAGRAM_FORMATS = {
    "PNG": Format("png", "image/png", _diagram_png),
    "SVG": Format("svg", "image/svg+xml", _diagram_svg),
    "PDF": Format("pdf", "application/pdf", _diagram_pdf),
    "CSV": Format("csv", "text/csv", _csv),
}
CHART_FORMATS = {
    "PNG": Format("png", "image/png", _chart_png),
    "SVG": Format("svg", "image/svg+xml", _chart_svg),
    "PDF": Format("pdf", "application/pdf", _chart_pdf),
    "CSV": Format("csv", "text/csv", _csv),
    "Vega-Lite": Format("json", "application/json", _chart_json),
    "HTML": Format("html", "text/html", _chart_html),
}


def formats_of(picture: Picture) -> dict[str, Format]:
    """By name, the files that a picture can become."""
    return CHART_FORMATS if isinstance(picture, Chart) else DIAGRAM_FORMATS


def export(picture: Picture, name: str, about: About, purpose: Purpose = "screen") -> bytes:
    """The picture as a file of the named format. Raises ValueError for a format it does not have."""
    formats = formats_of(picture)
    if name not in formats:
        raise ValueError(f"name is {name!r}; allowed are {', '.join(formats)}")
    return formats[name].make(picture)


def file_name(about: About, picture: Picture, theme: str, purpose: Purpose, ending: str) -> str:
    """`mnistgrad-gradient-unit-7-n-1-000-seed-0-light-slides-1f3a9c.png`: the last part differs wherever anything else does."""
    content = picture.svg if isinstance(picture, Diagram) else json.dumps(picture.spec, sort_keys=True)
    told = "\n".join([about.title, about.sentence, about.state, about.link, about.key, content])
    digest = hashlib.sha256(told.encode()).hexdigest()[:6]
    says = re.sub(r"(?<=\d),(?=\d)", "", f"{about.page} {picture.name} {about.state}")
    words = slug(says.encode("ascii", "ignore").decode())[:LONGEST_NAME]
    parts = ["mnistgrad", words, theme_for(purpose, theme), "" if purpose == "screen" else purpose, digest]
    return "-".join(filter(None, parts)) + f".{ending}"
