"""What is looked at in the gradient matrix: a layer, and one of its weights by row and column."""

from dataclasses import dataclass, replace

from mnistgrad.app.cards.fields import Fields
from mnistgrad.app.controls import COLUMN, LAYER, ROW, State
from mnistgrad.app.kept import results
from mnistgrad.gradient.weight_gradient import LAYER_AXES
from mnistgrad.trace.axes import AXIS_NAMES


@dataclass(frozen=True)
class ChosenWeight:
    """A layer, "w1" or "w2", and a row and a column of its gradient."""

    layer: str
    row: int
    column: int


def choose_layer(fields: Fields) -> str:
    return fields.choice(LAYER)


def choose_weight(state: State, layer: str, fields: Fields, asks_column: bool = True, asks_row: bool = True) -> ChosenWeight:
    """Column and row, each asked for where it acts; what is left empty or not asked is chosen for the reader."""
    found = results.weight_gradient(state, layer)
    row_label, column_label = (f"{AXIS_NAMES[letter].capitalize()} {letter}" for letter in LAYER_AXES[layer])
    column = row = None
    if asks_column and layer == "w1":  # w2 has one
        column = fields.optional_number(replace(COLUMN, label=column_label), found.columns - 1, found.liveliest_column)
    column = found.liveliest_column if column is None else column
    if asks_row:
        row = fields.optional_number(replace(ROW, label=row_label), found.rows - 1, found.largest_row(column))
    return ChosenWeight(layer, found.largest_row(column) if row is None else row, column)
