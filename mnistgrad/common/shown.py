"""How a large value shows itself: what it is in a line or a few, never its numbers."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from torch import Tensor

LONGEST = 60  # characters of one part


class Brief:
    """Gives a dataclass, made with repr=False, a repr that no tensor, table or text inside makes long."""

    def __repr__(self) -> str:
        parts = (f"{part.name} {brief(getattr(self, part.name))}" for part in fields(self) if part.repr)  # type: ignore[arg-type]
        return f"{type(self).__name__}({', '.join(parts)})"


def brief(value: Any) -> str:
    """`brief(torch.ones(2, 3))` is "(2, 3) float32"; a scalar is its number."""
    if isinstance(value, Tensor | np.ndarray):
        return f"{value.item():.6g}" if not value.ndim else f"{tuple(value.shape)} {str(value.dtype).removeprefix('torch.')}"
    if isinstance(value, Mapping) and len(value) > 3:
        return f"{len(value)} by {type(next(iter(value))).__name__}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {brief(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple) and len(value) > 4:
        return f"{type(value).__name__} of {len(value):,}"
    if hasattr(value, "columns") and hasattr(value, "shape"):
        return f"table of {value.shape[0]:,} rows, {value.shape[1]} columns"
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
