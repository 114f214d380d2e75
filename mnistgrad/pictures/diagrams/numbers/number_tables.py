"""The same step with real numbers: a picture for every operation of the pass."""

import math
from collections.abc import Sequence
from dataclasses import replace

from mnistgrad.captions.arithmetic import cell_arithmetic
from mnistgrad.pictures.diagrams.numbers.added_rows import added_rows
from mnistgrad.pictures.diagrams.numbers.cell_grid import (
    Grid,
    frame_cell,
    operand_grid,
    operand_tips,
    picture_name,
    result_grid,
    result_tips,
    text_width,
)
from mnistgrad.pictures.diagrams.numbers.multiplication_table import multiplication_table
from mnistgrad.pictures.diagrams.numbers.one_cell import one_cell
from mnistgrad.pictures.diagrams.shapes.flat import draw_arrow
from mnistgrad.pictures.diagrams.shapes.words import deed, method
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.cells import Chosen, ShownOperation, show_operation
from mnistgrad.trace.operations import Effect
from mnistgrad.trace.passes import is_outer_product
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import Window

MARGIN, SIGN_ROOM, ARROW_ROOM = 16.0, 44.0, 30.0
ARROW_WORDS = 54.0  # below an arrow


def numbers_diagram(operations: Sequence[Operation], place: int, window: Window, chosen: Chosen, palette: Palette) -> Diagram:
    """Operation `place` of the pass recorded at n, on the window's numbers, with the chosen cell framed.

    The cells of the result carry their flat index in its table, which `cells.cell_at` turns into the cell.
    """
    if palette.tall < math.inf:
        window = window.near(chosen.pixel, chosen.unit)
    if is_outer_product(operations, place):
        return multiplication_table(operations, place, window, chosen, palette)
    shown = show_operation(operations, place, window)
    if shown.operation.known.effect is Effect.CONTRACTED:
        return one_cell(shown, chosen, palette)
    if shown.letter:
        return added_rows(shown, chosen, palette)
    return tables(shown, chosen, palette)


def tables(shown: ShownOperation, chosen: Chosen, palette: Palette) -> Diagram:
    """The operands' tables, the sign or the method between them, and the result's table."""
    between, result = _room_between(shown), result_grid(shown)
    operands = [operand_grid(shown, place) for place in range(len(shown.operands))]
    grids = _placed([*(replace(grid, repeats=_repeats(grid, result)) for grid in operands), result], between)
    last = grids[-1]
    words = _middle(grids) + ARROW_WORDS if len(grids) == 2 else 0.0
    height = max(words, *(grid.y + grid.height + grid.foot for grid in grids))
    drawing = Drawing(last.x + last.width + last.right_room + MARGIN, height, palette)
    for grid in grids:
        is_result = grid is last
        grid.draw(drawing, result_tips(grid, shown) if is_result else operand_tips(grid), last, chosen)
        grid.draw_words(drawing)
        frame_cell(drawing, *grid.corner(chosen), is_result)
    _draw_between(drawing, shown, grids, between)
    rows = [row for grid in grids for row in grid.notes()]
    description = f"{shown.operation.expression} on a few real numbers. The framed cell: {cell_arithmetic(shown, chosen)}."
    cuts = [grid.x - grid.left_room - between for grid in grids[1:]]
    return drawing.finished(picture_name(shown.operation), description, rows, min(drawing.width, 560.0), cuts)


def _repeats(grid: Grid, result: Grid) -> int:
    """How many more images of the result take the table's one row."""
    return len(result.rows[1]) - 1 if "n" in result.table.axes and "n" not in grid.table.axes else 0


def _placed(grids: list[Grid], between: float) -> list[Grid]:
    """Side by side, their upper edges level."""
    head = max(grid.least_head for grid in grids)
    x, placed = MARGIN, list[Grid]()
    for grid in grids:
        rows = grid is grids[0] or grid.rows[0] not in ("", grids[0].rows[0])  # others than those of the first table
        columns = rows or grid.columns[0] != grids[0].columns[0]
        labelled = replace(grid, y=head + 6, head=head, has_row_labels=rows, has_column_name=columns)
        x += labelled.left_room
        placed.append(replace(labelled, x=x))
        x += grid.width + grid.right_room + between
    return placed


def _room_between(shown: ShownOperation) -> float:
    if len(shown.operands) > 1:
        return SIGN_ROOM
    return max(text_width(text) for text in (method(shown.operation), *deed(shown.operation))) + ARROW_ROOM


def _middle(grids: Sequence[Grid]) -> float:
    """The height at which the sign or the arrow between the tables stands."""
    return grids[0].y + min(grid.height for grid in grids if not grid.rows[0] or grid.rows[0] == grids[0].rows[0]) / 2


def _draw_between(drawing: Drawing, shown: ShownOperation, grids: Sequence[Grid], between: float) -> None:
    result = grids[-1]
    middle = _middle(grids)
    edge = result.x - result.left_room
    if len(grids) < 3:
        draw_arrow(drawing, edge - between + 8, edge - 8, middle, method(shown.operation), deed(shown.operation))
        return
    one, other = grids[0], grids[1]
    for left, right, sign in ((one, other, shown.operation.known.sign), (other, result, "=")):
        x = (left.x + left.width + left.right_room + right.x - right.left_room) / 2
        drawing.text(x, middle, sign, drawing.palette.muted, 24)
