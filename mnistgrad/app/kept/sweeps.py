"""Sweeps and their pictures, kept by small plain keys. A sweep runs beside the page, which draws what there is."""

from dataclasses import replace
from functools import cached_property
from weakref import WeakValueDictionary

from mnistgrad.app.controls import State
from mnistgrad.app.jobs.readers import reader
from mnistgrad.app.jobs.work import Job, Lane
from mnistgrad.app.keeping import PICTURES, SWEEPS
from mnistgrad.app.kept import results
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.gradient.sweep import COUNTS, LitPixels, Sweep, SweepPoint, lit_pixels, sweep, sweep_point
from mnistgrad.network.data import ImageSet
from mnistgrad.pictures.charts import sweep as charts
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.palette import PALETTES

Seeds = tuple[int, ...]
LANE = Lane("sweeps", 1, SWEEPS)  # one at a time: each has both cores


class _Pixels:
    """What sweeps multiply, 144 MB: made by the first that runs, shared by those that wait, and gone with the last."""

    def __init__(self, source: ImageSet) -> None:
        self._source = source

    @cached_property
    def lit(self) -> LitPixels:
        source = self._source
        counts = [n for n in COUNTS if n < source.most] + [source.most]
        return lit_pixels(source.images, source.labels, counts, source)


_shared: WeakValueDictionary[str, _Pixels] = WeakValueDictionary()


def sweep_of(state: State, seed: int) -> Job[dict[str, Sweep]]:
    """The sweep at all images, made beside the page."""
    source = image_set(state.images)  # if the images cannot be read, the page is told at once
    whole = replace(state, n=source.most, seed=seed)
    pixels = _shared.setdefault(state.images, _Pixels(source))
    return reader().ask(LANE, whole, lambda job: sweep(pixels.lit, results.weights_of(whole), whole.normalise, job.go_on))


def _swept(state: State, seed: int) -> dict[str, Sweep]:
    """Once it is made."""
    found = sweep_of(state, seed).result
    assert found is not None
    return found


@SWEEPS.keep
def point_of(state: State, layer: str, done: bool) -> SweepPoint:
    """The point at the reader's n, from the gradient that the other pages show; once the seed's sweep is done, compared."""
    found = results.weight_gradient(state, layer)
    if not done:
        return sweep_point(found)
    own = state.n == image_set(state.images).most
    return sweep_point(found, found.g if own else _swept(state, state.seed)[layer].full)


def points_of(state: State, layer: str, done: Seeds) -> dict[int, tuple[SweepPoint, ...]]:
    """For each seed whose sweep is done, its points; the reader's own seed first, done or not, with the reader's n among them."""
    here = point_of(state, layer, bool(done))
    found = {seed: _swept(state, seed)[layer].points for seed in done}
    own = [point for point in found.get(state.seed, ()) if point.n != state.n]
    return found | {state.seed: tuple(sorted([*own, here], key=lambda point: point.n))}


@PICTURES.keep
def picture(name: str, state: State, layer: str, done: Seeds, theme: str) -> Chart:
    """name: "rows", "rank", "shares", "variance", "angle" or "distance"."""
    points, palette = points_of(state, layer, done), PALETTES[theme]
    if name == "rank":
        return charts.rank_chart(points, state.n, palette)
    draw = {
        "rows": charts.rows_chart,
        "shares": charts.share_chart,
        "variance": charts.variance_chart,
        "angle": charts.angle_chart,
        "distance": charts.distance_chart,
    }[name]
    return draw(points, layer, state.n, palette)
