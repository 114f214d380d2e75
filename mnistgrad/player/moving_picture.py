"""The moving picture: image after image times its number is its part, added to a column of w1.g; rows of w1.g as they grow.

All of it happens in the browser, from the first images, their out.g and, where there are more, the whole w1.g.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from torch import Tensor

from mnistgrad.captions import story as says
from mnistgrad.gradient.statistics import printed_indices
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.network.data import LEVELS, SIDE
from mnistgrad.network.sets.kinds import OF_MNIST, Kind
from mnistgrad.pictures import palette as colours
from mnistgrad.pictures.palette import Palette, brightness_colours, value_colours
from mnistgrad.player.packing import pack, planes

MOST_IMAGES = 100
FINE = 64  # hidden units to which the whole gradient is sent as finely as float32 is; of more, two bytes a number
LIT = (208, 406, 600)  # rows of pixels in the middle of the image


def moving_picture(
    found: WeightGradient,
    images: Tensor,
    labels: Sequence[int],
    levels: Tensor,
    mean_image: Tensor,
    palette: Palette,
    kind: Kind = OF_MNIST,
    asks: bool = True,
) -> bytes:
    """found: of w1, over n images. images (m, 28, 28) uint8 and labels (m,): the first of them.

    levels (256,): inp of each byte. mean_image (784,): of all n, 0 to 255. kind: what they show. asks: whether it asks what
    becomes of the lit rows before it tells.
    """
    m = len(images)
    printed = printed_indices(found.rows)
    header: dict[str, Any] = dict(  # see scripts/moving_picture.js
        n=found.n,
        asks=asks,
        sent=m,
        units=found.columns,
        side=SIDE,
        shows=[kind.shows[label] for label in labels],
        unit=found.liveliest_column,
        corners=[printed[0], printed[1], printed[-1]],
        lit=list(LIT),
        distinct=found.distinct,
        words=says.moving_words(found),
    )
    arrays = dict(
        pixels=images.numpy().reshape(-1),
        out_g=found.out_g[:m].numpy(),
        levels=levels.numpy(),
        black=found.groups["black"].numpy().astype("u1"),
        **colour_tables(palette),
    )
    if m < found.n:
        rest = (mean_image * found.n - images.flatten(1).float().sum(0)) / (found.n - m)
        arrays["rest"] = rest.round().clamp(0, LEVELS - 1).numpy().astype("u1")
        arrays["whole"], header["step"] = planes(found.g.numpy(), 3 if found.columns <= FINE else 2)
    return pack(header, arrays)


def colour_tables(palette: Palette) -> dict[str, np.ndarray]:
    """The palette's scales as tables of red, green and blue: of values from -1 to 1, of ink from 0 to 1."""
    return dict(
        value_colours=value_colours(np.linspace(-1, 1, colours.LEVELS), 1.0, palette),
        ink_colours=brightness_colours(np.linspace(0, 1, colours.LEVELS), 1.0, palette),
    )
