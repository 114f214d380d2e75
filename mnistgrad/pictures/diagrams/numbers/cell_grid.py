"""Tables of real numbers as grids of coloured cells, with the labels, pictures and frames around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from mnistgrad.captions.arithmetic import cell_arithmetic, entry
from mnistgrad.common.numbers import unit_words
from mnistgrad.network.data import LEVELS
from mnistgrad.pictures.diagrams.svg import MONO_WIDTH, Drawing
from mnistgrad.pictures.palette import brightness_colours, hex_colour, ink_on, value_colours
from mnistgrad.trace.axes import noun
from mnistgrad.trace.cells import Chosen, NumberScale, ShownOperation, Table, in_callers_words
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.window import Window

CELL, ROW = 46.0, 30.0
THUMB = 28.0
NAME_ROOM, LABEL_ROOM = 40.0, 22.0  # above the cells: the table's name and the caller's; the labels of the columns
LABELS = 52.0  # on their left: the numbers of rows that are no images
FOOT, BARE_FOOT = 34.0, 12.0  # below them: with and without the unit of the numbers or the name of the rows
TEXT_SIZE, SMALL = 12.5, 12.0
WORD_WIDTH = 6.2  # of a letter, about
Row = dict[str, object]


def draw_cell(
    drawing: Drawing,
    x: float,
    y: float,
    value: float,
    scale: NumberScale,
    tip: str,
    row: int | None = None,
    width: float = CELL,
    height: float = ROW,
) -> None:
    """One number on its colour. row: what a click on it tells."""
    fill = hex_colour(value_colours(np.array(value), scale.limit, drawing.palette))
    text = scale.text(value)
    drawing.rect(x + 1, y + 1, width - 2, height - 2, fill, rx=3, tip=tip, data_row=row)
    drawing.text(x + width / 2, y + height / 2, text, ink_on(fill), TEXT_SIZE if len(text) < 6 else SMALL)


def draw_open_cell(drawing: Drawing, x: float, y: float, text: str = "", width: float = CELL, height: float = ROW) -> None:
    """A place that is not filled yet, or that repeats the number of another cell."""
    drawing.rect(x + 1.5, y + 1.5, width - 3, height - 3, stroke=drawing.palette.hair, stroke_dasharray="2 3", rx=3)
    if text:
        drawing.text(x + width / 2, y + height / 2, text, drawing.palette.muted, TEXT_SIZE if len(text) < 6 else SMALL)


def frame_cell(drawing: Drawing, x: float, y: float, is_result: bool, width: float = CELL, height: float = ROW) -> None:
    """Marks the chosen cell of the result strongly, and the numbers that go into it lightly."""
    halo, thick = (4.5, 2.2) if is_result else (3.2, 1.3)
    for colour, stroke in ((drawing.palette.paper, halo), (drawing.palette.ink, thick)):
        drawing.rect(x, y, width, height, stroke=colour, stroke_width=stroke, rx=4)


def draw_picture(drawing: Drawing, x: float, y: float, size: float, window: Window, image: int) -> None:
    """The image, framed in the colour of its axis."""
    place = window.images.index(image)
    tip = f"image {image}, {window.kind.told(window.labels[place])}"
    pixels = window.pictures[place].numpy()
    drawing.image(x, y, size, size, brightness_colours(pixels, LEVELS, drawing.palette), tip)
    drawing.rect(x, y, size, size, stroke=drawing.palette.axis["n"], stroke_width=1.2, rx=1)


def label_columns(
    drawing: Drawing, x: float, y: float, letter: str, indices: Sequence[int], window: Window, width: float = CELL
) -> None:
    """The numbers of an axis above cells that begin at height y, a picture above each image's, and the line below them."""
    colour = drawing.palette.axis_text[letter]
    for place, index in enumerate(indices):
        middle = x + width * (place + 0.5)
        drawing.text(middle, y - 13, str(index), colour, 12)
        if letter == "n":
            draw_picture(drawing, middle - THUMB / 2, y - 24 - THUMB, THUMB, window, index)
    drawing.line([(x + 1, y - 2.5), (x + width * len(indices) - 1, y - 2.5)], drawing.palette.axis[letter], 2.4)


def label_rows(
    drawing: Drawing, x: float, y: float, letter: str, indices: Sequence[int], window: Window, height: float = ROW
) -> None:
    """The same on the left of cells that begin at x."""
    colour = drawing.palette.axis_text[letter]
    for place, index in enumerate(indices):
        middle = y + height * (place + 0.5)
        drawing.text(x - 9, middle, f"image {index}" if letter == "n" else str(index), colour, 12, align="right")
        if letter == "n":
            draw_picture(drawing, x - label_room(letter, indices), middle - THUMB / 2, THUMB, window, index)
    drawing.line([(x - 3, y + 1), (x - 3, y + height * len(indices) - 1)], drawing.palette.axis[letter], 2.4)


def label_room(letter: str, indices: Sequence[int]) -> float:
    """The width that the labels of rows take."""
    digits = len(str(max(indices)))
    return THUMB + 49 + 7 * digits if letter == "n" else LABELS


def text_width(text: str, size: float = 13) -> float:
    return size * MONO_WIDTH * len(text)


@dataclass(frozen=True)
class Grid:
    """A table on the page. x, y: the upper left corner of its cells. `name` and `note` stand above it, `head` px from there.

    Of a table with one axis the images run down, as in a column, and anything else runs right. repeats: how many more times
    its one row is used.
    """

    table: Table
    name: str
    note: str
    window: Window
    x: float = 0.0
    y: float = 0.0
    head: float = 0.0
    repeats: int = 0
    has_row_labels: bool = True
    has_column_name: bool = True

    @property
    def rows(self) -> tuple[str, tuple[int, ...]]:
        """The letter and the indices of the axis that runs down; "" and one place where there is none."""
        axes = self.table.axes
        return (axes[0], self.table.indices[0]) if len(axes) == 2 or axes == ("n",) else ("", (0,))

    @property
    def columns(self) -> tuple[str, tuple[int, ...]]:
        axes = self.table.axes
        return (axes[-1], self.table.indices[-1]) if axes and axes != ("n",) else ("", (0,))

    @property
    def width(self) -> float:
        return CELL * len(self.columns[1])

    @property
    def height(self) -> float:
        return ROW * (len(self.rows[1]) + self.repeats)

    @property
    def overhang(self) -> float:
        """How far the words above it reach over each side."""
        return max((max(text_width(self.name), text_width(self.note, 12)) - self.width) / 2, 0)

    @property
    def right_room(self) -> float:
        return max(self.overhang, WORD_WIDTH * len(self.words) - self.width)

    @property
    def left_room(self) -> float:
        """What its labels and words need on its left."""
        return max(self.label_room, self.overhang)

    @property
    def label_room(self) -> float:
        if self.rows[0] and self.has_row_labels:
            return label_room(*self.rows)
        return LABELS if self.columns[0] and self.has_column_name else 0.0

    @property
    def words(self) -> str:
        """What stands below the cells."""
        return "the same for each image" if self.repeats else self.unit

    @property
    def unit(self) -> str:
        """In what the numbers are counted, where it is no whole units."""
        return unit_words(self.table.scale.power) if self.table.scale.power else ""

    def corner(self, chosen: Chosen) -> tuple[float, float]:
        """Of the chosen cell."""
        row, column = np.unravel_index(self._flat(chosen), (len(self.rows[1]), len(self.columns[1])))
        return self.x + CELL * float(column), self.y + ROW * float(row)

    def _flat(self, chosen: Chosen) -> int:
        values = self.table.values
        return int(np.ravel_multi_index(self.table.position(chosen), values.shape)) if values.ndim else 0

    def cells(self) -> list[tuple[int, Chosen, float, float, float]]:
        """For each cell: its flat index, what is chosen there, its corner and its value."""
        first = {
            letter: shown[0] for letter, shown in (("n", self.window.images), ("i", self.window.pixels), ("j", self.window.units))
        }
        (down, rows), (right, columns) = self.rows, self.columns
        found = []
        for flat, ((row, index), (column, other)) in enumerate(product(enumerate(rows), enumerate(columns))):
            at = first | {down: index, right: other}
            chosen = Chosen(at["n"], at["i"], at["j"])
            found.append((flat, chosen, self.x + CELL * column, self.y + ROW * row, float(self.table.values.flat[flat])))
        return found

    def draw(self, drawing: Drawing, tips: Sequence[str], opens: "Grid | None" = None, chosen: Chosen | None = None) -> None:
        """The cells, their labels, the lines, and the words above.

        opens: whose cells a click opens; where this table lacks one of its axes, the `chosen` one along it.
        """
        for (_, cell, x, y, value), tip in zip(self.cells(), tips, strict=True):
            row = opens._flat(self._along(cell, chosen)) if opens and chosen else None
            draw_cell(drawing, x, y, value, self.table.scale, tip, row)
            for again in range(1, self.repeats + 1):
                draw_open_cell(drawing, x, y + ROW * again, self.table.scale.text(value))
        self._draw_labels(drawing)
        middle, top = self.x + self.width / 2, self.y - self.head
        drawing.text(middle, top + 10, self.name, drawing.palette.ink, 13, 500, mono=True)
        if self.note:
            drawing.text(middle, top + 28, self.note, drawing.palette.muted, 12, mono=True)

    def _along(self, cell: Chosen, chosen: Chosen) -> Chosen:
        """The chosen cell, but where this table has an axis, there the given one."""
        at = {letter: (cell if letter in self.table.axes else chosen).index(letter) for letter in "nij"}
        return Chosen(at["n"], at["i"], at["j"])

    def _draw_labels(self, drawing: Drawing) -> None:
        """The name of the axis that runs down stands below its labels, that of the one that runs right beside them."""
        (down, rows), (right, columns), colours = self.rows, self.columns, drawing.palette.axis_text
        if right:
            label_columns(drawing, self.x, self.y, right, columns, self.window)
        if right and self.has_column_name:
            drawing.text(self.x - 9, self.y - 13, noun(right), colours[right], 12, align="right")
        if down and self.has_row_labels:
            label_rows(drawing, self.x, self.y, down, rows, self.window)
        if down not in ("", "n") and self.has_row_labels:
            drawing.text(self.x - 9, self.y + self.height + 16, noun(down), colours[down], 12, align="right")

    @property
    def least_head(self) -> float:
        """The room that the words above the cells need."""
        letter, _ = self.columns
        return NAME_ROOM + (LABEL_ROOM if letter else 0) + (THUMB + 4 if letter == "n" else 0)

    @property
    def foot(self) -> float:
        """The room that the words below the cells need."""
        return FOOT if self.words or self.rows[0] not in ("", "n") else BARE_FOOT

    def draw_words(self, drawing: Drawing) -> None:
        """Below the cells; under narrow ones the words begin where the cells do."""
        middle = self.x + max(self.width, WORD_WIDTH * len(self.words)) / 2
        if self.words:
            drawing.text(middle, self.y + self.height + 16, self.words, drawing.palette.muted, TEXT_SIZE)

    def notes(self) -> list[Row]:
        """Its numbers, for the file."""
        axes = self.table.axes
        return [
            note(self.name, dict(zip(axes, self.table.index(chosen), strict=True)), value)
            for _, chosen, _, _, value in self.cells()
        ]


def note(tensor: str, at: Mapping[str, int], value: float) -> Row:
    """One number for the file, with its indices along the axes that its tensor has."""
    return dict(tensor=tensor, image=at.get("n"), pixel=at.get("i"), unit=at.get("j"), value=value)


def picture_name(operation: Operation) -> str:
    """Of the file: "numbers-w1-g-mul"."""
    return f"numbers-{operation.sets.replace('.', '-')}-{operation.name}"


def operand_grid(shown: ShownOperation, place: int) -> Grid:
    table = shown.operands[place]
    other = in_callers_words(table.text, shown.operation.names)
    return Grid(table, table.text, f"= {other}" if other != table.text else "", shown.window)


def result_grid(shown: ShownOperation) -> Grid:
    """With the name that its statement sets, where it ends there."""
    text = shown.result.text
    other = shown.sets or in_callers_words(text, shown.operation.names)
    return Grid(shown.result, text, f"= {other}" if other != text else "", shown.window)


def operand_tips(grid: Grid) -> list[str]:
    table = grid.table
    return [entry(table.text, table.index(chosen), value, table.scale) for _, chosen, _, _, value in grid.cells()]


def result_tips(grid: Grid, shown: ShownOperation) -> list[str]:
    """Each cell's arithmetic."""
    return [cell_arithmetic(shown, chosen) for _, chosen, _, _, _ in grid.cells()]
