"""What varies over the rows, and over the images."""

from collections.abc import Iterator

from pictures.every_picture.kinds import ROWS, STATES, Named, dealt, shows, with_w1
from states import State

from mnistgrad.captions import variance as variance_claims
from mnistgrad.gradient.variance import image_variance, row_variances
from mnistgrad.pictures.diagrams.variance.bars import deviation_bars
from mnistgrad.pictures.diagrams.variance.lanes import variance_lanes
from mnistgrad.pictures.diagrams.variance.map_images import signal_maps
from mnistgrad.pictures.diagrams.variance.map_matrix import signal_matrix
from mnistgrad.pictures.diagrams.variance.map_rows import row_variance_map
from mnistgrad.pictures.palette import Palette


@shows(row_variance_map)
def _(palette: Palette) -> Named:
    for state, rows in dealt(with_w1(), ROWS):
        found = state.weight_gradient("w1")
        for row in rows:
            yield f"{state} {row}", row_variance_map(row_variances(found).numpy(), found.copies.numpy(), row, palette)


@shows(variance_lanes)
def _(palette: Palette) -> Named:
    for state in STATES:
        found = state.weight_gradient("w2")
        labels = variance_claims.lane_labels(found)
        groups = {label: found.groups[name].numpy() for name, label in labels.items()}
        spread = {label: found.variances[name].item() for name, label in labels.items()}
        for row in (0, state.nh - 1):
            yield f"{state} {row}", variance_lanes(found.g[:, 0].numpy(), groups, spread, row, palette)


def of_several() -> Iterator[State]:
    """States in which the weights of the first layer vary over the images."""
    return (state for state in STATES if state.n > 1)


@shows(signal_maps)
def _(palette: Palette) -> Named:
    for state, rows in dealt(of_several(), ROWS):
        matrix, found = state.weight_gradient("w1"), image_variance(state.weight_gradient("w1"))
        unit = matrix.liveliest_column
        mean, deviation = found.mean[:, unit].numpy(), found.deviation[:, unit].numpy()
        for row in rows:
            yield f"{state} {row}", signal_maps(mean, deviation, matrix.copies.numpy(), unit, row, palette)


@shows(signal_matrix)
def _(palette: Palette) -> Named:
    for state in of_several():
        ratio = image_variance(state.weight_gradient("w1")).signal_to_noise.numpy()
        for unit in {0, 1, state.nh // 2, state.nh - 1}:
            yield f"{state} {unit}", signal_matrix(ratio, unit, palette)


@shows(deviation_bars)
def _(palette: Palette) -> Named:
    for state in STATES:
        found = image_variance(state.weight_gradient("w2"))
        mean, deviation = found.mean[:, 0].numpy(), found.deviation[:, 0].numpy()
        for order in ("size", "number"):
            for row in (0, state.nh - 1):
                yield f"{state} {order} {row}", deviation_bars(mean, deviation, order, row, palette)
