"""Which picture tells what a wrong line did: the shapes it set against each other, or the axis that it added up."""

from collections.abc import Sequence

from mnistgrad.lines.study import Attempt
from mnistgrad.pictures.diagrams.shapes.alignment import alignment, matmul_alignment
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.wrong_lines.added_axis import added_axis
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.operations import OPERATIONS, UNKNOWN, Effect
from mnistgrad.trace.recording import Operation


def attempt_picture(name: str, attempt: Attempt, palette: Palette) -> Diagram | None:
    """Of the operation that torch refused, or else of the first in which the line is another than the lesson's. None where
    they differ in numbers alone.
    """
    if attempt.refused:
        return shapes_picture(name, attempt.refused, palette)
    pair, lessons_pair = _first_of_two(attempt.line), _first_of_two(attempt.lesson)
    if pair and lessons_pair and _alignment_of(pair) != _alignment_of(lessons_pair):
        return shapes_picture(name, pair, palette)
    wrong, right = attempt.line[-1], attempt.lesson[-1]
    adds_up = OPERATIONS.get(wrong.name, UNKNOWN).effect is Effect.REDUCED
    if adds_up and (wrong.name, wrong.arguments) != (
        right.name,
        right.arguments,
    ):
        return added_axis(name, wrong, right, attempt.result.name, palette)
    return None


def shapes_picture(name: str, operation: Operation, palette: Palette) -> Diagram:
    """The shapes of its two operands, axis under axis."""
    draw = matmul_alignment if operation.name == "matmul" else alignment
    return draw(operation.operands, operation.expression, palette, name)


def _first_of_two(line: Sequence[Operation]) -> Operation | None:
    return next((operation for operation in line if len(operation.operands) == 2), None)


def _alignment_of(operation: Operation) -> tuple[object, ...]:
    return operation.name, *((operand.shape, operand.axes) for operand in operation.operands)
