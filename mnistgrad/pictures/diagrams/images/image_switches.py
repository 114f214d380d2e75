"""A row of the batch's images: which are in the sum, which are still to come, which are switched off."""

from collections.abc import Collection, Sequence

import pandas as pd
from torch import Tensor
from torch.nn.functional import pad

from mnistgrad.network.data import LEVELS, SIDE
from mnistgrad.network.sets.kinds import OF_MNIST, Kind
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette, brightness_colours

SHOWN = 24
PIXEL, GAP, TOP = 1.4, 5, 4.0  # px, pixels, px
SIZE, ACROSS = PIXEL * SIDE, PIXEL * (SIDE + GAP)
LEFT = 5.0
HEIGHT = TOP + SIZE + 24
LEAST = 700.0


def image_switches(
    pictures: Tensor,
    labels: Sequence[int],
    first: int,
    on: Collection[int],
    current: int,
    palette: Palette,
    kind: Kind = OF_MNIST,
) -> Diagram:
    """Pictures (m, 28, 28) of the images from `first` on; a click on one tells its image.

    on: which of them are switched on; current: the image added last. Those up to it that are on are in the sum. kind: what
    they show.
    """
    places = SHOWN if palette.room >= ACROSS * SHOWN + LEFT else len(pictures)  # that are kept, where there is room
    drawing = Drawing(ACROSS * places + LEFT, HEIGHT, palette)
    shown = range(first, first + len(pictures))
    beside = pad(pictures, (0, GAP)).transpose(0, 1).flatten(1)  # one image of all is half as large as one for each
    drawing.image(LEFT, TOP, ACROSS * len(pictures), SIZE, brightness_colours(beside.numpy(), LEVELS, palette))
    for image, label in zip(shown, labels, strict=True):
        x = LEFT + ACROSS * (image - first)
        is_in = image in on and image <= current
        if image not in on:
            drawing.rect(x, TOP, SIZE, SIZE, palette.paper, opacity=0.7)
            drawing.line([(x, TOP + SIZE), (x + SIZE, TOP)], palette.muted, 2)
        stroke, width = (palette.axis["n"], 4 if image == current else 1.6) if is_in else (palette.hair, 1)
        tip = f"image {image}, {kind.told(label)}: {_status(image in on, is_in)}"
        drawing.rect(x, TOP, SIZE, SIZE, "transparent", tip, data_row=image, stroke=stroke, stroke_width=width)
        ink, weight = (palette.axis_text["n"], 600) if image == current else (palette.muted, 400)
        drawing.text(x + SIZE / 2, TOP + SIZE + 13, str(image), ink, 12, weight)
    frame = pd.DataFrame(
        dict(
            image=shown,
            label=list(labels),
            switched_on=[image in on for image in shown],
            added=[image in on and image <= current for image in shown],
        )
    )
    added, off = int(frame["added"].sum()), int((~frame["switched_on"]).sum())
    description = f"Images {first} to {shown[-1]} of the batch: {added} in the sum, {off} switched off."
    cuts = [LEFT - GAP * PIXEL / 2 + ACROSS * place for place in range(1, len(pictures))]
    return drawing.finished("image-switches", description, frame, min(LEAST, drawing.width), cuts)


def _status(is_on: bool, is_in: bool) -> str:
    return "in the sum" if is_in else "still to come" if is_on else "switched off"
