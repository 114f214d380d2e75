"""Running text on a sheet: broken into lines by the widths of its letters, in the styles of our captions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from mnistgrad.captions.plain import Run
from mnistgrad.pictures.palette import MONO, Palette
from mnistgrad.pictures.sheet.letters import width_of

CODE = 0.92  # of the size of the words around it
LEADING = 1.4  # of the size, from line to line


@dataclass(frozen=True)
class Line:
    """Words on a line, each with its left end in px, and where the last ends."""

    placed: tuple[tuple[float, Run], ...]
    width: float

    @property
    def text(self) -> str:
        return "".join(run.text for _, run in self.placed).rstrip()


@dataclass(frozen=True)
class Paragraph:
    """Lines in one size. bold: all of it."""

    lines: tuple[Line, ...]
    size: float
    bold: bool

    @property
    def width(self) -> float:
        return max((line.width for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING

    def drawn(self, x: float, y: float, palette: Palette, colour: str) -> str:
        """As SVG, its upper left corner there; words of an axis in its colour."""
        lines = []
        for place, line in enumerate(self.lines):
            base = y + (place + 0.5) * self.size * LEADING + 0.35 * self.size
            for left, run in line.placed:
                fill = palette.axis_text[run.axis] if run.axis else colour
                size = self.size * CODE if run.code else self.size
                weight = ' font-weight="600"' if run.bold or self.bold else ""
                family = f' font-family="{escape(MONO)}"' if run.code else ""
                style = f'font-size="{size:.2f}" fill="{fill}"{weight}{family} xml:space="preserve"'
                lines.append(f'<text x="{x + left:.2f}" y="{base:.2f}" {style}>{escape(run.text)}</text>')
        return "".join(lines)


def paragraph(runs: Iterable[Run], width: float, size: float, bold: bool = False, most: int = 0) -> Paragraph:
    """most: lines, where not all are shown; the last then ends in "…". A word that is too long for a line is cut into several."""
    lines: list[list[Run]] = [[]]
    used = 0.0
    for words in _bound(_words(runs, width, size, bold)):
        *first, last = (_width(word, size, bold) for word in words)
        if used + sum(first) + _width(replace(words[-1], text=words[-1].text.rstrip()), size, bold) > width and lines[-1]:
            lines.append([])
            used = 0.0
        if lines[-1] or words[0].text.strip():
            lines[-1] += words
            used += sum(first) + last
    if most and len(lines) > most:
        lines = lines[:most]
        lines[-1][-1] = replace(lines[-1][-1], text=lines[-1][-1].text.rstrip()[:-1] + "…")
    return Paragraph(tuple(_line(words, size, bold) for words in lines if words), size, bold)


def _words(runs: Iterable[Run], width: float, size: float, bold: bool) -> Iterator[Run]:
    """Each with the blanks behind it."""
    for run in runs:
        for word in _split(run.text):
            while _width(replace(run, text=word.rstrip()), size, bold) > width and len(word) > 1:
                cut = max(1, int(len(word) * width / _width(replace(run, text=word), size, bold)) - 1)
                yield replace(run, text=word[:cut])
                word = word[cut:]
            yield replace(run, text=word)


def _bound(words: Iterable[Run]) -> Iterator[list[Run]]:
    """One by one, but with the next behind a blank that does not break."""
    bound: list[Run] = []
    for word in words:
        bound.append(word)
        if not word.text.endswith("\u00a0"):
            yield bound
            bound = []
    if bound:
        yield bound


def _split(text: str) -> list[str]:
    pieces = text.replace("\n", " ").split(" ")
    return [piece + " " for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])


def _line(words: Sequence[Run], size: float, bold: bool) -> Line:
    """Neighbours in one style become one run."""
    placed: list[tuple[float, Run]] = []
    right = 0.0
    for word in words:
        if placed and replace(placed[-1][1], text=word.text) == word:
            left, run = placed[-1]
            placed[-1] = (left, replace(run, text=run.text + word.text))
        else:
            placed.append((right, word))
        right = placed[-1][0] + _width(placed[-1][1], size, bold)
    return Line(tuple(placed), right)


def _width(run: Run, size: float, bold: bool) -> float:
    return width_of(run.text, size * CODE if run.code else size, run.code, bold or run.bold)
