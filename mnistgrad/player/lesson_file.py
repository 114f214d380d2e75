"""A lesson as a file: its player in one page that needs nothing else, or its pictures."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from html import escape
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from mnistgrad.captions.plain import verbatim
from mnistgrad.pictures.palette import FONTS, MONO, PALETTES, SANS
from mnistgrad.player.lesson_data import packed_lesson
from mnistgrad.player.script import page_of, script

if TYPE_CHECKING:
    from mnistgrad.player.lesson import Lesson

PICTURES = {".svg": "SVG", ".png": "PNG", ".pdf": "PDF"}
FRAME = "width:100%;height:46rem;max-height:92vh;border:0"
OWN = """
html {{ color-scheme: {themes}; }}
body {{ margin: 0; background: {paper}; container-type: inline-size; }}
@media (prefers-color-scheme: dark) {{ body {{ background: {dark}; }} }}
.lesson {{ --sans: {sans}; --mono: {mono}; box-sizing: border-box; max-width: 1180px; min-height: 100vh; margin: 0 auto; }}
.lesson {{ padding: 1.2rem; outline: 0; }}
"""


def save_lesson(lesson: "Lesson", path: "str | PathLike[str]", step: int | None) -> None:
    file = Path(path)
    allowed = ", ".join([".html", *PICTURES])
    if file.suffix.lower() not in (".html", *PICTURES):
        raise ValueError(f"path is {str(path)!r}; allowed are names that end in {allowed}")
    if not file.parent.is_dir():
        raise ValueError(f"path is {str(path)!r}; its folder {str(file.parent)!r} is not there")
    if step is not None and (isinstance(step, bool) or not isinstance(step, int) or not -len(lesson) <= step < len(lesson)):
        raise ValueError(f"step is {step!r}; allowed are 0 to {len(lesson) - 1}")
    if not len(lesson):
        raise ValueError("the lesson has no steps: nothing was recorded")
    shown = lesson if step is None else lesson[step : step + 1 or None]
    if file.suffix.lower() == ".html":
        file.write_text(lesson_page(shown), encoding="utf-8")
    else:
        from mnistgrad.pictures.about import About
        from mnistgrad.pictures.export import export
        from mnistgrad.player.lesson_picture import lesson_picture

        picture = lesson_picture(shown, PALETTES["light"])
        file.write_bytes(export(picture, PICTURES[file.suffix.lower()], About(verbatim(lesson.title), own_letters=True)))


def lesson_page(lesson: "Lesson", themes: Sequence[str] = tuple(PALETTES)) -> str:
    """One page with all that it needs. It may ask for nothing, and runs no other script than this one.

    themes: "light" and "dark", of which it follows the reader's, or the one that its frames are drawn in.
    """
    html, css = page_of("lesson")
    code = script("lesson_file")
    allowed = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    first, last = PALETTES[themes[0]].paper, PALETTES[themes[-1]].paper
    own = OWN.format(themes=" ".join(themes), paper=first, dark=last, sans=SANS, mono=MONO)
    policy = f"default-src 'none'; script-src 'sha256-{allowed}'; style-src 'unsafe-inline'; img-src data:; form-action 'none'"
    packed = base64.b64encode(packed_lesson(lesson, themes, fonts=_fonts())).decode()
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(lesson.title)}</title><style>{css}{own}</style></head><body>{html}"
        f'<script type="text/plain" id="packed">{packed}</script><script type="module">{code}</script></body></html>\n'
    )


def notebook_html(lesson: "Lesson") -> str:
    """The page in a frame of its own, which can reach nothing around it; what shows no frames shows the text in it."""
    page = escape(lesson_page(lesson))
    text = escape(repr(lesson))
    title = escape(lesson.title)
    return (
        f'<iframe title="{title}" sandbox="allow-scripts" allow="fullscreen" style="{FRAME}" srcdoc="{page}">'
        f"<pre>{text}</pre></iframe>"
    )


@cache
def _fonts() -> dict[str, bytes]:
    """By family and weight."""
    files = {"Regular": 400, "SemiBold": 600}
    return {
        f"Mnistgrad {family}/{weight}": (FONTS / f"Mnistgrad{family}-{name}.ttf").read_bytes()
        for family in ("Sans", "Code")
        for name, weight in files.items()
    }
