"""A click on a picture of the gradient matrix chooses one of its weights."""

from mnistgrad.app.choosing import choose
from mnistgrad.app.controls import COLUMN, ROW


def take_column(column: int) -> None:
    """Choose the column that was clicked."""
    choose(COLUMN, column)


def take_row(row: int) -> None:
    """Choose the row that was clicked."""
    choose(ROW, row)
