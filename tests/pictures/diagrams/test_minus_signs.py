"""The sign of a value is seen without its colour: negative cells carry a minus, in a tone that stands out from them.

Of cells that are too small, neighbours share one where all of them are negative.
"""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loops import over

from mnistgrad.pictures.diagrams.minus_signs import FAINT, LEAST, LENGTH, SHARED, minus_signs
from mnistgrad.pictures.diagrams.svg import Drawing
from mnistgrad.pictures.palette import PALETTES, contrast, hex_colour, value_colours

PATH = re.compile(
    r'<path class="minus" stroke="(#\w+)"[^/]* d="([^"]+)" '
    r'transform="translate\(([\d.]+) ([\d.]+)\) scale\(([\d.]+) ([\d.]+)\)'
)


def signed(values: np.ndarray, limit: float, theme: str, size: tuple[float, float] = (30, 20)) -> dict[tuple[int, int], str]:
    """The tone of each cell's minus, by its row and column, from where it lies in the drawing."""
    drawing = Drawing(100, 100, PALETTES[theme])
    minus_signs(drawing, 5, 7, *size, values, limit)
    svg, found = drawing.finished("signs", "", None, 0).svg, {}  # type: ignore[arg-type]
    for ink, strokes, left, top, across, down in PATH.findall(svg):
        assert (float(left), float(top)) == (5, 7)
        for first, row, length in re.findall(r"M(\d+) (\d+)h([\d.]+)", strokes):
            assert float(length) % 1 == pytest.approx(LENGTH)  # a dash for each cell
            for column in range(int(first), int(first) + int(float(length)) + 1):
                assert column * float(across) < size[0] and int(row) * float(down) < size[1]
                found[int(row), column] = ink
    return found


@over("theme", ["light", "dark"])
@given(st.lists(st.floats(-3, 3), min_size=12, max_size=12))
def test_exactly_the_cells_that_are_seen_to_be_negative_carry_a_minus_that_is_seen(theme: str, numbers: list[float]) -> None:
    values = np.array(numbers).reshape(3, 4)
    found = signed(values, 3.0, theme)
    assert set(found) == {(row, column) for row, column in np.ndindex(3, 4) if values[row, column] < -FAINT * 3}
    for place, ink in found.items():
        assert contrast(ink, hex_colour(value_colours(values[place], 3.0, PALETTES[theme]))) > 3


def test_two_maps_of_opposite_signs_are_the_same_in_grey_but_for_their_marks() -> None:
    values = np.array([[1.0, -1.0], [0.5, 0.0]])
    assert set(signed(values, 1, "light")) == {(0, 1)} and set(signed(-values, 1, "light")) == {(0, 0), (1, 0)}


def centres(values: np.ndarray, size: tuple[float, float]) -> list[tuple[float, float]]:
    """Px across and down of each minus on values whose scale ends at 1."""
    drawing, found = Drawing(100, 100, PALETTES["light"]), []
    minus_signs(drawing, 5, 7, *size, values, 1.0)
    svg = drawing.finished("signs", "", None, 0).svg  # type: ignore[arg-type]
    for _, strokes, left, top, across, down in PATH.findall(svg):
        for x, y, way, length in re.findall(r"M([-\d.]+) ([-\d.]+)([hv])([\d.]+)", strokes):
            for step in range(int(float(length)) + 1):
                at = (float(x) + LENGTH / 2 + step, float(y)) if way == "h" else (float(x), round(float(y)) + step)
                found.append((float(left) + float(across) * (at[0] + (1 - LENGTH) / 2), float(top) + float(down) * (at[1] + 0.5)))
    return found


@pytest.mark.parametrize(("rows", "columns", "cell"), [(28, 28, (3.5, 3.5)), (12, 90, (0.9, 2.6)), (90, 7, (7.0, 1.0))])
@given(seed=st.integers(0, 99), share=st.floats(0.5, 1))
def test_cells_too_small_share_a_minus_where_all_are_negative(
    rows: int, columns: int, cell: tuple[float, float], seed: int, share: float
) -> None:
    rng = np.random.default_rng(seed)
    values = np.where(rng.random((rows, columns)) < share, -1.0, rng.random((rows, columns)))
    across, down = (1 if px >= LEAST else int(np.ceil(SHARED / px)) for px in cell)
    negative = {
        (5 + cell[0] * across * (x + 0.5), 7 + cell[1] * down * (y + 0.5))
        for y, x in np.ndindex(rows // down, columns // across)
        if values[y * down : (y + 1) * down, x * across : (x + 1) * across].max() < -FAINT
    }
    found = centres(values, (columns * cell[0], rows * cell[1]))
    assert len(found) == len(negative)
    if found:
        np.testing.assert_allclose(sorted(found), sorted(negative), rtol=1e-4)
