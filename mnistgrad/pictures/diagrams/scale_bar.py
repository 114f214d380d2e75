"""The colour scale below a map, with its numbers."""

from collections.abc import Sequence

from mnistgrad.pictures.diagrams.pixel_grid import sharp_image
from mnistgrad.pictures.diagrams.svg import Drawing
from mnistgrad.pictures.palette import Colours

TALL, TEXT = 8.0, 12.5
HEIGHT = TALL + 22  # with its numbers


def scale_bar(drawing: Drawing, x: float, y: float, width: float, colours: Colours, labels: Sequence[str]) -> None:
    """Colours (m, 3) from left to right; labels stand at even distances, the first and the last at the ends."""
    sharp_image(drawing, x, y, width, TALL, colours[None])
    last = len(labels) - 1
    for place, label in enumerate(labels):
        align = "left" if place == 0 else "right" if place == last else "center"
        drawing.text(x + width * place / last, y + TALL + 12, label, drawing.palette.muted, TEXT, align=align)
