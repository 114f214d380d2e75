"""What a weight gradient costs on any machine: its multiplications beside the forward product's, and the bytes it leaves."""

import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.cost.measurement import FLOAT, multiplications
from mnistgrad.network.data import PIXELS
from mnistgrad.network.gradients import product_bytes
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette

WIDTH, LEAST = 1_100.0, 620.0
HALF = 570.0  # where the bytes begin
TOP, ROW, THICK = 40.0, 44.0, 20.0
BAR, LONGEST = 202.0, 212.0  # px from the left of a half to its bars, and of the longest of them
THINNEST = 1.0
HEIGHT = TOP + 3 * ROW

Parts = list[tuple[str, str]]


def cost_counts(n: int, nh: int, palette: Palette) -> Diagram:
    """At n images and nh hidden units; the bars of each half are to one scale."""
    drawing = Drawing(WIDTH, HEIGHT, palette)
    count = multiplications(n, nh)
    same = {"inp @ w1": count, "inp.t() @ out.g": count}
    shapes = {"inp @ w1": ((n, PIXELS), (PIXELS, nh)), "inp.t() @ out.g": ((PIXELS, n), (n, nh))}
    nbytes = {"product": product_bytes(n, PIXELS, nh), "inp": FLOAT * n * PIXELS, "w1.g": FLOAT * PIXELS * nh}
    letters = {"product": "nij", "inp": "ni", "w1.g": "ij"}
    size = dict(zip("nij", (n, PIXELS, nh), strict=True))
    _title(drawing, 0, "multiplications")
    _title(drawing, HALF, "bytes as float32 (calculated)")
    for place, (code, value) in enumerate(same.items()):
        axes = ("ni", "ij") if place == 0 else ("in", "nj")
        parts = [*_shape(axes[0], size, palette), (" @ ", palette.muted), *_shape(axes[1], size, palette)]
        _bar(drawing, 0, place, code, parts, value / count, numbers.count(value))
    _product_of(drawing, n, nh)
    for place, (code, value) in enumerate(nbytes.items()):
        _bar(
            drawing,
            HALF,
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
    return drawing.finished("cost-counts", _description(n, nh, nbytes), frame, LEAST)


def _title(drawing: Drawing, left: float, text: str) -> None:
    drawing.text(left, 12, text, drawing.palette.muted, 13, align="left")
    end = left + (WIDTH - HALF)
    drawing.line([(left, 25), (end, 25)], drawing.palette.hair)


def _shape(letters: str, size: dict[str, int], palette: Palette) -> Parts:
    """The sizes of some axes in their colours: (1000, 784)."""
    parts = [("(", palette.muted)]
    for place, letter in enumerate(letters):
        parts += [(", ", palette.muted)] * (place > 0) + [(str(size[letter]), palette.axis_text[letter])]
    return [*parts, (")", palette.muted)]


def _bar(drawing: Drawing, left: float, place: int, code: str, shape: Parts, share: float, says: str) -> None:
    middle, ink = TOP + ROW * (place + 0.5), drawing.palette.ink
    drawing.runs(left, middle - 9, [(code, ink)], 13.5, 600, "left")
    drawing.runs(left, middle + 9, shape, 11, align="left")
    length = max(share * LONGEST, THINNEST)
    drawing.rect(left + BAR, middle - THICK / 2, length, THICK, drawing.palette.faint)
    drawing.text(left + BAR + length + 9, middle, says, ink, 13.5, 600, "left")


def _product_of(drawing: Drawing, n: int, nh: int) -> None:
    """The count as the product it is, each factor with its axis."""
    palette = drawing.palette
    factors = {"n": (n, "image" if n == 1 else "images"), "i": (PIXELS, "pixels"), "j": (nh, "units")}
    x, y = BAR, TOP + ROW * 2.5
    for place, (letter, (size, word)) in enumerate(factors.items()):
        if place:
            drawing.text(x + 8, y - 9, "·", palette.muted, 14)
            x += 16
        text = numbers.count(size)
        room = max(len(text) * 8.2, len(word) * 6.6)
        drawing.text(x + room / 2, y - 9, text, palette.axis_text[letter], 13.5, 600)
        drawing.text(x + room / 2, y + 8, word, palette.axis_text[letter], 11.5)
        x += room
    drawing.text(BAR - 10, y - 9, "both are", palette.muted, 13, align="right")


def _description(n: int, nh: int, nbytes: dict[str, int]) -> str:
    said = {code: numbers.byte_count(value) for code, value in nbytes.items()}
    return (
        f"The forward product and the weight gradient take {numbers.count(multiplications(n, nh))} multiplications each, for "
        f"{numbers.count(n, 'image')}, {PIXELS} pixels and {nh} hidden units. The product that the line forms takes "
        f"{said['product']}, the images themselves {said['inp']}, the gradient {said['w1.g']}."
    )
