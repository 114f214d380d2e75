"""Sweeps and their pictures, kept by small plain keys. A sweep runs beside the page, which draws what there is."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from mnistgrad.app.controls import State
from mnistgrad.app.keeping import LAYERS, PICTURES, SWEEPS
from mnistgrad.app.kept import results
from mnistgrad.gradient.sweep import LitPixels, Sweep, SweepPoint, lit_pixels, sweep, sweep_point
from mnistgrad.network.data import TRAINING_IMAGES, mnist
from mnistgrad.pictures.charts import sweep as charts
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.palette import PALETTES

Seeds = tuple[int, ...]
_worker = ThreadPoolExecutor(1, "sweep")  # one at a time: each has both cores


@LAYERS.keep
def _pixels() -> LitPixels:
    """144 MB, for all sweeps."""
    source = mnist()
    return lit_pixels(source.images[:TRAINING_IMAGES], source.labels[:TRAINING_IMAGES])


@SWEEPS.keep
def _begun(state: State) -> Future[dict[str, Sweep]]:
    """The sweep of the state at all images."""
    return _worker.submit(lambda: sweep(_pixels(), results.weights_of(state), state.normalise))


def _sweep_of(state: State, seed: int) -> Future[dict[str, Sweep]]:
    mnist()  # if the images cannot be read, the page is told, not the thread
    return _begun(replace(state, n=TRAINING_IMAGES, seed=seed))


def finished(state: State, seeds: Sequence[int]) -> Seeds:
    """Those of the seeds whose sweeps are done, in order; begins the first that is not."""
    done = []
    for seed in seeds:
        if not _sweep_of(state, seed).done():
            break
        done.append(seed)
    return tuple(done)


@SWEEPS.keep
def point_of(state: State, layer: str, done: bool) -> SweepPoint:
    """The point at the reader's n, from the gradient that the other pages show; once the seed's sweep is done, compared."""
    found = results.weight_gradient(state, layer)
    if not done:
        return sweep_point(found)
    own = state.n == TRAINING_IMAGES
    return sweep_point(found, found.g if own else _sweep_of(state, state.seed).result()[layer].full)


def points_of(state: State, layer: str, done: Seeds) -> dict[int, tuple[SweepPoint, ...]]:
    """For each seed whose sweep is done, its points; the reader's own seed first, done or not, with the reader's n among them."""
    here = point_of(state, layer, bool(done))
    found = {seed: _sweep_of(state, seed).result()[layer].points for seed in done}
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
