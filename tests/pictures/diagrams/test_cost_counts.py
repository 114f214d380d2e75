"""The counts as bars: equal multiplications, and bytes to one scale."""

import re
from xml.etree import ElementTree

import pytest
import torch
from loops import over

from mnistgrad.pictures.diagrams.cost_counts import THINNEST, WIDTH, cost_counts
from mnistgrad.pictures.palette import PALETTES

SIZES = [(1, 50), (1, 2), (1_000, 50), (50_000, 100), (3, 2)]
each_size = over(("n", "nh"), SIZES)
SVG = "{http://www.w3.org/2000/svg}"


def root(n: int, nh: int, theme: str = "light") -> ElementTree.Element:
    return ElementTree.fromstring(cost_counts(n, nh, PALETTES[theme]).svg)


def bars(n: int, nh: int) -> list[tuple[float, float]]:
    """The left edge and the length of each bar, from top to bottom, the left half first."""
    found = [rect for rect in root(n, nh).iter(f"{SVG}rect") if rect.get("fill") == PALETTES["light"].faint]
    return [(float(rect.get("x", 0)), float(rect.get("width", 0))) for rect in found]


def texts(n: int, nh: int) -> list[str]:
    return ["".join(text.itertext()) for text in root(n, nh).iter(f"{SVG}text")]


@each_size
def test_the_two_products_have_equal_bars_and_the_same_number(n: int, nh: int) -> None:
    (_, forward), (_, gradient), *_ = bars(n, nh)
    assert forward == gradient > 100
    assert texts(n, nh).count(f"{n * 784 * nh:,}") == 2


@each_size
def test_bytes_are_drawn_to_one_scale(n: int, nh: int) -> None:
    sizes = [torch.empty(shape, device="meta").nbytes for shape in ((n, 784, nh), (n, 784), (784, nh))]
    lengths = [length for _, length in bars(n, nh)[2:]]
    for size, length in zip(sizes, lengths, strict=True):
        assert length == pytest.approx(max(size / max(sizes) * max(lengths), THINNEST), abs=0.01)
    frame = cost_counts(n, nh, PALETTES["light"]).frame
    assert frame["multiplications"].dropna().tolist() == [n * 784 * nh] * 2 and frame["bytes"].dropna().tolist() == sizes


@each_size
def test_no_text_runs_into_a_bar_or_out_of_the_picture(n: int, nh: int) -> None:
    starts = sorted({left for left, _ in bars(n, nh)})
    for text in root(n, nh).iter(f"{SVG}text"):
        said, left, size = "".join(text.itertext()), float(text.get("x", 0)), float(text.get("font-size", 0))
        width = {"start": 1.0, "middle": 0.5, "end": 0.0}[text.get("text-anchor", "start")] * len(said) * size * 0.6
        assert left + width <= WIDTH + 1
        if text.get("class") == "mono":  # labels left of the bars
            assert any(left + width < start for start in starts if start > left), said


def test_sizes_stand_in_the_colours_of_their_axes() -> None:
    palette = PALETTES["light"]
    inks = {("".join(text.itertext()), text.get("fill")) for text in root(9, 7).iter(f"{SVG}text")}
    assert {("9", palette.axis_text["n"]), ("784", palette.axis_text["i"]), ("7", palette.axis_text["j"])} <= inks


def test_one_image_is_one_image_in_words() -> None:
    assert re.search(r"39,200 multiplications each, for 1 image,", cost_counts(1, 50, PALETTES["light"]).description)
