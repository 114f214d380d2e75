"""The pictures of variance: what their colours, marks and words say, and where the words stand."""

import re
from functools import lru_cache
from xml.etree import ElementTree

import numpy as np
import pytest
from loops import over
from pictures.diagrams.drawn import SVG, parsed, pixels_of, says, texts, tips, words
from states import State

from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.variance.bars import deviation_bars
from mnistgrad.pictures.diagrams.variance.lanes import variance_lanes
from mnistgrad.pictures.diagrams.variance.map_images import signal_maps
from mnistgrad.pictures.diagrams.variance.map_matrix import signal_matrix
from mnistgrad.pictures.diagrams.variance.map_rows import row_variance_map
from mnistgrad.pictures.palette import PALETTES, brightness_colours, value_colours

LATER = State(n=30, preset="lesson-2022", normalise=False)
STATES = [State(n=2), State(n=30), LATER, State(n=10, nh=2, seed=3), State(n=3, nh=100)]
each_state = over("state", STATES)
each_theme = over("theme", PALETTES)
ROWS = [0, 27, 30, 203, 406, 783]


@lru_cache
def own_gradients(state: State, layer: str) -> np.ndarray:
    """(n, i, j): each image's own gradient."""
    matrix = state.weight_gradient(layer)
    return state.n * matrix.inp.double().numpy()[:, :, None] * matrix.out_g.double().numpy()[:, None, :]


@lru_cache
def spread(state: State, layer: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and deviation over images, and the size of their ratio."""
    own = own_gradients(state, layer)
    mean, deviation = own.mean(0), own.std(0)
    deviation[np.ptp(own, axis=0) == 0] = 0
    ratio = np.divide(abs(mean), deviation, out=np.full(mean.shape, np.nan), where=deviation > 0)
    return mean, deviation, ratio


def black_in(state: State) -> np.ndarray:
    return ~state.batch.images.numpy().reshape(state.n, -1).any(0)


def rows_of(state: State) -> np.ndarray:
    variances = state.weight_gradient("w1").g.numpy().var(1)
    return np.where(variances > 1e-18 * variances.max(), variances, 0.0)


@lru_cache
def row_map(state: State, row: int = 406, theme: str = "light") -> Diagram:
    return row_variance_map(rows_of(state), black_in(state), row, PALETTES[theme])


@lru_cache
def maps(state: State, unit: int, row: int = 406, theme: str = "light") -> Diagram:
    mean, deviation, _ = spread(state, "w1")
    return signal_maps(mean[:, unit], deviation[:, unit], black_in(state), unit, row, PALETTES[theme])


@lru_cache
def matrix(state: State, unit: int, theme: str = "light") -> Diagram:
    return signal_matrix(spread(state, "w1")[2], unit, PALETTES[theme])


@lru_cache
def bars(state: State, order: str = "size", row: int = 1, theme: str = "light") -> Diagram:
    mean, deviation, _ = spread(state, "w2")
    return deviation_bars(mean[:, 0], deviation[:, 0], order, row, PALETTES[theme])


@lru_cache
def lanes(state: State, row: int = 1, theme: str = "light") -> Diagram:
    matrix = state.weight_gradient("w2")
    column = matrix.g[:, 0].numpy()
    off = matrix.groups["off"].numpy()
    groups = {"some off": off, "others on": ~off, "all of them": np.ones(len(off), bool)}
    groups = {name: mask for name, mask in groups.items() if mask.any()}
    variances = {name: 0.0 if name == "some off" else float(column[mask].var()) for name, mask in groups.items()}
    return variance_lanes(column, groups, variances, row, PALETTES[theme])


def live_unit(state: State) -> int:
    return state.weight_gradient("w1").liveliest_column


def images(diagram: Diagram) -> list[np.ndarray]:
    return [pixels_of(image) for image in parsed(diagram.svg).iter(f"{SVG}image")]


def clicked(diagram: Diagram) -> list[int]:
    return [int(e.get("data-row", "")) for e in parsed(diagram.svg).iter() if e.get("data-row")]


@each_state
def test_map_of_rows_has_their_variances_as_colours(state: State) -> None:
    variances = rows_of(state)
    expected = brightness_colours(variances, variances.max(), PALETTES["light"]).reshape(28, 28, 3)
    assert np.array_equal(images(row_map(state))[0], expected)
    assert row_map(state).frame["variance"].to_numpy() == pytest.approx(variances)
    assert sorted(clicked(row_map(state))) == list(range(784))


@each_state
def test_sorted_rows_stand_where_the_axis_says(state: State) -> None:
    root = parsed(row_map(state).svg)
    dots = [path.get("d", "") for path in root.iter(f"{SVG}path") if path.get("stroke-linecap") == "round"]
    places = sorted(tuple(map(float, p)) for d in dots for p in re.findall(r"M([\d.]+) ([\d.]+)h0", d))
    variances = np.sort(rows_of(state))[::-1]
    heights = np.array([y for _, y in places])
    assert len(places) == 784
    ticks = [t for t in texts(root) if re.fullmatch(r"[\d.]+|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", t.words) and 400 < t.x < 440 and t.words != "0"]
    logs = np.array([np.log10(_tick(t.words)) for t in ticks])
    slope, start = np.polyfit([(t.box[1] + t.box[3]) / 2 for t in ticks], logs, 1)
    shown = variances > 0
    assert heights[shown] * slope + start == pytest.approx(np.log10(variances[shown]), abs=0.12)
    assert (heights[~shown] > heights[shown].max()).all()


def _tick(label: str) -> float:
    power = label.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(power) if power == label else 10.0 ** int(power[2:])


@each_state
def test_black_rows_are_told_with_their_one_value(state: State) -> None:
    black, variances = black_in(state), rows_of(state)
    (label,) = [w for w in words(parsed(row_map(state).svg)) if "black pixel" in w]
    told = re.fullmatch(r"(\d+) black pixels: (exactly 0|(\S+) each)", label)
    assert told and int(told[1]) == black.sum()
    assert np.ptp(variances[black]) <= 1e-9 * variances.max()
    assert says(told[3], variances[black][0]) if told[3] else not variances[black].any()


@over("row", ROWS)
def test_chosen_row_is_told_with_its_variance(row: int) -> None:
    told = [w for w in words(parsed(row_map(State(n=30), row).svg)) if w.startswith(f"row {row}: ")]
    assert len(told) == 2 and all(says(w.split(": ")[1], rows_of(State(n=30))[row]) for w in told)


@each_state
def test_three_maps_are_mean_deviation_and_ratio(state: State) -> None:
    unit = live_unit(state)
    mean, deviation, ratio = (values[:, unit] for values in spread(state, "w1"))
    light = PALETTES["light"]
    shown = images(maps(state, unit))
    expected = [
        value_colours(mean, abs(mean).max(), light),
        brightness_colours(deviation, deviation.max(), light),
        brightness_colours(np.nan_to_num(ratio), np.nanmax(ratio), light),
    ]
    assert all(np.array_equal(a, b.reshape(28, 28, 3)) for a, b in zip(shown[0::2], expected, strict=True))
    ends = [w for w in words(parsed(maps(state, unit).svg)) if re.match(r"[−+\d]", w) and w != "0"]
    assert all(
        says(w, v) for w, v in zip(ends, [-abs(mean).max(), abs(mean).max(), deviation.max(), np.nanmax(ratio)], strict=True)
    )


@each_state
def test_each_pixel_of_the_three_maps_says_its_numbers(state: State) -> None:
    unit = live_unit(state)
    mean, deviation, ratio = (values[:, unit] for values in spread(state, "w1"))
    said: dict[int, str] = {}
    for group in parsed(maps(state, unit).svg).iter(f"{SVG}g"):
        if (title := group.find(f"{SVG}title")) is not None:
            said |= {int(path.get("data-row", "")): title.text or "" for path in group.iter(f"{SVG}path")}
    assert sorted(said) == list(range(784))
    for row, tip in said.items():
        if not deviation[row]:
            assert tip.endswith("for every image") and says(tip.split()[0], mean[row])
            continue
        told = re.fullmatch(r"\|(.+)\| ÷ (.+) = (.+)", tip)
        assert told and all(says(t, v) for t, v in zip(told.groups(), (mean[row], deviation[row], ratio[row]), strict=True))


def test_a_pixels_cell_lies_on_all_three_maps() -> None:
    root = parsed(maps(State(n=30), 0).svg)
    (group,) = [g for g in root.iter(f"{SVG}g") if g.get("transform")]
    left, top, cell = map(float, re.findall(r"[\d.]+", group.get("transform", "")))
    (path,) = [p for p in group.iter(f"{SVG}path") if p.get("data-row") == "59"]
    corner, *steps = re.findall(r"[Mm](\d+) (\d+)", path.get("d", ""))
    xs = [float(corner[0])]
    for dx, _ in steps:
        xs.append(xs[-1] + float(dx))
    starts = [float(image.get("x", 0)) for image in list(root.iter(f"{SVG}image"))[0::2]]
    assert [left + cell * x for x in xs] == pytest.approx([start + 3 * cell for start in starts], abs=0.01)
    assert top + cell * int(corner[1]) == pytest.approx(float(next(root.iter(f"{SVG}image")).get("y", 0)) + 2 * cell)


@each_state
def test_rows_of_the_matrix_run_down_and_the_chosen_column_is_framed(state: State) -> None:
    unit = live_unit(state)
    ratio = spread(state, "w1")[2]
    root = parsed(matrix(state, unit).svg)
    expected = brightness_colours(np.nan_to_num(ratio), np.nanmax(ratio), PALETTES["light"])
    drawn = images(matrix(state, unit))[0].astype(int)
    across = drawn.shape[1] // state.nh
    assert drawn.shape == (784, across * state.nh, 3)
    assert np.abs(drawn[:, across // 2 :: across] - expected).max() <= 256 / 32  # in fewer colours
    columns = [e for e in root.iter(f"{SVG}path") if e.get("data-row")]
    assert [int(c.get("data-row", "")) for c in columns] == list(range(state.nh))
    (frame,) = [e for e in root.iter(f"{SVG}rect") if e.get("stroke") == PALETTES["light"].axis["j"]]
    left = float(columns[unit].get("d", "")[1:].split()[0])
    assert float(frame.get("x", 0)) + 1.5 == pytest.approx(left, abs=0.02)
    assert f"unit {unit}" in words(root)
    for band, tip in enumerate(tips(root)):
        known = ratio[~np.isnan(ratio[:, band]), band]
        told = re.fullmatch(rf"unit {band}: (?:the same for every image|(\S+) to (\S+))", tip.replace("\u00a0", ""))
        assert told and bool(told[1]) == bool(len(known))
        if told[1]:
            assert says(told[1], known.min()) and says(told[2], known.max())


@each_state
@over("order", ["size", "number"])
def test_bars_reach_one_deviation_from_the_mean(state: State, order: str) -> None:
    mean, deviation, ratio = (values[:, 0] for values in spread(state, "w2"))
    diagram = bars(state, order)
    units = diagram.frame["unit"].tolist()
    keys = np.nan_to_num(ratio, nan=-1.0)[units]
    assert units == list(range(state.nh)) if order == "number" else (np.diff(keys) <= 1e-9 * abs(keys[0])).all()
    root = parsed(diagram.svg)
    dots = [float(c.get("cy", 0)) for c in root.iter(f"{SVG}circle")]
    slope, start = _axis(root, mean, deviation)
    assert np.array(dots) * slope + start == pytest.approx(mean[units], abs=2e-3 * np.ptp([start, start + slope * 300]))
    upright = [line.get("points", "").replace(",", " ").split() for line in root.iter(f"{SVG}polyline")]
    ends = [(float(y1), float(y2)) for x1, y1, x2, y2 in upright if x1 == x2]
    shown = [unit for unit in units if deviation[unit]]
    lengths = [abs(a - b) * abs(slope) for a, b in ends]
    assert lengths == pytest.approx(2 * deviation[shown], rel=0.01, abs=0.02 * abs(slope))
    assert clicked(diagram) == units


def _axis(root: ElementTree.Element, mean: np.ndarray, deviation: np.ndarray) -> tuple[float, float]:
    """Value = slope · y + start, from the outermost grid lines."""
    lines = [line.get("points", "").replace(",", " ").split() for line in root.iter(f"{SVG}polyline")]
    level = sorted({float(y1) for x1, y1, x2, y2 in lines if y1 == y2})
    high, low = max((mean + deviation).max(), 0.0), min((mean - deviation).min(), 0.0)
    slope = (low - high) / (level[-1] - level[0])
    return slope, high - slope * level[0]


@each_state
def test_lanes_show_each_entry_of_the_group(state: State) -> None:
    column = state.weight_gradient("w2").g[:, 0].numpy()
    off = state.weight_gradient("w2").groups["off"].numpy()
    root = parsed(lanes(state).svg)
    dots = [(float(c.get("cy", 0)), float(c.get("cx", 0)), int(c.get("data-row", ""))) for c in root.iter(f"{SVG}circle")]
    lane_heights = sorted({y for y, _, _ in dots})
    groups = [g for g in (np.flatnonzero(off), np.flatnonzero(~off), np.arange(state.nh)) if len(g)]
    assert [sorted(u for y, _, u in dots if y == lane) for lane in lane_heights] == [g.tolist() for g in groups]
    xs = {u: x for _, x, u in dots}
    slope = np.polyfit(column, [xs[u] for u in range(state.nh)], 1)
    assert [xs[u] for u in range(state.nh)] == pytest.approx(np.polyval(slope, column), abs=0.02)
    told = [w for w in words(root) if w.startswith("variance")]
    for words_, group in zip(told, groups, strict=True):
        exactly = words_ == "variance exactly 0"
        assert np.ptp(column[group]) < 1e-9 * abs(column).max() if exactly else says(words_.split()[1], column[group].var())


def test_a_column_of_one_value_is_drawn() -> None:
    diagram = variance_lanes(np.zeros(2), {"all": np.ones(2, bool)}, {"all": 0.0}, 0, PALETTES["light"])
    assert "nan" not in diagram.svg and "variance exactly 0" in words(parsed(diagram.svg))


def test_units_without_spread_are_drawn_without_a_bar() -> None:
    diagram = deviation_bars(np.array([0.0, 2.0]), np.zeros(2), "size", 0, PALETTES["light"])
    assert "unit 0: the same for every image" in words(parsed(diagram.svg)) and "nan" not in diagram.svg
