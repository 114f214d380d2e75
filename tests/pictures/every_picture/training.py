"""Training."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from comparisons import made_up, measured, studied
from pictures.every_picture.kinds import Named, shows

from mnistgrad.network.data import PIXELS
from mnistgrad.pictures.charts.training import accuracy_chart, loss_chart, small_accuracy_chart
from mnistgrad.pictures.charts.training_rates import rates_chart
from mnistgrad.pictures.diagrams.units.training_tiles import training_tiles
from mnistgrad.pictures.diagrams.units.weight_tiles import weight_tiles
from mnistgrad.pictures.export import Picture
from mnistgrad.pictures.palette import Palette
from mnistgrad.training.comparison import Comparison
from mnistgrad.training.rates import stored_study
from mnistgrad.training.stored import stored_comparison


@lru_cache
def trainings() -> dict[str, Comparison]:
    return {
        "stored": stored_comparison("cross-entropy"),
        "mse": stored_comparison("mse"),
        "small": measured(seeds=1),
        "diverged": made_up({"true": [None, None], "rank-1": [None, 0.4], "frozen": [0.3, 0.32]}),
        "all diverged": made_up({"true": [None], "rank-1": [None]}),
        "one": made_up({"true": [0.9]}),
    }


def show_trainings(chart: Callable[..., Picture]) -> None:
    @shows(chart)
    def _(palette: Palette) -> Named:
        for name, found in trainings().items():
            yield name, chart(found, palette)


show_trainings(accuracy_chart)
show_trainings(loss_chart)
show_trainings(small_accuracy_chart)


@shows(training_tiles)
def _(palette: Palette) -> Named:
    for name, found in trainings().items():
        if found.after:
            for after in (False, True):
                yield f"{name} {after}", training_tiles(found, after, palette)


@shows(weight_tiles)
def _(palette: Palette) -> Named:
    rows = {"at the start": np.zeros((PIXELS, 3)), "after": np.linspace(-1, 1, 3 * PIXELS).reshape(PIXELS, 3)}
    yield "two rows", weight_tiles("tiles", rows, {"at the start": 0.0, "after": 1.0}, palette)


@shows(rates_chart)
def _(palette: Palette) -> Named:
    own = trainings()
    for network, runs in (("cross-entropy", ()), ("cross-entropy", ("small", "diverged")), ("mse", ("mse",))):
        for rate in (0.001, 0.1, 1.0):
            yield f"{network} {runs} {rate}", rates_chart(stored_study(network), [own[run] for run in runs], rate, palette)
    yield "hand-made", rates_chart(studied({"true": {0.1: None, 0.2: 0.9}, "frozen": {0.1: 0.4, 0.2: 0.4}}), (), 0.2, palette)
