"""A whole gradient of w1 as a picture: its rows run down as they are printed, its columns to the right."""

from collections.abc import Iterable
from dataclasses import dataclass

from mnistgrad.network.data import PIXELS
from mnistgrad.pictures.diagrams.svg import Drawing
from mnistgrad.pictures.palette import Colours

TALL = float(PIXELS)  # one px a row, so that none is lost
TICKS = (0, 100, 200, 300, 400, 500, 600, 700, PIXELS - 1)
SMALL, NAME = 12.5, 13.0  # sizes of text
APART = 17.0  # px between two names, from middle to middle


@dataclass(frozen=True)
class MatrixGrid:
    """Rows of one px from `top` down, `columns` of equal width in `width` px from `left` on."""

    drawing: Drawing
    left: float
    top: float
    width: float
    columns: int

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + TALL

    @property
    def step(self) -> float:
        return self.width / self.columns

    def paint(self, colours: Colours) -> None:
        """Colours (784, columns, 3)."""
        self.drawing.image(self.left, self.top, self.width, TALL, colours)
        self.drawing.rect(self.left, self.top, self.width, TALL, stroke=self.drawing.palette.hair)

    def number_rows(self) -> None:
        for tick in TICKS:
            text = f"row {tick}" if tick == 0 else str(tick)
            self.drawing.text(
                self.left - 8, self.top + tick + 0.5, text, self.drawing.palette.axis_text["i"], SMALL, align="right"
            )

    def name_columns(self, chosen: int | None = None) -> None:
        """Above: the first unit, the last, and the chosen one, which has a frame."""
        colour, y = self.drawing.palette.axis_text["j"], self.top - 11
        middle = None if chosen is None else min(max(self._middle(chosen), self.left + 22), self.right - 22)
        for x, text, align in ((self.left, "unit 0", "left"), (self.right, str(self.columns - 1), "right")):
            if middle is None or abs(middle - x) > 70:
                self.drawing.text(x, y, text, colour, SMALL, align=align)
        if chosen is not None and middle is not None:
            self.drawing.text(middle, y, f"unit {chosen}", colour, NAME, 600)
            self.frame_column(chosen)

    def frame_column(self, column: int, above: float = 0.0) -> None:
        """above: px that the frame reaches beyond the top."""
        palette, top = self.drawing.palette, self.top - above - 2
        for colour, width in ((palette.paper, 3.2), (palette.axis["j"], 1.6)):
            x = self.left + column * self.step - 1.5
            self.drawing.rect(x, top, self.step + 3, self.bottom + 2 - top, stroke=colour, stroke_width=width)

    def frame_rows(self, first: int, last: int) -> None:
        palette = self.drawing.palette
        for colour, width in ((palette.paper, 3.4), (palette.ink, 1.8)):
            place = self.left - 4, self.top + first - 1, self.width + 8, last - first + 3
            self.drawing.rect(*place, stroke=colour, stroke_width=width)

    def name_rows(self, first: int, last: int, low: float = 0.0, high: float = TALL) -> None:
        """Right of the rows, at least so many px below the top and above the bottom."""
        y = self.top + min(max((first + last + 1) / 2, low), high)
        self.drawing.text(self.right + 10, y, f"rows {first}–{last}", self.drawing.palette.ink, NAME, 600, "left")

    def column_path(self, column: int, above: float = 0.0) -> str:
        """Of what is clicked."""
        x = self.left + column * self.step
        return f"M{x:.2f} {self.top - above:g}h{self.step:.2f}V{self.bottom:g}h-{self.step:.2f}z"

    def rows_that_say(self, tips: Iterable[str]) -> None:
        """On every row what is pointed at and clicked."""
        areas = (
            (row, f"M{self.left:g} {self.top + row:g}h{self.width:g}v1h-{self.width:g}z", tip) for row, tip in enumerate(tips)
        )
        self.drawing.areas(areas)

    def _middle(self, column: int) -> float:
        return self.left + (column + 0.5) * self.step
