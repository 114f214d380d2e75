"""The public question: what is this weight gradient like?"""

from mnistgrad.common.arguments import told
from mnistgrad.gradient.weight_gradient import WeightGradient, weight_gradient_of
from mnistgrad.network.batch import Batch
from mnistgrad.network.gradients import Gradients
from mnistgrad.network.presets import Weights

ALLOWED = "allowed are what mg.gradients gives, or a Batch with its weights"


def examine(of: Gradients | Batch, weights: Weights | None = None, layer: str = "w1") -> WeightGradient:
    """What is true of one layer's weight gradient, worked out in float64: for any number of pixels, units and outputs.

    Args:
        of: What `mg.gradients` gave, or a batch.
        weights: The batch's, where `of` is a batch.
        layer: "w1" or "w2".

    Returns:
        The gradient g (rows, columns) with its rank, its different rows, its groups of rows and how the columns vary over them.

    Raises:
        TypeError: Where `of` is neither, or a batch comes without weights.
        ValueError: Where the two do not fit together, for another layer, and for a gradient beyond the numbers of its dtype.
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
