"""The first layer's weights as tiles: the colours of what really changed."""

import numpy as np
import pytest
from comparisons import made_up, measured
from loops import over
from pictures.diagrams.drawn import SVG, parsed, pixels_of, texts

from mnistgrad.pictures.about import About
from mnistgrad.pictures.diagrams.units.training_tiles import training_tiles
from mnistgrad.pictures.export import export
from mnistgrad.pictures.palette import PALETTES

LIGHT = PALETTES["light"]


def rows(picture) -> list[np.ndarray]:
    """The tiles of each row of the picture, (units, 28, 28, 3)."""
    return [
        np.stack(np.split(pixels, pixels.shape[1] // 31, axis=1))[:, :, :28]
        for pixels in map(pixels_of, parsed(picture.svg).iter(f"{SVG}image"))
    ]


def test_a_copied_row_leaves_every_tile_of_one_colour() -> None:
    found = measured()
    start, true, _, mean_row, printed_row, frozen = rows(training_tiles(found, False, LIGHT))
    for flat in (mean_row, printed_row, frozen):
        assert all(len(np.unique(tile.reshape(-1, 3), axis=0)) == 1 for tile in flat)
    assert all(len(np.unique(tile.reshape(-1, 3), axis=0)) > 5 for tile in start)
    assert max(len(np.unique(tile.reshape(-1, 3), axis=0)) for tile in true) > 5


def test_after_a_frozen_layer_the_weights_are_those_of_the_start() -> None:
    start, *_, frozen = rows(training_tiles(measured(), True, LIGHT))
    assert np.array_equal(start, frozen)


def test_table_holds_what_is_drawn() -> None:
    found = made_up({"true": [0.5], "mean-row": [0.2]})
    frame = training_tiles(found, False, LIGHT).frame
    drawn = frame[(frame["row"] == "true gradient") & (frame["unit"] == 1)].sort_values("pixel")["weight"]
    assert drawn.to_numpy() == pytest.approx((found.after["true"] - found.before)[:, 1].numpy())
    assert frame[frame["row"] == "mean row, copied"]["weight"].unique() == pytest.approx(0.5, abs=1e-6)


@over("theme", PALETTES)
def test_every_row_and_unit_is_named_inside_the_picture(theme: str) -> None:
    picture = training_tiles(measured(), False, PALETTES[theme])
    words = [text.words for text in texts(parsed(picture.svg))]
    assert [f"unit {unit}" for unit in range(6)] == [word for word in words if word.startswith("unit")]
    assert {"at the start", "true gradient", "first layer frozen"} <= set(words)
    assert all(text.box[2] <= picture.width + 1 for text in texts(parsed(picture.svg)))
    assert export(picture, "PDF", About("Tiles")).startswith(b"%PDF")


def test_layer_that_does_not_move_has_no_scale() -> None:
    picture = training_tiles(made_up({"frozen": [0.5]}), False, LIGHT)
    assert "all exactly 0" in picture.svg and "first layer frozen, all 0" in picture.description
