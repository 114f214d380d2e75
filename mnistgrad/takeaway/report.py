"""A report: one page that reads like a short article, asks for nothing and prints without cutting a picture."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from mnistgrad.pictures.about import About
from mnistgrad.pictures.palette import PALETTES, SANS, Palette

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
STYLE = """
html {{ background: {paper}; color: {ink}; font: 17px/1.5 {sans}; }}
body {{ max-width: 46rem; margin: 0 auto; padding: 2rem 1.2rem 4rem; }}
h1 {{ font: 600 2.1rem/1.2 "Source Serif", Georgia, serif; margin: .2rem 0 1rem; }}
h2 {{ font: 600 1.45rem/1.25 "Source Serif", Georgia, serif; margin: 3rem 0 0; padding-top: 1rem; border-top: 1px solid {hair}; }}
h3 {{ font-size: 1.1rem; margin: 0; }}
p {{ margin: .2rem 0 .6rem; }}
.small, figcaption {{ color: {muted}; font-size: .82rem; overflow-wrap: anywhere; }}
section {{ margin-top: 2rem; }}
figure {{ margin: .6rem 0; }}
img {{ display: block; max-width: 100%; max-height: 92vh; height: auto; margin: 0 auto; }}
a {{ color: inherit; }}
code {{ overflow-wrap: anywhere; }}
@page {{ margin: 16mm; }}
@media print {{
  html {{ font-size: 11pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
  body {{ max-width: none; padding: 0; }}
  h2, h3, section > p {{ break-after: avoid; }}
  figure, .small {{ break-inside: avoid; }}
  .small {{ break-before: avoid; }}
  img {{ max-height: 150mm; max-width: 100%; }}
}}
"""


@dataclass(frozen=True)
class Figure:
    """name: of the picture among those of its card, "" where there is one. svg: its file. description: of what it shows.

    says: what stands below it, "" where the card's own sentence says it.
    """

    name: str
    svg: bytes
    description: str
    says: str = ""


@dataclass(frozen=True)
class Part:
    """What one card says, and its pictures. line: of code, as beside it."""

    about: About
    figures: Sequence[Figure]
    line: str = ""


@dataclass(frozen=True)
class Chapter:
    """A page: its title and its cards."""

    title: str
    parts: Sequence[Part]


def report(headline: str, kicker: str, chapters: Sequence[Chapter], theme: str) -> str:
    """Stand-alone HTML. Every text in it is plain."""
    palette: Palette = PALETTES[theme]
    style = STYLE.format(paper=palette.paper, ink=palette.ink, hair=palette.hair, muted=palette.muted, sans=SANS)
    inside = "".join(_chapter(chapter, len(chapters) > 1) for chapter in chapters)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="author" content="mnistgrad">'
        f'<meta name="color-scheme" content="{theme}"><title>{escape(headline)}</title><style>{style}</style></head>'
        f'<body><p class="small">{escape(kicker)}</p><h1>{escape(headline)}</h1>{inside}</body></html>\n'
    )


def _chapter(chapter: Chapter, titled: bool) -> str:
    title = f"<h2>{escape(chapter.title)}</h2>" if titled else ""
    return title + "".join(_part(part) for part in chapter.parts)


def _part(part: Part) -> str:
    about = part.about
    sentence = f"<p>{escape(about.plain_sentence)}</p>" if about.sentence else ""
    line = f"<p><code>{escape(part.line)}</code></p>" if part.line else ""
    is_link = about.link.startswith(("http://", "https://"))
    link = f' · <a href="{escape(about.link)}">{escape(about.link)}</a>' if is_link else ""
    small = f'<p class="small">{escape(about.state)}{link}</p>'
    return f"<section><h3>{escape(about.plain_title)}</h3>{sentence}{''.join(map(_figure, part.figures))}{line}{small}</section>"


def _figure(figure: Figure) -> str:
    data = base64.b64encode(figure.svg).decode()
    told = ": ".join(filter(None, [figure.name, figure.says]))
    below = f"<figcaption>{escape(told)}</figcaption>" if told else ""
    return f'<figure><img alt="{escape(figure.description)}" src="data:image/svg+xml;base64,{data}">{below}</figure>'
