"""Every picture becomes every file it offers, for each purpose, and each file looks as it should wherever it is opened.

That every file of every picture says what it is, is tested with the other things that hold for every picture.
"""

import io
import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from itertools import islice, product
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import vl_convert
from loops import over
from pictures.diagrams.drawn import SVG
from pictures.every_picture import KINDS, pictures
from pictures.looks import root_of, texts_of
from PIL import Image
from pypdf import PdfReader
from states import State

from mnistgrad.captions.axes import AXES
from mnistgrad.pictures.about import PURPOSES, About, Purpose
from mnistgrad.pictures.charts.column_variance import column_variance_chart
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.export import CHART_FORMATS, DIAGRAM_FORMATS, Picture, export, file_name, formats_of
from mnistgrad.pictures.palette import PALETTES, rgb
from mnistgrad.pictures.sheet.sheet import caption_of, sheet_of

ABOUT = About("A picture", "Of **what** it shows.", "MNIST, n = 10", "http://localhost:8501/gradient?n=10", "gradient", "card")
CHART, DIAGRAM = "column_variance_chart", "pixel_map"
# All that pictures are made of: text in both fonts, turned and outlined; images; bars, boxes and lines; charts of every scale.
SOME = (CHART, "time_chart", "accuracy_chart", DIAGRAM, "printed_tensor", "code_panel", "shape_diagram", "unit_bars", "one_cell")
A4 = (210, 297)  # mm


@lru_cache(maxsize=128)
def picture(kind: str, theme: str = "light") -> Picture:
    """The second of its kind: the first often shows a single image."""
    return [shown for _, shown in islice(pictures(kind, theme), 2)][-1]


def opened(png: bytes) -> np.ndarray:
    """(rows, columns, 4)"""
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGBA"))


@over(
    ("kind", "theme"), [*((kind, "light") for kind in SOME), (CHART, "dark"), ("code_panel", "dark"), ("printed_tensor", "dark")]
)
def test_png_is_opaque_in_the_themes_paper_and_ink(kind: str, theme: str) -> None:
    found = opened(export(picture(kind, theme), "PNG", ABOUT))
    palette = PALETTES[theme]
    assert (found[..., 3] == 255).all()
    assert all(tuple(found[y, x, :3]) == rgb(palette.paper) for x in (0, -1) for y in (0, -1))
    assert found.shape[1] >= 2 * picture(kind).width
    ink = np.abs(found[..., :3].astype(int) - rgb(palette.ink)).sum(-1)
    assert ink.min() < 12 and len(np.unique(found.view(np.uint32))) > 20


@over("kind", [CHART, DIAGRAM])
def test_each_purpose_has_its_size_and_its_paper(kind: str) -> None:
    slide, clear, paper = (export(picture(kind), "PNG", ABOUT, purpose) for purpose in PURPOSES[1:])
    assert opened(slide).shape == opened(clear).shape == (2160, 3840, 4)
    assert (opened(slide)[..., 3] == 255).all() and opened(clear)[0, 0, 3] == opened(clear)[-1, -1, 3] == 0
    with Image.open(io.BytesIO(paper)) as image:
        assert image.width / image.info["dpi"][0] * 25.4 == pytest.approx(A4[0] - 20, abs=0.2) and image.info["dpi"][0] > 299
    (page,) = PdfReader(io.BytesIO(export(picture(kind), "PDF", ABOUT, "slides"))).pages
    assert [float(at) / 72 for at in page.mediabox[2:]] == [
        pytest.approx(40 / 3),
        pytest.approx(7.5),
    ]  # inches, as slides have it
    root = ElementTree.fromstring(export(picture(kind), "SVG", ABOUT, "print"))
    assert root.get("width", "").endswith("mm") and float(root.get("width", "")[:-2]) == pytest.approx(A4[0] - 20)


def test_on_paper_a_picture_is_light_and_fits_a_page() -> None:
    for kind in SOME:
        sheet = sheet_of(picture(kind), ABOUT, "print", outlined=False)
        assert sheet.width / 96 * 25.4 <= A4[0] - 20 + 0.01 and sheet.height / 96 * 25.4 <= A4[1] - 20 + 0.01, kind
    with pytest.raises(ValueError, match=r"dark page; on paper, allowed is one for a light page"):
        export(picture(CHART, "dark"), "PDF", ABOUT, "print")


LONG = replace(
    ABOUT, title="A title " * 40, sentence="A sentence, `w1.g`. " * 90, link="http://localhost/line?lines=" + "x" * 4_000
)


def test_nothing_on_a_sheet_lies_on_anything_else_however_much_there_is_to_say() -> None:
    for kind, purpose, about in product(("time_chart", DIAGRAM, "printed_tensor"), PURPOSES, (ABOUT, LONG, About("Title"))):
        shown = picture(kind)
        sheet = sheet_of(shown, about, purpose, outlined=False)
        root = ElementTree.fromstring(sheet.svg)
        (drawn,) = (each for each in root if each.tag == f"{SVG}g")
        left, top, scale = map(float, re.findall(r"-?[\d.]+", drawn.get("transform", "")))
        bottom = top + scale * (shown.spec["height"] if isinstance(shown, Chart) else shown.height)
        assert min(left, top) >= 0 and bottom <= sheet.height and scale > 0.15, (kind, purpose)
        beside = left > sheet.width / 4
        for word in {*root.iter(f"{SVG}text")} - {*drawn.iter()}:
            x, base, size = (float(word.get(name, 0)) for name in ("x", "y", "font-size"))
            upper, lower = base - 0.8 * size, base + 0.25 * size
            assert upper > 0 and lower < sheet.height, (kind, purpose, word.text)
            assert lower < top or upper > bottom or (beside and x < left), (kind, purpose, word.text)


def test_svg_needs_no_font_no_style_and_nothing_from_elsewhere() -> None:
    for kind in SOME:
        root = ElementTree.fromstring(export(picture(kind), "SVG", ABOUT))
        tags = {each.tag.removeprefix(SVG) for each in root.iter() if each is not root}
        assert not tags & {"text", "style", "svg", "use", "script", "foreignObject"}, kind
        assert not any("transparent" in each.attrib.values() for each in root.iter())
        labels = {each.get("aria-label") for each in root.iter(f"{SVG}path")}
        assert {"".join(text.itertext()) for text in root_of(picture(kind)).iter(f"{SVG}text")} - {""} <= labels, kind
        links = {value for each in root.iter() for name, value in each.attrib.items() if name.endswith("href")}
        assert all(link == ABOUT.link or link.startswith("data:image/png;base64,") for link in links)


def test_outlines_are_the_letters_that_the_words_would_have() -> None:
    for kind in (CHART, "printed_tensor", "shape_diagram"):
        outlined, worded = (
            opened(vl_convert.svg_to_png(sheet_of(picture(kind), ABOUT, "screen", outlined=way).svg, scale=2)).astype(int)
            for way in (True, False)
        )
        assert outlined.shape == worded.shape
        off = np.abs(outlined - worded).max(-1)
        assert (off > 96).mean() < 0.0005, (kind, (off > 96).mean())  # the rims of letters


def test_letters_that_our_fonts_lack_stay_words() -> None:
    drawing = Drawing(200, 40, PALETTES["light"])
    drawing.text(100, 20, "漢字 = 1", PALETTES["light"].ink)
    lacking = drawing.finished("lacking", "Letters.", pd.DataFrame({"a": [1]}), 200)
    root = ElementTree.fromstring(export(lacking, "SVG", ABOUT))
    (word,) = root.iter(f"{SVG}text")
    assert word.text == "漢字 = 1" and word.get("font-family", "").endswith("sans-serif")


@over("purpose", ["screen", "slides"])
def test_cells_of_an_image_are_sharp_in_pictures_and_files(purpose: Purpose) -> None:
    colours = np.random.default_rng(0).choice([20, 90, 160, 230], (7, 11, 3)).astype(np.uint8)
    drawing = Drawing(123.4, 45.6, PALETTES["light"])
    drawing.image(0, 0, 123.4, 45.6, colours)
    strip = drawing.finished("strip", "", pd.DataFrame({"a": [1]}), 100)
    found = opened(export(strip, "PNG", About(""), purpose))[..., :3]
    inside = np.argwhere((found != 255).any(-1))
    (top, left), (bottom, right) = inside.min(0) + 2, inside.max(0) - 1
    seen = {*map(tuple, found[top:bottom, left:right].reshape(-1, 3).tolist())}
    assert seen <= {*map(tuple, colours.reshape(-1, 3).tolist())}
    ((image,),) = (page.images for page in PdfReader(io.BytesIO(export(strip, "PDF", About(""), purpose))).pages)
    assert image.image and image.image.width >= 0.9 * (right - left) and image.image.width % 11 == image.image.height % 7 == 0


@over("kind", SOME)
def test_pdf_is_one_page_of_the_sheets_size_with_real_text_its_fonts_and_a_link(kind: str) -> None:
    reader = PdfReader(io.BytesIO(export(picture(kind), "PDF", ABOUT)))
    (page,) = reader.pages
    sheet = sheet_of(picture(kind), ABOUT, "screen", outlined=False)
    assert float(page.mediabox.width) == pytest.approx(0.75 * sheet.width, rel=0.01)
    assert float(page.mediabox.height) == pytest.approx(0.75 * sheet.height, rel=0.01)
    words = sorted(texts_of(picture(kind)), key=len)[-3:]
    written = "".join(page.extract_text().split())
    assert words and all("".join(text.split()) in written for text in words)
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts and all("Mnistgrad" in font["/BaseFont"] for font in fonts)
    assert page["/Annots"][0].get_object()["/A"]["/URI"] == ABOUT.link
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 a PDF's own


MEASURED = re.compile(r"second|byte|percent|angle|degree|\bms\b", re.IGNORECASE)


def test_csv_is_the_table_of_the_picture_with_the_units_of_its_columns() -> None:
    heads = set()
    for kind in KINDS:
        read = pd.read_csv(io.BytesIO(export(picture(kind), "CSV", ABOUT)))
        frame = picture(kind).frame
        expected = frame.mask((frame == "") | frame.isna())  # a file has nothing between two commas for all of them
        heads |= {(head, name) for head, name in zip(read, frame, strict=True) if head != name}
        pd.testing.assert_frame_equal(read.set_axis(frame.columns, axis=1), expected, check_dtype=False, obj=kind)
        assert len(read)
        united = [head for head in read if re.fullmatch(r".+ \[[^\]]+\]", head)]
        assert [head for head in read if MEASURED.search(head) and head not in united] == [], kind
        sizes = read.get("size", pd.Series(dtype=float)).dropna()
        assert pd.api.types.is_numeric_dtype(sizes) and (sizes == sizes.round()).all(), kind
    assert {("low [s]", "low"), ("low [bytes]", "low"), ("time [s]", "seconds"), ("memory [bytes]", "nbytes")} <= heads


def test_vega_lite_file_draws_the_same_chart_under_its_title() -> None:
    spec = json.loads(export(picture(CHART), "Vega-Lite", ABOUT))
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/v")
    svg = vl_convert.vegalite_to_svg(spec, vl_version=spec["$schema"].rpartition("v")[2].removesuffix(".json"))
    alone = vl_convert.vegalite_to_svg(picture(CHART).spec)
    texts, before = ([each.text for each in ElementTree.fromstring(each).iter(f"{SVG}text")] for each in (svg, alone))
    assert Counter(texts) == Counter(before) + Counter(["A picture", "Of what it shows."])


@over("kind", [CHART, DIAGRAM])
def test_each_format_is_what_it_says(kind: str) -> None:
    begins = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<svg", "json": b"{", "html": b"<!doctype html>"}
    formats = formats_of(picture(kind))
    assert len({form.ending for form in formats.values()}) == len(formats)
    for name, form in formats.items():
        assert export(picture(kind), name, ABOUT).startswith(begins.get(form.ending, b""))
        assert form.ending in form.media_type


@over(("kind", "name"), [(CHART, "GIF"), (CHART, "png"), (DIAGRAM, "Vega-Lite"), (DIAGRAM, "")])
def test_format_a_picture_does_not_have_is_refused(kind: str, name: str) -> None:
    with pytest.raises(ValueError, match=r"^name is .*; allowed are PNG, SVG, PDF, CSV"):
        export(picture(kind), name, ABOUT)


def test_a_chart_offers_more_than_a_diagram() -> None:
    assert isinstance(picture(CHART), Chart) and isinstance(picture(DIAGRAM), Diagram)
    assert set(CHART_FORMATS) - set(DIAGRAM_FORMATS) == {"Vega-Lite"}


def test_a_file_says_neither_what_to_click_nor_nothing() -> None:
    clicked = replace(ABOUT, sentence="Click the map. It **shows** a map; so it is 0.5. Click a :blue[pixel] to choose.")
    assert clicked.plain_sentence == "It shows a map; so it is 0.5." and clicked.named("Rows").plain_title == "A picture: Rows"
    root = ElementTree.fromstring(export(picture(DIAGRAM), "SVG", About("Title")))
    labels = " ".join(path.get("aria-label", "") for path in root.iter(f"{SVG}path"))
    assert picture(DIAGRAM).description.split(".")[0][:60] in labels


def test_letters_of_axes_are_told_where_their_colour_is_used_and_never_where_they_are_a_readers_own() -> None:
    def told(kind: str, about: About) -> list[str]:
        svg = sheet_of(picture(kind), about, "screen", outlined=False).svg
        return [letter for letter, meaning in AXES.items() if meaning.replace(" ", "\u00a0") in svg]

    assert told("shape_diagram", About("Shapes")) == ["n", "j"]  # "1 image", "2 units"
    assert told("time_chart", About("Times")) == ["n"] and told("pixel_map", About("Map")) == []
    assert told("shape_diagram", About("Shapes", state="n = 3", own_letters=True)) == []


def test_names_of_files_tell_any_two_apart_and_are_plain() -> None:
    abouts = [
        ABOUT,
        replace(ABOUT, state="MNIST, n = 100"),
        replace(ABOUT, link=ABOUT.link + "&row=1"),
        replace(ABOUT, key="other"),
        replace(ABOUT, page="line"),
        replace(ABOUT, title="Another question"),
        replace(ABOUT, state="MNIST, n = 10, " + "long " * 100),
    ]
    names = [
        file_name(about, picture(kind, theme), theme, purpose, "png")
        for about in abouts
        for kind in (CHART, DIAGRAM, "printed_tensor")
        for theme in PALETTES
        for purpose in PURPOSES
        if purpose != "print" or theme == "light"
    ]
    assert len({*names}) == len(names) and max(map(len, names)) < 200
    assert all(re.fullmatch(r"mnistgrad[\w-]+\.png", name, re.ASCII) for name in names)
    assert re.match(r"mnistgrad-gradient-pixel-map-MNIST-n-10-light-slides-\w{6}\.png", names[8])
    again = file_name(ABOUT, [shown for _, shown in islice(pictures(CHART), 2)][-1], "light", "screen", "png")
    assert again == names[0]


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


def test_a_picture_without_a_title_stands_among_words_and_says_none_of_its_own() -> None:
    shown = picture(DIAGRAM)
    assert caption_of(shown, About("Title")) and not caption_of(shown, About(""))
