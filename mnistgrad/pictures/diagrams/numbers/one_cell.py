"""One cell of a matrix product or an einsum with real numbers: a row meets a column, and the products are added up."""

import math
from dataclasses import replace

from mnistgrad.captions.arithmetic import added_terms, cell_arithmetic, entry, slice_of
from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.numbers.cell_grid import (
    CELL,
    ROW,
    TEXT_SIZE,
    THUMB,
    Row,
    draw_cell,
    draw_picture,
    frame_cell,
    label_columns,
    note,
    picture_name,
    result_grid,
    result_tips,
    text_width,
)
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import FloatArray, Palette
from mnistgrad.trace.axes import noun
from mnistgrad.trace.cells import Chosen, NumberScale, ShownOperation, Table, in_callers_words, scale_of

MARGIN, PITCH, HEAD = 16.0, 44.0, 34.0
PICTURE = 58.0
SIGN, ADDED, MORE, PANEL, ARROW = 34.0, 98.0, 88.0, 108.0, 42.0
LEAST_SHARE = 0.74


class OneCell:
    """Lays the row, the column, their products, the number they add up to, and its place from left to right."""

    def __init__(self, shown: ShownOperation, chosen: Chosen, palette: Palette) -> None:
        self.shown, self.chosen, self.palette = shown, chosen, palette
        self.terms, self.letter = shown.terms(chosen), shown.letter
        self.names = [slice_of(table, self.letter, chosen) for table in shown.operands]
        self.has_picture = "n" in shown.result.axes
        self.others = [in_callers_words(name, shown.operation.names) for name in self.names]
        labels = max(text_width(f"× {name}") for name in (*self.names, *self.others))
        self.left = MARGIN + (PICTURE + 14 if self.has_picture else 0) + labels + 12
        self.right = self.left + CELL * len(self.terms.indices)
        self.panel = self.right + (SIGN + ADDED + MORE if self.terms.left_out else 0) + SIGN
        self.top = HEAD + (THUMB + 4 if self.letter == "n" else 0)
        self.products = self.top + 2 * PITCH + 20
        grid = result_grid(shown)
        middle = max(self.products + ROW / 2, grid.least_head + grid.height / 2 + 6)
        self.top, self.products = self.top + middle - self.products - ROW / 2, middle - ROW / 2
        self.grid = replace(grid, x=self.panel + PANEL + ARROW + grid.left_room, y=middle - grid.height / 2, head=grid.least_head)
        self.alone = palette.tall < math.inf  # without the table that the number belongs to, which takes half the room
        width = self.panel + PANEL if self.alone else self.grid.x + grid.width + grid.right_room
        below = self.products + ROW + 36
        height = below if self.alone else max(self.grid.y + grid.height + grid.foot, below)
        self.drawing = Drawing(width + MARGIN, height, palette)
        self.rows: list[Row] = []

    def draw(self) -> Diagram:
        if self.has_picture:
            self._draw_image()
        word, ink = noun(self.letter), self.palette.axis_text[self.letter]
        label_columns(self.drawing, self.left, self.top, self.letter, self.terms.indices, self.shown.window)
        self.drawing.text(self.left - 9, self.top - 13, word, ink, 12, align="right")
        for line, (factor, table) in enumerate(zip(self.terms.factors, self.shown.operands, strict=True)):
            self._draw_factor(line, factor, table)
        self._draw_products()
        self._draw_sum()
        if not self.alone:
            self._draw_result()
        description = f"One cell of {self.shown.operation.expression}: {cell_arithmetic(self.shown, self.chosen)}."
        name, least = picture_name(self.shown.operation), self.drawing.width * LEAST_SHARE
        cuts = (self.panel - SIGN, self.panel + PANEL + 4)[: 1 if self.alone else 2]
        return self.drawing.finished(name, description, self.rows, least, cuts)

    def _draw_image(self) -> None:
        """The image that the row belongs to."""
        y = self.top + PITCH - PICTURE / 2 + 2
        draw_picture(self.drawing, MARGIN, y, PICTURE, self.shown.window, self.chosen.image)
        ink = self.palette.axis_text["n"]
        self.drawing.text(MARGIN + PICTURE / 2, y + PICTURE + 14, f"image {self.chosen.image}", ink, 12.5, 600)

    def _draw_factor(self, line: int, values: FloatArray, table: Table) -> None:
        y, scale = self.top + PITCH * line, scale_of(values)
        name, other = self.names[line], self.others[line]
        self._draw_label(y, f"× {name}" if line else name, f"= {other}" if other != name else "")
        for place, (index, value) in enumerate(zip(self.terms.indices, values.tolist(), strict=True)):
            at = [index if letter == self.letter else self.chosen.index(letter) for letter in table.axes]
            draw_cell(self.drawing, self.left + CELL * place, y, value, scale, entry(table.text, at, value, scale))
            self.rows.append(note(table.text, dict(zip(table.axes, at, strict=True)), value))
        self._draw_unit(self.right + 10, y + ROW / 2, scale, "left")

    def _draw_label(self, y: float, text: str, below: str, mono: bool = True) -> None:
        self.drawing.text(self.left - 12, y + ROW / 2, text, self.palette.ink, 13, 500, "right", mono)
        if below:
            self.drawing.text(self.left - 12, y + ROW / 2 + 16, below, self.palette.muted, 12, align="right", mono=mono)

    def _draw_unit(self, x: float, y: float, scale: NumberScale, align: str = "center") -> None:
        if scale.power:
            self.drawing.text(x, y, numbers.unit_words(scale.power), self.palette.muted, TEXT_SIZE, align=align)

    def _draw_products(self) -> None:
        y, scale = self.products, self.terms.scale
        words = numbers.unit_words(scale.power) if scale.power else ""
        self._draw_label(y, "= product" if len(self.terms.indices) == 1 else "= products", words, mono=False)
        for place, (index, value) in enumerate(zip(self.terms.indices, self.terms.products.tolist(), strict=True)):
            factors = [scale_of(factor).exact(float(factor[place])) for factor in self.terms.factors]
            tip = f"{' × '.join(factors)} = {scale.exact(value)}"
            draw_cell(self.drawing, self.left + CELL * place, y, value, scale, tip)
            self.rows.append(note("product", {**self._result_index(), self.letter: index}, value))

    def _result_index(self) -> dict[str, int]:
        return {letter: self.chosen.index(letter) for letter in self.shown.result.axes}

    def _draw_sum(self) -> None:
        """From the products shown to the number itself."""
        drawing, terms, colour = self.drawing, self.terms, self.palette.axis_text[self.letter]
        middle, shown, more = self.products + ROW / 2, len(terms.indices), terms.left_out
        drawing.text(self.right + SIGN / 2, middle, "=", colour, 22)
        if more:
            x = self.right + SIGN + (ADDED - CELL) / 2
            tip = f"{added_terms(terms.products, terms.scale)} = {terms.scale.exact(terms.added)}"
            title = "this one" if shown == 1 else "these two added" if shown == 2 else f"these {shown} added"
            drawing.text(x + CELL / 2, self.products - 14, title, self.palette.ink, 13, 600)
            draw_cell(drawing, x, self.products, terms.added, terms.scale, tip)
            self._draw_unit(x + CELL / 2, self.products + ROW + 14, terms.scale)
            self.rows.append(note("added", self._result_index(), terms.added))
            x = self.right + SIGN + ADDED + MORE / 2
            drawing.text(x, middle, f"+ {numbers.count(more)} more", colour, 13, 600)
            drawing.text(self.panel - SIGN / 2, middle, "=", colour, 22)
        self._draw_panel()

    def _draw_panel(self) -> None:
        drawing, palette, terms, scale = self.drawing, self.palette, self.terms, self.shown.result.scale
        value = self.shown.result.at(self.chosen)
        x, shown = self.panel + PANEL / 2, len(terms.indices)
        drawing.rect(self.panel, self.products - 32, PANEL, ROW + 60, palette.panel, stroke=palette.hair, rx=8)
        all_added = {1: "one number", 2: "both added"}.get(shown, f"all {shown} added")
        title = "one number" if terms.left_out else all_added
        drawing.text(x, self.products - 15, title, palette.ink, 13, 600)
        draw_cell(drawing, x - CELL / 2, self.products, value, scale, cell_arithmetic(self.shown, self.chosen))
        self._draw_unit(x, self.products + ROW + 14, scale)

    def _draw_result(self) -> None:
        """The table that the number belongs to."""
        y = self.products + ROW / 2
        self.drawing.arrow((self.panel + PANEL + 8, y), (self.grid.x - self.grid.label_room - 8, y), self.palette.muted)
        self.grid.draw(self.drawing, result_tips(self.grid, self.shown), self.grid, self.chosen)
        self.grid.draw_words(self.drawing)
        frame_cell(self.drawing, *self.grid.corner(self.chosen), is_result=True)
        self.rows += self.grid.notes()


def one_cell(shown: ShownOperation, chosen: Chosen, palette: Palette) -> Diagram:
    """The chosen cell of the result of a matrix product or an einsum, and the window's part of that result."""
    return OneCell(shown, chosen, palette).draw()
