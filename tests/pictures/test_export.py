"""Every picture becomes every file it offers, and each file opens and shows that picture."""

import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from html.parser import HTMLParser
from itertools import islice
from xml.etree import ElementTree

import pandas as pd
import pytest
import vl_convert
from pictures.every_picture import KINDS, pictures
from pictures.looks import texts_of
from PIL import Image
from pypdf import PdfReader
from states import State

from mnistgrad.pictures.about import About
from mnistgrad.pictures.charts.column_variance import column_variance_chart
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.export import CHART_FORMATS, DIAGRAM_FORMATS, VEGA_LITE, Picture, export, formats_of
from mnistgrad.pictures.palette import PALETTES, rgb

ABOUT = About("A picture")
CHART, DIAGRAM = "column_variance_chart", "pixel_map"
# All that pictures are made of: text in both fonts, turned and outlined; images; bars, boxes and lines; charts of every scale.
SOME = (CHART, "time_chart", "accuracy_chart", DIAGRAM, "printed_tensor", "code_panel", "shape_diagram", "unit_bars", "one_cell")


@lru_cache(maxsize=128)
def picture(kind: str, theme: str = "light") -> Picture:
    """The second of its kind: the first often shows a single image."""
    return [shown for _, shown in islice(pictures(kind, theme), 2)][-1]


@lru_cache(maxsize=64)
def exported(kind: str, name: str, theme: str = "light") -> bytes:
    return export(picture(kind, theme), name, ABOUT)


def size_of(kind: str) -> tuple[float, float]:
    root = ElementTree.fromstring(exported(kind, "SVG"))
    return float(root.get("width", "0")), float(root.get("height", "0"))


# The dark ones differ in nothing but their colours, so a few of them stand for all.
@pytest.mark.parametrize(("kind", "theme"), [*((kind, "light") for kind in SOME), (CHART, "dark"), ("code_panel", "dark")])
def test_png_is_the_picture_twice_as_sharp_with_the_themes_paper_and_ink(kind: str, theme: str) -> None:
    with Image.open(io.BytesIO(exported(kind, "PNG", theme))) as image:
        width, height = size_of(kind)
        assert image.size == (pytest.approx(2 * width, abs=2), pytest.approx(2 * height, abs=2))
        assert image.convert("RGBA").getextrema()[3] == (255, 255)
        plain = image.convert("RGB")
        corners = [plain.getpixel((x, y)) for x in (0, plain.width - 1) for y in (0, plain.height - 1)]
        colours = [colour for _, colour in plain.getcolors(1 << 24) or []]
    palette = PALETTES[theme]
    assert len(colours) > 20
    inks = [rgb(palette.ink), rgb(palette.muted)]
    assert min(sum(abs(a - b) for a, b in zip(colour, ink, strict=True)) for colour in colours for ink in inks) < 12
    papers = {rgb(palette.paper)} | ({rgb(palette.panel)} if kind == "code_panel" else set())
    assert set(corners) <= papers


def test_svg_of_a_chart_is_well_formed_and_needs_nothing_else() -> None:
    root = ElementTree.fromstring(exported(CHART, "SVG"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    links = [value for element in root.iter() for name, value in element.attrib.items() if name.endswith("href")]
    assert all(link.startswith("data:image/png;base64,") for link in links)
    assert not [element for element in root.iter() if element.tag.endswith(("script", "foreignObject"))]


@pytest.mark.parametrize("kind", SOME)
def test_pdf_is_one_page_of_the_pictures_size_with_real_text(kind: str) -> None:
    (page,) = PdfReader(io.BytesIO(exported(kind, "PDF"))).pages
    width, height = size_of(kind)
    assert float(page.mediabox.width) / float(page.mediabox.height) == pytest.approx(width / height, rel=0.02)
    words = sorted(texts_of(picture(kind)), key=len)[-3:]
    written = "".join(page.extract_text().split())
    assert words and all("".join(text.split()) in written for text in words)


def test_csv_is_the_table_of_the_picture() -> None:
    for kind in KINDS:
        read = pd.read_csv(io.BytesIO(export(picture(kind), "CSV", ABOUT)))
        frame = picture(kind).frame
        expected = frame.mask((frame == "") | frame.isna())  # a file has nothing between two commas for all of them
        pd.testing.assert_frame_equal(read, expected, check_dtype=False, obj=kind)
        assert len(read)


def test_vega_lite_file_draws_the_same_chart_again() -> None:
    spec = json.loads(exported(CHART, "Vega-Lite"))
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/v")
    assert vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE).encode() == exported(CHART, "SVG")


class Links(HTMLParser):
    """What a page asks for besides itself."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.asked += [value or "" for name, value in attrs if name in ("src", "href")]


def test_html_works_without_a_network() -> None:
    page = exported(CHART, "HTML").decode()
    links = Links()
    links.feed(page)
    assert links.scripts and not links.asked
    assert not re.search(r"""\b(import|from)\s*\(?["']https?:""", page)
    assert "6 printed rows" in page


@pytest.mark.parametrize("kind", [CHART, DIAGRAM])
def test_each_format_says_what_it_is(kind: str) -> None:
    begins = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<svg", "json": b"{", "html": b"<!DOCTYPE html>"}
    formats = formats_of(picture(kind))
    assert len({form.ending for form in formats.values()}) == len(formats)
    for name, form in formats.items():
        assert exported(kind, name).lstrip().startswith(begins.get(form.ending, b""))
        assert form.ending in form.media_type


@pytest.mark.parametrize(
    ("kind", "name"), [(CHART, "GIF"), (CHART, "png"), (DIAGRAM, "Vega-Lite"), (DIAGRAM, "HTML"), (DIAGRAM, "")]
)
def test_format_a_picture_does_not_have_is_refused(kind: str, name: str) -> None:
    with pytest.raises(ValueError, match=r"^name is .*; allowed are PNG, SVG, PDF, CSV"):
        export(picture(kind), name, ABOUT)


def test_a_chart_offers_more_than_a_diagram() -> None:
    assert isinstance(picture(CHART), Chart) and isinstance(picture(DIAGRAM), Diagram)
    assert set(CHART_FORMATS) - set(DIAGRAM_FORMATS) == {"Vega-Lite", "HTML"}
    assert formats_of(picture(CHART)).keys() == CHART_FORMATS.keys()


def test_exports_at_the_same_time_get_their_own_data() -> None:
    states = [State(n, nh) for n in (1, 3) for nh in (2, 12)]
    wanted = [
        (column_variance_chart(state.weight_gradient("w1"), palette), name)
        for state in states
        for palette in PALETTES.values()
        for name in ("SVG", "CSV")
    ]
    alone = [export(*each, ABOUT) for each in wanted]
    assert len(set(alone)) == len(states) * 3  # each its SVG in two themes, and one CSV
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda each: export(*each, ABOUT), wanted * 2)) == alone * 2
