"""The letters of our fonts as outlines and how wide words are in them, shaped as a browser shapes them."""

from functools import cache, lru_cache

import uharfbuzz as harfbuzz

from mnistgrad.pictures.palette import FONTS

BOLD = 600  # the weight from which letters are semibold


UNITS = 1000  # to an em, in both fonts
Glyphs = list[tuple[int, float, float]]  # each with the place where it is drawn, y upwards


@lru_cache(maxsize=16_384)
def outline_of(text: str, mono: bool, bold: bool) -> str:
    """The path of an SVG, of a font of size `UNITS`; "" where the font lacks a letter."""
    glyphs, _ = _shaped(text, mono, bold)
    if any(glyph == 0 for glyph, _, _ in glyphs):
        return ""
    pen = _Pen()
    for glyph, x, y in glyphs:
        pen.origin = x, y
        _font(mono, bold).draw_glyph(glyph, _draw_functions(), pen)
    return "".join(pen.path)


@lru_cache(maxsize=16_384)
def width_of(text: str, size: float, mono: bool = False, bold: bool = False) -> float:
    """In px, at a font size in px."""
    return size * _shaped(text, mono, bold)[1] / UNITS


def _shaped(text: str, mono: bool, bold: bool) -> tuple[Glyphs, float]:
    """The glyphs, and where the text ends."""
    buffer = harfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    harfbuzz.shape(_font(mono, bold), buffer)
    glyphs, right = [], 0.0
    for glyph, place in zip(buffer.glyph_infos, buffer.glyph_positions or [], strict=True):  # None where the text is empty
        glyphs.append((glyph.codepoint, right + place.x_offset, place.y_offset))
        right += place.x_advance
    return glyphs, right


class _Pen:
    """Collects an outline as the path of an SVG: whole numbers, y downwards, each step from the last point."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.origin = (0.0, 0.0)
        self._at = (0, 0)

    def move(self, x: float, y: float) -> None:
        self._add("m", (x, y))
        self._start = self._at

    def line(self, x: float, y: float) -> None:
        self._add("l", (x, y))

    def curve(self, cx: float, cy: float, x: float, y: float) -> None:
        self._add("q", (cx, cy), (x, y))

    def close(self) -> None:
        self.path.append("z")
        self._at = self._start

    def _add(self, command: str, *points: tuple[float, float]) -> None:
        placed = [(round(self.origin[0] + x), round(-self.origin[1] - y)) for x, y in points]
        steps = "".join(f"{x - self._at[0]:+d}{y - self._at[1]:+d}" for x, y in placed)
        self.path.append(command + steps.removeprefix("+"))
        self._at = placed[-1]


@cache
def _font(mono: bool, bold: bool) -> harfbuzz.Font:
    name = f"Mnistgrad{'Code' if mono else 'Sans'}-{'SemiBold' if bold else 'Regular'}.ttf"
    return harfbuzz.Font(harfbuzz.Face(harfbuzz.Blob.from_file_path(str(FONTS / name))))


@cache
def _draw_functions() -> harfbuzz.DrawFuncs:
    functions = harfbuzz.DrawFuncs()
    functions.set_move_to_func(lambda x, y, pen: pen.move(x, y))
    functions.set_line_to_func(lambda x, y, pen: pen.line(x, y))
    functions.set_quadratic_to_func(lambda cx, cy, x, y, pen: pen.curve(cx, cy, x, y))
    functions.set_close_path_func(lambda pen: pen.close())
    return functions
