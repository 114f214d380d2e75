"""Every picture becomes every file it offers, and each file opens and shows that picture."""

import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from html.parser import HTMLParser
from xml.etree import ElementTree

import pandas as pd
import pytest
import vl_convert
from PIL import Image
from pypdf import PdfReader

from mnistgrad.app.controls import State
from mnistgrad.app.kept import pictures, results
from mnistgrad.app.pages.gradient import one_weight, singular_values, sums, units, variance
from mnistgrad.app.pages.gradient.choice import Choice
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.export import CHART_FORMATS, DIAGRAM_FORMATS, VEGA_LITE, Picture, export, formats_of
from mnistgrad.pictures.palette import PALETTES, rgb
from mnistgrad.trace.cells import liveliest_cell
from mnistgrad.trace.window import Pick

STATE = State(n=3, nh=12)
WEIGHT = Choice("w1", 405, 3)
SWITCHES = sums.Switches(tuple(range(10)), ())
CELL = liveliest_cell(results.window_of(STATE, "broadcast", Pick()))
MAKE = {
    "print": lambda theme: pictures.print_picture(STATE, theme),
    "rows": lambda theme: pictures.rows_picture(STATE, 26, theme),
    "map": lambda theme: pictures.map_picture(STATE.n, 405, theme),
    "matrix": lambda theme: pictures.strip_picture(STATE, 405, theme),
    "variance": lambda theme: pictures.variance_picture(STATE, theme),
    "code": lambda theme: pictures.code_picture(STATE.n, STATE.nh, STATE.preset, "broadcast", 29, theme),
    "unsqueeze": lambda theme: pictures.shapes_picture(STATE, "broadcast", 27, Pick(), theme),
    "product": lambda theme: pictures.shapes_picture(STATE, "broadcast", 29, Pick(), theme),
    "sum": lambda theme: pictures.shapes_picture(STATE, "broadcast", 30, Pick(), theme),
    "matmul": lambda theme: pictures.shapes_picture(STATE, "matmul", 26, Pick(), theme),
    "relu": lambda theme: pictures.shapes_picture(STATE, "broadcast", 2, Pick(), theme),
    "tables": lambda theme: pictures.numbers_picture(STATE, "broadcast", 30, Pick(), CELL, theme),
    "one cell": lambda theme: pictures.numbers_picture(STATE, "broadcast", 0, Pick(), CELL, theme),
    "operations": lambda theme: pictures.operations_picture(
        STATE.n, STATE.nh, STATE.preset, "broadcast", "whole pass", 29, theme
    ),
    "chosen column": lambda theme: variance.columns_picture(STATE, "number", WEIGHT.column, theme),
    "lanes": lambda theme: variance.lanes_picture(STATE, 5, theme),
    "row variance": lambda theme: variance.rows_picture(STATE, WEIGHT.row, theme),
    "signal maps": lambda theme: variance.maps_picture(STATE, WEIGHT.column, WEIGHT.row, theme),
    "signal strip": lambda theme: variance.strip_picture(STATE, WEIGHT.column, theme),
    "deviation bars": lambda theme: variance.bars_picture(STATE, "number", 5, theme),
    "unit": lambda theme: units.map_picture(STATE, WEIGHT.column, WEIGHT.row, theme),
    "distances": lambda theme: units.distance_picture(STATE, WEIGHT.row, theme),
    "unit bars": lambda theme: units.bars_picture(STATE, 5, theme),
    "tiles": lambda theme: units.tiles_picture(STATE, WEIGHT.column, False, theme),
    "singular values": lambda theme: singular_values.values_picture(STATE, theme),
    "vectors": lambda theme: singular_values.vectors_picture(STATE, theme),
    "terms": lambda theme: one_weight.terms_picture(STATE, WEIGHT, theme),
    "running sum": lambda theme: one_weight.running_picture(STATE, WEIGHT, theme),
    "image strip": lambda theme: one_weight.images_picture(STATE, WEIGHT, theme),
    "part": lambda theme: sums.part_picture(STATE, "w1", SWITCHES, 2, WEIGHT.column, theme),
    "part of w2": lambda theme: sums.part_picture(STATE, "w2", SWITCHES, 2, 0, theme),
    "sum so far": lambda theme: sums.matrix_picture(STATE, SWITCHES, 2, WEIGHT.column, theme),
}
each_picture = pytest.mark.parametrize("kind", MAKE)
each_theme = pytest.mark.parametrize("theme", PALETTES)
WORDS = {
    "print": "print(w1.g)",
    "rows": "print(w1.g[26:32])",
    "map": "printed: rows 0, 1, 2",
    "matrix": "rows 781–783",
    "variance": "6 printed rows",
    "code": "lin_grad",
    "unsqueeze": "new axis",
    "product": "product",
    "sum": "the n axis",
    "matmul": "inp.t()",
    "relu": ".clamp_min(0.)",
    "tables": "image 2",
    "one cell": "one number",
    "operations": "mse_grad(out, targ)",
    "chosen column": "unit 3: 0.0620 over all rows",
    "lanes": "variance exactly 0",
    "row variance": "rows i, largest variance first",
    "signal maps": "signal-to-noise",
    "signal strip": "unit 11",
    "deviation bars": "by number",
    "unit": "row 405: +0.443",
    "distances": "0, a copy",
    "unit bars": "units that are off stand here",
    "tiles": "unit 11",
    "singular values": "singular values, largest first",
    "vectors": "bias gradient b1.g",
    "terms": "add nothing",
    "running sum": "images added, in the order of the batch",
    "image strip": "The only image that pushes it up",
    "part": "sum of 2 images",
    "part of w2": "all 3 images",
    "sum so far": "sum of 2 outer products",
}


def picture(kind: str, theme: str = "light") -> Picture:
    return MAKE[kind](theme)


@lru_cache(maxsize=128)
def exported(kind: str, name: str, theme: str = "light") -> bytes:
    return export(picture(kind, theme), name)


def drawn(kind: str, theme: str = "light") -> ElementTree.Element:
    return ElementTree.fromstring(exported(kind, "SVG", theme))


def size_of(kind: str) -> tuple[float, float]:
    root = drawn(kind)
    return float(root.get("width", "0")), float(root.get("height", "0"))


# The dark ones differ in nothing but their colours, so a few of them stand for all.
@pytest.mark.parametrize(
    ("kind", "theme"), [*((kind, "light") for kind in MAKE), *((kind, "dark") for kind in ("print", "variance", "code", "unit"))]
)
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
    papers = {rgb(palette.paper)} | ({rgb(palette.panel)} if kind in ("code",) else set())
    assert set(corners) <= papers


@each_picture
@each_theme
def test_svg_is_well_formed_and_needs_nothing_else(kind: str, theme: str) -> None:
    root = drawn(kind, theme)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    links = [value for element in root.iter() for name, value in element.attrib.items() if name.endswith("href")]
    assert all(link.startswith("data:image/png;base64,") for link in links)
    assert not [element for element in root.iter() if element.tag.endswith(("script", "foreignObject"))]


@each_picture
def test_the_two_themes_say_the_same(kind: str) -> None:
    light, dark = (
        [" ".join("".join(e.itertext()).split()) for e in drawn(kind, theme).iter() if e.tag.endswith("text")]
        for theme in PALETTES
    )
    assert light == dark and any(light)
    assert size_of(kind) == tuple(float(drawn(kind, "dark").get(side, "0")) for side in ("width", "height"))
    assert exported(kind, "CSV") == exported(kind, "CSV", "dark")
    assert exported(kind, "SVG") != exported(kind, "SVG", "dark")


@each_picture
def test_pdf_is_one_page_of_the_pictures_size_with_real_text(kind: str) -> None:
    (page,) = PdfReader(io.BytesIO(exported(kind, "PDF"))).pages
    width, height = size_of(kind)
    assert float(page.mediabox.width) / float(page.mediabox.height) == pytest.approx(width / height, rel=0.02)
    assert "".join(WORDS[kind].split()) in "".join(page.extract_text().split())


@each_picture
def test_csv_is_the_table_of_the_picture(kind: str) -> None:
    read = pd.read_csv(io.BytesIO(exported(kind, "CSV")))
    frame = picture(kind).frame
    expected = frame.mask(frame == "")  # a file has nothing between two commas for both
    pd.testing.assert_frame_equal(read, expected, check_dtype=False)
    assert len(read)


def test_vega_lite_file_draws_the_same_chart_again() -> None:
    spec = json.loads(exported("variance", "Vega-Lite"))
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/v")
    assert vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE).encode() == exported("variance", "SVG")


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
    page = exported("variance", "HTML").decode()
    links = Links()
    links.feed(page)
    assert links.scripts and not links.asked
    assert not re.search(r"""\b(import|from)\s*\(?["']https?:""", page)
    assert "6 printed rows" in page


@pytest.mark.parametrize("kind", ["variance", "map"])
def test_each_format_says_what_it_is(kind: str) -> None:
    begins = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<svg", "json": b"{", "html": b"<!DOCTYPE html>"}
    formats = formats_of(picture(kind))
    assert len({form.ending for form in formats.values()}) == len(formats)
    for name, form in formats.items():
        assert exported(kind, name).lstrip().startswith(begins.get(form.ending, b""))
        assert form.ending in form.media_type


@pytest.mark.parametrize(
    ("kind", "name"), [("variance", "GIF"), ("variance", "png"), ("map", "Vega-Lite"), ("map", "HTML"), ("map", "")]
)
def test_format_a_picture_does_not_have_is_refused(kind: str, name: str) -> None:
    with pytest.raises(ValueError, match=r"^name is .*; allowed are PNG, SVG, PDF, CSV"):
        export(picture(kind), name)


def test_a_chart_offers_more_than_a_diagram() -> None:
    assert isinstance(picture("variance"), Chart) and isinstance(picture("map"), Diagram)
    assert set(CHART_FORMATS) - set(DIAGRAM_FORMATS) == {"Vega-Lite", "HTML"}
    assert formats_of(picture("variance")).keys() == CHART_FORMATS.keys()


def test_exports_at_the_same_time_get_their_own_data() -> None:
    states = [State(n=n, nh=nh) for n in (1, 3) for nh in (2, 12)]
    wanted = [
        (pictures.variance_picture(state, theme), name) for state in states for theme in PALETTES for name in ("SVG", "CSV")
    ]
    alone = [export(*each) for each in wanted]
    assert len(set(alone)) == len(states) * 3  # each its SVG in two themes, and one CSV
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda each: export(*each), wanted * 2)) == alone * 2
