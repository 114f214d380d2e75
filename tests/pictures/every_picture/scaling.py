"""How long several workers take."""

from measurements import MACHINE
from pictures.every_picture.kinds import Named, shows

from mnistgrad.cost.measurement import Spread
from mnistgrad.distributed.scaling import Scaling, ScalingPlan, Timed, stored_scaling
from mnistgrad.pictures.charts.scaling import scaling_chart
from mnistgrad.pictures.palette import Palette


def scaling(workers: int, seconds: float = 0.2) -> Scaling:
    """So many workers share the computing without a loss; adding up takes 3 ms, of which 1 ms is for a single number."""
    times = [(seconds / count, 0.003, 0.001) for count in range(1, workers + 1)]
    timed = [Timed(at + 1, *(Spread(0.9 * of, of, 1.1 * of, 8) for of in each)) for at, each in enumerate(times)]
    return Scaling(ScalingPlan(1_000, 50), MACHINE, tuple(timed))


@shows(scaling_chart)
def _(palette: Palette) -> Named:
    yield "stored", scaling_chart(stored_scaling(), palette)
    for workers, seconds in ((1, 0.2), (2, 1e-4), (8, 5.0)):
        yield f"{workers} {seconds}", scaling_chart(scaling(workers, seconds), palette)
