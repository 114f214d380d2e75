"""The map of pixels: what is hatched, what is framed, and where the words stand."""

import re
from functools import lru_cache
from xml.etree import ElementTree

import pytest
import torch
from loops import over
from pictures.diagrams.drawn import SVG, parsed, pixel_at, pixel_grid, pixels_of, tips, words

from mnistgrad.gradient.statistics import pixel_groups
from mnistgrad.network.data import load_batch
from mnistgrad.pictures.diagrams.puzzle.pixel_map import pixel_map
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES

FIRSTS = [*range(0, 90, 3), 26, 27, *range(90, 690, 29), *range(690, 779, 3), 778]


@lru_cache(maxsize=64)
def diagram(n: int, first: int = 405, theme: str = "light") -> Diagram:
    images = load_batch(n).images
    mean = images.flatten(1).double().mean(0)
    return pixel_map(mean, pixel_groups(images), range(first, first + 6), PALETTES[theme])


def framed(root: ElementTree.Element) -> set[tuple[int, int]]:
    """First pixel and length of each frame."""
    _, _, cell = pixel_grid(root)
    boxes = [rect for rect in root.iter(f"{SVG}rect") if rect.get("fill") == "none" and float(rect.get("height", 0)) == cell]
    return {(pixel_at(root, float(b.get("x", 0)), float(b.get("y", 0))), round(float(b.get("width", 0)) / cell)) for b in boxes}


@over("n", [1, 10, 1_000])
def test_exactly_the_pixels_that_are_black_in_every_image_are_hatched(n: int) -> None:
    root = parsed(diagram(n).svg)
    strokes = max((path.get("d", "") for path in root.iter(f"{SVG}path")), key=len)
    _, _, cell = pixel_grid(root)
    lines = re.findall(r"M([\d.]+) ([\d.]+)l([\d.]+) -([\d.]+)", strokes)
    hatched = {pixel_at(root, float(x), float(y) - float(up)) for x, y, _, up in lines}
    assert hatched == set((load_batch(n).images.flatten(1) == 0).all(0).nonzero().squeeze(-1).tolist())
    assert all(float(right) == float(up) == cell for *_, right, up in lines)


@over(
    ("first", "frames"),
    [
        (405, {(405, 6)}),
        (26, {(26, 2), (28, 4)}),
        (27, {(27, 1), (28, 5)}),
        (22, {(22, 6)}),
        (0, {(0, 6)}),
        (778, {(778, 6)}),
        (363, {(363, 1), (364, 5)}),
    ],
)
def test_frames_stand_on_the_printed_rows_and_on_the_moved_ones(first: int, frames: set[tuple[int, int]]) -> None:
    assert framed(parsed(diagram(10, first).svg)) == {(0, 3), (781, 3)} | frames


@over("n", [1, 10])
def test_each_pixel_says_its_row_its_place_and_its_brightness(n: int) -> None:
    images = load_batch(n).images.flatten(1).double() / 256
    told = tips(parsed(diagram(n).svg))
    assert len(told) == 784
    for pixel, tip in enumerate(told):
        row, column, kind = re.fullmatch(rf"row {pixel} · pixel \((\d+), (\d+)\) · (.*)", tip).groups()  # type: ignore[union-attr]
        mean = images[:, pixel].mean().item()
        assert (int(row), int(column)) == divmod(pixel, 28)
        if mean:
            assert float(kind.removeprefix("mean brightness ")) == pytest.approx(mean, abs=0.00501)
        else:
            assert kind == "black in every image"


@over("theme", PALETTES)
def test_picture_is_the_mean_image_brighter_where_there_is_more_ink(theme: str) -> None:
    root = parsed(diagram(10, theme=theme).svg)
    drawn = pixels_of(next(root.iter(f"{SVG}image")))
    step = drawn.shape[0] // 28
    centres = drawn[step // 2 :: step, step // 2 :: step].astype(int)
    mean = load_batch(10).images.double().mean(0).numpy()
    away = abs(centres - centres[0, 0]).sum(2)
    order = mean.ravel().argsort(kind="stable")
    assert (away[mean == 0] == 0).all()
    assert (torch.tensor(away.ravel()[order]).diff() >= -3).all(), "a brighter mean is not further from the paper"


def test_the_moved_rows_are_named_wherever_they_are() -> None:
    unnamed = [first for first in FIRSTS if f"rows {first}–{first + 5}" not in words(parsed(diagram.__wrapped__(1, first).svg))]
    assert not unnamed


def test_table_lists_every_pixel() -> None:
    frame, images = diagram(10).frame, load_batch(10).images.flatten(1).double()
    assert frame["row"].tolist() == list(range(784))
    assert frame["mean_brightness"].tolist() == pytest.approx((images.mean(0) / 256).tolist())
    assert frame["black_in_every_image"].tolist() == (images == 0).all(0).tolist()
