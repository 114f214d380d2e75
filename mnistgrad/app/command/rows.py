"""The rows of tables that several commands print."""

from collections.abc import Iterator, Mapping, Sequence

from mnistgrad.captions.training import LABELS
from mnistgrad.gradient.sweep import SweepPoint
from mnistgrad.training.comparison import Key
from mnistgrad.training.descent import TrainingPoint

SHARE, ANGLE = "first singular value [share]", "angle to the full batch [degrees]"
DISTANCE = "distance to the full batch [share]"
SWEEP_BRIEF = ("seed", "images", "different rows", "rank", SHARE, ANGLE, DISTANCE)


def sweep_row(seed: int, point: SweepPoint) -> dict[str, object]:
    row: dict[str, object] = {"seed": seed, "images": point.n, "different rows": point.distinct, "rank": point.rank}
    row |= {SHARE: point.first_share, "copied row's share": point.copied_row_share}
    row |= {f"rows, {name}": size for name, size in point.sizes.items()}
    row |= {f"column variance, {name}": of for name, of in point.variances.items()}
    away = point.away
    return row | {
        ANGLE: away.angle if away else None,
        DISTANCE: away.norm if away else None,
    }


def training_rows(curves: Mapping[Key, Sequence[TrainingPoint]]) -> Iterator[dict[str, object]]:
    """Of each measured step."""
    for (method, seed), points in curves.items():
        for point in points:
            yield {
                "method": LABELS[method],
                "seed": seed,
                "step": point.step,
                "training loss": point.loss,
                "read right [share]": point.accuracy,
            }
