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
    """How much each column of the gradient (rows, columns) varies over its rows, by group of rows.

    Data: unit (output for w2), from 0; rows, the group's name; row_count; variance, in the square of the gradient's
    unit, (loss / weight)²; off, whether the unit is off for every image.

    Args:
        of: What `mg.gradients` or `mg.examine` gave.
        layer: "w1" or "w2"; of what was examined its own, else "w1".
        order: "size", largest variance first, or "number".
        theme: "light" or "dark".

    Raises:
        TypeError: For another `of`.
        ValueError: For another layer, order or theme.
    """
    return _gradient.column_variance(_found(of, layer), _one_of("order", order, ("size", "number")), _palette(theme))


def singular_values(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """How the squared size of the gradient (rows, columns) is shared out among its singular values.

    Data: place, from 1; singular_value, loss / weight; share, of the squared size, 0 to 1; counted, whether it counts for
    the rank.

    Args:
        of: What `mg.gradients` or `mg.examine` gave.
        layer: "w1" or "w2"; of what was examined its own, else "w1".
        theme: "light" or "dark".

    Raises:
        TypeError: For another `of`.
        ValueError: For another layer or theme.
    """
    return _gradient.singular_values(_found(of, layer), _palette(theme))


def terms(
    of: _Gradients | _WeightGradient,
    row: int | None = None,
    column: int | None = None,
    layer: str | None = None,
    theme: str = "light",
) -> _alt.LayerChart:
    """The terms (n,) that one weight's gradient is the sum of, one for each image, sorted.

    Data: from_percent and to_percent, of the batch; images, how many are drawn as one step; mean_, least_ and
    largest_term_times_n, loss / weight; image, its number from 0 where the step is one image.

    Args:
        of: What `mg.gradients` or `mg.examine` gave.
        row: Of the weight, from 0; that of the column's largest gradient unless given.
        column: Of the weight, from 0; one that varies much unless given.
        layer: "w1" or "w2"; of what was examined its own, else "w1".
        theme: "light" or "dark".

    Raises:
        TypeError: For another `of`, and a row or column that is no whole number.
        ValueError: For a row or column that is not there, and another layer or theme.
    """
    return _of_one_weight.terms(_weight(of, row, column, layer), _palette(theme))


def running_sum(
    of: _Gradients | _WeightGradient,
    row: int | None = None,
    column: int | None = None,
    layer: str | None = None,
    theme: str = "light",
) -> _alt.LayerChart:
    """The terms (n,) of one weight's gradient added up in the order of the images.

    Data: images, how many are added; quantity, the sum so far or the gradient of these images alone; value, loss / weight.

    Args:
        of: What `mg.gradients` or `mg.examine` gave.
        row: Of the weight, from 0; that of the column's largest gradient unless given.
        column: Of the weight, from 0; one that varies much unless given.
        layer: "w1" or "w2"; of what was examined its own, else "w1".
        theme: "light" or "dark".

    Raises:
        TypeError: For another `of`, and a row or column that is no whole number.
        ValueError: For a row or column that is not there, and another layer or theme.
    """
    return _of_one_weight.running_sum(_weight(of, row, column, layer), _palette(theme))


def rows(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """How many rows of the gradient (rows, columns) differ, and how many are copies, over the first images.

    Data: n, how many images; line, what is counted; rows.

    `of`, `layer`, `theme` and what is raised are as in `column_variance`.
    """
    return _over_images("rows", of, layer, theme)


def rank(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """The rank of the gradient (rows, columns) over the first images; at most the smaller of the two.

    Data: n, how many images; line; rank.

    `of`, `layer`, `theme` and what is raised are as in `column_variance`.
    """
    return _over_images("rank", of, layer, theme)


def shares(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """How much of the gradient (rows, columns) the best outer product and the best copied row hold, over the first images.

    Data: n, how many images; line, which of the two; share, of the squared size, 0 to 1.

    `of`, `layer`, `theme` and what is raised are as in `column_variance`.
    """
    return _over_images("shares", of, layer, theme)


def variance(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """The variance of a column of the gradient (rows, columns) over each group of rows, mean of the columns.

    Data: n, how many images; line, the group; variance, (loss / weight)².

    `of`, `layer`, `theme` and what is raised are as in `column_variance`.
    """
    return _over_images("variance", of, layer, theme)


def angle(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """The angle between the gradient (rows, columns) of the first images and the whole batch's.

    Data: n, how many images; line; degrees, 0 to 180.

    `of`, `layer`, `theme` and what is raised are as in `column_variance`.
    """
    return _over_images("angle", of, layer, theme)


def distance(of: _Gradients | _WeightGradient, layer: str | None = None, theme: str = "light") -> _alt.LayerChart:
    """How far the gradient (rows, columns) of the first images is from the whole batch's.

    Data: n, how many images; line, the whole matrix or its farthest entry; difference, as a share of the whole batch's.

    `of`, `layer`, `theme` and what is raised are as in `column_variance`.
    """
    return _over_images("distance", of, layer, theme)


def cost_time(theme: str = "light") -> _alt.LayerChart:
    """The time of each way to compute a gradient (784, 50), as measured once.

    Data: way and method, its name; n, how many images; seconds, the median of so many runs; low and high, the middle half of
    them; calculated, where it was not run.

    Args:
        theme: "light" or "dark".

    Raises:
        ValueError: For another theme.
        DataFileError: Where the package's own file is missing or altered.
    """
    return _runs.cost(_stored_measurement(), "time", _palette(theme))


def cost_memory(theme: str = "light") -> _alt.LayerChart:
    """The memory of each way to compute a gradient (784, 50), as measured once.

    Data: as of `cost_time`, with nbytes, beyond those held before, for seconds.

    `theme` and what is raised are as in `cost_time`.
    """
    return _runs.cost(_stored_measurement(), "memory", _palette(theme))


def training_accuracy(network: str = "cross-entropy", theme: str = "light") -> _alt.LayerChart:
    """The accuracy against the step, with the gradient and with what is taken for it.

    Data: method, what stood in for the gradient (784, 50) of w1; seed; step; loss, in nats or squared digits; accuracy, of images
    that no training saw, 0 to 1; diverged.

    Args:
        network: "cross-entropy", with ten outputs, or "mse", the lesson's with one.
        theme: "light" or "dark".

    Raises:
        ValueError: For another network or theme.
        DataFileError: Where the package's own file is missing or altered.
    """
    return _runs.training(_stored_comparison(_network(network)), "accuracy", _palette(theme))


def training_loss(network: str = "cross-entropy", theme: str = "light") -> _alt.LayerChart:
    """The loss against the step, with the gradient and with what is taken for it.

    Data: method, what stood in for the gradient (784, 50) of w1; seed; step; loss, in nats or squared digits; accuracy, of images
    that no training saw, 0 to 1; diverged.

    `network`, `theme` and what is raised are as in `training_accuracy`.
    """
    return _runs.training(_stored_comparison(_network(network)), "loss", _palette(theme))


def training_rates(network: str = "cross-entropy", theme: str = "light") -> _alt.LayerChart:
    """How each way ends at each learning rate.

    Data: as of `training_accuracy`, and rate; on, the share of units that an image turns on, and dead, that none does;
    moved, how far w1 went, in its own length; uphill, the share of steps that raised the loss.

    `network`, `theme` and what is raised are as in `training_accuracy`.
    """
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
