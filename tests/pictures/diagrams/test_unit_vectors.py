"""The bars of w2.g and the two leading vectors: heights, signs, names, what is clicked."""

import re
from functools import lru_cache
from xml.etree import ElementTree

import numpy as np
import pytest
from loops import over
from pictures.diagrams.drawn import SVG, number, parsed, pixels_of, says, size_of, texts, tips
from states import ALL_OFF, LATER, State

from mnistgrad.gradient.outer_product import LeadingVectors, leading_vectors
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.units.leading_vectors import leading_vectors_diagram
from mnistgrad.pictures.diagrams.units.unit_bars import unit_bars
from mnistgrad.pictures.palette import PALETTES, value_colours

STATES = [State(n=1), State(), State(nh=2), State(n=10, nh=100), LATER]
each_state = over("state", STATES)
each_bar_state = over("state", [*STATES, ALL_OFF])


@lru_cache(maxsize=32)
def bars(state: State, row: int = 1, theme: str = "light") -> Diagram:
    found = state.weight_gradient("w2")
    background = found.background * found.b_g.item()
    return unit_bars(found.g[:, 0].numpy(), found.copies.numpy(), background, row, PALETTES[theme])


def bars_drawn(root: ElementTree.Element) -> list[tuple[float, float, float, ElementTree.Element]]:
    """Middle, top and height of each bar, from left to right."""
    found = [r for r in root.iter(f"{SVG}rect") if r.get("fill", "").startswith("#") and r.get("x")]
    box = [[float(r.get(k, 0)) for k in ("x", "y", "width", "height")] for r in found]
    return [(x + w / 2, y, h, r) for (x, y, w, h), r in zip(box, found, strict=True)]


def axis(root: ElementTree.Element) -> dict[float, float]:
    """By value: at which height the scale names it."""
    return {number(t.words): t.y - 0.35 * 12 for t in texts(root) if t.x < 60}


@each_bar_state
def test_bars_reach_from_zero_to_the_gradient_largest_first(state: State) -> None:
    column, root = state.weight_gradient("w2").g[:, 0].numpy(), parsed(bars(state).svg)
    scale = axis(root)
    (low, y_low), (high, y_high) = min(scale.items()), max(scale.items())
    per = (y_low - y_high) / (high - low)
    drawn = bars_drawn(root)
    assert len(drawn) == state.nh
    for (_, top, tall, bar), value in zip(drawn, np.sort(column)[::-1], strict=True):
        assert tall == pytest.approx(abs(value) * per, rel=0.01, abs=1.1)
        assert (top if value > 0 else top + tall) == pytest.approx(scale[0.0] - value * per, rel=0.01, abs=1.5)
        colour = bar.get("fill")
        assert colour == PALETTES["light"].values[-2 if value > 0 else 1]


@each_bar_state
def test_bar_is_clicked_where_it_stands_and_says_its_unit(state: State) -> None:
    found, root = state.weight_gradient("w2"), parsed(bars(state).svg)
    hits = [r for r in root.iter(f"{SVG}rect") if r.get("data-row") is not None]
    assert sorted(int(r.get("data-row", "")) for r in hits) == list(range(state.nh))
    told = tips(root)
    for hit, (middle, *_), tip in zip(hits, bars_drawn(root), told, strict=True):
        unit = int(hit.get("data-row", ""))
        assert float(hit.get("x", 0)) < middle < float(hit.get("x", 0)) + float(hit.get("width", 0))
        assert tip.startswith(f"unit {unit}") and says(tip.partition(": ")[2], found.g[unit, 0].item())
        assert ("off for every image" in tip) == bool(found.copies[unit])


@each_bar_state
def test_dashed_line_is_the_row_of_a_unit_that_is_off(state: State) -> None:
    found, root = state.weight_gradient("w2"), parsed(bars(state).svg)
    value = -(0.5 if state.preset == "lesson-2019" else 0.0) * found.out_g.double().sum().item()
    (label,) = [t for t in texts(root) if "stand here" in t.words]
    assert says(label.words.rpartition(": ")[2], value)
    assert label.words.startswith("units that are off stand" if found.copies.any() else "a unit that is off would stand")
    (line,) = [p for p in root.iter(f"{SVG}polyline") if p.get("stroke-dasharray")]
    height = float(re.split("[ ,]", line.get("points", ""))[1])
    scale = axis(root)
    (low, y_low), (high, y_high) = min(scale.items()), max(scale.items())
    assert height == pytest.approx(y_low - (value - low) / (high - low) * (y_low - y_high), abs=1.5)
    for (_, top, tall, bar), unit in zip(bars_drawn(root), bars(state).frame["unit"], strict=True):
        if found.copies[unit]:
            assert float(bar.get("opacity", 1)) < 1
            assert min(abs(top - height), abs(top + tall - height)) < 1.1
        else:
            assert bar.get("opacity") is None


@over(("state", "row"), [(State(), 41), (State(n=10, nh=100), 59), (State(n=10, nh=100), 0), (State(nh=2), 0)])
def test_chosen_bar_is_framed_and_named_inside_the_picture(state: State, row: int) -> None:
    root, palette = parsed(bars(state, row).svg), PALETTES["light"]
    (framed,) = [place for place, (*_, bar) in enumerate(bars_drawn(root)) if bar.get("stroke") == palette.axis["j"]]
    assert bars(state, row).frame["unit"][framed] == row
    width, height = size_of(root)
    (name,) = [t for t in texts(root) if t.fill == palette.axis_text["j"] and not t.words.startswith("hidden")]
    assert name.words in (str(row), f"unit {row}") and name.box[0] >= 0 and name.box[2] <= width and name.box[3] <= height


@each_bar_state
def test_table_of_bars_has_every_unit_with_its_distance(state: State) -> None:
    found, frame = state.weight_gradient("w2"), bars(state).frame.sort_values("unit")
    column = found.g[:, 0].numpy()
    assert frame["gradient"].tolist() == column.tolist() and frame["off"].tolist() == found.copies.tolist()
    away = np.abs(column - found.background * found.b_g.item())
    assert frame["distance"].tolist() == pytest.approx(away.tolist())


@lru_cache(maxsize=16)
def leading(state: State) -> LeadingVectors:
    return leading_vectors(state.weight_gradient("w1"))


@lru_cache(maxsize=16)
def vectors(state: State, theme: str = "light") -> Diagram:
    return leading_vectors_diagram(leading(state), state.weight_gradient("w1").b_g.numpy(), PALETTES[theme])


@each_state
@over("theme", PALETTES)
def test_maps_are_the_left_vector_and_the_mean_image(state: State, theme: str) -> None:
    drawn = [pixels_of(image) for image in parsed(vectors(state, theme).svg).iter(f"{SVG}image")]
    wanted = (leading(state).rows.numpy(), state.batch.inp.double().mean(0).numpy())
    for picture, values in zip(drawn, wanted, strict=True):
        expected = value_colours(values.reshape(28, 28), abs(values).max(), PALETTES[theme])
        assert np.abs(picture.astype(int) - expected).max() <= 3  # a mean in float32 may fall on the next of 255 colours


@each_state
def test_bars_are_the_right_vector_and_the_bias_gradient(state: State) -> None:
    root, palette = parsed(vectors(state).svg), PALETTES["light"]
    paths = [p for p in root.iter(f"{SVG}path") if p.get("fill") in (palette.values[-2], palette.values[1])]
    found = state.weight_gradient("w1")
    for values, (up, down) in ((leading(state).columns.numpy(), paths[:2]), (found.b_g.numpy(), paths[2:])):
        heights = [re.findall(r"M([\d.]+) [\d.]+v(-?[\d.]+)", path.get("d", "")) for path in (up, down)]
        bars = sorted((float(x), -float(v)) for x, v in [*heights[0], *heights[1]])
        assert len(bars) == np.count_nonzero(values)
        shown = np.array([height for _, height in bars])
        tallest = np.abs(shown).max()
        assert shown / tallest == pytest.approx(values[values != 0] / np.abs(values).max(), abs=0.003)
        assert all(float(v) <= 0 for _, v in heights[0]) and all(float(v) >= 0 for _, v in heights[1])


@each_state
def test_cosines_stand_below_what_they_compare(state: State) -> None:
    told = [t for t in texts(parsed(vectors(state).svg)) if t.words.startswith("cosine")]
    b_g, columns = state.weight_gradient("w1").b_g.numpy(), leading(state).columns.numpy()
    cosine = columns @ b_g / np.linalg.norm(b_g)
    assert says(told[0].words.partition(": ")[2], leading(state).row_cosine)
    assert says(told[1].words.partition(": ")[2], cosine)
    assert told[0].x < 500 < told[1].x


@each_state
def test_table_of_vectors_holds_both_with_what_they_are_compared_with(state: State) -> None:
    frame = vectors(state).frame
    pixels, units = frame[frame["over"] == "pixel"], frame[frame["over"] == "unit"]
    assert pixels["leading_vector"].tolist() == leading(state).rows.tolist() and len(pixels) == 784
    assert units["leading_vector"].tolist() == leading(state).columns.tolist()
    assert units["other"].tolist() == state.weight_gradient("w1").b_g.tolist()
