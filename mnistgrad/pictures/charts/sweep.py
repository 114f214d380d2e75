"""The charts of a sweep: what becomes of a weight gradient with more and more images."""

from collections.abc import Callable, Mapping, Sequence

from mnistgrad.captions.samples import degrees, of_full
from mnistgrad.common import numbers
from mnistgrad.gradient.sweep import Distance, SweepPoint
from mnistgrad.pictures.charts.curve_scales import Value, decade_scale, decade_words, even_scale, round_ticks
from mnistgrad.pictures.charts.look import Chart
from mnistgrad.pictures.charts.sweep_curves import Curve, curves_chart
from mnistgrad.pictures.palette import Palette

Points = Mapping[int, Sequence[SweepPoint]]  # by seed, the reader's own first; each in ascending order of n


def rows_chart(points: Points, layer: str, n: int, palette: Palette) -> Chart:
    """How many rows differ, and how many are copies because their pixel is black, or their unit off, in every image."""
    rows = _first(points).sizes["all"]
    letter = "i" if layer == "w1" else "j"
    curves = [Curve("different rows", _each(points, lambda p: p.distinct), palette.axis[letter], palette.axis_text[letter])]
    if layer == "w1":
        curves += [
            Curve("always-black pixels", _size(points, "black"), palette.muted, palette.muted),
            Curve("constant pixels", _size(points, "constant"), palette.muted, palette.muted, dashed=True),
        ]
    else:
        curves.append(Curve("units off in every image", _size(points, "off"), palette.muted, palette.muted))
    ticks = [tick for tick in round_ticks(rows) if tick < 0.95 * rows]
    return curves_chart(f"{layer}-rows", f"Rows of {layer}.g", curves, even_scale([*ticks, rows], _whole), n, palette)


def rank_chart(points: Points, n: int, palette: Palette) -> Chart:
    """The rank of w1.g."""
    units = _units(points)
    curve = Curve("rank", _each(points, lambda p: p.rank), palette.axis["j"], palette.axis_text["j"])
    ticks = [tick for tick in round_ticks(units) if tick < 0.95 * units]
    return curves_chart("w1-rank", "Rank of w1.g", [curve], even_scale([*ticks, units], _whole), n, palette)


def share_chart(points: Points, layer: str, n: int, palette: Palette) -> Chart:
    """The share of the squared norm in the best outer product, and in the best copied row; of w2.g the latter only."""
    copied = Curve(
        "best copied row", _each(points, lambda p: p.copied_row_share), palette.muted, palette.muted, dashed=layer == "w1"
    )
    if layer == "w1":
        best = Curve("best single outer product", _each(points, lambda p: p.first_share), palette.ink, palette.ink)
        scale = even_scale([0, 0.25, 0.5, 0.75, 1], lambda tick: f"{tick:.0%}", numbers.percent)
        return curves_chart("w1-shares", "Shares of the squared norm of w1.g", [best, copied], scale, n, palette)
    ticks = round_ticks(100 * max(_values(copied), default=0))
    scale = even_scale([tick / 100 for tick in ticks], lambda tick: f"{100 * tick:g}%", numbers.percent)
    return curves_chart("w2-shares", "Share of the squared norm of w2.g", [copied], scale, n, palette)


def variance_chart(points: Points, layer: str, n: int, palette: Palette) -> Chart:
    """The variance of a column over each group of rows, mean over the columns."""
    rows, line, text = _first(points).sizes["all"], palette.axis["j"], palette.axis_text["j"]
    still, still_text = (palette.axis["i"], palette.axis_text["i"]) if layer == "w1" else (palette.muted, palette.muted)
    curves = [Curve(f"all {rows} rows", _variance(points, "all"), line, text)]
    if layer == "w1":
        curves += [
            Curve("lit pixels", _variance(points, "lit"), line, text, dashed=True),
            Curve("always-black pixels", _variance(points, "black"), still, still_text),
            Curve("the 6 printed rows", _variance(points, "printed"), still, still_text, dashed=True),
        ]
    else:
        curves.append(Curve("units that are on", _variance(points, "on"), line, text, dashed=True))
        off = Curve("units off in every image", _variance(points, "off"), still, still_text)
        if list(_values(off)):
            curves.append(off)
    scale = decade_scale((value for curve in curves for value in _values(curve)), decade_words, numbers.significant)
    return curves_chart(f"{layer}-variance", f"Variance of a column of {layer}.g", curves, scale, n, palette)


def angle_chart(points: Points, layer: str, n: int, palette: Palette) -> Chart:
    """The angle to the full batch's gradient, in degrees."""
    curve = Curve("angle to the full batch", _away(points, lambda away: away.angle), palette.ink, palette.ink)
    scale = even_scale(round_ticks(max(_values(curve), default=0)), lambda tick: f"{tick:g}°", degrees)
    return curves_chart(f"{layer}-angle", f"Angle of {layer}.g to that of the full batch", [curve], scale, n, palette)


def distance_chart(points: Points, layer: str, n: int, palette: Palette) -> Chart:
    """How far from the full batch's gradient: all entries together, and the one that is farthest off."""
    curves = [
        Curve("whole matrix, by its norm", _away(points, lambda away: away.norm), palette.ink, palette.ink),
        Curve("farthest single entry", _away(points, lambda away: away.largest), palette.muted, palette.muted, dashed=True),
    ]
    values = [value for curve in curves for value in _values(curve)]
    scale = decade_scale(values, lambda tick: f"{100 * tick:,g}%", of_full)
    return curves_chart(f"{layer}-distance", f"Difference of {layer}.g from that of the full batch", curves, scale, n, palette)


def _whole(number: float) -> str:
    return numbers.count(round(number))


def _first(points: Points) -> SweepPoint:
    return next(iter(points.values()))[0]


def _units(points: Points) -> int:
    return _first(points).columns


def _each(points: Points, of: Callable[[SweepPoint], Value]) -> dict[int, list[tuple[int, Value]]]:
    return {seed: [(point.n, of(point)) for point in those] for seed, those in points.items()}


def _size(points: Points, group: str) -> dict[int, list[tuple[int, Value]]]:
    return _each(points, lambda point: point.sizes[group])


def _variance(points: Points, group: str) -> dict[int, list[tuple[int, Value]]]:
    return _each(points, lambda point: point.variances.get(group))


def _away(points: Points, of: Callable[[Distance], Value]) -> dict[int, list[tuple[int, Value]]]:
    return _each(points, lambda point: None if point.away is None else of(point.away))


def _values(curve: Curve) -> list[float]:
    return [value for those in curve.values.values() for _, value in those if value is not None]
