"""A gradient that is built up, drawn: its maps, its strips, its bars, and the row of images."""

from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from loops import over
from pictures.diagrams.drawn import BOLD, SVG, number, parsed, pixels_of, says, size_of, texts, tips, words

from mnistgrad.gradient.build_up import SumSoFar, sum_over, sum_so_far
from mnistgrad.gradient.weight_gradient import WeightGradient, weight_gradient_of
from mnistgrad.network.data import load_batch
from mnistgrad.network.presets import PRESETS, initial_weights
from mnistgrad.pictures.diagrams.build_up.bars import units_build_up
from mnistgrad.pictures.diagrams.build_up.build_up import column_build_up
from mnistgrad.pictures.diagrams.build_up.matrix import matrix_build_up
from mnistgrad.pictures.diagrams.images.image_switches import image_switches
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES, brightness_colours, hex_colour, value_colours

N = 40
each_theme = over("theme", PALETTES)
STATES = [(40, 50, "lesson-2019", 0, 40), (40, 50, "lesson-2019", 0, 1), (40, 100, "lesson-2022", 0, 12),
          (1, 50, "lesson-2022", 0, 1), (1, 2, "lesson-2019", 7, 1)]  # fmt: skip
each_state = over("state", STATES)
State = tuple[int, int, str, int, int]


@lru_cache
def made(layer: str, n: int, nh: int, preset: str, seed: int) -> WeightGradient:
    batch, weights = load_batch(n, PRESETS[preset].normalise), initial_weights(nh, seed, preset)
    return weight_gradient_of(layer, batch, weights)


def built(layer: str, state: State, on: torch.Tensor | None = None) -> SumSoFar:
    *of, added = state
    images = torch.arange(state[0]) if on is None else on
    matrix = made(layer, *of)
    return sum_so_far(matrix, images, added, sum_over(matrix, images[:added]))


def column_of(found: SumSoFar) -> int:
    return int(found.out_g.abs().argmax())


@lru_cache(maxsize=64)
def drawn(kind: str, state: State, theme: str = "light") -> tuple[SumSoFar, Diagram]:
    found, palette, batch = built("w2" if kind == "bars" else "w1", state), PALETTES[theme], load_batch(state[0])
    picture, digit = batch.images[found.image], int(batch.labels[found.image])
    if kind == "bars":
        return found, units_build_up(found, digit, palette)
    if kind == "matrix":
        return found, matrix_build_up(found, column_of(found), picture, palette)
    return found, column_build_up(found, column_of(found), picture, digit, palette)


def cells(image: ElementTree.Element, rows: int, columns: int) -> np.ndarray:
    """The colour of each cell (rows, columns, 3); all pixels of a cell have it."""
    pixels = pixels_of(image)
    down, across = pixels.shape[0] // rows, pixels.shape[1] // columns
    assert pixels.shape[:2] == (down * rows, across * columns)
    first = pixels[::down, ::across]
    np.testing.assert_array_equal(first.repeat(down, 0).repeat(across, 1), pixels)
    return first


@each_theme
@each_state
def test_maps_are_the_image_its_part_the_sum_and_the_gradient(state: State, theme: str) -> None:
    found, diagram = drawn("column", state, theme)
    palette, column = PALETTES[theme], column_of(found)
    image, *maps = parsed(diagram.svg).iter(f"{SVG}image")
    expected = brightness_colours(load_batch(state[0]).images[found.image].numpy(), 256, palette)
    np.testing.assert_array_equal(cells(image, 28, 28), expected)
    factor = found.gradient.out_g[found.image, column].double()
    wanted = (found.gradient.inp[found.image].double() * factor, found.total[:, column], found.gradient.g[:, column])
    scales = [text.words for text in texts(parsed(diagram.svg)) if text.words.startswith(("full colour", "0 everywhere"))]
    for drawing, values, scale in zip(maps, wanted, scales, strict=True):
        limit = values.abs().max().item()
        np.testing.assert_array_equal(cells(drawing, 28, 28), value_colours(values.view(28, 28).numpy(), limit, palette))
        assert says(scale.partition("±")[2], limit) if limit else scale == "0 everywhere"


@each_state
def test_the_one_number_is_told_in_its_colour(state: State) -> None:
    for kind in ("column", "bars"):
        found, diagram = drawn(kind, state)
        root, value = parsed(diagram.svg), found.out_g[column_of(found)].item()
        boxes = [rect for rect in root.iter(f"{SVG}rect") if rect.get("rx") == "3"]
        limit = found.out_g.abs().max().item()
        assert [box.get("fill") for box in boxes] == [hex_colour(value_colours(np.array(value), limit, PALETTES["light"]))]
        x, y = (float(boxes[0].get(k, 0)) + float(boxes[0].get(size, 0)) / 2 for k, size in (("x", "width"), ("y", "height")))
        (told,) = [text.words for text in texts(root) if abs(text.x - x) < 1 and abs(text.y - y) < 8]
        assert says(told, value)


@each_theme
@each_state
def test_matrices_are_the_outer_product_and_the_sum_with_rows_running_down(state: State, theme: str) -> None:
    found, diagram = drawn("matrix", state, theme)
    palette, units = PALETTES[theme], state[1]
    part, total, column, row = parsed(diagram.svg).iter(f"{SVG}image")
    picture = load_batch(state[0]).images[found.image].flatten().numpy()
    np.testing.assert_array_equal(cells(column, 784, 1)[:, 0], brightness_colours(picture, 256, palette))
    out_g = found.out_g.numpy()
    np.testing.assert_array_equal(cells(row, 1, units)[0], value_colours(out_g, np.abs(out_g).max(), palette))
    scales = [text.words for text in texts(parsed(diagram.svg)) if "full colour" in text.words or "0 everywhere" in text.words]
    outer = np.outer(found.inp.numpy(), out_g)
    for drawn_matrix, values, scale in zip((part, total), (outer, found.total.numpy()), scales, strict=True):
        limit = np.quantile(np.abs(values), 0.985) or np.abs(values).max()
        shown, wanted = cells(drawn_matrix, 784, units).astype(int), value_colours(values, limit, palette).astype(int)
        assert np.abs(shown - wanted).max() <= 10  # the nearest of the 81 shades
        told = scale.partition("±")[2].removesuffix(" and beyond")
        assert says(told, limit) if limit else scale.endswith("0 everywhere")


@each_state
def test_factors_stand_along_their_product_and_the_unit_is_framed(state: State) -> None:
    found, diagram = drawn("matrix", state)
    root = parsed(diagram.svg)
    part, total, column, row = (
        {key: float(image.get(key, "nan")) for key in ("x", "y", "width", "height")} for image in root.iter(f"{SVG}image")
    )
    assert row["x"] == part["x"] and row["width"] == part["width"] == total["width"]
    assert column["y"] == part["y"] == total["y"] and column["height"] == part["height"] == total["height"] == 784
    assert row["y"] + row["height"] <= part["y"] and column["x"] + column["width"] <= part["x"]
    assert part["x"] + part["width"] < total["x"]
    frames = [rect for rect in root.iter(f"{SVG}rect") if rect.get("stroke") == PALETTES["light"].axis["j"]]
    wide = part["width"] / state[1]
    for frame, at in zip(frames, (part, total), strict=True):
        middle = float(frame.get("x", 0)) + float(frame.get("width", 0)) / 2
        assert (middle - at["x"]) / wide == pytest.approx(column_of(found) + 0.5, abs=0.02)
    labels = [text for text in texts(root) if text.words == f"unit {column_of(found)}"]
    assert len(labels) == 2


def test_each_column_tells_its_unit_and_number_in_both_matrices() -> None:
    found, diagram = drawn("matrix", STATES[0])
    root = parsed(diagram.svg)
    matrices = [(float(i.get("x", 0)), float(i.get("width", 0))) for i in list(root.iter(f"{SVG}image"))[:2]]
    columns = [path for path in root.iter(f"{SVG}path") if path.get("data-row")]
    assert [int(path.get("data-row", "")) for path in columns] == list(range(50))
    for unit, path in enumerate(columns):
        lefts = [float(move.split()[0]) for move in path.get("d", "").split("M")[1:]]
        assert lefts == pytest.approx([x + unit * width / 50 for x, width in matrices], abs=0.01)
    told = tips(root)
    assert [tip.split(" · ")[0] for tip in told] == [f"unit {unit}" for unit in range(50)]
    assert all(says(tip.partition("= ")[2], found.out_g[unit].item()) for unit, tip in enumerate(told))


@each_theme
@each_state
def test_bars_have_the_lengths_of_their_values(state: State, theme: str) -> None:
    found, diagram = drawn("bars", state, theme)
    units = state[1]
    bars = [rect for rect in parsed(diagram.svg).iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]
    values = [found.inp, found.inp * found.out_g[0], found.total[:, 0], found.gradient.g[:, 0]]
    assert len(bars) == units * len(values)
    for place, wanted in enumerate(values):
        panel = bars[place * units : (place + 1) * units]
        sizes = np.array([float(bar.get("height", "nan")) for bar in panel])
        assert sizes / (sizes.max() or 1) == pytest.approx(wanted.abs().numpy() / (wanted.abs().max().item() or 1), abs=0.01)
        told = [(bar.find(f"{SVG}title").text or "").split(": ") for bar in panel]  # type: ignore[union-attr]
        assert [who for who, _ in told] == [f"unit {unit}" for unit in range(units)]
        assert all(says(what, value) for (_, what), value in zip(told, wanted.tolist(), strict=True))
        zero = {round(float(bar.get("y", 0)) + (float(bar.get("height", 0)) if v > 0 else 0), 1)
                for bar, v in zip(panel, wanted.tolist(), strict=True) if v}  # fmt: skip
        assert not zero or max(zero) - min(zero) <= 0.11  # all stand on one line
        left = [float(bar.get("x", 0)) for bar in panel]
        assert left == sorted(left)


@over("kind", ["column", "bars"])
@each_state
def test_figures_of_the_sum_stand_in_the_picture(kind: str, state: State) -> None:
    found, diagram = drawn(kind, state)
    told = words(parsed(diagram.svg))
    shape = found.total.shape
    counts = dict(images_added=(found.added, found.possible), rank_of_the_sum=(found.rank, min(shape)))
    for meaning, (value, of) in (counts | dict(different_rows=(found.distinct, shape[0]))).items():
        place = told.index(meaning.replace("_", " "))
        assert told[place - 2 : place] == [str(value), f"of {of}"]
    distance, share = told[told.index(f"distance from {found.gradient.layer}.g") - 1], found.distance
    if share is None or share < 5e-4:
        assert distance == "–" if share is None else distance in ("0%", "< 0.1%")
    else:
        assert number(distance.strip("%")) == pytest.approx(100 * share, rel=0.01)


def test_longest_numbers_fit() -> None:
    """As on the last of 50,000 images, with a long number: the texts alone, on a real sum."""
    matrix = made("w1", *STATES[0][:4])
    inp, out_g = (part.repeat(1_250, 1) for part in (matrix.inp, matrix.out_g * -1e-7))
    large = replace(matrix, inp=inp, out_g=out_g)
    found = sum_so_far(large, torch.arange(50_000), 50_000, matrix.g * 0.98)
    root = parsed(column_build_up(found, 49, load_batch(1).images[0], 8, PALETTES["light"]).svg)
    shown = texts(root)
    assert "image 49,999: an 8" in words(root) and "sum of 50,000 images" in words(root)
    assert not [(a.words, b.words) for a, b in combinations(shown, 2) if min(a.box[2], b.box[2]) > max(a.box[0], b.box[0])
                and min(a.box[3], b.box[3]) > max(a.box[1], b.box[1])]  # fmt: skip
    assert max(text.box[2] for text in shown) <= size_of(root)[0]


def test_tables_and_names_of_the_files() -> None:
    found, diagram = drawn("column", STATES[0])
    column = column_of(found)
    frame = diagram.frame
    np.testing.assert_allclose(frame["part"], frame["inp"] * found.out_g[column].item(), rtol=1e-9)
    np.testing.assert_allclose(frame["sum_so_far"], found.total[:, column])
    assert diagram.name == f"build-up-w1-unit-{column}-40-images"
    long = drawn("matrix", STATES[0])[1].frame.query("pixel == 405 and unit == 7")
    assert long[["part", "sum_so_far"]].to_numpy().tolist() == [[found.part[405, 7].item(), found.total[405, 7].item()]]
    bars = drawn("bars", STATES[0])[1].frame
    np.testing.assert_allclose(bars["gradient"], made("w2", *STATES[0][:4]).g[:, 0])
    some_off = built("w1", (40, 50, "lesson-2019", 0, 1), torch.arange(3, 40))
    assert matrix_build_up(some_off, 0, load_batch(4).images[3], PALETTES["light"]).name == "build-up-w1-1-image-of-37-chosen"


ON, CURRENT = {24, 25, 27, 30, 33, 40}, 30


@lru_cache
def row(theme: str = "light", count: int = 24) -> Diagram:
    batch = load_batch(24 + count)
    return image_switches(batch.images[24:], batch.labels[24:].tolist(), 24, ON, CURRENT, PALETTES[theme])


@each_theme
@over("count", [1, 13, 24])
def test_row_shows_each_image_where_a_click_tells_it(theme: str, count: int) -> None:
    root, batch = parsed(row(theme, count).svg), load_batch(48)
    (sprite,) = root.iter(f"{SVG}image")
    left, width = float(sprite.get("x", 0)), float(sprite.get("width", 0))
    pixels = pixels_of(sprite)
    rects = {int(rect.get("data-row", "")): rect for rect in root.iter(f"{SVG}rect") if rect.get("data-row")}
    assert set(rects) == set(range(24, 24 + count))
    for image, rect in rects.items():
        start, wide = ((float(rect.get(key, 0)) - shift) / width * pixels.shape[1] for key, shift in (("x", left), ("width", 0)))
        assert start == pytest.approx(round(start), abs=0.02) and wide == pytest.approx(28, abs=0.02)
        expected = brightness_colours(batch.images[image].numpy(), 256, PALETTES[theme])
        np.testing.assert_array_equal(pixels[:, round(start) : round(start) + 28], expected)


def test_row_tells_what_is_in_the_sum_to_come_and_off() -> None:
    root, palette = parsed(row().svg), PALETTES["light"]
    status = {int(tip.split()[1].strip(",")): tip.split(": ")[1] for tip in tips(root)}
    assert {image for image, said in status.items() if said == "in the sum"} == {24, 25, 27, 30}
    assert {image for image, said in status.items() if said == "still to come"} == {33, 40}
    rects = {int(rect.get("data-row", "")): rect for rect in root.iter(f"{SVG}rect") if rect.get("data-row")}
    framed = {image for image, rect in rects.items() if rect.get("stroke") == palette.axis["n"]}
    assert framed == {24, 25, 27, 30}
    assert max(rects, key=lambda image: float(rects[image].get("stroke-width", 0))) == CURRENT
    crossed = len(list(root.iter(f"{SVG}polyline")))
    assert crossed == 24 - len(ON) and row().description.endswith(f"4 in the sum, {crossed} switched off.")
    frame = row().frame
    assert frame.query("added")["image"].tolist() == [24, 25, 27, 30]
    assert set(frame.query("switched_on")["image"]) == ON


def test_no_label_is_bolder_than_the_current_one() -> None:
    root = parsed(row().svg)
    assert [e.text for e in root.iter(f"{SVG}text") if int(e.get("font-weight", 400)) >= BOLD] == [str(CURRENT)]
