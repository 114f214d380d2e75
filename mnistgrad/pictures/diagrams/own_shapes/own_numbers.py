"""A small operation with its numbers: both operands, in dashes what broadcasting repeats, and torch's result."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnistgrad.common import numbers
from mnistgrad.common.tensors import WHOLE
from mnistgrad.lines.own_shapes import EINSUM, OwnOperation, terms
from mnistgrad.pictures.diagrams.shapes.boxes import shape_parts
from mnistgrad.pictures.diagrams.svg import MONO_WIDTH, Diagram, Drawing, Point
from mnistgrad.pictures.palette import FloatArray, Palette, hex_colour, ink_on, value_colours
from mnistgrad.trace.recording import Operand

LEFT, TOP, BELOW = 34.0, 26.0, 62.0
TALL, GAP, BLOCK_GAP = 26.0, 3.0, 26.0
DIGIT, LEAST_CELL = 7.8, 34.0  # px
SIGN_ROOM = 58.0
SHRUNK = 0.8
MOST_TERMS = 6  # written out in a tooltip
DASH = "3 3"
SIGNS = {"+": "+", "-": "−", "*": "×"}  # of what broadcasts cell by cell
BETWEEN = {"@": "@", EINSUM: ","}


@dataclass(frozen=True)
class OwnTable:
    """A tensor as tables, one below the other: values (blocks, rows, columns), and which of them it has itself."""

    tensor: Operand
    values: FloatArray
    own: NDArray[np.bool_]
    tips: tuple[str, ...]

    @property
    def cell(self) -> float:
        return max(LEAST_CELL, DIGIT * max(len(_digits(value)) for value in self.values.flat) + 12)

    @property
    def width(self) -> float:
        words = max(len(self.tensor.text), len(numbers.shape(self.tensor.shape)))
        return max(self.values.shape[2] * (self.cell + GAP), words * 13 * MONO_WIDTH)

    @property
    def height(self) -> float:
        blocks, rows, _ = self.values.shape
        return blocks * (rows * (TALL + GAP) + BLOCK_GAP) - BLOCK_GAP


def own_numbers(operation: OwnOperation, operands: Sequence[Tensor], result: Tensor, palette: Palette) -> Diagram:
    """operands: their values; result: what torch makes of them."""
    broadcasts = operation.sign in SIGNS
    tables = [
        _operand_table(operand, value, tuple(result.shape) if broadcasts else operand.shape)
        for operand, value in zip(operation.operands, operands, strict=True)
    ]
    tables.append(_result_table(operation, operands, result))
    tall = max(table.height for table in tables)
    width = 2 * LEFT + sum(table.width for table in tables) + 2 * SIGN_ROOM
    drawing = Drawing(width, TOP + tall + BELOW, palette)
    x, cuts = LEFT, []
    for table, sign in zip(tables, ((SIGNS | BETWEEN)[operation.sign], "=", ""), strict=True):
        _draw_table(drawing, table, x, TOP + (tall - table.height) / 2)
        _caption(drawing, table, x + table.width / 2, TOP + tall + 24)
        x += table.width + SIGN_ROOM
        if sign:
            cuts.append(x - SIGN_ROOM * 0.8)
            drawing.text(x - SIGN_ROOM * 0.6, TOP + tall / 2, sign, palette.ink, 22)
    return drawing.finished("own-numbers", _description(tables), _frame(tables), width * SHRUNK, cuts)


def _operand_table(operand: Operand, value: Tensor, shape: tuple[int, ...]) -> OwnTable:
    """Repeated to a shape, in which its own numbers are the first along each axis that is repeated."""
    own = np.ones(shape, bool)
    for place in range(-len(shape), 0):
        if -place > value.dim() or value.shape[place] != shape[place]:
            own &= (np.arange(shape[place]) == 0).reshape(-1, *[1] * (-place - 1))
    tips = tuple(
        f"{operand.text}[{', '.join(map(str, index))}] = {_digits(number)}" for index, number in np.ndenumerate(value.numpy())
    )
    places = torch.arange(value.numel(), **WHOLE).reshape(value.shape).expand(shape).flatten().tolist()
    return OwnTable(operand, _as_blocks(value.expand(shape).numpy()), _as_blocks(own), tuple(tips[place] for place in places))


def _result_table(operation: OwnOperation, operands: Sequence[Tensor], result: Tensor) -> OwnTable:
    values = result.numpy()
    sign = SIGNS.get(operation.sign, "×")
    tips = []
    for cell, value in np.ndenumerate(values):
        pairs = [f"{_digits(a)} {sign} {_digits(b)}" for a, b in terms(operation, operands, cell)]
        more = f" + … ({numbers.count(len(pairs), 'product')})" if len(pairs) > MOST_TERMS else ""
        tips.append(f"{' + '.join(pairs[:MOST_TERMS])}{more} = {_digits(value)}")
    whole = Operand(operation.expression, operation.shape, operation.kept, None)
    return OwnTable(whole, _as_blocks(values), _as_blocks(np.ones(values.shape, bool)), tuple(tips))


def _as_blocks(values: NDArray[Any]) -> NDArray[Any]:
    """(blocks, rows, columns), as print groups them."""
    return values.reshape((1,) * (3 - values.ndim) + values.shape)


def _digits(value: float | np.floating[Any]) -> str:
    return numbers.fixed(float(value), 0)


def _draw_table(drawing: Drawing, table: OwnTable, x: float, y: float) -> None:
    palette, cell = drawing.palette, table.cell
    limit = float(np.abs(table.values).max())
    blocks, rows, columns = table.values.shape
    axes = ("", "", "", *table.tensor.axes)[-3:]
    x += (table.width - columns * (cell + GAP)) / 2
    for place, ((block, row, column), value) in enumerate(np.ndenumerate(table.values)):
        left = x + column * (cell + GAP)
        top = y + block * (rows * (TALL + GAP) + BLOCK_GAP) + row * (TALL + GAP)
        if table.own[block, row, column]:
            fill = hex_colour(value_colours(np.asarray(value), limit, palette))
            drawing.rect(left, top, cell, TALL, fill, table.tips[place], rx=3)
            ink = ink_on(fill)
        else:
            drawing.rect(
                left, top, cell, TALL, palette.paper, table.tips[place], rx=3, stroke=palette.faint, stroke_dasharray=DASH
            )
            ink = palette.muted
        drawing.text(left + cell / 2, top + TALL / 2, _digits(value), ink, 13)
    for block in range(blocks):
        top = y + block * (rows * (TALL + GAP) + BLOCK_GAP)
        _edge(drawing, [(x, top - 3), (x + columns * (cell + GAP) - GAP, top - 3)], axes[2])
        _edge(drawing, [(x - 4, top), (x - 4, top + rows * (TALL + GAP) - GAP)], axes[1])
        if axes[0]:
            drawing.text(x - 4, top - 14, f"[{block}]", palette.axis_text.get(axes[0], palette.muted), 12, 600, "left", mono=True)


def _edge(drawing: Drawing, points: list[Point], axis: str) -> None:
    """In the colour of its axis; none where the tensor has no such axis."""
    if axis:
        drawing.line(points, drawing.palette.axis.get(axis, drawing.palette.muted), 2)


def _caption(drawing: Drawing, table: OwnTable, x: float, y: float) -> None:
    tensor = table.tensor
    drawing.text(x, y, tensor.text, drawing.palette.ink, 13, 500, mono=True)
    drawing.runs(x, y + 20, shape_parts(tensor.shape, tensor.axes, drawing.palette), 13, 500)


def _description(tables: Sequence[OwnTable]) -> str:
    a, b, result = tables
    printed = ", ".join(_digits(value) for value in result.values.flat)
    return (
        f"{a.tensor.text} {numbers.shape(a.tensor.shape)} and {b.tensor.text} {numbers.shape(b.tensor.shape)}, filled with 0, 1, "
        f"2 and so on. {result.tensor.text} {numbers.shape(result.tensor.shape)} is, row by row, {printed}."
    )


def _frame(tables: Sequence[OwnTable]) -> pd.DataFrame:
    rows = [
        dict(
            tensor=table.tensor.text,
            block=block,
            row=row,
            column=column,
            value=float(value),
            repeated=not table.own[block, row, column],
        )
        for table in tables
        for (block, row, column), value in np.ndenumerate(table.values)
    ]
    return pd.DataFrame(rows)
