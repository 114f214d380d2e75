"""The whole matrix: its colours are its values, and its marks stand on the rows they name."""

import re
from functools import lru_cache
from itertools import combinations

import numpy as np
import pytest
import torch
from pictures.diagrams.drawn import SVG, Text, parsed, pixels_of, size_of, texts, tips

from mnistgrad.network.data import PIXELS
from mnistgrad.pictures.diagrams import svg
from mnistgrad.pictures.diagrams.puzzle.matrix_strip import matrix_strip
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES, value_colours

G = torch.randn(PIXELS, 50, generator=torch.Generator().manual_seed(1))
NARROW = G[:, :2].contiguous()


@lru_cache(maxsize=8)
def strip(first: int = 405, theme: str = "light") -> Diagram:
    return matrix_strip(G, range(first, first + 6), 2.0, PALETTES[theme])


@pytest.mark.parametrize("theme", PALETTES)
def test_rows_run_down_and_every_value_has_its_colour(theme: str) -> None:
    drawn = pixels_of(next(parsed(strip(theme=theme).svg).iter(f"{SVG}image")))
    across = drawn.shape[1] // 50
    assert drawn.shape[:2] == (PIXELS, across * 50)
    expected = value_colours(G.numpy(), 2.0, PALETTES[theme])
    for offset in (0, -1):
        np.testing.assert_array_equal(drawn[:, offset % across :: across], expected)


@pytest.mark.parametrize("first", [0, 1, 26, 405, 777, 778])
def test_marks_stand_on_the_rows_they_name(first: int) -> None:
    root = parsed(strip(first).svg)
    image = next(root.iter(f"{SVG}image"))
    top, step = float(image.get("y", 0)), float(image.get("height", 0)) / PIXELS
    marks = [r for r in root.iter(f"{SVG}rect") if r.get("fill") == "none" and float(r.get("stroke-width", 1)) > 1]
    spans = {((float(m.get("y", 0)) + 1 - top) / step, (float(m.get("height", 0)) - 2) / step) for m in marks}
    assert spans == {(0, 3), (781, 3), (first, 6)}


def labels_at(first: int) -> list[Text]:
    """The names of rows, without drawing the matrix itself again."""
    drawn = matrix_strip(NARROW, range(first, first + 6), 2.0, PALETTES["light"]).svg
    return [text for text in texts(parsed(re.sub(r"<g .*</g>", "", drawn))) if text.words.startswith("rows")]


def test_names_of_rows_never_overlap_nor_leave_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(svg, "png_url", lambda colours, enlarge: "data:,")
    size = size_of(parsed(strip().svg))
    for first in (*range(40), *range(40, 740, 20), *range(740, PIXELS - 5)):
        labels = labels_at(first)
        assert [label.words for label in labels] == ["rows 0–2", "rows 781–783", f"rows {first}–{first + 5}"]
        assert all(label.box[1] >= 0 and label.box[2] <= size[0] and label.box[3] <= size[1] for label in labels), first
        assert not [
            pair for pair in combinations(labels, 2) if pair[0].box[1] < pair[1].box[3] and pair[1].box[1] < pair[0].box[3]
        ], first
        assert abs(sum(labels[-1].box[1::2]) / 2 - sum(labels[0].box[1::2]) / 2 - first - 1.5) < 20, "it stands at its rows"


def test_each_row_says_its_pixel_and_its_range() -> None:
    told = tips(parsed(strip().svg))
    assert len(told) == PIXELS
    low, high = G[405].min().item(), G[405].max().item()
    assert told[405].startswith("row 405 · pixel (14, 13) · ")
    said = [float(part.replace("−", "-")) for part in told[405].rpartition("· ")[2].split(" to ")]
    assert said == pytest.approx([low, high], rel=0.01)


def test_table_is_the_matrix_in_long_form() -> None:
    frame = strip().frame
    assert len(frame) == G.numel()
    assert frame.query("row == 405 and unit == 7")["gradient"].tolist() == [G[405, 7].item()]


@pytest.mark.parametrize("theme", PALETTES)
def test_matrix_of_zeros_is_one_colour(theme: str) -> None:
    drawn = matrix_strip(torch.zeros(PIXELS, 3), range(6), 0.0, PALETTES[theme])
    assert len(np.unique(pixels_of(next(parsed(drawn.svg).iter(f"{SVG}image"))).reshape(-1, 3), axis=0)) == 1
