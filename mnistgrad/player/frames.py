"""A few frames to step through in the browser: a line of code with a part marked, its picture, and what to see in it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mnistgrad.player.packing import pack


@dataclass(frozen=True)
class Frame:
    """line: the code before what is marked, what is marked, and the code after it. svg: of a `Diagram`. says: plain words."""

    line: tuple[str, str, str]
    title: str
    svg: str
    says: str


def frames(shown: Sequence[Frame], width: float, words: Mapping[str, Any]) -> bytes:
    """width: of the pictures, in px at most."""
    return pack(dict(frames=[asdict(frame) for frame in shown], width=width, words=words), {})
