"""The print of w1.g beside the map of its pixels, where any six rows can be printed. All of it happens in the browser."""

import numpy as np
from torch import Tensor

from mnistgrad.captions import story as says
from mnistgrad.gradient.statistics import colour_limit, printed_indices, row_kinds
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.network.data import SIDE
from mnistgrad.pictures.palette import Palette
from mnistgrad.player.moving_picture import colour_tables
from mnistgrad.player.packing import pack

FIRST = 405  # of the six rows that are asked about: in the middle of the image, where there is ink


def print_and_map(found: WeightGradient, g: Tensor, mean_image: Tensor, palette: Palette, asks: bool = True) -> bytes:
    """found: of w1. g (784, nh): the lesson's own, in float32, which is printed. mean_image (784,): of the batch, 0 to 255.

    asks: whether six other rows are asked about before they are printed.
    """
    columns = printed_indices(found.columns)
    header = dict(  # see scripts/print_and_map.js
        side=SIDE,
        first=FIRST,
        asks=asks,
        printed=printed_indices(found.rows),
        columns=columns,
        shortened=len(columns) < found.columns,
        limit=colour_limit(g),
        hatch=palette.faint,
        words=says.first_words(found),
    )
    arrays = dict(
        rows=g[:, columns].numpy(),
        kinds=row_kinds(found.g).numpy().astype(np.uint16),
        mean=mean_image.numpy(),
        black=found.groups["black"].numpy().astype(np.uint8),
        **colour_tables(palette),
    )
    return pack(header, arrays)
