"""Columns of a matrix as tiles of 28 × 28 pixels, all in one image: half the bytes of an image for each."""

import numpy as np

from mnistgrad.network.data import SIDE
from mnistgrad.pictures.palette import Colours, FloatArray, Palette, rgb, value_colours


def tile_colours(weights: FloatArray, limit: float | FloatArray, shades: int, palette: Palette) -> Colours:
    """Colours (columns, 28, 28, 3) of weights (784, columns), 0 to `limit` in so many shades; a limit of 0 is paper."""
    shares = np.clip(weights / np.where(np.asarray(limit) > 0, limit, 1), -1, 1)
    return value_colours((shares * shades).round().T.reshape(-1, SIDE, SIDE), shades, palette)


def mosaic(tiles: Colours, columns: int, gap: int, above: int, palette: Palette) -> Colours:
    """Tiles (m, 28, 28, 3) row by row in one image; with `gap` pixels of paper right of each and `above` so many."""
    rows = -(-len(tiles) // columns)
    room = np.full((rows * columns, SIDE + above, SIDE + gap, 3), rgb(palette.paper), np.uint8)
    room[: len(tiles), above:, :SIDE] = tiles
    lines = room.reshape(rows, columns, *room.shape[1:]).swapaxes(1, 2)
    return lines.reshape(rows * (SIDE + above), -1, 3)
