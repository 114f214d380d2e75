"""A lesson as plain text, for a terminal: one line an operation."""

from typing import TYPE_CHECKING

from mnistgrad.common import numbers

if TYPE_CHECKING:
    from mnistgrad.player.lesson import Lesson, LessonFrame

WIDEST = 118  # characters of a line
CODE = 44  # of its code
LINES = 20  # operations that are shown; of more, the first and the last


def text_of(lesson: "Lesson") -> str:
    """No longer than a screen."""
    lines = [line_of(frame) for frame in lesson]
    if len(lines) > LINES:
        first, last = LINES // 2, LINES - LINES // 2 - 1
        lines = [*lines[:first], f"      … {numbers.count(len(lines) - first - last, 'operation')} more …", *lines[-last:]]
    return "\n".join([f"Lesson {one_line(lesson.title, CODE)!r}: {numbers.count(len(lesson), 'operation')}", *lines])


def line_of(frame: "LessonFrame") -> str:
    step = frame.operation
    code = one_line(frame.statement, CODE)
    taken = ", ".join(_shape(operand.axes, operand.shape) for operand in step.operands)
    if frame.refused:
        head = f"[{frame.number:>3}] {code:<{CODE}} {taken}: "
        return head + one_line(step.message, max(WIDEST - len(head), CODE))
    times = f"  × {step.repeats}" if step.repeats > 1 else ""
    size = "in place" if step.in_place else "view" if step.is_view else numbers.byte_count(step.nbytes)
    made = f"{taken} → {_shape(step.axes, step.shape)}" if taken else _shape(step.axes, step.shape)
    head = f"[{frame.number:>3}] {code:<{CODE}} "
    return f"{head}{one_line(made, WIDEST - len(head) - len(size) - len(times) - 2)}  {size}{times}"


def one_line(text: str, most: int) -> str:
    """Without line breaks or other control characters, shortened in the middle."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(plain) <= most:
        return plain
    end = (most - 1) // 2
    return f"{plain[: most - 1 - end]}…{plain[-end:]}"


def _shape(axes: tuple[str, ...], shape: tuple[int, ...]) -> str:
    """ "(n 32, i 784)"."""
    return f"({', '.join(f'{letter} {size}' for letter, size in zip(axes, shape, strict=True))})"
