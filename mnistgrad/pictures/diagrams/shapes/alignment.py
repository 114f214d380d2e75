"""Shapes of operands written below each other, axis under axis, as broadcasting, @ and einsum set them against each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import pandas as pd

from mnistgrad.common import numbers
from mnistgrad.lines.broadcasting import align, common_size
from mnistgrad.pictures.diagrams.shapes.boxes import shape_parts
from mnistgrad.pictures.diagrams.svg import MONO_WIDTH, Diagram, Drawing
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.axes import AXIS_NAMES
from mnistgrad.trace.recording import Operand

CELL, TALL, GAP = 112.0, 50.0, 10.0
LEAST_CELL, NARROW, ABOVE = 92.0, 6.0, 46.0  # where there is little room: the margin, and what labels above the cells take
MARGIN, TOP, RULE = 16.0, 40.0, 14.0
NAME, NOTE, SIZE = 13.0, 12.0, 15.0  # of fonts
LABEL = 112.0  # least width of what stands on the left
SHRUNK = 0.8  # of the drawn width; a card scrolls the picture rather than make it narrower
DASH = "4 4"


@dataclass(frozen=True)
class AxisCell:
    """One size in its place. kind: "size", "stretched", "missing", "clash" or "gone". size, becomes: where it is one, and where
    it becomes one.
    """

    text: str
    note: str
    letter: str
    kind: str = "size"
    size: int | None = None
    becomes: int | None = None


@dataclass(frozen=True)
class Column:
    """One axis: what it is called, a cell for each operand (None where it has none), and what becomes of it."""

    heading: str
    cells: tuple[AxisCell | None, ...]
    result: AxisCell
    letter: str = ""


@dataclass(frozen=True)
class Layout:
    """Where the cells stand. above: px that a row's label takes above its cells; 0 where it stands to their left."""

    left: float
    cell: float
    above: float = 0.0

    @classmethod
    def of(cls, label: float, columns: int, room: float) -> "Layout":
        """For labels of so many px before them."""
        left = MARGIN + label + 2 * GAP
        if left + columns * (CELL + GAP) + MARGIN - GAP <= room:
            return cls(left, CELL)
        return cls(NARROW, min(CELL, max(LEAST_CELL, (room - 2 * NARROW + GAP) / max(columns, 1) - GAP)), ABOVE)

    @property
    def margin(self) -> float:
        return NARROW if self.above else MARGIN

    @property
    def down(self) -> float:
        """From one row to the next."""
        return self.above + TALL + GAP

    def x(self, column: int) -> float:
        return self.left + column * (self.cell + GAP)

    def y(self, row: int) -> float:
        """Of its label."""
        return TOP + row * self.down


def alignment(operands: Sequence[Operand], result_name: str, palette: Palette, name: str = "alignment") -> Diagram:
    """The operands' shapes aligned from the right, and the broadcast shape, or which axis clashes."""
    return _drawn(name, operands, _broadcast_columns(operands, last=1), result_name, palette)


def matmul_alignment(operands: Sequence[Operand], result_name: str, palette: Palette, name: str = "alignment") -> Diagram:
    """The shapes of `left @ right` with the inner sizes in one column: they must be equal, and that axis is added up."""
    left, right = operands
    front = [replace(o, shape=o.shape[:-2], axes=o.axes[:-2]) for o in operands]
    columns = _broadcast_columns(front, last=3)
    if len(left.shape) > 1:
        rows = _size(left.shape[-2], left.axes[-2])
        columns.append(Column("rows", (rows, None), rows))
    inner = left.shape[-1], right.shape[-2:][0]
    letters = left.axes[-1], right.axes[-2:][0]
    sizes = tuple(_size(size, letter) for size, letter in zip(inner, letters, strict=True))
    columns.append(
        Column("inner axis", sizes, _gone(inner[0], letters[0]) if len(set(inner)) == 1 else _clash(inner, "must be equal"))
    )
    if len(right.shape) > 1:
        across = _size(right.shape[-1], right.axes[-1])
        columns.append(Column("columns", (None, across), across))
    return _drawn(name, operands, columns, result_name, palette)


def einsum_alignment(
    operands: Sequence[Operand], equation: str, result_name: str, palette: Palette, name: str = "alignment"
) -> Diagram:
    """The shapes with each letter of an equation such as "ni,nj->ij" as a column; a letter without place in the result is
    added up. The operands' axes, as many as the letters, choose the colours.
    """
    left, kept = equation.split("->")
    groups = left.split(",")
    letters = dict.fromkeys(kept + "".join(groups))
    columns = [_einsum_column(letter, operands, groups, kept) for letter in letters]
    return _drawn(name, operands, columns, result_name, palette, groups)


def _broadcast_columns(operands: Sequence[Operand], last: int) -> list[Column]:
    """last: which axis from the right their last one is."""
    aligned = align([operand.shape for operand in operands])
    columns = []
    for place, axis in enumerate(aligned, -len(aligned)):
        letters = [operand.axes[place] if len(operand.axes) >= -place else "" for operand in operands]
        letter = next((a for a, size in zip(letters, axis.sizes, strict=True) if a and size == axis.size), "")
        cells = tuple(_operand_cell(size, own or letter, axis.size) for size, own in zip(axis.sizes, letters, strict=True))
        result = _clash(_long(axis.sizes), "neither is 1") if axis.size is None else _size(axis.size, letter)
        from_right = last - 1 - place
        columns.append(Column("last axis" if from_right == 1 else f"{from_right} from the right", cells, result))
    return columns


def _einsum_column(letter: str, operands: Sequence[Operand], groups: Sequence[str], kept: str) -> Column:
    places = [group.find(letter) for group in groups]
    sizes = [None if at < 0 else operand.shape[at] for at, operand in zip(places, operands, strict=True)]
    axis = next(operand.axes[at] for at, operand in zip(places, operands, strict=True) if at >= 0)
    size = common_size(sizes)
    cells = tuple(None if own is None else _operand_cell(own, axis, size, named=False) for own in sizes)
    if size is None:
        result = _clash(_long(sizes), "neither is 1")
    else:
        result = _size(size, axis, named=False) if letter in kept else _gone(size, axis)
    return Column(letter, cells, result, axis)


def _operand_cell(size: int | None, letter: str, becomes: int | None, named: bool = True) -> AxisCell:
    """A size that is to become another: repeated if it is 1; None counts as 1."""
    repeated = size in (None, 1) and becomes not in (None, 1)
    text = f"1 → {becomes}" if repeated else str(size or 1)
    if size is None:
        return AxisCell(text, "no axis; repeated" if repeated else "no axis", letter, "missing", None, becomes)
    return AxisCell(text, "repeated", letter, "stretched", size, becomes) if repeated else _size(size, letter, named)


def _size(size: int, letter: str, named: bool = True) -> AxisCell:
    noun = numbers.count(size, AXIS_NAMES[letter]).split(" ", 1)[1] if named and letter in AXIS_NAMES else ""
    return AxisCell(str(size), noun, letter, "size", size, size)


def _clash(sizes: Iterable[int], rule: str) -> AxisCell:
    return AxisCell(" ≠ ".join(map(str, dict.fromkeys(sizes))), rule, "", "clash")


def _long(sizes: Iterable[int | None]) -> list[int]:
    return [size for size in sizes if size not in (None, 1)]


def _gone(size: int, letter: str) -> AxisCell:
    return AxisCell("added up", numbers.count(size, "term"), letter, "gone")


def _drawn(
    name: str,
    operands: Sequence[Operand],
    columns: Sequence[Column],
    result_name: str,
    palette: Palette,
    groups: Sequence[str] = (),
) -> Diagram:
    """groups: letters to write over the sizes of each operand's shape."""
    clash = any(column.result.kind == "clash" for column in columns)
    kept = [column.result for column in columns if column.result.kind == "size"]
    result = Operand(
        "no result" if clash else result_name,
        () if clash else tuple(int(cell.text) for cell in kept),
        () if clash else tuple(cell.letter for cell in kept),
        None,
    )
    longest = max(max(len(o.text), len(numbers.shape(o.shape))) for o in (*operands, result))
    layout = Layout.of(max(longest * NAME * MONO_WIDTH, LABEL), len(columns), palette.room)
    bottom = layout.y(len(operands)) + RULE
    width = max(layout.x(len(columns)), 2 * CELL) + layout.margin - GAP
    drawing = Drawing(width, bottom + layout.above + TALL + MARGIN, palette)
    for place, column in enumerate(columns):
        _draw_column(drawing, layout, place, column, bottom, shows_result=not clash)
    for place, operand in enumerate(operands):
        _label(drawing, layout, layout.y(place), operand, groups[place] if groups else "")
    rule = bottom - GAP / 2 - RULE / 2
    drawing.line([(layout.margin, rule), (width - layout.margin, rule)], palette.faint)
    _label(drawing, layout, bottom, result, "", clash)
    return drawing.finished(
        name, _description(operands, columns, result, clash), _frame(operands, columns, result), width * SHRUNK
    )


def _draw_column(drawing: Drawing, layout: Layout, place: int, column: Column, bottom: float, shows_result: bool) -> None:
    palette, x, cell_width = drawing.palette, layout.x(place), layout.cell
    if column.result.kind == "clash":
        tall, wide = bottom + layout.above + TALL + GAP - TOP, cell_width + GAP
        drawing.rect(x - GAP / 2, TOP - GAP / 2, wide, tall, palette.mark, stroke=palette.mark_edge, stroke_width=1.6, rx=8)
    colour = palette.axis_text.get(column.letter, palette.muted)
    drawing.text(
        x + cell_width / 2, TOP - 20, column.heading, colour, SIZE if column.letter else NOTE, 600, mono=bool(column.letter)
    )
    for row, cell in enumerate(column.cells):
        if cell:
            _draw_cell(drawing, x, layout.y(row) + layout.above, cell_width, cell)
    if shows_result or column.result.kind == "clash":
        _draw_cell(drawing, x, bottom + layout.above, cell_width, column.result)


def _draw_cell(drawing: Drawing, x: float, y: float, wide: float, cell: AxisCell) -> None:
    palette = drawing.palette
    colour, edge = palette.axis_text.get(cell.letter, palette.ink), palette.axis.get(cell.letter, palette.muted)
    whole = cell.kind == "size"
    if cell.kind != "clash":
        width, dash = (1.8, None) if whole else (1.4, DASH)
        drawing.rect(x, y, wide, TALL, palette.paper, stroke=edge, stroke_width=width, rx=6, stroke_dasharray=dash)
    middle = x + wide / 2
    size = SIZE if len(cell.text) * SIZE * MONO_WIDTH < wide else NAME
    drawing.text(middle, y + (TALL * 0.36 if cell.note else TALL / 2), cell.text, colour, size, 600, mono=cell.text[0].isdigit())
    if cell.note:
        drawing.text(middle, y + TALL * 0.73, cell.note, palette.ink if cell.kind == "clash" else palette.muted, NOTE)


def _label(drawing: Drawing, layout: Layout, y: float, tensor: Operand, letters: str, clash: bool = False) -> None:
    """The tensor's name over its shape; between them the letters, each over its size."""
    palette, x = drawing.palette, layout.margin
    lines = [y + (layout.above or TALL) * share for share in ((0.12, 0.5, 0.83) if letters else (0.3, 0.5, 0.7))]
    drawing.text(x, lines[0], tensor.text, palette.ink, NAME, 600, "left", mono=not clash)
    if clash:
        drawing.text(x, lines[2], "torch raises an error", palette.muted, NOTE, align="left")
        return
    parts = shape_parts(tensor.shape, tensor.axes, palette)
    drawing.runs(x, lines[2], parts, NAME, 500, "left")
    starts = list(accumulate((len(text) for text, _ in parts), initial=0))[1:-1:2]
    for letter, axis, start, size in zip(letters, tensor.axes, starts, tensor.shape, strict=False):
        middle = x + (start + len(str(size)) / 2) * NAME * MONO_WIDTH
        drawing.text(middle, lines[1], letter, palette.axis_text.get(axis, palette.ink), NAME, 600, mono=True)


def _description(operands: Sequence[Operand], columns: Sequence[Column], result: Operand, clash: bool) -> str:
    shapes = " and ".join(f"{operand.text} of shape {numbers.shape(operand.shape)}" for operand in operands)
    axes = "; ".join(
        f"{column.heading}: {' and '.join(cell.text for cell in column.cells if cell)}, {_outcome(column.result)}"
        for column in columns
    )
    end = "There is no result." if clash else f"{result.text} has shape {numbers.shape(result.shape)}."
    return f"{shapes}, axis by axis. {axes}. {end}"


def _outcome(cell: AxisCell) -> str:
    return {"clash": f"a clash, {cell.text}: {cell.note}", "gone": "added up"}.get(cell.kind, f"gives {cell.text}")


def _frame(operands: Sequence[Operand], columns: Sequence[Column], result: Operand) -> pd.DataFrame:
    names = [*(operand.text for operand in operands), result.text]
    rows = [
        dict(tensor=name, axis=column.heading, size=cell.size, becomes=cell.becomes, note=_note(cell))
        for column in columns
        for name, cell in zip(names, (*column.cells, column.result), strict=True)
        if cell
    ]
    frame = pd.DataFrame(rows, columns=["tensor", "axis", "size", "becomes", "note"])
    return frame.astype({"size": "Int64", "becomes": "Int64"})


def _note(cell: AxisCell) -> str:
    """With what stands in the place of a size that is none."""
    return f"{cell.text}: {cell.note}" if cell.kind in ("clash", "gone") else cell.note
