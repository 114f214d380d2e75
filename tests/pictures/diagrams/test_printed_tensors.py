"""What print shows, drawn: the drawn text is torch's own, and every number names its place and value."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over
from pictures.diagrams.drawn import SVG, Text, parsed, says, texts
from torch import Tensor

from mnistgrad.gradient.statistics import printed_indices
from mnistgrad.network.data import PIXELS, load_batch
from mnistgrad.network.gradients import gradients
from mnistgrad.network.presets import PRESETS, initial_weights
from mnistgrad.pictures.diagrams.puzzle.printed_tensor import print_of_rows, printed_tensor
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES


@lru_cache(maxsize=16)
def gradient(n: int, nh: int = 50, preset: str = "lesson-2019") -> Tensor:
    return gradients(load_batch(n, PRESETS[preset].normalise), initial_weights(nh, preset=preset)).w1


MATRICES = {
    "n=1": gradient(1),
    "n=1000": gradient(1_000),
    "zeros outside": gradient(1_000, preset="lesson-2022"),
    "large": gradient(1, preset="lesson-2022") + 1_234.5,
    "tiny": gradient(10) * 1e-9,
    "huge": gradient(10) * 1e9,
    "mixed": gradient(10) * 10.0 ** torch.linspace(-8, 4, 50),
    "all zero": torch.zeros(PIXELS, 50),
    "whole": torch.arange(PIXELS * 50.0).view(PIXELS, 50),
    "nh=2": gradient(3, 2),
    "nh=4": gradient(3, 4),
    "nh=6": gradient(3, 6),
    "nh=7": gradient(3, 7),
    "nh=100": gradient(3, 100),
}
each_matrix = over("g", MATRICES.values())


def whole(g: Tensor) -> Diagram:
    return printed_tensor("print", "print(w1.g)", str(g), g, printed_indices(PIXELS), g.abs().max().item(), PALETTES["light"])


def drawn_lines(diagram: Diagram) -> list[str]:
    """The monospace text, line by line, every character in the column it is drawn at."""
    lines: dict[float, list[Text]] = {}
    for text in texts(parsed(diagram.svg)):
        if text.mono:
            lines.setdefault(text.y, []).append(text)
    first = min(text.x for line in lines.values() for text in line)
    advance = 13 * 0.6
    result = []
    for _, line in sorted(lines.items()):
        row = ""
        for text in sorted(line, key=lambda text: text.x):
            column = round((text.x - first) / advance)
            assert column >= len(row), "two pieces of text lie on each other"
            row = row.ljust(column) + text.words
        result.append(row)
    return result


@contextmanager
def shortening(threshold: int) -> Iterator[None]:
    before = torch._tensor_str.PRINT_OPTS.threshold
    torch.set_printoptions(threshold=threshold)
    try:
        yield
    finally:
        torch.set_printoptions(threshold=before)


@each_matrix
def test_drawn_text_is_what_torch_prints(g: Tensor) -> None:
    command, *lines = drawn_lines(whole(g))
    assert command == ">>> print(w1.g)"
    assert lines == str(g).split("\n")


@each_matrix
def test_every_number_stands_on_a_tint_that_says_its_place_and_value(g: Tensor) -> None:
    rects = [(r, r.findtext(f"{SVG}title") or "") for r in parsed(whole(g).svg).iter(f"{SVG}rect")]
    printed = {(round(t.x, 2), round(t.y)): t.words for t in texts(parsed(whole(g).svg)) if t.mono}
    places = []
    for rect, tip in ((rect, tip) for rect, tip in rects if tip):
        found = re.fullmatch(r"w1\.g\[(\d+), (\d+)\] = (.+)", tip)
        assert found
        row, column = int(found[1]), int(found[2])
        places.append((row, column))
        left, top, width, height = (float(rect.get(k, 0)) for k in ("x", "y", "width", "height"))
        inside = [w for (x, y), w in printed.items() if left - 1 < x < left + width - 1 and top < y < top + height]
        assert len(inside) == 1 and says(found[3], g[row, column].item())
        assert float(inside[0]) == pytest.approx(g[row, column].item(), rel=1e-3, abs=g.abs().max().item() * 1e-3)
    assert places == [(row, column) for row in (0, 1, 2, 781, 782, 783) for column in printed_indices(g.shape[1])]


@each_matrix
def test_each_row_is_named_where_it_starts(g: Tensor) -> None:
    found = texts(parsed(whole(g).svg))
    heights = sorted({text.y for text in found if text.mono})[1:]
    opening = [height for height, line in zip(heights, str(g).split("\n"), strict=True) if "[" in line]
    names = [text for text in found if text.words.startswith("row ")]
    assert [t.words for t in names] == [
        "row 0 · pixel (0, 0)",
        "row 1 · pixel (0, 1)",
        "row 2 · pixel (0, 2)",
        "row 781 · pixel (27, 25)",
        "row 782 · pixel (27, 26)",
        "row 783 · pixel (27, 27)",
    ]
    assert [t.y for t in names] == pytest.approx(opening, abs=2)


@each_matrix
def test_table_holds_the_printed_numbers(g: Tensor) -> None:
    frame = whole(g).frame
    assert frame["gradient"].tolist() == [g[row, unit].item() for row, unit in zip(frame["row"], frame["unit"], strict=True)]
    assert len(frame) == 6 * len(printed_indices(g.shape[1]))


@each_matrix
@over("first", [0, 26, 405, 778])
def test_print_of_six_rows_is_torchs_own_shortened_print(g: Tensor, first: int) -> None:
    rows = list(range(first, first + 6))
    ours = print_of_rows(g, rows)
    with shortening(10):
        assert ours == str(g[rows])


@given(st.integers(1, 60), st.integers(-9, 9), st.integers(0, 2**16), st.booleans())
@settings(max_examples=40, deadline=None)
def test_print_of_any_rows_is_torchs_own_shortened_print(nh: int, power: int, seed: int, mixed: bool) -> None:
    g = torch.randn(8, nh, generator=torch.Generator().manual_seed(seed)) * 10.0**power
    if mixed:
        g[::2] = 0
    ours = print_of_rows(g, range(1, 7))
    with shortening(5):
        assert ours == str(g[1:7])


@over("nh", [2, 6, 50])
def test_six_rows_are_drawn_as_printed(nh: int) -> None:
    g, rows = gradient(10, nh), list(range(26, 32))
    text = print_of_rows(g, rows)
    diagram = printed_tensor("rows", "print(w1.g[26:32])", text, g, rows, 1.0, PALETTES["dark"])
    assert drawn_lines(diagram) == [">>> print(w1.g[26:32])", *text.split("\n")]
    names = [t.words for t in texts(parsed(diagram.svg)) if t.words.startswith("row ")]
    assert names[1:3] == ["row 27 · pixel (0, 27)", "row 28 · pixel (1, 0)"]
