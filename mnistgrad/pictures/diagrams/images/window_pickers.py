"""What a reader can choose the window from: the images of the batch, and the map of the pixels."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.network.data import LEVELS, PIXELS, SIDE
from mnistgrad.network.sets.kinds import OF_MNIST, Kind
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette, brightness_colours
from mnistgrad.trace.window import Window

COLUMNS = 8
SIZE, ACROSS, DOWN = 48.0, 66.0, 76.0
CELL, PAD = 10.0, 3.0
LEAST_SHARE = 0.62


def thumbnails(
    pictures: Tensor,
    labels: Sequence[int],
    first: int,
    chosen_images: Sequence[int],
    palette: Palette,
    kind: Kind = OF_MNIST,
) -> Diagram:
    """Pictures (m, 28, 28) of the images from `first` on, with their labels; a click on one tells its image.

    The chosen ones are framed, and numbered in the order in which they stand in the tables. kind: what they show.
    """
    count = len(pictures)
    columns = min(COLUMNS, int((palette.room - 4) // ACROSS))
    drawing = Drawing(ACROSS * columns + 4, DOWN * max(-(-count // columns), 1) + 8, palette)
    order = {image: place + 1 for place, image in reversed(list(enumerate(chosen_images)))}
    for place, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        image = first + place
        x, y = 2 + ACROSS * (place % columns) + (ACROSS - SIZE) / 2, 12 + DOWN * (place // columns)
        drawing.image(x, y, SIZE, SIZE, brightness_colours(picture.numpy(), LEVELS, palette))
        if image in order:
            _mark(drawing, x, y, order[image])
        ink, weight = (palette.axis_text["n"], 600) if image in order else (palette.muted, 400)
        drawing.text(x + SIZE / 2, y + SIZE + 12, str(image), ink, 12, weight)
        tip = f"image {image}, {kind.told(label)}"
        stroke = "none" if image in order else palette.hair
        drawing.rect(x, y, SIZE, SIZE, "transparent", tip, data_row=image, stroke=stroke)
    shown = range(first, first + count)
    frame = pd.DataFrame(dict(image=shown, label=list(labels), chosen=[image in order for image in shown]))
    description = f"Images {first} to {first + count - 1} of the batch; chosen are {', '.join(map(str, chosen_images))}."
    return drawing.finished("images", description, frame, drawing.width * LEAST_SHARE)


def _mark(drawing: Drawing, x: float, y: float, number: int) -> None:
    """The frame of a chosen picture, and its number in a corner."""
    palette = drawing.palette
    drawing.rect(x - 2, y - 2, SIZE + 4, SIZE + 4, stroke=palette.axis["n"], stroke_width=3, rx=3)
    drawing.add("circle", dict(cx=x + SIZE, cy=y + 2, r=9, fill=palette.paper, stroke=palette.axis["n"], stroke_width=2))
    drawing.text(x + SIZE, y + 2, str(number), palette.axis_text["n"], 12, 600)


def pixel_picker(mean_image: Tensor, window: Window, palette: Palette) -> Diagram:
    """The pixels over the mean image (784,), 0 to 255, those of the window framed; a click on one tells its pixel."""
    edge = SIDE * CELL
    drawing = Drawing(edge + 2 * PAD, edge + 2 * PAD, palette)
    mean = mean_image.numpy()
    brightest = float(mean.max()) or 1.0
    drawing.image(PAD, PAD, edge, edge, brightness_colours(mean.reshape(SIDE, SIDE), brightest * 1.1, palette))
    drawing.rect(PAD, PAD, edge, edge, stroke=palette.hair)
    x, y = _corner(window.pixels[0])
    for colour, stroke in ((palette.paper, 5), (palette.axis["i"], 2.6)):
        drawing.rect(x - 1, y - 1, CELL * len(window.pixels) + 2, CELL + 2, stroke=colour, stroke_width=stroke, rx=1)
    for pixel, brightness in enumerate(mean.tolist()):
        row, column = divmod(pixel, SIDE)
        tip = f"pixel {pixel}, row {row}, column {column}: mean brightness {numbers.fixed(brightness / LEVELS)}"
        drawing.rect(*_corner(pixel), CELL, CELL, "transparent", tip, data_row=pixel)
    frame = pd.DataFrame(
        dict(
            pixel=np.arange(PIXELS),
            mean_brightness=mean / LEVELS,
            shown=np.isin(np.arange(PIXELS), window.pixels),
        )
    )
    description = f"A map of the 28 × 28 pixels over the mean image; pixels {window.pixels[0]} to {window.pixels[-1]} are framed."
    return drawing.finished("pixels", description, frame, drawing.width)


def _corner(pixel: int) -> tuple[float, float]:
    return PAD + pixel % SIDE * CELL, PAD + pixel // SIDE * CELL
