"""The images that move one weight's gradient most: which, where, and what is framed in them."""

from functools import lru_cache
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from loops import over
from pictures.diagrams.drawn import SVG, Text, number, parsed, pixels_of, size_of, texts, tips
from states import LATER, State

from mnistgrad.gradient.one_weight import OneWeight, one_weight
from mnistgrad.network.data import load_batch
from mnistgrad.pictures.about import About
from mnistgrad.pictures.diagrams.images.image_strip import image_strip
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.export import export
from mnistgrad.pictures.palette import PALETTES, brightness_colours

CASES = [
    (State(n=1), "w1", 406, 1),
    (State(n=10), "w1", 490, 33),
    (State(), "w1", 408, 33),
    (State(), "w1", 0, 33),
    (State(), "w1", 783, 12),
    (State(), "w2", 41, 0),
    (LATER, "w1", 434, 31),
    (State(n=2), "w2", 3, 0),
]
Case = tuple[State, str, int, int]
each_case = over("case", CASES)
each_theme = over("theme", PALETTES)


@lru_cache
def weight_of(case: Case) -> OneWeight:
    state, layer, row, column = case
    return one_weight(state.weight_gradient(layer), row, column)


@lru_cache
def strip(case: Case, theme: str = "light") -> Diagram:
    found, batch = weight_of(case), load_batch(case[0].n)
    images = [*found.strongest_down, *found.strongest_up]
    return image_strip(found, batch.images[images], batch.labels[images].tolist(), PALETTES[theme])


def expected(case: Case) -> list[list[int]]:
    """The images of each row, found by sorting; only rows that there are."""
    terms = weight_of(case).terms.tolist()
    order = sorted(range(len(terms)), key=terms.__getitem__)
    down = [image for image in order if terms[image] < 0][:10]
    up = [image for image in reversed(order) if terms[image] > 0][:10]
    return [row for row in (down, up) if row]


def boxes(root: ElementTree.Element) -> list[ElementTree.Element]:
    """The one over each image, in the order in which they are drawn."""
    return [rect for rect in root.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]


def box(element: ElementTree.Element) -> tuple[float, float, float, float]:
    x, y, width, height = (float(element.get(name, "nan")) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


@each_case
@each_theme
def test_each_image_is_drawn_inside_its_box(case: Case, theme: str) -> None:
    root, batch = parsed(strip(case, theme).svg), load_batch(case[0].n)
    rows, pictures = expected(case), list(root.iter(f"{SVG}image"))
    assert len(pictures) == len(rows)
    drawn = iter(boxes(root))
    for images, picture in zip(rows, pictures, strict=True):
        left, top, right, bottom = box(picture)
        pixels = pixels_of(picture)
        scale = len(pixels) / (bottom - top)
        assert pixels.shape[1] == pytest.approx((right - left) * scale)
        for image in images:
            x0, y0, x1, y1 = ((v - start) * scale for v, start in zip(box(next(drawn)), (left, top) * 2, strict=True))
            inside = pixels[round(y0) : round(y1), round(x0) : round(x1)]
            step = len(inside) // 28
            wanted = brightness_colours(batch.images[image].numpy(), 256, PALETTES[theme])
            assert np.array_equal(inside[::step, ::step], wanted)
    assert next(drawn, None) is None


@each_case
def test_framed_pixel_is_the_one_of_the_row_and_w2_frames_none(case: Case) -> None:
    root = parsed(strip(case).svg)
    frames = [box(r) for r in root.iter(f"{SVG}rect") if r.get("stroke") == PALETTES["light"].ink]
    if case[1] == "w2":
        assert not frames
        return
    assert len(frames) == len(boxes(root))
    for (x0, y0, x1, y1), around in zip(frames, map(box, boxes(root)), strict=True):
        cell = (around[2] - around[0]) / 28
        left, top = around[0] + case[2] % 28 * cell, around[1] + case[2] // 28 * cell
        assert (x0 + x1) / 2 == pytest.approx(left + cell / 2) and (y0 + y1) / 2 == pytest.approx(top + cell / 2)
        assert x0 < left and x1 > left + cell and x1 - x0 < 4 * cell


def below(found: list[Text], around: tuple[float, float, float, float]) -> str:
    (text,) = [t.words for t in found if around[0] < t.x < around[2] and around[3] < t.y < around[3] + 30]
    return text


@each_case
def test_terms_are_written_below_and_told_when_pointed_at(case: Case) -> None:
    root, batch, one = parsed(strip(case).svg), load_batch(case[0].n), weight_of(case)
    images = [image for row in expected(case) for image in row]
    for image, rect, tip in zip(images, boxes(root), tips(root), strict=True):
        shown = below(texts(root), box(rect))
        value = one.inp[image].item() * one.out_g[image].item()
        assert number(shown.lstrip("+")) == pytest.approx(value * one.n, rel=6e-3)
        who, rest = tip.split(": ")
        assert who == f"image {image}, a handwritten {batch.labels[image]}"
        product, times_n = rest.split("; times n, ")
        factors, term = product.split(" = ")
        inp, out_g = factors.split(" · ")
        assert number(inp) == pytest.approx(one.inp[image].item(), rel=6e-4)
        assert number(out_g) == pytest.approx(one.out_g[image].item(), rel=6e-4)
        assert number(term) == pytest.approx(value, rel=6e-3) and times_n == shown


@each_case
def test_headings_count_the_images_of_their_row(case: Case) -> None:
    root, rows, one = parsed(strip(case).svg), expected(case), weight_of(case)
    headings = [t.words for t in texts(root) if "it" in t.words.split()]
    assert len(headings) == len(rows)
    for heading, images in zip(headings, rows, strict=True):
        down = one.terms[images[0]] < 0
        assert heading.split(" it ")[1].startswith("down" if down else "up")
        verb = ("pull" if down else "push") + ("" if len(images) > 1 else "s" if down else "es")
        assert heading.split(" it ")[0].endswith(f" {verb}")
        total = int((one.terms < 0).sum() if down else (one.terms > 0).sum())
        if case[0].n == 1:
            assert heading.startswith("The 1 image ")
        elif total < 10:
            assert heading.startswith("The only image that" if total == 1 else f"The only {total} images that")
        else:
            assert heading.startswith("The 10 images that") and heading.endswith("most")


@each_case
def test_nothing_lies_outside_or_on_something_else(case: Case) -> None:
    root = parsed(strip(case).svg)
    width, height = size_of(root)
    found = [t.box for t in texts(root)] + [box(rect) for rect in boxes(root)]
    assert all(x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height for x0, y0, x1, y1 in found)
    for a, b in combinations(found, 2):
        assert min(a[2], b[2]) <= max(a[0], b[0]) or min(a[3], b[3]) <= max(a[1], b[1])


@each_case
def test_file_holds_the_images_and_their_factors(case: Case) -> None:
    frame, one, batch = strip(case).frame, weight_of(case), load_batch(case[0].n)
    assert frame["image"].tolist() == [image for row in expected(case) for image in row]
    assert frame["label"].tolist() == batch.labels[frame["image"].tolist()].tolist()
    assert ((frame["term"] < 0) == (frame["pulls"] == "down")).all()
    np.testing.assert_allclose(frame["inp"] * frame["out_g"], frame["term"])
    np.testing.assert_allclose(frame["term"] * one.n, frame["term_times_n"])
    assert all(f"image {image} (" in strip(case).description for image in frame["image"])


def test_strip_becomes_a_file_and_is_small() -> None:
    assert export(strip(CASES[2]), "PNG", About("A strip")).startswith(b"\x89PNG") and export(
        strip(CASES[5]), "PDF", About("A strip")
    ).startswith(b"%PDF")
    assert len(strip(CASES[2]).svg) < 35_000
