"""Columns of a matrix as tiles of 28 × 28 pixels, all in one image: half the bytes of an image for each."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnistgrad.network.data import SIDE
from mnistgrad.pictures.palette import FloatArray


def tile_values(weights: FloatArray, limit: float | FloatArray, shades: int) -> FloatArray:
    """Weights (784, columns) as tiles (columns, 28, 28) of whole numbers, at `limit` so many shades; a limit of 0 is 0."""
    shares = np.clip(weights / np.where(np.asarray(limit) > 0, limit, 1), -1, 1)
    return (shares * shades).round().T.reshape(-1, SIDE, SIDE)


def mosaic(tiles: NDArray[Any], columns: int, gap: int, above: int, between: ArrayLike) -> NDArray[Any]:
    """Tiles (m, 28, 28, ...) row by row in one picture; right of each so many pixels of what is `between`, and above it."""
    rows = -(-len(tiles) // columns)
    room = np.full((rows * columns, SIDE + above, SIDE + gap, *tiles.shape[3:]), between, tiles.dtype)
    room[: len(tiles), above:, :SIDE] = tiles
    lines = room.reshape(rows, columns, *room.shape[1:]).swapaxes(1, 2)
    return lines.reshape(rows * (SIDE + above), columns * (SIDE + gap), *tiles.shape[3:])
