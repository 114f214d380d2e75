"""One column and the distances of the rows as maps of pixels: colours, hatching, the chosen pixel, what is clicked."""

import json
import re
from functools import lru_cache
from xml.etree import ElementTree

import numpy as np
import pytest
from loops import over
from pictures.diagrams.drawn import SVG, number, parsed, pixel_at, pixel_grid, pixels_of, says, size_of, texts
from states import State

from mnistgrad.gradient.rows import Rows, rows_of
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.units.distance_map import distance_map
from mnistgrad.pictures.diagrams.units.unit_map import unit_map
from mnistgrad.pictures.palette import PALETTES, brightness_colours, value_colours

STATES = [State(n=1), State(n=10), State(), State(n=10, nh=2), State(n=10, preset="lesson-2022", normalise=False)]
each_state = over("state", STATES)
each_theme = over("theme", PALETTES)
ROWS = (0, 27, 28, 55, 56, 405, 756, 783)


@lru_cache(maxsize=16)
def made(state: State) -> tuple[WeightGradient, Rows]:
    found = state.weight_gradient("w1")
    return found, rows_of(found)


@lru_cache(maxsize=64)
def unit(state: State, column: int = 1, row: int = 405, theme: str = "light") -> Diagram:
    found, rows = made(state)
    return unit_map(found.g[:, column].numpy(), column, row, rows.copied.numpy(), PALETTES[theme])


@lru_cache(maxsize=64)
def distances(state: State, row: int = 405, theme: str = "light") -> Diagram:
    return distance_map(made(state)[1].distances.numpy(), row, PALETTES[theme])


def hatched(root: ElementTree.Element) -> set[int]:
    _, _, cell = pixel_grid(root)
    strokes = re.findall(r"M([\d.]+) ([\d.]+)l[\d.]+ -[\d.]+", " ".join(p.get("d", "") for p in root.iter(f"{SVG}path")))
    return {pixel_at(root, float(x), float(y) - cell) for x, y in strokes}


def contour_edges(root: ElementTree.Element) -> set[tuple[int, int, str]]:
    """Single edges of cells: where each begins, and h or v."""
    left, top, cell = pixel_grid(root)
    path = next(p for p in root.iter(f"{SVG}path") if p.get("stroke-linecap"))
    edges = set()
    for x, y, way, length in re.findall(r"M([\d.]+) ([\d.]+)([hv])([\d.]+)", path.get("d", "")):
        across, down = round((float(x) - left) / cell), round((float(y) - top) / cell)
        for step in range(round(float(length) / cell)):
            edges.add((across + step * (way == "h"), down + step * (way == "v"), way))
    return edges


@each_state
@each_theme
def test_colours_are_the_values_of_the_column_on_a_scale_of_its_own(state: State, theme: str) -> None:
    column = made(state)[0].g[:, 1].numpy()
    drawn = pixels_of(next(parsed(unit(state, theme=theme).svg).iter(f"{SVG}image")))
    assert drawn.shape[:2] == (28, 28)
    expected = value_colours(column.reshape(28, 28), abs(column).max(), PALETTES[theme])
    np.testing.assert_array_equal(drawn, expected)


@each_state
@each_theme
def test_colours_are_the_distances_from_paper_at_a_copy_to_the_full_colour(state: State, theme: str) -> None:
    away = made(state)[1].distances.numpy()
    drawn = pixels_of(next(parsed(distances(state, theme=theme).svg).iter(f"{SVG}image")))
    np.testing.assert_array_equal(drawn, brightness_colours(away.reshape(28, 28), away.max(), PALETTES[theme]))
    copies = drawn.reshape(-1, 3)[away == 0]
    assert {"#" + bytes(c).hex() for c in copies} == {PALETTES[theme].paper}


@each_state
@over("make", [unit, distances])
def test_exactly_the_copies_are_hatched_and_a_line_runs_around_them(state: State, make) -> None:
    g = made(state)[0].g.numpy()
    copied = np.isclose(g, g[0], rtol=0, atol=1e-8 * abs(g).max()).all(1)
    root = parsed(make(state).svg)
    assert hatched(root) == set(np.flatnonzero(copied).tolist())
    image = copied.reshape(28, 28)
    across = {(x, y, "h") for y in range(1, 28) for x in range(28) if image[y, x] != image[y - 1, x]}
    down = {(x, y, "v") for y in range(28) for x in range(1, 28) if image[y, x] != image[y, x - 1]}
    assert contour_edges(root) == across | down


@over("row", ROWS)
@over("make", [unit, distances])
def test_chosen_pixel_is_framed_and_its_value_stands_beside_it_inside_the_map(make, row: int) -> None:
    root = parsed(make(State(n=10), row=row).svg)
    left, top, cell = pixel_grid(root)
    frames = [r for r in root.iter(f"{SVG}rect") if r.get("fill") == "none" and float(r.get("height", 0)) == cell]
    assert {pixel_at(root, float(f.get("x", 0)), float(f.get("y", 0))) for f in frames} == {row}
    label = next(text for text in texts(root) if text.words.startswith("row"))
    assert label.box[0] >= left and label.box[2] <= left + 28 * cell and label.box[1] >= top
    assert label.box[3] <= top + 28 * cell
    x, y = left + (row % 28) * cell, top + row // 28 * cell
    assert not (label.box[0] < x + cell and x < label.box[2] and label.box[1] < y + cell and y < label.box[3])
    found, rows = made(State(n=10))
    told = label.words.removeprefix(f"row {row}: ")
    if make is distances:
        assert told == "a copy" if rows.copied[row] else says(told, rows.distances[row].item())
    else:
        assert says(told, found.g[row, 1].item())


@each_state
@over("make", [unit, distances])
def test_scale_names_its_ends(state: State, make) -> None:
    found, rows = made(state)
    root = parsed(make(state).svg)
    below = [t for t in texts(root) if t.y > pixel_grid(root)[1] + 28 * pixel_grid(root)[2]]
    if make is distances:
        assert below[0].words == "0, a copy" and says(below[1].words, rows.distances.max().item())
    else:
        limit = found.g[:, 1].abs().max().item()
        assert [number(t.words) for t in below] == pytest.approx([-limit, 0, limit], rel=6e-3)
    width, height = size_of(root)
    assert all(t.box[0] >= 0 and t.box[2] <= width and t.box[3] <= height for t in below)


@each_state
@over("make", [unit, distances])
def test_every_pixel_can_be_clicked_where_it_lies_and_says_its_value(make, state: State) -> None:
    root = parsed(make(state).svg)
    found, rows = made(state)
    values = found.g[:, 1] if make is unit else rows.distances
    left, top, cell = pixel_grid(root)
    outer = next(g for g in root.iter(f"{SVG}g") if g.get("transform"))
    assert outer.get("transform") == f"translate({left:g} {top:g}) scale({cell:g})"
    seen = []
    limit = values.abs().max().item()
    for group in outer:
        tip = group.findtext(f"{SVG}title") or ""
        for path in group.iter(f"{SVG}path"):
            row = int(path.get("data-row", ""))
            assert path.get("d") == f"M{row % 28} {row // 28}h1v1h-1z"
            assert tip.startswith("a copy: ") == bool(rows.copied[row])
            told = number(tip.rpartition(" ")[2]) if "×" not in tip else number(tip.partition(": ")[2] or tip)
            assert told == pytest.approx(values[row].item(), abs=0.05 * limit + 1e-12)
            seen.append(row)
    assert sorted(seen) == list(range(784))


def test_unit_that_is_off_is_flat_and_says_so() -> None:
    found, _ = made(State(n=1))
    off = int(found.off.nonzero()[0])
    root = parsed(unit(State(n=1), column=off).svg)
    assert len(np.unique(pixels_of(next(root.iter(f"{SVG}image"))).reshape(-1, 3), axis=0)) == 1
    assert [text.words for text in texts(root)] == ["off: 0 everywhere"]


@each_state
def test_tables_list_every_pixel(state: State) -> None:
    found, rows = made(state)
    frame = unit(state).frame
    assert (frame["pixel_row"] * 28 + frame["pixel_column"]).tolist() == frame["row"].tolist() == list(range(784))
    assert frame["gradient"].tolist() == found.g[:, 1].tolist()
    assert frame.loc[frame["chosen"], "row"].tolist() == [405]
    away = distances(state).frame
    assert away["distance"].tolist() == rows.distances.tolist()
    assert away["copy"].tolist() == frame["copy"].tolist() == rows.copied.tolist()


def test_descriptions_name_the_column_the_row_and_the_farthest() -> None:
    _, rows = made(State())
    assert unit(State()).description.startswith("Column 1 of w1.g") and "Row 405 is framed" in unit(State()).description
    assert f"the farthest is row {int(rows.distances.argmax())}" in distances(State()).description


def test_map_stays_small_on_the_wire() -> None:
    assert max(len(json.dumps(make(state).svg)) for state in STATES for make in (unit, distances)) < 52_000
