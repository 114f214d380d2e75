"""The images whose terms pull one weight's gradient most, down and up, with the pixel that the weight looks at."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.gradient.one_weight import STRONGEST, OneWeight
from mnistgrad.network.data import LEVELS, SIDE
from mnistgrad.network.sets.kinds import OF_MNIST, Kind
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette, brightness_colours

CELL, PITCH = (
    3.0,
    36,
)  # px of a pixel of the images, at the most; from one image to the next in cells, so that a row is one picture
LEFT, HEAD, FOOT = 8.0, 34.0, 30.0  # px: beside the images, above the first of a row, and below each
FEW = 5  # side by side on a phone
LEAST_WIDTH, LEAST_ROOM = 300.0, 500.0  # for the heading of a single image
REACH = 2.0  # px that the frame of a pixel stands off it
LEAST_SHARE = 0.62
WORDS = {"down": ("pull", "pulls"), "up": ("push", "pushes")}


def image_strip(found: OneWeight, pictures: Tensor, labels: Sequence[int], palette: Palette, kind: Kind = OF_MNIST) -> Diagram:
    """A row of images that pull down and one of those that pull up, the strongest first; one row where there is no other.

    pictures (m, 28, 28) and labels (m,): of `found.strongest_down`, then of `found.strongest_up`; m is at least 1.
    kind: what they show.
    """
    downs = len(found.strongest_down)
    rows = [("down", found.strongest_down, 0), ("up", found.strongest_up, downs)]
    shown = [row for row in rows if row[1]]
    most = STRONGEST if palette.room > LEAST_ROOM else FEW
    cell = min(CELL, (palette.room - 2 * LEFT) / (most * PITCH))
    widest, down = max(min(len(images), most) for _, images, _ in shown), cell * SIDE + FOOT
    lines = sum(-(-len(images) // most) for _, images, _ in shown)
    width = max(cell * (PITCH * widest - PITCH + SIDE) + 2 * LEFT, LEAST_WIDTH)
    drawing = Drawing(width, HEAD * len(shown) + down * lines, palette)
    top = 0.0
    for direction, images, first in shown:
        drawing.text(LEFT, top + 15, _heading(direction, len(images), found.n), palette.ink, 14, 600, "left")
        top += HEAD
        for at in range(0, len(images), most):
            part = slice(first + at, first + min(at + most, len(images)))
            _draw_row(drawing, top, cell, found, images[at : at + most], pictures[part], list(map(kind.told, labels[part])))
            top += down
    name = f"images-{found.layer}-{found.row}-{found.column}"
    return drawing.finished(name, _description(found), _frame(found, labels), drawing.width * LEAST_SHARE)


def _heading(direction: str, count: int, n: int) -> str:
    several, one = WORDS[direction]
    if n == 1:
        return f"The 1 image {one} it {direction}"
    if count == 1:
        return f"The only image that {one} it {direction}"
    if count < STRONGEST:
        return f"The only {count} images that {several} it {direction}"
    return f"The {count} images that {several} it {direction} most"


def _draw_row(
    drawing: Drawing, top: float, cell: float, found: OneWeight, images: Sequence[int], pictures: Tensor, told: Sequence[str]
) -> None:
    palette, m, size = drawing.palette, len(images), cell * SIDE
    brightness = np.zeros((SIDE, m, PITCH))
    brightness[..., :SIDE] = pictures.numpy().swapaxes(0, 1)
    cells = brightness.reshape(SIDE, m * PITCH)[:, : SIDE - PITCH]
    drawing.image(LEFT, top, cell * cells.shape[1], size, brightness_colours(cells, LEVELS, palette))
    for place, (image, what) in enumerate(zip(images, told, strict=True)):
        x = LEFT + cell * PITCH * place
        if found.layer == "w1":
            _frame_pixel(drawing, x, top, found.row, cell)
        drawing.rect(x, top, size, size, "transparent", _tip(found, image, what), stroke=palette.hair)
        drawing.text(x + size / 2, top + size + 15, _times_n(found, image), palette.ink, 14)


def _frame_pixel(drawing: Drawing, x: float, y: float, pixel: int, cell: float) -> None:
    left, top, size = x + pixel % SIDE * cell - REACH, y + pixel // SIDE * cell - REACH, cell + 2 * REACH
    for colour, width in ((drawing.palette.paper, 5.0), (drawing.palette.ink, 2.2)):
        drawing.rect(left, top, size, size, stroke=colour, stroke_width=width)


def _times_n(found: OneWeight, image: int) -> str:
    return numbers.significant(found.terms[image].item() * found.n, sign=True)


def _tip(found: OneWeight, image: int, what: str) -> str:
    inp, out_g = (numbers.significant(values[image].item(), 4) for values in (found.inp, found.out_g))
    term = numbers.significant(found.terms[image].item())
    return f"image {image}, {what}: {inp} · {out_g} = {term}; times n, {_times_n(found, image)}"


def _frame(found: OneWeight, labels: Sequence[int]) -> pd.DataFrame:
    images = [*found.strongest_down, *found.strongest_up]
    pulls = ["down"] * len(found.strongest_down) + ["up"] * len(found.strongest_up)
    values = {
        name: values[images].numpy() for name, values in (("inp", found.inp), ("out_g", found.out_g), ("term", found.terms))
    }
    return pd.DataFrame(dict(pulls=pulls, image=images, label=list(labels), **values, term_times_n=values["term"] * found.n))


def _description(found: OneWeight) -> str:
    told = [
        f"{WORDS[direction][0]} it {direction} most: {', '.join(f'image {image} ({_times_n(found, image)})' for image in images)}"
        for direction, images in (("down", found.strongest_down), ("up", found.strongest_up))
        if images
    ]
    return f"The images of {found.entry} that {'; that '.join(told)}. In brackets, the term times n."
