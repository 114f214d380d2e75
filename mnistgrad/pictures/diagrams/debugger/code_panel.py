"""The lesson's source with the current sub-expression marked and the tree of shapes under its line."""

import math
import re
from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from mnistgrad.pictures.diagrams.shapes.boxes import shape_parts
from mnistgrad.pictures.diagrams.svg import MONO_WIDTH, Diagram, Drawing
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.passes import statement_of
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.source import CodeLine

SIZE, LINE, BRANCH = 12.5, 20.0, 27.0
ADVANCE = SIZE * MONO_WIDTH
GUTTER, MARGIN = 40.0, 12.0
BETWEEN = 8.0  # between two functions
BESIDE = 1  # lines above and below the call, where there is little room


def code_panel(lines: Sequence[CodeLine], operations: Sequence[Operation], place: int, palette: Palette) -> Diagram:
    """The lines with the operation at `place` marked, and the call that runs it.

    The shapes of its statement's operations up to it hang below the line; those after it are blank.
    """
    step = operations[place]
    if palette.tall < math.inf:
        lines = [line for line in lines if line.function == step.function or abs(line.number - step.caller_line) <= BESIDE]
    statement = statement_of(operations, place)
    steps, current = [operations[p] for p in statement], place - statement.start
    levels = _levels(steps)
    width = GUTTER + MARGIN + ADVANCE * max(len(line.text) for line in lines)
    tree = BRANCH * (max(levels) + 1) + 8
    gaps = sum(a.function != b.function for a, b in pairwise(lines))
    drawing = Drawing(width, 2 * MARGIN + LINE * len(lines) + BETWEEN * gaps + tree, palette)
    drawing.rect(0.5, 0.5, width - 1, drawing.height - 1, palette.panel, stroke=palette.hair, rx=8)
    y = MARGIN + LINE / 2
    for before, line in zip([lines[0], *lines], lines, strict=False):
        y += BETWEEN if line.function != before.function else 0
        if line.number == step.span.line:
            drawing.rect(1, y - LINE / 2, width - 2, LINE + tree, palette.hair, opacity=0.55)
            _mark(drawing, step, y)
            _tree(drawing, steps, levels, current, y + LINE / 2)
        if line.number == step.caller_line:
            _mark_call(drawing, width, y)
        _line(drawing, line, y, line.number == step.caller_line or line.function == step.function)
        y += LINE + (tree if line.number == step.span.line else 0)
    frame = pd.DataFrame(
        [
            dict(step=at, expression=s.expression, operation=s.name, shape=str(s.shape), axes=" ".join(s.axes), bytes=s.nbytes)
            for at, s in enumerate(steps, 1)
        ]
    )
    description = f"Line {step.span.line} of the lesson, run by {step.caller}: {step.expression} has shape {step.shape}."
    return drawing.finished("code", description, frame, width * 0.9)


def _levels(steps: Sequence[Operation]) -> list[int]:
    """How many operations are nested in each: its row in the tree."""
    levels: list[int] = []
    for step in steps:
        inside = [level for other, level in zip(steps, levels, strict=False) if _holds(step, other)]
        levels.append(max(inside, default=-1) + 1)
    return levels


def _holds(outer: Operation, inner: Operation) -> bool:
    return outer.span.start <= inner.span.start and inner.span.end <= outer.span.end


def _column(column: int) -> float:
    return GUTTER + column * ADVANCE


def _mark(drawing: Drawing, step: Operation, y: float) -> None:
    left, right = _column(step.span.start), _column(step.span.end)
    drawing.rect(
        left - 1,
        y - LINE / 2 + 1,
        right - left + 2,
        LINE - 2,
        drawing.palette.mark,
        stroke=drawing.palette.mark_edge,
        rx=3,
        class_="mark",
    )


def _mark_call(drawing: Drawing, width: float, y: float) -> None:
    """Where the lesson stands while the function runs."""
    drawing.rect(1, y - LINE / 2, width - 2, LINE, drawing.palette.hair, opacity=0.55)
    x = GUTTER + 3 * ADVANCE
    drawing.polygon([(x - 10, y - 4.5), (x - 10, y + 4.5), (x - 2, y)], drawing.palette.mark_edge)


def _tree(drawing: Drawing, steps: Sequence[Operation], levels: Sequence[int], current: int, top: float) -> None:
    palette = drawing.palette
    for place, (step, level) in enumerate(zip(steps, levels, strict=True)):
        if place > current:
            continue
        now = place == current
        left, right, y = _column(step.span.start) + 1, _column(step.span.end) - 1, top + BRANCH * level + 4
        drawing.line(
            [(left, y), (left, y + 5), (right, y + 5), (right, y)], palette.mark_edge if now else palette.faint, 2 if now else 1.2
        )
        drawing.runs((left + right) / 2, y + 15, shape_parts(step.shape, step.axes, palette), 12, 600 if now else 400)


def _line(drawing: Drawing, line: CodeLine, y: float, active: bool) -> None:
    palette = drawing.palette
    if line.number:
        drawing.text(GUTTER - 12, y, str(line.number), palette.muted, 11.5, align="right", mono=True)
    name = re.match(r"def (\w+)", line.text)
    for match in re.finditer(r"\w+|[^\w\s]+", line.text):
        word, colour = match.group(), palette.ink if active else palette.muted
        weight = 600 if name and match.start() == name.start(1) else 400
        drawing.text(_column(match.start()), y, word, colour, SIZE, weight, "left", mono=True)
