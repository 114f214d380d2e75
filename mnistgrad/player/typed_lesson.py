"""A lesson from lines that are typed: read, never run as Python, on shapes and small made-up numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

from mnistgrad.common.reading import code
from mnistgrad.lines.explaining import Explained, explain
from mnistgrad.lines.rules import BrokenRule
from mnistgrad.lines.typed_lines import parse_lines
from mnistgrad.lines.typed_shapes import parse_shapes
from mnistgrad.player.lesson import Lesson

LONGEST_TITLE, LONGEST_WORDS = 60, 200
Shape = str | Sequence[int] | Mapping[str, int]


def explain_lines(lines: str, shapes: Mapping[str, Shape]) -> Lesson:
    """`explain_lines("dW = h.t() @ dlogits", {"h": (32, 64), "dlogits": "n=32, k=27"})`: each operation of the lines is a frame.

    Nothing in the lines is run as Python. Where torch refuses an operation, the lesson ends with it.

    Args:
        lines: Torch's operations on tensors, and numbers.
        shapes: Of each tensor that goes in, as sizes, with axis names as a text or a dict `{"n": 32, "j": 64}`; a text may end
            in `int` or `bool`, for tensors of such.

    Raises:
        TypeError: For what is no text and no shape.
        ValueError: With what is not taken, and where it stands.
    """
    if not isinstance(lines, str):
        raise TypeError(f"lines is {type(lines).__name__}; allowed is a text, as 'dW = h.t() @ dlogits'")
    if not isinstance(shapes, Mapping):
        raise TypeError(f"shapes is {type(shapes).__name__}; allowed is a dict, as {{'h': (32, 64)}}")
    typed = parse_shapes("\n".join(f"{name}: {_text(name, shape)}" for name, shape in shapes.items()))
    return lesson_of(explain(parse_lines(lines), typed))


def lesson_of(found: Explained) -> Lesson:
    """What typed lines do, as a lesson. Raises BrokenRule where torch raised outside of any operation."""
    if found.message and found.refused is None:
        raise BrokenRule(f"Torch stops: {code(found.message.splitlines()[0], LONGEST_WORDS)}")
    first = found.lines.text.split("\n")[0]
    return Lesson(found.operations, found.refused, first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1]}…")


def _text(name: Any, shape: Any) -> str:
    if isinstance(shape, str):
        return " ".join(shape.split())
    if isinstance(shape, Mapping):
        return ", ".join(f"{axis}={size}" for axis, size in shape.items()) or "()"
    if isinstance(shape, Sequence):
        return f"({', '.join(map(str, shape))})"
    allowed = "allowed are (32, 64), 'n=32, j=64' and {'n': 32, 'j': 64}"
    raise TypeError(f"shapes[{name!r}] is {type(shape).__name__}; {allowed}")
