"""A line as the lesson has it over the same line written wrongly, with what differs marked in both."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import pandas as pd

from mnistgrad.pictures.diagrams.svg import MONO_WIDTH, Diagram, Drawing
from mnistgrad.pictures.palette import Palette

SIZE, LINE, MARGIN, NARROW = 13.0, 26.0, 14.0, 8.0
NAME = 122.0  # room for whose line it is
LEAST_SHARE = 0.85
TOKEN = re.compile(r"\w+|[^\w\s]")
Piece = tuple[int, int]  # columns of a line, the end not included; equal where something is missing


@dataclass(frozen=True)
class Layout:
    """Where lines of code begin and how large they are. above: whose line it is stands over it, where there is no room before."""

    left: float
    size: float
    above: bool

    @classmethod
    def of(cls, longest: int, room: float) -> "Layout":
        """For lines of at most so many letters."""
        if MARGIN * 2 + NAME + longest * SIZE * MONO_WIDTH <= room:
            return cls(MARGIN + NAME, SIZE, above=False)
        return cls(NARROW, min(SIZE, (room - 2 * NARROW) / (longest * MONO_WIDTH)), above=True)

    def x(self, column: int) -> float:
        return self.left + column * self.size * MONO_WIDTH


def changed_line(name: str, pairs: Sequence[tuple[str, str]], palette: Palette) -> Diagram:
    """pairs: each line of the lesson with its wrong version."""
    longest = max(len(line) for pair in pairs for line in pair)
    layout = Layout.of(longest, palette.room)
    down = LINE * (2 if layout.above else 1)
    block = 2 * down + MARGIN
    drawing = Drawing(layout.x(longest) + (NARROW if layout.above else MARGIN), block * len(pairs) + MARGIN, palette)
    drawing.rect(0.5, 0.5, drawing.width - 1, drawing.height - 1, palette.panel, stroke=palette.hair, rx=8)
    for place, (right, wrong) in enumerate(pairs):
        y = MARGIN + LINE / 2 + block * place
        in_right, in_wrong = differences(right, wrong)
        _draw_line(drawing, y, layout, "the lesson", right, in_right, dash="")
        _draw_line(drawing, y + down, layout, "written wrongly", wrong, in_wrong, dash="3 2")
    description = "; ".join(f"the lesson has {right}, and here stands {wrong}" for right, wrong in pairs) + "."
    frame = pd.DataFrame(pairs, columns=["lesson", "written_wrongly"])
    return drawing.finished(f"line-{name}", description[0].upper() + description[1:], frame, drawing.width * LEAST_SHARE)


def differences(right: str, wrong: str) -> tuple[list[Piece], list[Piece]]:
    """The columns of either line that the other does not have, token by token."""
    tokens = [[match.span() for match in TOKEN.finditer(line)] for line in (right, wrong)]
    words = [[line[a:b] for a, b in spans] for line, spans in zip((right, wrong), tokens, strict=True)]
    matched = SequenceMatcher(a=words[0], b=words[1], autojunk=False)
    changes = [places for kind, *places in matched.get_opcodes() if kind != "equal"]
    return (
        [_columns(tokens[0], first, end) for first, end, _, _ in changes],
        [_columns(tokens[1], first, end) for _, _, first, end in changes],
    )


def _columns(tokens: Sequence[Piece], first: int, end: int) -> Piece:
    if first < end:
        return tokens[first][0], tokens[end - 1][1]
    gap = tokens[first - 1][1]
    return gap, gap


def _draw_line(drawing: Drawing, y: float, layout: Layout, name: str, line: str, marked: Sequence[Piece], dash: str) -> None:
    palette = drawing.palette
    drawing.text(NARROW if layout.above else MARGIN, y, name, palette.muted, 12.5, align="left")
    y += LINE if layout.above else 0
    for first, end in marked:
        x = layout.x(first)
        if first == end:
            drawing.line([(x, y - LINE / 2 + 3), (x, y + LINE / 2 - 3)], palette.mark_edge, 2.4)
        else:
            edge = dict(stroke=palette.mark_edge, stroke_dasharray=dash, class_="mark")
            drawing.rect(x - 1.5, y - LINE / 2 + 3, layout.x(end) - x + 3, LINE - 6, palette.mark, rx=3, stroke_width=1.4, **edge)
    drawing.runs(layout.x(0), y, [(line, palette.ink)], layout.size, align="left")
