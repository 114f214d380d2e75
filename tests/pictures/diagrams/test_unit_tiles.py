"""All columns as tiles: each shows its own column, on its own scale or on one, and is clicked where it lies."""

import json
import re
from functools import lru_cache
from xml.etree import ElementTree

import numpy as np
import pytest
from loops import over
from pictures.diagrams.drawn import SVG, parsed, pixels_of, size_of, texts
from states import State

from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.diagrams.units.unit_tiles import unit_tiles
from mnistgrad.pictures.palette import PALETTES, rgb, value_colours

STATES = [State(n=1), State(n=10), State(nh=2), State(n=10, nh=100), State(nh=13, n=2), State(n=3, normalise=False)]
each_state = over("state", STATES)
LIMIT = 0.75


@lru_cache(maxsize=32)
def tiles(state: State, limit: float | None = None, chosen: int = 1, theme: str = "light") -> Diagram:
    found = state.weight_gradient("w1")
    return unit_tiles(found.g.numpy(), found.off.numpy(), chosen, limit, PALETTES[theme])


def places(root: ElementTree.Element) -> dict[int, tuple[float, float, float]]:
    """By unit: where its tile is clicked, left, top and edge."""
    found = {}
    for path in root.iter(f"{SVG}path"):
        if path.get("data-row") is not None:
            x, y, wide, tall, back = re.fullmatch(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-([\d.]+)z", path.get("d", "")).groups()  # type: ignore[union-attr]
            assert wide == tall == back
            found[int(path.get("data-row", ""))] = (float(x), float(y), float(wide))
    return found


def tile_of(root: ElementTree.Element, unit: int) -> np.ndarray:
    """(28, 28, 3): what the picture shows where the tile of the unit is clicked."""
    image = next(root.iter(f"{SVG}image"))
    drawn = pixels_of(image)
    cell = float(image.get("width", 0)) / drawn.shape[1]
    assert cell == pytest.approx(float(image.get("height", 0)) / drawn.shape[0])
    left, top, edge = places(root)[unit]
    across, down = (left - float(image.get("x", 0))) / cell, (top - float(image.get("y", 0))) / cell
    assert (across, down, edge / cell) == pytest.approx((round(across), round(down), 28))
    return drawn[round(down) : round(down) + 28, round(across) : round(across) + 28]


@each_state
@over("limit", [None, LIMIT])
@over("theme", PALETTES)
def test_each_tile_shows_its_column(state: State, limit: float | None, theme: str) -> None:
    found, root = state.weight_gradient("w1"), parsed(tiles(state, limit, theme=theme).svg)
    for unit in range(state.nh):
        column, drawn = found.g[:, unit].numpy().reshape(28, 28), tile_of(root, unit)
        if not column.any():
            assert {tuple(c) for c in drawn.reshape(-1, 3).tolist()} == {rgb(PALETTES[theme].panel)}
            continue
        end = limit or abs(column).max()
        low, high = (value_colours(np.clip(column / end, -1, 1) + s, 1, PALETTES[theme]).astype(int) for s in (-0.02, 0.02))
        least, most = np.minimum(low, high), np.maximum(low, high)
        kink = 12  # a ramp bends at its stops, at most by so much within two steps
        assert (drawn >= least - kink).all() and (drawn <= most + kink).all()


def test_with_one_image_every_active_tile_is_the_same_but_for_its_sign() -> None:
    found, root = State(n=1).weight_gradient("w1"), parsed(tiles(State(n=1)).svg)
    kinds = {tile_of(root, unit).tobytes() for unit in range(50) if not found.off[unit]}
    assert len(kinds) == 2


@each_state
def test_units_that_are_off_say_so_in_the_middle_of_their_tile(state: State) -> None:
    found, root = state.weight_gradient("w1"), parsed(tiles(state).svg)
    off = [text for text in texts(root) if text.words == "off"]
    wanted = [places(root)[unit] for unit in np.flatnonzero((found.g == 0).all(0))]
    assert [(t.x, (t.box[1] + t.box[3]) / 2) for t in off] == [
        (pytest.approx(x + edge / 2), pytest.approx(y + edge / 2, abs=2)) for x, y, edge in wanted
    ]


@each_state
def test_every_unit_is_named_above_its_tile_once(state: State) -> None:
    root = parsed(tiles(state).svg)
    found = [text for text in texts(root) if text.words.startswith("unit ")]
    assert sorted(int(text.words.split()[1]) for text in found) == list(range(state.nh)) == sorted(places(root))
    width, height = size_of(root)
    for text in found:
        x, y, edge = places(root)[int(text.words.split()[1])]
        assert text.x == pytest.approx(x, abs=0.1) and text.box[3] <= y and text.box[1] >= max(y - 24, 0)
        assert x + edge <= width and y + edge <= height


@over("chosen", [0, 9, 10, 49])
def test_only_the_chosen_tile_is_framed_and_its_name_takes_the_axis_colour(chosen: int) -> None:
    root, palette = parsed(tiles(State(n=10), chosen=chosen).svg), PALETTES["light"]
    (frame,) = [rect for rect in root.iter(f"{SVG}rect") if rect.get("stroke")]
    x, y, edge = places(root)[chosen]
    assert [float(frame.get(k, 0)) for k in ("x", "y", "width", "height")] == pytest.approx([x, y, edge, edge])
    assert frame.get("stroke") == palette.axis["j"]
    green = [text.words for text in texts(root) if text.fill == palette.axis_text["j"]]
    assert green == [f"unit {chosen}"]


def test_table_is_the_matrix_with_a_column_for_each_unit_and_takes_no_room_of_its_own() -> None:
    frame, g = tiles(State(n=10)).frame, State(n=10).weight_gradient("w1").g.numpy()
    assert frame["row"].tolist() == list(range(784))
    assert frame["unit_7"].tolist() == g[:, 7].tolist() and list(frame)[1:] == [f"unit_{unit}" for unit in range(50)]
    assert np.shares_memory(frame["unit_7"].to_numpy(), g)


def test_description_says_which_scale() -> None:
    assert "each with a scale of its own" in tiles(State(n=10)).description
    assert "one scale, that ends at 0.750" in tiles(State(n=10), LIMIT).description


@over(("nh", "most"), [(50, 40_000), (100, 80_000)])
def test_picture_stays_small_on_the_wire(nh: int, most: int) -> None:
    assert len(json.dumps(tiles(State(nh=nh)).svg)) < most
