"""A sum or a mean over the images with real numbers: the images' rows under each other, and what they add up to."""

from dataclasses import replace

import numpy as np

from mnistgrad.captions.arithmetic import added_terms, cell_arithmetic
from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.numbers.cell_grid import (
    ROW,
    TEXT_SIZE,
    Row,
    draw_cell,
    frame_cell,
    note,
    operand_grid,
    operand_tips,
    picture_name,
    result_grid,
    text_width,
)
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.cells import Chosen, NumberScale, ShownOperation, scale_of

LEFT, MARGIN, GAP = 152.0, 16.0, 12.0


class AddedRows:
    """Lays the rows out from top to bottom; the numbers of a column stand under each other."""

    def __init__(self, shown: ShownOperation, chosen: Chosen, palette: Palette) -> None:
        self.shown, self.chosen, self.palette = shown, chosen, palette
        grid, self.result = operand_grid(shown, 0), result_grid(shown)
        self.n, self.images = shown.window.n, len(shown.window.images)
        self.grid = replace(grid, x=max(LEFT, grid.overhang + MARGIN), y=grid.least_head + 6, head=grid.least_head)
        self.is_mean = shown.operation.known.averages
        self.rows: list[Row] = self.grid.notes()
        words = max(text_width(self.result.name), text_width(self.result.note, 12)) + 18
        width = max(self.grid.x + grid.width + max(words, grid.overhang, 110), 360) + MARGIN
        parts = int(self.images < self.n) + int(self.is_mean)
        self.drawing = Drawing(width, self.grid.y + grid.height + GAP + (2 * ROW + GAP) * parts + ROW + 18, palette)
        self.y = self.grid.y + grid.height + GAP

    def draw(self) -> Diagram:
        drawing, grid = self.drawing, self.grid
        grid.draw(drawing, operand_tips(grid), self.result, self.chosen)
        self._frame_column()
        middle, muted = grid.y + grid.height / 2, self.palette.muted
        if grid.unit:
            drawing.text(grid.x + grid.width + 14, middle, grid.unit, muted, TEXT_SIZE, align="left")
        drawing.line([(MARGIN, self.y - GAP / 2), (grid.x + grid.width, self.y - GAP / 2)], self.palette.axis["n"], 1.4)
        if self.images < self.n:
            self._draw_added()
            self._draw_words(f"+ {numbers.count(self.n - self.images)} more")
        if self.is_mean:
            self._draw_total()
            self._draw_words(f"/ {numbers.count(self.n)}")
        self._draw_result()
        description = f"{self.shown.operation.expression}: {cell_arithmetic(self.shown, self.chosen)}."
        name = picture_name(self.shown.operation)
        return drawing.finished(name, description, self.rows, min(drawing.width, 420.0))

    def _frame_column(self) -> None:
        for _, cell, x, y, _ in self.grid.cells():
            if all(cell.index(letter) == self.chosen.index(letter) for letter in self.shown.result.axes):
                frame_cell(self.drawing, x, y, is_result=False)

    def _draw_added(self) -> None:
        """The sum of the rows shown."""
        self._draw_label(
            "this one" if self.images == 1 else "these two added" if self.images == 2 else f"these {self.images} added"
        )
        values = [self.shown.terms(cell) for _, cell, _, _, _ in self._columns()]
        for (_, cell, x, _, _), terms in zip(self._columns(), values, strict=True):
            tip = f"{added_terms(terms.products, terms.scale)} = {terms.scale.exact(terms.added)}"
            draw_cell(self.drawing, x, self.y, terms.added, self.grid.table.scale, tip)
            self.rows.append(note("added", self._index(cell), terms.added))
        self.y += ROW + GAP

    def _draw_words(self, text: str) -> None:
        x = self.grid.x + self.grid.width / 2
        self.drawing.text(x, self.y + ROW / 2 - GAP / 2, text, self.palette.axis_text["n"], 13, 600)
        self.y += ROW

    def _draw_total(self) -> None:
        """What a mean divides: the sum over the whole batch."""
        total = self.shown.result.values * np.float64(self.n)
        scale = replace(scale_of(total), power=self.shown.result.scale.power)
        self._draw_label(f"= {self._all_added()}", scale)
        tip = f"{numbers.count(self.n)} × {self.shown.result.scale.exact(float(self.shown.result.values))}"
        draw_cell(self.drawing, self.grid.x, self.y, float(total), scale, tip)
        self.rows.append(note("all added", {}, float(total)))
        self.y += ROW + GAP

    def _draw_result(self) -> None:
        x, width, scale = self.grid.x, self.grid.width, self.shown.result.scale
        self.drawing.rect(
            MARGIN - 6,
            self.y - 7,
            self.drawing.width - 2 * MARGIN + 12,
            ROW + 14 + 8,
            self.palette.panel,
            stroke=self.palette.hair,
            rx=8,
        )
        self._draw_label("= the mean" if self.is_mean else f"= {self._all_added()}", scale)
        for flat, cell, at, _, value in self._columns():
            draw_cell(self.drawing, at, self.y, value, scale, cell_arithmetic(self.shown, cell), flat)
            self.rows.append(note(self.result.name, self._index(cell), value))
            if cell.unit == self.chosen.unit or "j" not in self.shown.result.axes:
                frame_cell(self.drawing, at, self.y, is_result=True)
        left, middle = x + width + 14, self.y + ROW / 2
        below = 9 if self.result.note else 0
        self.drawing.text(left, middle - below, self.result.name, self.palette.ink, 13, 500, "left", mono=True)
        self.drawing.text(left, middle + below, self.result.note, self.palette.muted, 12, align="left", mono=True)

    def _columns(self) -> list[tuple[int, Chosen, float, float, float]]:
        """The cells of the result, each below its column."""
        return replace(self.result, x=self.grid.x).cells()

    def _index(self, cell: Chosen) -> dict[str, int]:
        return {letter: cell.index(letter) for letter in self.shown.result.axes}

    def _all_added(self) -> str:
        return {1: "the only one", 2: "both added"}.get(self.n, f"all {numbers.count(self.n)} added")

    def _draw_label(self, text: str, scale: NumberScale | None = None) -> None:
        """On the left of a row, with the unit of its numbers where any row has one."""
        y = self.y + ROW / 2
        power = self.grid.table.scale.power
        unit = numbers.unit_words(scale.power) if scale and (scale.power or power) else ""
        self.drawing.text(self.grid.x - 12, y - (8 if unit else 0), text, self.palette.ink, 13, 600, "right")
        if unit:
            self.drawing.text(self.grid.x - 12, y + 9, unit, self.palette.muted, TEXT_SIZE, align="right")


def added_rows(shown: ShownOperation, chosen: Chosen, palette: Palette) -> Diagram:
    """A sum or mean over n of a tensor that has at most one more axis."""
    return AddedRows(shown, chosen, palette).draw()
