"""The figures of a page that a recomputation has to meet."""

from dataclasses import dataclass

from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.network.gradients import Gradients

COPIED = {"w1": "black", "w2": "off"}  # the group of rows that are one row, by the layer


@dataclass(frozen=True)
class Figures:
    """Of a pass, and of the gradient of one of its layers.

    sums: of each gradient, with its norm. entries: of the layer's, by row and column. copied: how many rows are the background's.
    """

    loss: float
    sums: dict[str, tuple[float, float]]
    entries: dict[tuple[int, int], float]
    copied: int
    background: float
    rank: int
    first_share: float
    distinct: int
    varying: int
    variance: float


def figures_of(found: WeightGradient, grads: Gradients) -> Figures:
    """found: of the layer that is looked at."""
    named = {"w1.g": grads.w1, "b1.g": grads.b1, "w2.g": grads.w2, "b2.g": grads.b2}
    column = found.liveliest_column
    places = [(0, 0), (found.rows - 1, found.columns - 1), (found.largest_row(column), column)]
    return Figures(
        loss=grads.loss.item(),
        sums={name: (g.double().sum().item(), g.double().norm().item()) for name, g in named.items()},
        entries={place: found.g[place].item() for place in places},
        copied=found.sizes[COPIED[found.layer]],
        background=found.background,
        rank=found.rank,
        first_share=found.spectrum.first_share,
        distinct=found.distinct,
        varying=found.varying_columns,
        variance=found.variances["all"].max().item(),
    )
