"""The w.g line with real numbers: a multiplication table for each of a few images, and their sum."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mnistgrad.captions.arithmetic import added_terms, cell_arithmetic
from mnistgrad.common import numbers
from mnistgrad.network.data import SIDE
from mnistgrad.pictures.diagrams.numbers.cell_grid import (
    Row,
    draw_cell,
    draw_open_cell,
    draw_picture,
    frame_cell,
    note,
    picture_name,
    text_width,
)
from mnistgrad.pictures.diagrams.svg import Diagram, Drawing
from mnistgrad.pictures.palette import FloatArray, Palette
from mnistgrad.trace.axes import noun
from mnistgrad.trace.cells import Chosen, NumberScale, ShownOperation, in_callers_words, show_operation
from mnistgrad.trace.passes import statement_of
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import Window

CELL, ROW, GAP, HEAD = 38.0, 28.0, 6.0, 86.0
WIDE_CELL, LONG = 54.0, 6  # of sums that are written with so many letters or more
TOP = HEAD + ROW + GAP  # where the cells of the products begin
LEAST_GRID = 136.0  # what the words around a table need
THUMB = 48.0
LEFT, PLUS, EQUALS, MORE, MARGIN = 62.0, 24.0, 30.0, 62.0, 14.0
LEAST_SHARE = 0.74
PRODUCT = 3  # axes of the product, and of no other operation's tensors


class MultiplicationTable:
    """Lays the tables out from left to right; what later steps make stays open."""

    def __init__(self, operations: Sequence[Operation], place: int, window: Window, chosen: Chosen, palette: Palette) -> None:
        statement = statement_of(operations, place)
        self.steps = [show_operation(operations, p, window) for p in statement]
        self.product, self.total = self.steps[2:]
        self.stage = place - statement[0] + 1
        self.window, self.chosen, self.palette = window, chosen, palette
        _, self.down, self.right = self.product.result.axes
        _, self.lines, self.columns = self.product.result.indices
        self.added: FloatArray = self.product.result.values.sum(0)
        self.more = window.n - len(window.images)
        self.grid = max(CELL * len(self.columns), LEAST_GRID)
        written = (self.total.result.scale.text(float(value)) for value in self.total.result.values.flat)
        self.sum_cell = WIDE_CELL if self.stage == 4 and max(map(len, written)) >= LONG else CELL
        self.sum_grid = max(self.sum_cell * len(self.columns), LEAST_GRID)
        self.height = TOP + ROW * len(self.lines) + 54 + (16 * len(self._units(4)) if self._has_unit_lines() else 0)
        self.drawing = Drawing(self._width(), self.height, palette)
        self.rows: list[Row] = []
        self.cuts: list[float] = []  # before each sign

    def _width(self) -> float:
        images = len(self.window.images)
        tables = images * (CELL + GAP + self.grid) + (images - 1) * PLUS
        sums = EQUALS + self.sum_grid + (MORE + self.sum_grid if self.more else 0) + 2 * MARGIN
        return LEFT + tables + sums

    def draw(self) -> Diagram:
        x = LEFT
        for place, image in enumerate(self.window.images):
            if place:
                self.cuts.append(x)
                self._operator(x + PLUS / 2, "+")
                x += PLUS
            self._draw_image(x, image)
            x += CELL + GAP + self.grid
        self.cuts.append(x)
        self._operator(x + EQUALS / 2, "=")
        self._draw_sums(x + EQUALS)
        step = self.steps[self.stage - 1]
        description = (
            f"Real numbers of {numbers.count(len(self.window.images), 'image')}, filled up to step {self.stage} of 4: "
            f"{step.operation.expression}. The framed cell: {cell_arithmetic(step, self.chosen)}."
        )
        name, least = f"{picture_name(step.operation)}-{self.stage}", self.drawing.width * LEAST_SHARE
        return self.drawing.finished(name, description, self.rows, least, self.cuts)

    def _draw_image(self, x: float, image: int) -> None:
        """What one image gives: its inp on the left, its out.g on top, and between them their products."""
        grid = x + CELL + GAP
        self._draw_heading(x, image)
        self._label_columns(grid, HEAD)
        self.drawing.text(x + CELL / 2, HEAD + ROW / 2, "×", self.palette.muted, 16)
        for line in range(len(self.lines)):
            self._draw_step(1, x, TOP + ROW * line, self._cell(image, line, 0))
            for column in range(len(self.columns)):
                self._draw_step(3, grid + CELL * column, TOP + ROW * line, self._cell(image, line, column))
        for column in range(len(self.columns)):
            self._draw_step(2, grid + CELL * column, HEAD, self._cell(image, 0, column))
        self._draw_lines(x, grid, HEAD)
        if image == self.window.images[0]:
            self._label_lines(x)
            self._label(x - 8, HEAD + ROW / 2 - 7, 2, "right")
        self._label(x + CELL / 2, self._foot(), 1)
        name = f"product[{image}]"
        middle = grid + max(CELL * len(self.columns), text_width(name, 12.5)) / 2
        self.drawing.text(middle, self._foot(), name, self._ink(3), 12.5, 500, mono=True)
        for line, words in enumerate(self._units(self.stage)):
            at = (x, self._foot() + 36 + 16 * line) if self._has_unit_lines() else (grid, self._foot() + 16)
            self.drawing.text(*at, words, self.palette.muted, 12, align="left")

    def _has_unit_lines(self) -> bool:
        """Whether more must be said of units than one word for gradients and products alike."""
        inp, out_g, product = (self._scale(step).power for step in (1, 2, 3))
        return bool(inp) or out_g != product

    def _units(self, stage: int) -> list[str]:
        """In what the numbers are counted that are filled in at the stage."""
        steps = [step for step in (1, 2, 3) if self._scale(step).power and step <= stage]
        if self._has_unit_lines():
            return [f"{self._name(step)} {numbers.unit_words(self._scale(step).power)}" for step in steps]
        return [numbers.unit_words(self._scale(steps[0]).power)] if steps else []

    def _label(self, x: float, y: float, step: int, align: str = "center") -> None:
        """What the step makes, by its name, and where it is another one, by the caller's below."""
        name = self._name(step)
        other = in_callers_words(name, self.steps[step - 1].operation.names)
        self.drawing.text(x, y, name, self._ink(step), 12.5, 500, align, mono=True)
        if other != name:
            self.drawing.text(x, y + 16, f"= {other}", self.palette.muted, 12, align=align, mono=True)

    def _cell(self, image: int, line: int, column: int) -> Chosen:
        at = {"n": image, self.down: self.lines[line], self.right: self.columns[column]}
        return Chosen(image, at.get("i", self.chosen.pixel), at.get("j", self.chosen.unit))

    def _draw_step(self, step: int, x: float, y: float, cell: Chosen, width: float = CELL) -> None:
        """A cell that the step makes: open before it."""
        shown = self.steps[step - 1]
        if self.stage < step:
            draw_open_cell(self.drawing, x, y, width=width, height=ROW)
            return
        table, scale = shown.result, self._scale(step)
        row = self._flat(self.steps[self.stage - 1], self._opened(step, cell))
        draw_cell(self.drawing, x, y, table.at(cell), scale, cell_arithmetic(shown, cell), row, width, ROW)
        self.rows.append(note(self._name(step), self._index(step, cell), table.at(cell)))
        self._frame(step, cell, x, y, width)

    def _opened(self, step: int, cell: Chosen) -> Chosen:
        """The cell that a click leads to: where what the step makes lacks an axis, as chosen."""
        at = {"n": self.chosen.image, "i": self.chosen.pixel, "j": self.chosen.unit} | self._index(step, cell)
        return Chosen(at["n"], at["i"], at["j"])

    def _scale(self, step: int) -> NumberScale:
        """Gradients and products are written alike, and products like their sum once that is there."""
        if step == PRODUCT and self.stage == 4:
            return self.total.operands[0].scale
        return self.product.operands[step - 1].scale if step < PRODUCT else self.steps[step - 1].result.scale

    def _name(self, step: int) -> str:
        operation = self.steps[step - 1].operation
        return (operation.operands[0].text, operation.operands[0].text, "product", operation.target)[step - 1]

    def _flat(self, shown: ShownOperation, cell: Chosen) -> int:
        table = shown.result
        return int(np.ravel_multi_index(table.position(cell), table.values.shape))

    def _index(self, step: int, cell: Chosen) -> dict[str, int]:
        """Along the axes of what the step makes; one that unsqueeze added is no index yet."""
        shown = self.steps[step - 1]
        axes = shown.operands[0].axes if step < PRODUCT else shown.result.axes
        return {letter: cell.index(letter) for letter in axes}

    def _frame(self, step: int, cell: Chosen, x: float, y: float, width: float) -> None:
        """The chosen cell of the current step, and the numbers that it is made of."""
        made_of = {3: (1, 2), 4: (3,)}.get(self.stage, ())
        current = self._index(self.stage, self.chosen)
        if step not in (self.stage, *made_of):
            return
        if all(current.get(letter, index) == index for letter, index in self._index(step, cell).items()):
            frame_cell(self.drawing, x, y, step == self.stage, width, ROW)

    def _draw_sums(self, x: float) -> None:
        n, images = self.window.n, self.window.images
        if self.more:
            few = {1: "this one", 2: "these two added"}.get(len(images), f"these {len(images)} added")
            first = images == tuple(range(len(images)))
            self._draw_sum(x, few, f"product[:{len(images)}].sum(0)" if first else "product[images].sum(0)", self.added)
            if first:  # else the words reach over it
                self.cuts.append(x + self.sum_grid + 12)
            self._draw_more(x + self.sum_grid + MORE / 2)
            x += self.sum_grid + MORE
        x += MARGIN
        width = self.sum_grid + 2 * MARGIN - 6
        self.drawing.rect(x - MARGIN + 3, 2, width, self.height - 4, self.palette.panel, stroke=self.palette.hair, rx=8)
        title = {1: "the sum of one", 2: "both added"}.get(n, f"all {numbers.count(n)} added")
        self._draw_sum(x, title, f"{self.total.operation.target} = product.sum(0)", None)
        self.drawing.text(x + self.sum_grid / 2, self._foot() + 16, f"= {self.total.sets}", self.palette.muted, 12, mono=True)

    def _draw_sum(self, x: float, title: str, name: str, part: FloatArray | None) -> None:
        """Of the shown images' tables, `part`, or of all tables."""
        done, middle = self.stage == 4, x + self.sum_grid / 2
        scale = self.total.result.scale
        left = middle - self.sum_cell * len(self.columns) / 2
        self.drawing.text(middle, 22, title, self._ink(4), 14, 600)
        if done:
            self.drawing.text(middle, 42, numbers.unit_words(scale.power), self.palette.muted, 12.5)
        self._label_columns(left, TOP, self.sum_cell)
        for line in range(len(self.lines)):
            for column in range(len(self.columns)):
                at = (left + self.sum_cell * column, TOP + ROW * line)
                cell = self._cell(self.window.images[0], line, column)
                if part is None or not done:
                    self._draw_step(4, *at, cell, self.sum_cell)
                else:
                    self._draw_part(*at, cell, float(part[line, column]))
        self._draw_lines(left, left, TOP, self.sum_cell)
        self.drawing.text(middle, self._foot(), name, self._ink(4), 12.5, 500, mono=True)

    def _draw_part(self, x: float, y: float, cell: Chosen, value: float) -> None:
        terms = self.total.terms(cell)
        tip = f"{added_terms(terms.products, terms.scale)} = {terms.scale.exact(terms.added)}"
        scale = replace(self.total.result.scale, limit=float(np.abs(self.added).max()))  # its colours are its own
        draw_cell(self.drawing, x, y, value, scale, tip, self._flat(self.total, self._opened(4, cell)), self.sum_cell, ROW)
        self.rows.append(note("added", self._index(4, cell), value))
        if self._index(4, cell) == self._index(4, self.chosen):
            frame_cell(self.drawing, x, y, False, self.sum_cell, ROW)

    def _draw_more(self, x: float) -> None:
        colour = self.palette.axis_text["n"] if self.stage == 4 else self.palette.muted
        words = ((0.4, "+", 20, 400), (1.3, numbers.count(self.more), 13, 600), (1.85, "more", 13, 400), (2.8, "=", 24, 400))
        top = TOP + ROW * (len(self.lines) - 4) / 2
        for lines, text, size, weight in words:
            self.drawing.text(x, top + lines * ROW, text, colour, size, weight)

    def _draw_heading(self, x: float, image: int) -> None:
        """The picture with the window's pixels framed, its number and its label."""
        drawing, scale = self.drawing, THUMB / SIDE
        draw_picture(drawing, x, 8, THUMB, self.window, image)
        if self.down == "i":
            row, column = divmod(self.lines[0], SIDE)
            left, top, width = x + column * scale - 1, 8 + row * scale - 1, len(self.lines) * scale + 2
            drawing.rect(left, top, width, scale + 2, stroke=self.palette.ink, stroke_width=1.6)
        label = self.window.labels[self.window.images.index(image)]
        drawing.text(x + THUMB + 12, 22, f"image {image}", self.palette.axis_text["n"], 14, 600, "left")
        drawing.text(x + THUMB + 12, 42, self.window.kind.told(label), self.palette.muted, 12.5, align="left")

    def _label_columns(self, x: float, y: float, width: float = CELL) -> None:
        for place, index in enumerate(self.columns):
            self.drawing.text(x + width * (place + 0.5), y - 11, str(index), self.palette.axis_text[self.right], 12)

    def _label_lines(self, x: float) -> None:
        palette = self.palette
        for place, index in enumerate(self.lines):
            y = TOP + ROW * (place + 0.5)
            self.drawing.text(x - 8, y, str(index), palette.axis_text[self.down], 12, align="right")
        self.drawing.text(x - 8, self._foot(), noun(self.down), palette.axis_text[self.down], 12, align="right")
        self.drawing.text(x - 8, HEAD - 11, noun(self.right), palette.axis_text[self.right], 12, align="right")

    def _draw_lines(self, left: float, grid: float, above: float, width: float = CELL) -> None:
        down, right = ROW * len(self.lines), width * len(self.columns)
        self.drawing.line([(left - 2.5, TOP + 1), (left - 2.5, TOP + down - 1)], self.palette.axis[self.down], 2.4)
        self.drawing.line([(grid + 1, above - 2), (grid + right - 1, above - 2)], self.palette.axis[self.right], 2.4)

    def _foot(self) -> float:
        return TOP + ROW * len(self.lines) + 16

    def _ink(self, step: int) -> str:
        return self.palette.ink if self.stage >= step else self.palette.muted

    def _operator(self, x: float, sign: str) -> None:
        colour = self.palette.axis_text["n"] if self.stage == 4 else self.palette.muted
        self.drawing.text(x, TOP + ROW * len(self.lines) / 2, sign, colour, 24)


def multiplication_table(
    operations: Sequence[Operation], place: int, window: Window, chosen: Chosen, palette: Palette
) -> Diagram:
    """The tables up to operation `place` of a broadcast w.g line: its first step shows inp, the second also out.g, the
    third also the products, the fourth also the sums.
    """
    return MultiplicationTable(operations, place, window, chosen, palette).draw()
