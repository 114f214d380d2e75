"""w2.g built up: an image's hidden units times one number, and the sum so far, as bars over the units."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.gradient.build_up import SumSoFar
from mnistgrad.network.sets.kinds import OF_MNIST, Kind
from mnistgrad.pictures.diagrams.build_up.build_up import NUMBER_HEIGHT, NUMBER_WIDTH, draw_figures, name_of, number_box
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import FloatArray, Palette, hex_colour, value_colours

WIDTH, LEFT, RIGHT = 1_120.0, 210.0, 940.0
FIGURES, ACROSS = 968.0, 160.0  # px: where the key numbers stand, and from one to the next where they stand below
TALL, STEP, TOP = 66.0, 104.0, 34.0
NUMBERS, NAMES = 190.0, 46.0  # px left of bars for names and scales, and above bars for names on a phone
LINE = 13.0  # between two numbers of a scale
LEAST = 700.0


@dataclass(frozen=True)
class Layout:
    """Where bars begin and end, how far rows of them are apart, and what stands above each row and below all, in px."""

    left: float
    right: float
    step: float
    above: float
    below: float

    @classmethod
    def of(cls, room: float) -> "Layout":
        if room >= WIDTH:
            return cls(LEFT, RIGHT, STEP, 0.0, 0.0)
        if room - NUMBERS > NUMBERS:
            return cls(NUMBERS, room - 20, STEP, 0.0, 52.0)
        return cls(62.0, room - 20, STEP + NAMES, NAMES, 96.0)

    def top(self, row: int) -> float:
        return TOP + self.step * row


def units_build_up(found: SumSoFar, label: int, palette: Palette, kind: Kind = OF_MNIST) -> Diagram:
    """Bars of l2, of the image's part, of the sum so far and of w2.g. label: of the image added last. kind: what it shows."""
    image, number = found.image, found.out_g[0].item()
    part, total, whole = (values[:, 0].numpy() for values in (found.part, found.total, found.gradient.g))
    inp, n = found.inp.numpy(), found.gradient.n
    panels = (
        (f"image {numbers.count(image)}: {kind.shows[label]}", f"l2[{image}]", inp),
        ("its part", f"× out.g[{image}, 0]", part),
        (f"sum of {numbers.count(found.added, 'image')}", "so far", total),
        ("w2.g", "the 1 image" if n == 1 else f"all {numbers.count(n)} images", whole),
    )
    layout = Layout.of(palette.room)
    drawing = Drawing(min(WIDTH, palette.room), layout.top(len(panels)) + layout.below, palette)
    for place, (title, below, values) in enumerate(panels):
        top = layout.top(place)
        colour = palette.axis_text["n"] if not place else palette.ink
        drawing.text(4, top + 12, title, colour, 13.5, 600, "left")
        drawing.text(4, top + 32, below, palette.muted, 12.5, align="left")
        _bars(drawing, layout, top + layout.above, values)
    for unit in (0, len(inp) - 1):
        at = layout.left + (layout.right - layout.left) * (unit + 0.5) / len(inp)
        drawing.text(at, layout.top(len(panels)) - 16, f"unit {unit}", palette.axis_text["j"], 13)
    box = (
        (palette.room - NUMBER_WIDTH - 8, layout.top(1) + 21) if layout.above else (4, TOP + layout.step + 44 + NUMBER_HEIGHT / 2)
    )
    number_box(drawing, box, number, abs(number))
    if palette.room >= WIDTH:
        draw_figures(drawing, found, FIGURES, TOP)
    else:
        draw_figures(drawing, found, 4, layout.top(len(panels)) + 8, int(palette.room // ACROSS), ACROSS)
    frame = pd.DataFrame(dict(unit=np.arange(len(inp)), l2=inp, part=part, sum_so_far=total, gradient=whole))
    description = (
        f"Four rows of bars over the {len(inp)} hidden units. Image {image}, {kind.told(label)}: its l2 times "
        f"{numbers.significant(number)} is its part; below it the sum of {numbers.count(found.added, 'image')} and all of w2.g."
    )
    return drawing.finished(name_of(found, "w2"), description, frame, min(LEAST, drawing.width))


def _bars(drawing: Drawing, layout: Layout, top: float, values: FloatArray) -> None:
    """On their own scale, which is told at its ends; 0 lies where the values need it."""
    palette = drawing.palette
    high, low = max(float(values.max()), 0.0), min(float(values.min()), 0.0)
    scale = TALL / ((high - low) or 1.0)
    zero = top + high * scale if high > low else top + TALL / 2
    step = (layout.right - layout.left) / len(values)
    colours = value_colours(values, float(np.abs(values).max()), palette)
    drawing.line([(layout.left, zero), (layout.right, zero)], palette.faint)
    for unit, value in enumerate(values.tolist()):
        tip = f"unit {unit}: {numbers.significant(value)}"
        x, y = layout.left + step * unit, min(zero, zero - value * scale)
        fill = hex_colour(colours[unit])
        drawing.rect(x + 0.12 * step, y, 0.76 * step, abs(value) * scale, fill, tip, stroke=palette.faint, stroke_width=0.5)
    ends = [(value, y) for value, y in ((high, top), (low, top + TALL)) if value]
    if all(abs(y - zero) > LINE for _, y in ends):
        ends.append((0.0, zero))
    for value, y in ends:
        drawing.text(layout.left - 8, y, numbers.significant(value), palette.muted, 12, align="right")
