"""The gradient of a layer: its column, its units, its singular values."""

from pictures.every_picture.kinds import ROWS, STATES, Named, dealt, shows, with_w1
from states import State

from mnistgrad.gradient.outer_product import leading_vectors
from mnistgrad.gradient.rows import rows_of
from mnistgrad.gradient.statistics import colour_limit
from mnistgrad.pictures.charts.column_variance import ORDERS, column_variance_chart
from mnistgrad.pictures.charts.singular_values import singular_values_chart
from mnistgrad.pictures.diagrams.units.distance_map import distance_map
from mnistgrad.pictures.diagrams.units.leading_vectors import leading_vectors_diagram
from mnistgrad.pictures.diagrams.units.unit_bars import unit_bars
from mnistgrad.pictures.diagrams.units.unit_map import unit_map
from mnistgrad.pictures.diagrams.units.unit_tiles import unit_tiles
from mnistgrad.pictures.palette import Palette


@shows(column_variance_chart)
def _(palette: Palette) -> Named:
    for state in STATES[::2]:
        yield f"{state}", column_variance_chart(state.weight_gradient("w1"), palette)
    for order, chosen in zip(ORDERS, (0, 49), strict=True):
        yield f"{order} {chosen}", column_variance_chart(State().weight_gradient("w1"), palette, order, chosen)


@shows(singular_values_chart)
def _(palette: Palette) -> Named:
    for state in with_w1():
        yield f"{state}", singular_values_chart(state.weight_gradient("w1"), palette)


@shows(leading_vectors_diagram)
def _(palette: Palette) -> Named:
    for state in with_w1():
        found = state.weight_gradient("w1")
        yield f"{state}", leading_vectors_diagram(leading_vectors(found), found.b_g.numpy(), palette)


@shows(unit_map)
def _(palette: Palette) -> Named:
    for state, rows in dealt(STATES, ROWS):
        found = state.weight_gradient("w1")
        copied, off = rows_of(found).copied.numpy(), found.off.nonzero().flatten().tolist()
        for unit, row in [*((found.liveliest_column, row) for row in rows), *((unit, 405) for unit in off[:1])]:
            yield f"{state} {unit} {row}", unit_map(found.g[:, unit].numpy(), unit, row, copied, palette)


@shows(distance_map)
def _(palette: Palette) -> Named:
    for state, rows in dealt(with_w1(), ROWS):
        for row in rows:
            yield f"{state} {row}", distance_map(rows_of(state.weight_gradient("w1")).distances.numpy(), row, palette)


@shows(unit_bars)
def _(palette: Palette) -> Named:
    for state in STATES:
        found = state.weight_gradient("w2")
        for row in {0, 1, state.nh - 1}:
            background = found.background * found.b_g.item()
            yield f"{state} {row}", unit_bars(found.g[:, 0].numpy(), found.copies.numpy(), background, row, palette)


@shows(unit_tiles)
def _(palette: Palette) -> Named:
    for state in STATES:
        found = state.weight_gradient("w1")
        chosen, limit = (0, None) if state.n == 10 else (state.nh - 1, colour_limit(state.gradients.w1))
        yield f"{state} {chosen}", unit_tiles(found.g.numpy(), found.off.numpy(), chosen, limit, palette)
