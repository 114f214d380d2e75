"""What a weight gradient costs on any machine: its multiplications beside the forward product's, and the bytes it leaves."""

from dataclasses import dataclass

import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.cost.measurement import FLOAT, multiplications
from mnistgrad.network.data import PIXELS
from mnistgrad.network.gradients import product_bytes
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette

WIDTH, LEAST = 1_100.0, 620.0
TOP, THICK = 40.0, 20.0
THINNEST = 1.0

Parts = list[tuple[str, str]]


@dataclass(frozen=True)
class Layout:
    """Where the halves begin, how wide each is, the height of a row, and in it where its words and its bar lie; bar: px from the
    left of a half to its bars, longest: of the longest of them.
    """

    width: float
    halves: tuple[tuple[float, float], tuple[float, float]]
    half: float
    row: float
    words: float
    at: float
    bar: float
    longest: float

    @property
    def height(self) -> float:
        return self.halves[1][1] + TOP + 3 * self.row


BESIDE = Layout(WIDTH, ((0, 0), (570, 0)), 530, 44, 22, 22, 202, 212)
BELOW = Layout(640, ((0, 0), (328, 0)), 312, 68, 16, 50, 0, 196)  # bars below their words
STACKED = Layout(350, ((0, 0), (0, 262)), 350, 68, 16, 50, 0, 212)


def _layout(room: float) -> Layout:
    return next(layout for layout in (BESIDE, BELOW, STACKED) if layout.width <= room)


def cost_counts(n: int, nh: int, palette: Palette) -> Diagram:
    """At n images and nh hidden units; the bars of each half are to one scale."""
    layout = _layout(palette.room)
    drawing = Drawing(layout.width, layout.height, palette)
    count = multiplications(n, nh)
    same = {"inp @ w1": count, "inp.t() @ out.g": count}
    shapes = {"inp @ w1": ((n, PIXELS), (PIXELS, nh)), "inp.t() @ out.g": ((PIXELS, n), (n, nh))}
    nbytes = {"product": product_bytes(n, PIXELS, nh), "inp": FLOAT * n * PIXELS, "w1.g": FLOAT * PIXELS * nh}
    letters = {"product": "nij", "inp": "ni", "w1.g": "ij"}
    size = dict(zip("nij", (n, PIXELS, nh), strict=True))
    for half, title in enumerate(("multiplications", "bytes as float32 (calculated)")):
        _title(drawing, layout, half, title)
    for place, (code, value) in enumerate(same.items()):
        axes = ("ni", "ij") if place == 0 else ("in", "nj")
        parts = [*_shape(axes[0], size, palette), (" @ ", palette.muted), *_shape(axes[1], size, palette)]
        _bar(drawing, layout, 0, place, code, parts, value / count, numbers.count(value))
    _product_of(drawing, layout, n, nh)
    for place, (code, value) in enumerate(nbytes.items()):
        _bar(
            drawing,
            layout,
            1,
            place,
            code,
            _shape(letters[code], size, palette),
            value / max(nbytes.values()),
            numbers.byte_count(value),
        )
    rows = [
        dict(what=code, shape=" @ ".join(map(numbers.shape, shapes[code])), multiplications=value) for code, value in same.items()
    ]
    rows += [
        dict(what=code, shape=numbers.shape(tuple(size[letter] for letter in letters[code])), bytes=value)
        for code, value in nbytes.items()
    ]
    frame = pd.DataFrame(rows).astype({"multiplications": "Int64", "bytes": "Int64"})
    return drawing.finished("cost-counts", _description(n, nh, nbytes), frame, min(LEAST, layout.width))


def _title(drawing: Drawing, layout: Layout, half: int, text: str) -> None:
    left, top = layout.halves[half]
    drawing.text(left, top + 12, text, drawing.palette.muted, 13, align="left")
    drawing.line([(left, top + 25), (left + layout.half, top + 25)], drawing.palette.hair)


def _shape(letters: str, size: dict[str, int], palette: Palette) -> Parts:
    """The sizes of some axes in their colours: (1000, 784)."""
    parts = [("(", palette.muted)]
    for place, letter in enumerate(letters):
        parts += [(", ", palette.muted)] * (place > 0) + [(str(size[letter]), palette.axis_text[letter])]
    return [*parts, (")", palette.muted)]


def _bar(drawing: Drawing, layout: Layout, half: int, place: int, code: str, shape: Parts, share: float, says: str) -> None:
    left, top = layout.halves[half]
    row, ink = top + TOP + layout.row * place, drawing.palette.ink
    drawing.runs(left, row + layout.words - 9, [(code, ink)], 13.5, 600, "left")
    drawing.runs(left, row + layout.words + 9, shape, 12, align="left")
    x, length = left + layout.bar, max(share * layout.longest, THINNEST)
    drawing.rect(x, row + layout.at - THICK / 2, length, THICK, drawing.palette.faint)
    drawing.text(x + length + 9, row + layout.at, says, ink, 13.5, 600, "left")


def _product_of(drawing: Drawing, layout: Layout, n: int, nh: int) -> None:
    """The count as the product it is, each factor with its axis."""
    palette = drawing.palette
    factors = {"n": (n, "image" if n == 1 else "images"), "i": (PIXELS, "pixels"), "j": (nh, "units")}
    x, y = layout.bar or 66.0, TOP + layout.row * 2 + 22
    drawing.text(x - 10, y - 9, "both are", palette.muted, 13, align="right")
    for place, (letter, (size, word)) in enumerate(factors.items()):
        if place:
            drawing.text(x + 8, y - 9, "·", palette.muted, 14)
            x += 16
        text = numbers.count(size)
        room = max(len(text) * 8.2, len(word) * 6.9)
        drawing.text(x + room / 2, y - 9, text, palette.axis_text[letter], 13.5, 600)
        drawing.text(x + room / 2, y + 8, word, palette.axis_text[letter], 12)
        x += room


def _description(n: int, nh: int, nbytes: dict[str, int]) -> str:
    said = {code: numbers.byte_count(value) for code, value in nbytes.items()}
    return (
        f"The forward product and the weight gradient take {numbers.count(multiplications(n, nh))} multiplications each, for "
        f"{numbers.count(n, 'image')}, {PIXELS} pixels and {nh} hidden units. The product that the line forms takes "
        f"{said['product']}, the images themselves {said['inp']}, the gradient {said['w1.g']}."
    )
