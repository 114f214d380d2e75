"""What each way to train made of the first layer."""

from mnistgrad.captions.training import LABELS, plan_slug
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.units.weight_tiles import weight_tiles
from mnistgrad.pictures.palette import Palette
from mnistgrad.training.comparison import Comparison


def training_tiles(found: Comparison, after: bool, palette: Palette) -> Diagram:
    """The starting weights above those of each method: after training, or after less before.

    All rows of weights share one colour scale, and all rows of changes another; the largest weight ends it.
    """
    before = found.before.numpy()
    made = {LABELS[method]: weights.numpy() for method, weights in found.after.items()}
    if not after:
        made = {label: weights - before for label, weights in made.items()}
    largest = max(float(abs(weights).max()) for weights in made.values())
    start = float(abs(before).max())
    limit = max(largest, start) if after else largest
    rows = {"at the start": before} | made
    limits = dict.fromkeys(made, limit) | {"at the start": limit if after else start}
    kind = "after" if after else "learned"
    return weight_tiles(f"training-weights-{kind}-{plan_slug(found.experiment)}", rows, limits, palette)
