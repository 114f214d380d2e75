"""The charts, as Altair's own: with their data inside, in plain fields, to show, to save or to encode anew.

    mg.charts.column_variance(grads)        # grads: what mg.gradients gave, or mg.examine
    mg.charts.terms(grads, row=406, column=12).save("terms.html")
    mg.charts.rank(grads).data              # a table: n, line, rank

Of a weight gradient, of any sizes; layer: "w1" or "w2"
    column_variance, singular_values        how its columns vary; what its size is made of
    terms, running_sum                      one weight, as the sum of its images
    rows, rank, shares, variance, angle, distance      all of it over the first 1, 2, 5, ... images of the batch
Of what is stored with the package
    cost_time, cost_memory                  of each way to compute a gradient
    training_accuracy, training_loss, training_rates   with the gradient, and with what is taken for it

theme: "light" or "dark", for all of them. Each raises TypeError or ValueError, by the argument's name, for what it cannot draw.
"""

import altair as _alt

from mnistgrad.common.arguments import one_of as _one_of
from mnistgrad.common.arguments import told as _told
from mnistgrad.common.arguments import whole_number as _whole_number
from mnistgrad.cost.measurement import stored_measurement as _stored_measurement
from mnistgrad.gradient.examining import examine as _examine
from mnistgrad.gradient.growing import growth as _growth
from mnistgrad.gradient.one_weight import OneWeight as _OneWeight
from mnistgrad.gradient.one_weight import one_weight as _one_weight
from mnistgrad.gradient.weight_gradient import LAYERS as _LAYERS
from mnistgrad.gradient.weight_gradient import WeightGradient as _WeightGradient
from mnistgrad.network.gradients import Gradients as _Gradients
from mnistgrad.network.networks import NETWORKS as _NETWORKS
from mnistgrad.pictures.palette import PALETTES as _PALETTES
from mnistgrad.pictures.palette import Palette as _Palette
from mnistgrad.pictures.plain_charts import gradient as _gradient
from mnistgrad.pictures.plain_charts import growing as _growing
from mnistgrad.pictures.plain_charts import one_weight as _of_one_weight
from mnistgrad.pictures.plain_charts import runs as _runs
from mnistgrad.training.rates import stored_study as _stored_study
from mnistgrad.training.stored import stored_comparison as _stored_comparison

__all__ = [
    "angle",
    "column_variance",
    "cost_memory",
    "cost_time",
    "distance",
    "rank",
    "rows",
    "running_sum",
    "shares",
    "singular_values",
    "terms",
    "training_accuracy",
    "training_loss",
    "training_rates",
    "variance",
]


def column_variance(
    of: _Gradients | _WeightGradient, layer: str | None = None, order: str = "size", theme: str = "light"
) -> _alt.LayerChart:
    """How much each column varies over its rows, by group of rows.

    order: "size", largest variance first, or "number". Data: unit (output for w2), rows, row_count, variance, off.
    """
    return _gradient.column_variance(_found(of, layer), _one_of("order", order, ("size", "number")), _palette(theme))


def singular_values(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """How the squared size is shared out. Data: place, singular_value, share, counted (for the rank)."""
    return _gradient.singular_values(_found(of, layer), _palette(theme))


def terms(
    of: _Gradients | _WeightGradient,
    row: int | None = None,
    column: int | None = None,
    layer: str | None = None,
    theme: str = "light",
) -> _alt.LayerChart:
    """The terms that one weight's gradient is the sum of, sorted. row and column: of the weight, a large one unless said.

    Data: from_percent, to_percent, images, mean_term_times_n, least_term_times_n, largest_term_times_n, image.
    """
    return _of_one_weight.terms(_weight(of, row, column, layer), _palette(theme))


def running_sum(
    of: _Gradients | _WeightGradient,
    row: int | None = None,
    column: int | None = None,
    layer: str | None = None,
    theme: str = "light",
) -> _alt.LayerChart:
    """The same terms added up in the order of the images. Data: images, quantity, value."""
    return _of_one_weight.running_sum(_weight(of, row, column, layer), _palette(theme))


def rows(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """How many rows differ, and how many are copies. Data: n, line, rows."""
    return _over_images("rows", of, layer, theme)


def rank(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """The rank. Data: n, line, rank."""
    return _over_images("rank", of, layer, theme)


def shares(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """The shares of the best outer product and of the best copied row. Data: n, line, share."""
    return _over_images("shares", of, layer, theme)


def variance(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """The variance of a column over each group of rows, mean of the columns. Data: n, line, variance."""
    return _over_images("variance", of, layer, theme)


def angle(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """The angle to the whole batch's gradient. Data: n, line, degrees."""
    return _over_images("angle", of, layer, theme)


def distance(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """How far from the whole batch's gradient, as a share of it. Data: n, line, difference."""
    return _over_images("distance", of, layer, theme)


def cost_time(theme: str = "light") -> _alt.LayerChart:
    """The time of each way, as measured once. Data: way, n, seconds, low, high, runs, calculated."""
    return _runs.cost(_stored_measurement(), "time", _palette(theme))


def cost_memory(theme: str = "light") -> _alt.LayerChart:
    """The memory of each way, as measured once. Data: way, n, nbytes, low, high, runs, calculated."""
    return _runs.cost(_stored_measurement(), "memory", _palette(theme))


def training_accuracy(network: str = "cross-entropy", theme: str = "light") -> _alt.LayerChart:
    """The accuracy against the step. network: "cross-entropy" or "mse". Data: method, seed, step, loss, accuracy, diverged."""
    return _runs.training(_stored_comparison(_network(network)), "accuracy", _palette(theme))


def training_loss(network: str = "cross-entropy", theme: str = "light") -> _alt.LayerChart:
    """The loss against the step. network: "cross-entropy" or "mse". Data: method, seed, step, loss, accuracy, diverged."""
    return _runs.training(_stored_comparison(_network(network)), "loss", _palette(theme))


def training_rates(network: str = "cross-entropy", theme: str = "light") -> _alt.LayerChart:
    """How each way ends at each rate. Data: method, rate, seed, step, loss, accuracy and more."""
    return _runs.rates(_stored_study(_network(network)), _palette(theme))


def __dir__() -> list[str]:
    return [*__all__]


def _found(of: object, layer: str | None) -> _WeightGradient:
    """Of a layer, the first unless it is said; what was examined is of one already."""
    if not isinstance(of, _WeightGradient | _Gradients):
        allowed = "allowed are what mg.gradients and mg.examine give"
        raise TypeError(f"of is {_told(of)}, of type {type(of).__name__}; {allowed}")
    if isinstance(of, _WeightGradient):
        _one_of("layer", layer, (None, of.layer))
        return of
    return _examine(of, layer=_one_of("layer", _LAYERS[0] if layer is None else layer, _LAYERS))


def _weight(of: _Gradients | _WeightGradient, row: int | None, column: int | None, layer: str | None) -> _OneWeight:
    found = _found(of, layer)
    column = found.liveliest_column if column is None else column
    return _one_weight(found, found.largest_row(_column(found, column)) if row is None else row, column)


def _column(found: _WeightGradient, column: int) -> int:
    return _whole_number("column", column, 0, found.columns - 1)


def _over_images(kind: str, of: _Gradients | _WeightGradient, layer: str | None, theme: str) -> _alt.LayerChart:
    found = _found(of, layer)
    return _growing.growing(found, _growth(found), kind, _palette(theme))


def _palette(theme: str) -> _Palette:
    return _PALETTES[_one_of("theme", theme, _PALETTES)]


def _network(network: str) -> str:
    return _one_of("network", network, _NETWORKS)
