"""A picture as a page of its own that fills its window, asks for nothing and works without a network."""

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from xml.etree import ElementTree

from mnistgrad.captions.plain import runs
from mnistgrad.pictures.about import About
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import FONTS, MONO, PALETTES, SANS, Palette
from mnistgrad.pictures.sheet.converting import script_of
from mnistgrad.pictures.sheet.fitting import VEGA_LITE, height_of
from mnistgrad.pictures.sheet.sheet import caption_of, palette_of, told_of, words_of
from mnistgrad.pictures.sheet.taken_in import SVG, taken_in

HERE = Path(__file__).parent
SHARP = 2.0  # pixels of an image for each px; the browser smooths none


def chart_page(chart: Chart, about: About) -> bytes:
    given = {"spec": chart.spec, "height": height_of(chart), "least": chart.least}
    data = json.dumps(given, ensure_ascii=False).replace("<", "\\u003c")
    picture = f'<script type="application/json" id="given">{data}</script>'
    return _page(chart, about, picture, [_vega(), (HERE / "chart_page.js").read_text("utf-8")])


def diagram_page(diagram: Diagram, about: About) -> bytes:
    """What an element says when it is pointed at shows, as on the pages."""
    size = dict(viewBox=f"0 0 {diagram.width:.2f} {diagram.height:.2f}", role="img")
    root = ElementTree.Element(f"{{{SVG}}}svg", {**size, "aria-label": diagram.description, "font-family": SANS})
    root.extend(taken_in(diagram.svg, outlined=False, sharpness=SHARP))
    for image in root.iter(f"{{{SVG}}}image"):
        image.set("style", "image-rendering:pixelated")
    return _page(diagram, about, ElementTree.tostring(root, encoding="unicode"), [(HERE / "diagram_page.js").read_text("utf-8")])


def _page(picture: Chart | Diagram, about: About, shown: str, scripts: Sequence[str]) -> bytes:
    palette = palette_of(picture)
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    axes = about.axes(words_of(picture)).items()
    named = "".join(f'<span><b class="{letter}">{letter}</b> {escape(meaning)}</span>' for letter, meaning in axes)
    title, link = escape(about.plain_title), escape(about.link)
    linked = f'<a href="{link}">{link}</a>' if about.link.startswith(("http://", "https://")) else link
    dark = palette is PALETTES["dark"]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="{"dark" if dark else "light"}"><meta name="author" content="mnistgrad">'
        f'<meta name="description" content="{escape(told_of(picture, about))}">'
        f"<title>{title}</title><style>{_style(palette)}</style></head><body>"
        f"<header><h1>{_marked(about.title)}</h1><p>{_marked(caption_of(picture, about))}</p></header>"
        f'<main id="picture">{shown}</main><div id="tip" role="status" hidden></div>'
        f'<footer><p class="axes">{named}</p><p>{escape(about.state)}</p><p class="link">{linked}</p></footer>'
        f"{''.join(f'<script>{script}</script>' for script in scripts)}</body></html>\n"
    ).encode()


def _marked(caption: str) -> str:
    marked = []
    for run in runs(caption):
        text = escape(run.text)
        if run.code:
            text = f"<code>{text}</code>"
        if run.bold:
            text = f"<b>{text}</b>"
        marked.append(f'<span class="{run.axis}">{text}</span>' if run.axis else text)
    return "".join(marked)


def _style(palette: Palette) -> str:
    axes = "".join(f".{letter} {{ color: {colour}; }}" for letter, colour in palette.axis_text.items())
    named = dict(paper=palette.paper, ink=palette.ink, muted=palette.muted)
    variables = "".join(f"--{name}: {colour};" for name, colour in named.items())
    fonts = f":root {{ --sans: {SANS}; --mono: {MONO}; {variables} }}"
    return fonts + axes + _faces() + (HERE / "page.css").read_text("utf-8")


@cache
def _faces() -> str:
    """Our fonts, inside."""
    return "".join(
        f'@font-face {{ font-family: "Mnistgrad {family}"; font-weight: {weight}; '
        f"src: url(data:font/ttf;base64,{_base64((FONTS / f'Mnistgrad{family}-{name}.ttf').read_bytes())}); }}"
        for family in ("Sans", "Code")
        for name, weight in (("Regular", 400), ("SemiBold", 600))
    )


@cache
def _vega() -> str:
    """The library that draws a chart, as one script."""
    return script_of("window.vegaEmbed = vegaEmbed;", VEGA_LITE).replace("</script", "<\\/script")


def _digest(script: str) -> str:
    return _base64(hashlib.sha256(script.encode()).digest())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
