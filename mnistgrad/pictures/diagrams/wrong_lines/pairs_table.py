"""Every output less every target, of a few images: the diagonal is what the loss asks for, the rest is broadcasting's."""

import numpy as np
import pandas as pd
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.lines.study import Pairs
from mnistgrad.network.data import LEVELS
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette, brightness_colours, hex_colour, ink_on, value_colours

SHOWN, FEW = 5, 3  # images, and where there is little room
CELL, ROW, THUMB = 76.0, 40.0, 32.0
LEFT, TOP, MARGIN = 158.0, 92.0, 14.0
MORE, LEAST_CELL = 108.0, 54.0  # room for what is not shown, and the least for a number
LEAST_SHARE = 0.8


def pairs_table(name: str, pairs: Pairs, images: Tensor, n: int, palette: Palette) -> Diagram:
    """images (m, 28, 28): those of the pairs; n: of the whole batch."""
    m = min(n, SHOWN if palette.room >= LEFT + SHOWN * LEAST_CELL + MORE + MARGIN else FEW)
    across = min(CELL, max(LEAST_CELL, (palette.room - LEFT - MORE - MARGIN) / m))
    out, targ = pairs.out[:m].numpy(), pairs.targ[:m].numpy()
    cells = out[:, None] - targ[None, :]
    more = n > m
    drawing = Drawing(LEFT + m * across + (MORE if more else 0) + MARGIN, TOP + m * ROW + (ROW if more else 0) + MARGIN, palette)
    limit = float(np.abs(cells).max())
    drawing.text(LEFT - 10, TOP - 24, "less targ", palette.muted, 12.5, align="right")
    drawing.text(MARGIN, TOP - 24, "out", palette.muted, 12.5, align="left")
    for image in range(m):
        thumb = brightness_colours(images[image].numpy(), LEVELS, palette)
        x, y = LEFT + across * image, TOP + ROW * image
        drawing.image(x + across / 2 - THUMB / 2, 8, THUMB, THUMB, thumb, f"image {image}")
        drawing.text(x + across / 2, 52, f"image {image}", palette.axis_text["n"], 12, 600)
        drawing.text(x + across / 2, TOP - 24, numbers.fixed(float(targ[image]), 0), palette.ink, 13, 600)
        drawing.image(MARGIN, y + (ROW - THUMB) / 2, THUMB, THUMB, thumb, f"image {image}")
        drawing.text(MARGIN + THUMB + 8, y + ROW / 2, f"image {image}", palette.axis_text["n"], 12, 600, "left")
        drawing.text(LEFT - 10, y + ROW / 2, numbers.fixed(float(out[image])), palette.ink, 13, 600, "right")
        for other in range(m):
            _cell(drawing, LEFT + across * other, y, across, float(cells[image, other]), limit, image, other)
    if more:
        left_out = numbers.count(n - m)
        drawing.text(LEFT + m * across + 14, TOP + m * ROW / 2, f"{left_out} more columns", palette.muted, 12, align="left")
        drawing.text(LEFT + m * across / 2, TOP + m * ROW + ROW / 2, f"{left_out} more rows", palette.muted, 12)
    description = (
        f"out of each of {numbers.count(m, 'image')} less the target of each. On the diagonal an image meets its own target: "
        f"{', '.join(numbers.fixed(float(cells[place, place])) for place in range(m))}."
    )
    rows = [
        dict(out_of=a, targ_of=b, out=float(out[a]), targ=float(targ[b]), difference=float(cells[a, b]))
        for a in range(m)
        for b in range(m)
    ]
    return drawing.finished(f"pairs-{name}", description, pd.DataFrame(rows), drawing.width * LEAST_SHARE)


def _cell(drawing: Drawing, x: float, y: float, across: float, value: float, limit: float, row: int, column: int) -> None:
    palette, own = drawing.palette, row == column
    fill = hex_colour(value_colours(np.array(value), limit, palette))
    edge = dict(stroke=palette.ink, stroke_width=2.2) if own else dict()
    tip = f"out of image {row} less the target of image {column} = {numbers.fixed(value, 4)}" + (", its own" if own else "")
    drawing.rect(x + 3, y + 3, across - 6, ROW - 6, fill, rx=4, tip=tip, **edge)
    drawing.text(x + across / 2, y + ROW / 2, numbers.fixed(value, sign=True), ink_on(fill), 13, 600 if own else 400)
