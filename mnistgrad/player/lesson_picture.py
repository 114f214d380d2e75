"""A lesson's steps as one picture, one below the other: each says its code and what it does, so that it stands alone."""

import math
import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from mnistgrad.pictures.diagrams.svg import Diagram, Drawing, slug
from mnistgrad.pictures.palette import Palette
from mnistgrad.player.lesson_text import one_line

if TYPE_CHECKING:
    from mnistgrad.player.lesson import Lesson, LessonFrame

MARGIN, LINE, APART = 24.0, 19.0, 30.0
LEAST = 620.0  # px wide
CODE, SAYS = 13.5, 13.0  # font sizes
MONO, SANS = 0.6, 0.5  # of the font size: a character's width


def lesson_picture(lesson: "Lesson", palette: Palette) -> Diagram:
    if palette.tall < math.inf:  # a slide has room for one step, and says beside it what it does
        return lesson[-1].picture(palette)
    pictures = [frame.picture(palette) for frame in lesson]
    width = max(LEAST, *(picture.width + 2 * MARGIN for picture in pictures))
    says = [_lines(frame, width) for frame in lesson]
    heights = [picture.height + LINE * (1 + len(lines)) + APART for picture, lines in zip(pictures, says, strict=True)]
    drawing = Drawing(width, LINE + sum(heights), palette)
    y = LINE
    for frame, picture, lines, height in zip(lesson, pictures, says, heights, strict=True):
        code = one_line(f"{frame.number + 1}  {frame.statement}", int((width - 2 * MARGIN) / CODE / MONO))
        drawing.runs(MARGIN, y, [(code, palette.ink)], CODE, 600, "left")
        for place, line in enumerate(lines, 1):
            drawing.text(MARGIN, y + LINE * place, line, palette.muted, SAYS, align="left")
        at = dict(x=(width - picture.width) / 2, y=y + LINE * (0.5 + len(lines)), width=picture.width, height=picture.height)
        drawing.add("svg", at, _inside(picture))
        y += height
    first = lesson[0]
    name = slug(f"{lesson.title} {first.number if len(lesson) == 1 else ''}"[:60]) or "lesson"
    description = f"{lesson.title}: {' '.join(picture.description for picture in pictures)}"
    return drawing.finished(name, description, pd.DataFrame(lesson.to_frame()), width * 0.8)


def _lines(frame: "LessonFrame", width: float) -> list[str]:
    says = f"{frame.says} {frame.memory}".replace("`", "").strip()
    return textwrap.wrap(" ".join(says.split()), int((width - 2 * MARGIN) / SAYS / SANS))


def _inside(picture: Diagram) -> str:
    """Its elements, without the svg around them."""
    return picture.svg[picture.svg.index(">") + 1 : -len("</svg>")]
