"""A sheet as a file that says in its own fields what it is: SVG, PNG, PDF."""

import io
import logging
import re
from collections.abc import Mapping

from PIL import PngImagePlugin

from mnistgrad.pictures.about import About, Purpose
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.sheet.converting import pdf_of, png_of
from mnistgrad.pictures.sheet.sheet import FORMATS, PX_PER_MM, Sheet, sheet_of, told_of

AUTHOR = "mnistgrad"
POINTS = 0.75  # of a px
INCH, POINTS_AN_INCH = 96, 72
HEADER_END = 33  # bytes of a PNG up to the end of its first chunk
# Not to smooth an image has one name where the files are drawn, and another in browsers.
SHARPEST = re.compile(r' image-rendering="optimizeSpeed"')

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of how svg2pdf counts


def svg_file(picture: Chart | Diagram, about: About, purpose: Purpose) -> bytes:
    """Words are shapes, so that it looks the same in every program, with our fonts or without them."""
    sheet = sheet_of(picture, about, purpose, outlined=True)
    svg = sheet.svg
    if purpose == "print":
        svg = _sized(sheet, f"{sheet.width / PX_PER_MM:.2f}mm", f"{sheet.height / PX_PER_MM:.2f}mm")
    return SHARPEST.sub(' image-rendering="optimizeSpeed" style="image-rendering:pixelated"', svg).encode()


def png_file(picture: Chart | Diagram, about: About, purpose: Purpose) -> bytes:
    """For slides 3,840 × 2,160, on paper 300 dots an inch."""
    dots = FORMATS[purpose].dots
    sheet = sheet_of(picture, about, purpose, outlined=True)
    png = png_of(sheet.svg, POINTS_AN_INCH / INCH, dots * INCH)
    return png[:HEADER_END] + _text_chunks(_fields(picture, about)) + png[HEADER_END:]


def pdf_file(picture: Chart | Diagram, about: About, purpose: Purpose) -> bytes:
    """Real words in our fonts, which go along; the link can be followed."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.annotations import Link
    from pypdf.generic import BooleanObject, DictionaryObject, NameObject, RectangleObject, TextStringObject

    sheet = sheet_of(picture, about, purpose, outlined=False)
    drawn = pdf_of(_sized(sheet, f"{POINTS * sheet.width:.2f}", f"{POINTS * sheet.height:.2f}"))
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(drawn)))
    fields = _fields(picture, about)
    writer.add_metadata({f"/{name}": fields[field] for name, field in PDF_FIELDS.items()})
    shows_title = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    writer.root_object.update({NameObject("/Lang"): TextStringObject("en"), NameObject("/ViewerPreferences"): shows_title})
    if about.link.startswith(("http://", "https://")):
        left, top, right, bottom = sheet.link
        corners = (left, sheet.height - bottom, right, sheet.height - top)
        box = RectangleObject(tuple(POINTS * at for at in corners))
        writer.add_annotation(0, Link(rect=box, url=about.link))
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _sized(sheet: Sheet, width: str, height: str) -> str:
    """The same sheet in other units."""
    return re.sub(r' width="[^"]*" height="[^"]*"', f' width="{width}" height="{height}"', sheet.svg, count=1)


PDF_FIELDS = {"Title": "Title", "Author": "Author", "Subject": "Description", "Keywords": "Source"}


def _fields(picture: Chart | Diagram, about: About) -> Mapping[str, str]:
    """By the names that PNG gives them."""
    fields = dict(Title=about.plain_title, Author=AUTHOR, Description=told_of(picture, about))
    return fields | dict(Software=AUTHOR, Source=about.link)


def _text_chunks(fields: Mapping[str, str]) -> bytes:
    texts = PngImagePlugin.PngInfo()
    for name, text in fields.items():
        texts.add_itxt(name, text)
    file = io.BytesIO()
    for kind, data, *_ in texts.chunks:
        PngImagePlugin.putchunk(file, kind, data)
    return file.getvalue()
