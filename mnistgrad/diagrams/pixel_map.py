"""Which pixels some rows of w1.g belong to, over the mean image."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from torch import Tensor

from mnistgrad import numbers
from mnistgrad.analysis import PixelGroups, printed_indices
from mnistgrad.data import LEVELS, PIXELS, SIDE
from mnistgrad.diagrams.svg import Diagram, Drawing
from mnistgrad.palette import FloatArray, Palette, brightness_colours

CELL = 14.0
EDGE = SIDE * CELL
PAD = 2.0
LEAST = 300.0


def pixel_map(mean_image: Tensor, groups: PixelGroups, rows: Sequence[int], palette: Palette) -> Diagram:
    """The mean image (784,) of the batch, 0 to 255, black pixels hatched, the printed rows and `rows` framed."""
    drawing = Drawing(EDGE + 2 * PAD, EDGE + 2 * PAD, palette)
    mean = mean_image.numpy()
    brightest = float(mean.max()) or 1.0
    drawing.image(PAD, PAD, EDGE, EDGE, brightness_colours(mean.reshape(SIDE, SIDE), brightest * 1.1, palette))
    _hatch(drawing, groups.black)
    drawing.rect(PAD, PAD, EDGE, EDGE, stroke=palette.hair)
    printed = printed_indices(PIXELS)
    half = len(printed) // 2
    for part in (printed[:half], printed[half:], list(rows)):
        _frames(drawing, part)
    _label(drawing, printed[half - 1], "printed: rows " + ", ".join(map(str, printed[:half])), "left")
    _label(drawing, printed[half], "printed: rows " + ", ".join(map(str, printed[half:])), "right")
    _label_moved(drawing, rows)
    _tips(drawing, mean, groups)
    frame = pd.DataFrame(
        dict(
            row=np.arange(PIXELS),
            pixel_row=np.arange(PIXELS) // SIDE,
            pixel_column=np.arange(PIXELS) % SIDE,
            mean_brightness=mean / LEVELS,
            black_in_every_image=groups.black.numpy(),
            constant=groups.constant.numpy(),
        )
    )
    description = (
        f"A map of the 28 × 28 pixels over the mean image. The printed rows lie in the first and the last "
        f"corner; rows {rows[0]} to {rows[-1]} are framed too. {numbers.count(int(groups.black.sum()))} pixels, hatched, "
        "are black in every image of the batch."
    )
    return drawing.finished("pixel-map", description, frame, LEAST)


def _corner(pixel: int) -> tuple[float, float]:
    return PAD + pixel % SIDE * CELL, PAD + pixel // SIDE * CELL


def _hatch(drawing: Drawing, mask: Tensor) -> None:
    strokes = []
    for pixel in mask.nonzero().squeeze(-1).tolist():
        x, y = _corner(pixel)
        strokes.append(f"M{x:g} {y + CELL:g}l{CELL:g} {-CELL:g}")
    drawing.add("path", dict(d="".join(strokes), stroke=drawing.palette.faint, stroke_width=0.7, opacity=0.75))


def _frames(drawing: Drawing, pixels: Sequence[int]) -> None:
    """A box around neighbours; where they go on in the next image row, a second box."""
    for image_row in sorted({pixel // SIDE for pixel in pixels}):
        inside = [pixel for pixel in pixels if pixel // SIDE == image_row]
        x, y = _corner(inside[0])
        for colour, width in ((drawing.palette.paper, 4.5), (drawing.palette.ink, 2.2)):
            drawing.rect(x, y, len(inside) * CELL, CELL, stroke=colour, stroke_width=width)


def _label(drawing: Drawing, beside: int, text: str, align: str) -> None:
    x, y = _corner(beside)
    x += CELL + 7 if align == "left" else -7
    drawing.text(x, y + CELL / 2, text, drawing.palette.ink, 12.5, 600, align, halo=drawing.palette.paper)


def _label_moved(drawing: Drawing, rows: Sequence[int]) -> None:
    """Above the moved rows, or below where the top is taken; kept inside the map."""
    x, y = _corner(rows[0])
    x = min(max(x + 3 * CELL, 50), EDGE - 46)
    above = rows[0] // SIDE > 2
    lines = rows[-1] // SIDE - rows[0] // SIDE + 1
    drawing.text(
        x,
        y - 10 if above else y + lines * CELL + 10,
        f"rows {rows[0]}–{rows[-1]}",
        drawing.palette.ink,
        12.5,
        600,
        halo=drawing.palette.paper,
    )


def _tips(drawing: Drawing, mean: FloatArray, groups: PixelGroups) -> None:
    cells = zip(range(PIXELS), mean.tolist(), groups.black.tolist(), strict=True)
    drawing.add("g", dict(fill="transparent"), "".join(_tip(*cell) for cell in cells))


def _tip(pixel: int, mean: float, black: bool) -> str:
    x, y = _corner(pixel)
    kind = "black in every image" if black else f"mean brightness {mean / LEVELS:.2f}"
    return (
        f'<path data-row="{pixel}" d="M{x:g} {y:g}h{CELL:g}v{CELL:g}h-{CELL:g}z">'
        f"<title>row {pixel} · pixel ({pixel // SIDE}, {pixel % SIDE}) · "
        f"{kind}</title></path>"
    )
