"""One column of a gradient built up: an image times one number, and the sum so far, as maps of the pixels."""

import math

import numpy as np
import pandas as pd
from torch import Tensor

from mnistgrad.captions.build_up import figures
from mnistgrad.common import numbers
from mnistgrad.gradient.build_up import SumSoFar
from mnistgrad.network.data import LEVELS, PIXELS, SIDE
from mnistgrad.network.sets.kinds import OF_MNIST, Kind
from mnistgrad.pictures.diagrams.minus_signs import minus_signs
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing, Point
from mnistgrad.pictures.palette import FloatArray, Palette, brightness_colours, hex_colour, ink_on, value_colours

WIDTH, ALONE, HEIGHT = 1_120.0, 930.0, 250.0
EDGE, TOP = 168.0, 50.0
MIDDLE = TOP + EDGE / 2
IMAGE, NUMBER, PART, SUM, WHOLE, FIGURES = 4.0, 208.0, 334.0, 546.0, 752.0, 968.0
NUMBER_WIDTH, NUMBER_HEIGHT = 84.0, 44.0
LEAST = 760.0
CUTS = (303.0, 506.0, 726.0, 940.0)  # before its part, the sum, the whole and the figures


def name_of(found: SumSoFar, what: str) -> str:
    """For a file: what it shows and how many images are in, of how many where some are switched off."""
    images = f"{found.added}-images" if found.added > 1 else "1-image"
    of = "" if found.possible == found.gradient.n else f"-of-{found.possible}-chosen"
    return f"build-up-{what}-{images}{of}"


def column_build_up(
    found: SumSoFar, column: int, picture: Tensor, label: int, palette: Palette, kind: Kind = OF_MNIST
) -> Diagram:
    """A column of w1.g. picture (28, 28) uint8 and label: of the image added last. kind: what it shows."""
    alone = palette.tall < math.inf  # where its figures have no room beside it
    drawing = Drawing(ALONE if alone else WIDTH, HEIGHT, palette)
    image, limit = found.image, found.out_g.abs().max().item()
    number, inp = found.out_g[column].item(), found.inp
    part, total, whole = (values[:, column].numpy() for values in (found.part, found.total, found.gradient.g))
    _heads(drawing, IMAGE, f"image {numbers.count(image)}: {kind.shows[label]}", f"inp[{image}]", palette.axis_text["n"])
    drawing.image(IMAGE, TOP, EDGE, EDGE, brightness_colours(picture.numpy(), LEVELS, palette))
    drawing.rect(IMAGE, TOP, EDGE, EDGE, stroke=palette.hair)
    ends = (numbers.fixed(inp.min().item()), numbers.fixed(inp.max().item()))
    drawing.text(IMAGE, TOP + EDGE + 16, f"pixels from {ends[0]} to {ends[1]}", palette.muted, 12.5, align="left")
    _sign(drawing, IMAGE + EDGE + 18, "×")
    number_box(drawing, (NUMBER, MIDDLE), number, limit)
    drawing.text(NUMBER + NUMBER_WIDTH / 2, MIDDLE - 48, f"out.g[{image}, {column}]", palette.ink, 12.5, mono=True)
    drawing.text(NUMBER + NUMBER_WIDTH / 2, MIDDLE + 40, f"for unit {column}", palette.axis_text["j"], 13, 600)
    _sign(drawing, PART - 21, "=")
    _map(drawing, PART, "its part", f"in column {column}", part)
    drawing.arrow((PART + EDGE + 10, MIDDLE), (SUM - 8, MIDDLE), palette.muted)
    drawing.text((PART + EDGE + SUM) / 2, MIDDLE - 14, "added", palette.muted, 12.5)
    _map(drawing, SUM, f"sum of {numbers.count(found.added, 'image')}", f"column {column}, so far", total)
    _map(drawing, WHOLE, f"w1.g, {_all(found.gradient.n)}", f"column {column}, the whole batch", whole)
    if not alone:
        draw_figures(drawing, found, FIGURES, TOP)
    pixels = np.arange(PIXELS)
    frame = pd.DataFrame(dict(pixel=pixels, inp=inp.numpy(), part=part, sum_so_far=total, gradient=whole))
    description = (
        f"Four maps of the 28 × 28 pixels. Image {image}, {kind.told(label)}, times {numbers.significant(number)} is its part "
        f"in the column of hidden unit {column}; beside it the sum of {numbers.count(found.added, 'image')} and the whole column."
    )
    return drawing.finished(name_of(found, f"w1-unit-{column}"), description, frame, LEAST, CUTS[:-1] if alone else CUTS)


def number_box(drawing: Drawing, left_middle: Point, number: float, limit: float) -> None:
    """The one number, in the colour of its value."""
    x, y = left_middle
    fill = hex_colour(value_colours(np.array(number), limit, drawing.palette))
    drawing.rect(x, y - NUMBER_HEIGHT / 2, NUMBER_WIDTH, NUMBER_HEIGHT, fill, stroke=drawing.palette.hair, rx=3)
    text = numbers.significant(number, sign=True)
    drawing.text(x + NUMBER_WIDTH / 2, y, text, ink_on(fill), 15 if len(text) < 9 else 12, 600)


def scale_words(limit: float, beyond: bool = False) -> str:
    """What the last colours of a scale stand for."""
    if not limit:
        return "0 everywhere"
    return f"full colour: ±{numbers.significant(limit)}{' and beyond' if beyond else ''}"


def draw_figures(drawing: Drawing, found: SumSoFar, x: float, y: float, beside: int = 1, across: float = 0.0) -> None:
    """The key numbers of the sum: so many beside each other, `across` px apart, the others below."""
    palette, left = drawing.palette, x
    for place, figure in enumerate(figures(found)):
        x, top = left + across * (place % beside), y + 10 + 44 * (place // beside)
        drawing.text(x, top, figure.value, palette.ink, 18, 600, "left")
        if figure.of:
            drawing.text(x + 10.5 * len(figure.value) + 6, top + 1, figure.of, palette.muted, 13, align="left")
        drawing.text(x, top + 18, figure.meaning, palette.muted, 13, align="left")


def _all(n: int) -> str:
    return "the 1 image" if n == 1 else f"all {numbers.count(n)} images"


def _heads(drawing: Drawing, x: float, title: str, below: str, colour: str = "") -> None:
    drawing.text(x, 14, title, colour or drawing.palette.ink, 13.5, 600, "left")
    drawing.text(x, 34, below, drawing.palette.muted, 12.5, align="left")


def _sign(drawing: Drawing, x: float, sign: str) -> None:
    drawing.text(x, MIDDLE, sign, drawing.palette.ink, 22)


def _map(drawing: Drawing, x: float, title: str, below: str, values: FloatArray) -> None:
    """784 values on the image, on their own scale."""
    limit = float(np.abs(values).max())
    _heads(drawing, x, title, below)
    drawing.image(x, TOP, EDGE, EDGE, value_colours(values.reshape(SIDE, SIDE), limit, drawing.palette))
    minus_signs(drawing, x, TOP, EDGE, EDGE, values.reshape(SIDE, SIDE), limit)
    drawing.rect(x, TOP, EDGE, EDGE, stroke=drawing.palette.hair)
    drawing.text(x, TOP + EDGE + 16, scale_words(limit), drawing.palette.muted, 12.5, align="left")
