"""The public question: what is this weight gradient like?"""

from mnistgrad.common.arguments import told
from mnistgrad.gradient.weight_gradient import WeightGradient, weight_gradient_of
from mnistgrad.network.batch import Batch
from mnistgrad.network.gradients import Gradients
from mnistgrad.network.presets import Weights

ALLOWED = "allowed are what mg.gradients gives, or a Batch with its weights"


def examine(of: Gradients | Batch, weights: Weights | None = None, layer: str = "w1") -> WeightGradient:
    """What is true of one layer's weight gradient, worked out in float64: for any number of pixels, units and outputs.

    of: what `mg.gradients` gave, or a batch, with its weights. layer: "w1" or "w2". The result has g (rows, columns); rank and
    spectrum; distinct, its different rows; groups of rows, with their sizes and the variances (columns,) of the columns over
    them; copies, the rows that are one number times the bias gradient b_g; off, the columns that are 0 for every image.
    Raises TypeError or ValueError where the two do not fit together.
    """
    batch, given = (of.batch, of.weights) if isinstance(of, Gradients) else (of, weights)
    if not isinstance(batch, Batch) or (isinstance(of, Gradients) and weights is not None):
        raise TypeError(f"of is {told(of)}, of type {type(of).__name__}; {ALLOWED}")
    if given is None:
        raise TypeError(f"weights is None, with a batch of {len(batch)} images; {ALLOWED}")
    found = weight_gradient_of(layer, batch, given)
    if not found.g.isfinite().all():
        beyond = f"weights give, with this batch, a gradient of {layer} beyond the numbers of {batch.inp.dtype}"
        raise ValueError(f"{beyond}; allowed are smaller ones, or float64")
    return found
