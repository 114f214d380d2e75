"""Curves over the number of images."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from pictures.every_picture.kinds import Named, shows
from states import State

from mnistgrad.gradient.sweep import SweepPoint, lit_pixels, sweep
from mnistgrad.network.data import mnist
from mnistgrad.pictures.charts import sweep as sweep_charts
from mnistgrad.pictures.charts.curve_scales import even_scale
from mnistgrad.pictures.charts.sweep_curves import Curve, curves_chart
from mnistgrad.pictures.export import Picture
from mnistgrad.pictures.palette import Palette


@lru_cache
def swept(preset: str, nh: int, seeds: tuple[int, ...], layer: str) -> dict[int, list[SweepPoint]]:
    pixels = lit_pixels(mnist().images, mnist().labels, (1, 2, 10, 100))
    found = {seed: State(preset=preset, nh=nh, seed=seed) for seed in seeds}
    return {seed: sweep(pixels, state.weights, preset == "lesson-2019")[layer].points for seed, state in found.items()}


def sweeps() -> Iterator[tuple[str, dict[int, list[SweepPoint]], str, int]]:
    """With the layer and the reader's n."""
    for preset, nh, seeds, layer, n in (
        ("lesson-2019", 50, (0, 1), "w1", 1),
        ("lesson-2019", 50, (0, 1), "w2", 100),
        ("lesson-2022", 50, (0,), "w1", 10),
        ("lesson-2022", 2, (0, 1, 2), "w1", 100),
        ("lesson-2022", 2, (0, 1, 2), "w2", 1),
        ("lesson-2019", 2, (7,), "w1", 10),
    ):
        yield f"{preset} {nh} {seeds} {layer} {n}", swept(preset, nh, seeds, layer), layer, n


def show_sweeps(chart: Callable[..., Picture]) -> None:
    @shows(chart)
    def _(palette: Palette) -> Named:
        for label, points, layer, n in sweeps():
            yield label, chart(points, layer, n, palette)


for chart in (
    sweep_charts.rows_chart,
    sweep_charts.share_chart,
    sweep_charts.variance_chart,
    sweep_charts.angle_chart,
    sweep_charts.distance_chart,
):
    show_sweeps(chart)


@shows(sweep_charts.rank_chart)
def _(palette: Palette) -> Named:
    for label, points, layer, n in sweeps():
        if layer == "w1":
            yield label, sweep_charts.rank_chart(points, n, palette)


@shows(curves_chart)
def _(palette: Palette) -> Named:
    values = {0: [(1, 1.0), (10, None), (100, 4.0)]}
    curve = Curve("a curve that breaks", values, palette.ink, palette.ink)
    yield "broken", curves_chart("curves", "A curve", [curve], even_scale([0, 2, 4], str), 10, palette)
