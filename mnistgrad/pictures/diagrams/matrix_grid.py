"""A whole gradient of w1 as a picture: its rows run down as they are printed, its columns to the right."""

from dataclasses import dataclass

from mnistgrad.network.data import PIXELS
from mnistgrad.pictures.diagrams.minus_signs import minus_signs
from mnistgrad.pictures.diagrams.svg import Drawing
from mnistgrad.pictures.palette import Colours, FloatArray, Palette, value_colours

TALL = float(PIXELS)  # one px a row, so that none is lost
TICKS = (0, 100, 200, 300, 400, 500, 600, 700, PIXELS - 1)
SMALL, NAME = 12.5, 13.0  # sizes of text


@dataclass(frozen=True)
class MatrixGrid:
    """The rows from `top` down, `columns` of equal width in `width` px from `left` on; tall: px of all rows."""

    drawing: Drawing
    left: float
    top: float
    width: float
    columns: int
    tall: float = TALL

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.tall

    @property
    def step(self) -> float:
        return self.width / self.columns

    def paint(self, colours: Colours) -> None:
        """Colours (784, columns, 3)."""
        self.drawing.image(self.left, self.top, self.width, self.tall, colours)
        self.drawing.rect(self.left, self.top, self.width, self.tall, stroke=self.drawing.palette.hair)

    def paint_values(self, values: FloatArray, limit: float) -> None:
        """Values (784, columns) on the diverging scale."""
        self.paint(value_colours(values, limit, self.drawing.palette))
        minus_signs(self.drawing, self.left, self.top, self.width, self.tall, values, limit)

    def number_rows(self) -> None:
        for tick in TICKS:
            y = self.top + (tick + 0.5) * self.tall / PIXELS
            text = f"row {tick}" if tick == 0 else str(tick)
            self.drawing.text(self.left - 8, y, text, self.drawing.palette.axis_text["i"], SMALL, align="right")

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

    def column_path(self, column: int, above: float = 0.0) -> str:
        """Of what is clicked."""
        x = self.left + column * self.step
        return f"M{x:.2f} {self.top - above:g}h{self.step:.2f}V{self.bottom:g}h-{self.step:.2f}z"

    def _middle(self, column: int) -> float:
        return self.left + (column + 0.5) * self.step


def tall_in(palette: Palette, others: float) -> float:
    """Px of all rows, where a picture has little room from top to bottom; others: px above and below them."""
    return min(TALL, palette.tall - others)
