"""Every operation of a part of the pass as a list: what it makes, what that takes, and what is alive while it runs."""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.shapes.boxes import shape_parts
from mnistgrad.pictures.diagrams.svg import MONO_WIDTH, Diagram, Drawing
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.passes import ends_statement, peak
from mnistgrad.trace.recording import Operation

WIDTH, LEAST, MARGIN, GAP = 1_120.0, 640.0, 10.0, 18.0
ROW, HEADING, HEAD, FOOT = 22.0, 30.0, 30.0, 40.0
SIZE, THICK = 12.0, 10.0  # of the code; of a bar
ADVANCE = SIZE * MONO_WIDTH
BYTES, ALIVE = 52.0, 96.0  # widths of what an operation makes, and of what is alive with the mark of the peak
BEFORE = 0.6  # opacity of what was alive before
Parts = list[tuple[str, str]]


class _Columns(NamedTuple):
    """Where each column begins."""

    sets: float
    expression: float
    makes: float
    bar: float
    alive: float
    shapes: float


def operations_list(
    operations: Sequence[Operation], scope: range, current: int, peak_of_matmul: int, palette: Palette
) -> Diagram:
    """The operations of the scope, one a row, those of a call under its name; a row's `data_row` counts them from 1.

    current: the place in the pass to highlight. peak_of_matmul: bytes alive at the peak of the matmul form's pass.
    """
    brief = palette.room < WIDTH  # without the shapes
    listed, width = [operations[place] for place in scope], max(palette.room, LEAST) if brief else WIDTH
    most, columns = scope[peak(listed)], _columns(listed, width, brief)
    room = palette.tall - HEAD - 2 * HEADING - FOOT  # on a slide for the operations around the current one alone
    shown = scope if room == math.inf else _around(scope, current, int(room / ROW))
    starts = {place for place in shown if place == shown.start or operations[place].caller != operations[place - 1].caller}
    drawing = Drawing(width, HEAD + ROW * len(shown) + HEADING * len(starts) + FOOT, palette)
    _head(drawing, columns, operations[most].live, brief)
    y = HEAD
    for place in shown:
        operation, number, middle = operations[place], place - scope.start + 1, y + ROW / 2
        if place in starts:
            _heading(drawing, y, operation.caller)
            y, middle = y + HEADING, middle + HEADING
        _ground(drawing, y, operation, number, place == current)
        _texts(drawing, columns, middle, operation, number, ends_statement(operations, place))
        if not brief:
            drawing.runs(columns.shapes, middle, _shape_parts(operation, palette), SIZE, align="left")
        _bar(drawing, columns, middle, operation, operations[most].live, place == most)
        y += ROW
    _foot(drawing, y, brief, operations[peak(operations)].live, peak_of_matmul)
    description = (
        f"{numbers.count(len(scope), 'operation')} of the pass. Most memory is alive at number {most - scope.start + 1}, "
        f"{operations[most].expression}: {numbers.byte_count(operations[most].live)}."
    )
    return drawing.finished("operations", description, _frame(listed), WIDTH * 0.9)


def _around(scope: range, current: int, count: int) -> range:
    """So many of the operations, the current one in their middle where it can be."""
    first = max(scope.start, min(current - count // 2, scope.stop - count))
    return range(first, min(first + count, scope.stop))


def _columns(listed: Sequence[Operation], width: float, brief: bool) -> _Columns:
    """The bars take what the texts leave; the shapes come last, since a narrow page cuts off what stands there. brief: none."""
    sets = MARGIN + 2 * ADVANCE + GAP
    expression = sets + ADVANCE * max(len(operation.sets) + 4 for operation in listed)
    makes = expression + ADVANCE * max(len(operation.expression) for operation in listed) + GAP
    shapes = width - MARGIN - (0.0 if brief else ADVANCE * max(len(_shapes(operation)) for operation in listed))
    return _Columns(sets, expression, makes, makes + BYTES + GAP, shapes - ALIVE, shapes)


def _shapes(operation: Operation) -> str:
    return f"{' '.join(str(operand.shape) for operand in operation.operands)} → {operation.shape}"


def _shape_parts(operation: Operation, palette: Palette) -> Parts:
    parts: Parts = []
    for operand in operation.operands:
        parts += [*shape_parts(operand.shape, operand.axes, palette), (" ", palette.muted)]
    return [*parts, ("→ ", palette.muted), *shape_parts(operation.shape, operation.axes, palette)]


def _expression_parts(operation: Operation, palette: Palette) -> Parts:
    """What earlier operations made of the expression is muted, so that the operation's own part stands out."""
    earlier = [operand.text for operand in operation.operands if not re.fullmatch(r"[\w.]+", operand.text)]
    pieces = re.split(f"({'|'.join(map(re.escape, earlier))})", operation.expression) if earlier else [operation.expression]
    return [(piece, palette.muted if piece in earlier else palette.ink) for piece in pieces]


def _head(drawing: Drawing, columns: _Columns, most: int, brief: bool) -> None:
    texts = (
        (columns.expression, "operation", "left"),
        (columns.makes + BYTES, "makes", "right"),
        (columns.bar, f"alive{'' if brief else ' (calculated)'}, 0 to {numbers.byte_count(most)}", "left"),
        (columns.shapes, "shapes, in → out", "left"),
    )
    for x, words, align in texts[: 3 if brief else 4]:
        drawing.text(x, HEAD / 2, words, drawing.palette.muted, 12.5, align=align)


def _heading(drawing: Drawing, y: float, call: str) -> None:
    drawing.line([(MARGIN, y + 5), (drawing.width - MARGIN, y + 5)], drawing.palette.hair)
    drawing.text(MARGIN, y + HEADING - 11, call, drawing.palette.ink, 12.5, 600, "left", mono=True)


def _ground(drawing: Drawing, y: float, operation: Operation, number: int, current: bool) -> None:
    """What is pointed at and clicked, under the texts."""
    palette = drawing.palette
    fill, stroke = (palette.mark, palette.mark_edge) if current else (palette.paper, "")
    tip = (
        f"{operation.name}: {_shapes(operation)} · {_made(operation)} · {numbers.byte_count(operation.live)} alive while it runs"
    )
    drawing.rect(4, y + 1, drawing.width - 8, ROW - 2, fill, tip, stroke=stroke, rx=3, data_row=number)


def _made(operation: Operation) -> str:
    return "a view, no memory of its own" if operation.is_view else f"makes {numbers.byte_count(operation.nbytes)}"


def _texts(drawing: Drawing, columns: _Columns, y: float, operation: Operation, number: int, ends: bool) -> None:
    palette = drawing.palette
    drawing.text(MARGIN + 2 * ADVANCE, y, str(number), palette.muted, SIZE, align="right", mono=True)
    if ends:
        drawing.text(columns.sets, y, f"{operation.sets} =", palette.ink, SIZE, 600, "left", mono=True)
    drawing.runs(columns.expression, y, _expression_parts(operation, palette), SIZE, align="left")
    made, colour = ("view", palette.muted) if operation.is_view else (numbers.byte_count(operation.nbytes), palette.ink)
    drawing.text(columns.makes + BYTES, y, made, colour, 12.5, align="right")


def _bar(drawing: Drawing, columns: _Columns, y: float, operation: Operation, most: int, is_most: bool) -> None:
    """All that is alive on one linear scale; the operation's own part stands at the end."""
    palette = drawing.palette
    scale = (columns.alive - GAP / 2 - columns.bar) / most
    own = 0 if operation.is_view else operation.nbytes
    before = operation.live - own
    drawing.rect(columns.bar, y - THICK / 2, before * scale, THICK, palette.faint, opacity=BEFORE, pointer_events="none")
    drawing.rect(columns.bar + before * scale, y - THICK / 2, own * scale, THICK, palette.ink, pointer_events="none")
    alive = numbers.byte_count(operation.live)
    weight, colour = (600, palette.ink) if is_most else (400, palette.muted)
    drawing.text(columns.alive, y, f"{alive} · peak" if is_most else alive, colour, 12.5, weight, "left")


def _foot(drawing: Drawing, y: float, brief: bool, whole: int, matmul: int) -> None:
    palette = drawing.palette
    drawing.line([(MARGIN, y + 6), (drawing.width - MARGIN, y + 6)], palette.hair)
    y += FOOT / 2 + 3
    peak_here, peak_there = numbers.byte_count(whole), numbers.byte_count(matmul)
    told = f"Peak of the whole pass{', calculated' if brief else ''}: {peak_here}."
    peaks = told + (f" In the matmul form: {peak_there}." if peak_here != peak_there else "")
    drawing.text(MARGIN, y, peaks, palette.ink, 13, 600, "left")
    if brief:
        return
    keys = ((440, palette.faint, BEFORE, "alive before"), (542, palette.ink, 1.0, "made by the operation"))
    for x, colour, opacity, words in keys:
        drawing.rect(x, y - THICK / 2, THICK, THICK, colour, opacity=opacity)
        drawing.text(x + THICK + 5, y, words, palette.muted, 12.5, align="left")


def _frame(listed: Sequence[Operation]) -> pd.DataFrame:
    rows = [
        dict(
            number=number,
            call=operation.caller,
            sets=operation.sets,
            operation=operation.name,
            expression=operation.expression,
            shapes_in=" ".join(str(operand.shape) for operand in operation.operands),
            shape=str(operation.shape),
            axes=" ".join(operation.axes),
            bytes=operation.nbytes,
            view=operation.is_view,
            bytes_alive=operation.live,
        )
        for number, operation in enumerate(listed, 1)
    ]
    return pd.DataFrame(rows)
