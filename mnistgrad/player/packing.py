"""What a player is sent: a header, and arrays as they lie in memory, compressed together."""

import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

LEVEL = 5  # of zlib; its own takes half as long again for 1 % less, the highest ten times
KINDS = {"u1": "u1", "u2": "<u2", "f4": "<f4"}  # what scripts/common.js can read


def pack(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """header: what JSON can hold. Each array comes out in the browser under its name, flat, row by row."""
    kinds = {name: array.dtype.str.lstrip("<|") for name, array in arrays.items()}
    parts = [[name, kinds[name], array.size] for name, array in arrays.items()]
    text = json.dumps({**header, "parts": parts}, ensure_ascii=False, separators=(",", ":")).encode()
    flat = [array.astype(KINDS[kinds[name]]).tobytes() for name, array in arrays.items()]
    return zlib.compress(b"".join([len(text).to_bytes(4, "little"), text, *flat]), LEVEL)


def planes(values: np.ndarray, count: int) -> tuple[np.ndarray, float]:
    """Values as whole multiples of a step, each in `count` bytes: all lowest bytes, then all higher ones; and the step.

    The step is the largest value's size over 2^(8 · count - 1); three bytes are as fine as float32 is there.
    """
    largest = float(np.abs(values).max())
    step = largest / (2 ** (8 * count - 1) - 1) or 1.0
    whole = np.rint(values.reshape(-1) / step).astype("<i4")
    return whole.view("u1").reshape(-1, 4)[:, :count].T.copy(), step
