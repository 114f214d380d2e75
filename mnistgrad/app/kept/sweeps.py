"""Sweeps and their pictures, kept by small plain keys. A sweep runs beside the page, which draws what there is."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from weakref import WeakValueDictionary

import torch

from mnistgrad.app.controls import State
from mnistgrad.app.jobs.readers import reader
from mnistgrad.app.jobs.work import Job, Lane
from mnistgrad.app.keeping import PICTURES, SWEEPS
from mnistgrad.app.kept import results
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.common.devices import CPU
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
    pixels, whole = _pixels(state.images), _whole(state, seed)
    return reader().ask(LANE, whole, lambda job: _sweep(pixels, whole, job.go_on))


def swept(state: State, seeds: Seeds, device: torch.device = CPU) -> dict[int, dict[str, Sweep]]:
    """By seed; what no job has made is made here and now, on the device."""
    pixels = _pixels(state.images)
    return {
        seed: LANE.kept(whole := _whole(state, seed)) or LANE.keep(whole, _sweep(pixels, whole, device=device)) for seed in seeds
    }


def _pixels(images: str) -> _Pixels:
    """Raises DataFileError at once, if the images cannot be read."""
    return _shared.setdefault(images, _Pixels(image_set(images)))


def _whole(state: State, seed: int) -> State:
    return replace(state, n=image_set(state.images).most, seed=seed)


def _sweep(
    pixels: _Pixels, whole: State, go_on: Callable[[], None] = lambda: None, device: torch.device = CPU
) -> dict[str, Sweep]:
    return sweep(pixels.lit, results.weights_of(whole), whole.normalise, go_on, device)


@SWEEPS.keep
def point_of(state: State, layer: str, done: bool) -> SweepPoint:
    """The point at the reader's n, from the gradient that the other pages show; once the seed's sweep is done, compared."""
    found = results.weight_gradient(state, layer)
    if not done:
        return sweep_point(found)
    own = state.n == image_set(state.images).most
    return sweep_point(found, found.g if own else swept(state, (state.seed,))[state.seed][layer].full)


def points_of(state: State, layer: str, done: Seeds) -> dict[int, tuple[SweepPoint, ...]]:
    """For each seed whose sweep is done, its points; the reader's own seed first, done or not, with the reader's n among them."""
    here = point_of(state, layer, bool(done))
    found = {seed: made[layer].points for seed, made in swept(state, done).items()}
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
