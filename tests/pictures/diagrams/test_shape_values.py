"""The cells of the shape diagrams: every painted colour and every number pointed at, against the lesson run by autograd."""

import re
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
import pytest
from pictures.diagrams.drawn import NUMBER, SVG, pixels_of, points_of, says
from pictures.diagrams.shape_places import Place, cells, few_states, places, true_value
from states import State

from mnistgrad.pictures.palette import PALETTES, value_colours

LEVELS = 127  # colours on either side of 0
RAMP = value_colours(np.linspace(-1, 1, 2 * LEVELS + 1), 1, PALETTES["light"])
LEVEL = {tuple(colour): place - LEVELS for place, colour in enumerate(RAMP)}
SAME_SCALE = ("add", "sub", "clamp_min")
TIP = re.compile(rf"(?P<name>.+?)(?:\[(?P<at>[\d, :]+)\])?(?P<mean>, mean of 28 pixels)? = (?P<said>{NUMBER})")


class Cell(NamedTuple):
    """A painted cell that says its value: which it is along each axis, what it says, its level and its first corner."""

    at: tuple[int, ...]
    said: str
    level: int
    corner: np.ndarray


@lru_cache(maxsize=64)
def named_cells(place: Place) -> dict[int, list[Cell]]:
    """The cells that say their value, for each tensor of the step that has some."""
    found: dict[int, list[Cell]] = {}
    for polygon in place.picture().iter(f"{SVG}polygon"):
        tip = TIP.fullmatch(polygon.findtext(f"{SVG}title") or "")
        if tip:
            parts = tip["at"].split(", ") if tip["at"] else []
            assert bool(tip["mean"]) == any(":" in part for part in parts)
            which = next(k for k, (text, *_) in enumerate(place.tensors) if stands_for(tip["name"], text, place))
            at = tuple(index_of(part, axis, place) for part, axis in zip(parts, place.tensors[which][2], strict=True))
            level = LEVEL[tuple(bytes.fromhex(polygon.get("fill", "")[1:]))]
            found.setdefault(which, []).append(Cell(at, tip["said"], level, points_of(polygon)[0]))
    return found


def index_of(part: str, axis: str, place: Place) -> int:
    """Which painted cell along its axis an entry is: "3", or "28:56" for the second row of pixels."""
    first, _, end = part.partition(":")
    assert not end or (axis == "i" and int(end) == int(first) + 28)
    index, rest = divmod(int(first), 28 if end else -(-place.state.nh // 25) if axis == "j" else 1)
    assert not rest
    return index


def stands_for(name: str, text: str, place: Place) -> bool:
    """Whether a name in the picture is that of the operand, or of the result, with that text."""
    named = {text, f"({text})", f"….{text.rpartition('.')[2]}"}
    return name in named | ({place.step.target, place.step.sets} if text == place.step.expression else set())


@lru_cache(maxsize=64)
def true_cells(place: Place) -> list[np.ndarray]:
    """What each operand and the result are painted with, one array axis for each of the tensor's; eight images at most."""
    found = [cells(place, true_value(place, text, axes), axes) for text, _, axes in place.tensors]
    return [
        values.take(range(min(place.state.n, 8)), axes.index("n")) if "n" in axes else values
        for values, (_, _, axes) in zip(found, place.tensors, strict=True)
    ]


def check_colours(levels: np.ndarray, values: np.ndarray) -> None:
    """There is one scale on which all cells have their colours, and no more than a few lie beyond its ends."""
    levels, values = levels.ravel(), values.ravel()
    inner = (np.abs(levels) < LEVELS) & (np.abs(levels) > 20)
    end = float(np.median(values[inner] * LEVELS / levels[inner])) if inner.any() else float(np.abs(values).max())
    assert end >= 0 and (np.abs(values) > end * 1.02).sum() <= max(3, 0.07 * len(values))
    assert np.abs(np.clip(values / (end or 1), -1, 1) * LEVELS - levels).max() <= 2.5


def grid(image: ElementTree.Element, rows: int, columns: int) -> np.ndarray:
    """The level in the middle of each of so many cells of a painted matrix."""
    pixels = pixels_of(image)
    down, right = (
        ((np.arange(count) + 0.5) * length / count).astype(int)
        for count, length in zip((rows, columns), pixels.shape, strict=False)
    )
    assert not pixels.shape[0] % rows and not pixels.shape[1] % columns
    return np.array([[LEVEL[tuple(colour)] for colour in row] for row in pixels[np.ix_(down, right)]])


def images(place: Place) -> dict[str, ElementTree.Element]:
    """The painted matrices, by what they say when pointed at."""
    return {image.findtext(f"{SVG}title") or "": image for image in place.picture().iter(f"{SVG}image")}


def close(said: str, value: float, largest: float) -> bool:
    """Two ways of summing differ by float32's rounding, which may move the last digits shown of a sum that is nearly zero."""
    return says(said, value, 2e-6 * largest + 1e-5 * abs(value))


@few_states
def test_every_number_pointed_at_is_the_real_one(state: State) -> None:
    for place in places(state):
        values = true_cells(place)
        for which, drawn in named_cells(place).items():
            real = values[which]
            assert sorted(cell.at for cell in drawn) == list(np.ndindex(real.shape))
            largest = float(np.abs(real).max())
            wrong = [cell for cell in drawn if not close(cell.said, float(real[cell.at]), largest)]
            assert not wrong, (place.step.expression, wrong[0])


@few_states
def test_every_cell_has_the_colour_of_its_value(state: State) -> None:
    """Where numbers are added, subtracted or cut off, all tensors of the picture have one scale."""
    for place in places(state):
        values = true_cells(place)
        painted = [[(cell.level, values[which][cell.at]) for cell in drawn] for which, drawn in named_cells(place).items()]
        for together in [list(chain(*painted))] if painted and place.step.name in SAME_SCALE else painted:
            levels, real = np.array(together).T
            check_colours(levels, real)


@few_states
def test_operations_on_single_numbers_say_all_of_them(state: State) -> None:
    """Every tensor drawn as cells says its numbers; only a thick one's front, a sheet and a printed matrix do not."""
    for place in places(state):
        if place.step.name in ("matmul", "einsum", "t"):
            assert not named_cells(place)
            continue
        told = {which for which, (_, shape, _) in enumerate(place.tensors) if not is_sheet(place, which)}
        assert set(named_cells(place)) == told, place.step.expression


def is_sheet(place: Place, which: int) -> bool:
    """The product of the w.g line, and its sum."""
    return place.step.rank == 3 and (place.step.name == "sum" or (place.step.name == "mul" and which == 2))


@few_states
def test_first_image_stands_in_front_first_pixel_on_top_first_unit_on_the_left(state: State) -> None:
    for place in places(state):
        ways = dict(zip(place.roles, [(0.8, -0.6), (0, 1), (1, 0)], strict=True))
        for which, drawn in named_cells(place).items():
            axes = place.tensors[which][2]
            corners = {cell.at: cell.corner for cell in drawn}
            first = min(corners)
            for at, corner in corners.items():
                moved = [k for k in range(len(axes)) if at[k] != first[k]]
                if len(moved) == 1:
                    step = corner - corners[first]
                    assert step / np.hypot(*step) == pytest.approx(ways[axes[moved[0]]], abs=0.01), (place.step.expression, at)


@few_states
def test_every_painted_matrix_has_the_colours_of_the_real_values(state: State) -> None:
    """The printed matrices of a transpose and of a product, and the sheet that a sum leaves."""
    for place in places(state):
        for which, ((text, shape, _), real) in enumerate(zip(place.tensors, true_cells(place), strict=True)):
            found = [
                image
                for tip, image in images(place).items()
                for name in [re.sub(r", (every cell a measured value|\([\d, ]+\))$", "", tip)]
                if name != tip and stands_for(name, text, place)
            ]
            expected = place.step.name in ("t", "matmul") or (is_sheet(place, which) and len(shape) == 2)
            assert len(found) == expected, (place.step.expression, text)
            for image in found:
                check_colours(grid(image, *real.shape), real)


@few_states
def test_every_sheet_of_a_stack_has_the_colours_of_its_own_image(state: State) -> None:
    n = state.n
    for place in places(state):
        if place.step.name not in ("mul", "sum") or place.step.rank < 3:
            continue
        product = place.step.expression if place.step.name == "mul" else place.step.operands[0].text
        values = cells(place, true_value(place, product, place.roles), place.roles)
        sheets = [(int(m[1]), image) for tip, image in images(place).items() if (m := re.match(r"product\[(\d+)\]", tip))]
        assert len(sheets) == min(n, 5)
        real = [values[-1] if image == n - 1 else values[image] for image, _ in sheets]
        levels = [grid(sheet, *real[0].shape) for _, sheet in sheets]
        for one, other in zip(levels, real, strict=True):
            check_signs(one, other, np.abs(values).max())
        if n <= 5:
            check_colours(np.array(levels), np.array(real))


def check_signs(levels: np.ndarray, values: np.ndarray, largest: float) -> None:
    """Cells of more than a tenth of the largest value have its sign; those that are 0 have no colour."""
    loud = np.abs(values) > 0.1 * largest
    assert (np.sign(levels[loud]) == np.sign(values[loud])).all() and not levels[values == 0].any()


@few_states
def test_front_of_a_thick_tensor_is_the_first_image(state: State) -> None:
    for place in places(state):
        fronts = {tip: image for tip, image in images(place).items() if tip.endswith("[0], image 0")}
        thick = [k for k, (_, shape, _) in enumerate(place.tensors) if len(shape) == 3 and not is_sheet(place, k)]
        assert len(fronts) == len(thick), place.step.expression
        for (tip, image), which in zip(fronts.items(), thick, strict=True):
            real = true_cells(place)[which]
            assert tip.startswith(place.tensors[which][0])
            check_signs(grid(image, *real.shape[1:]), real[0], float(np.abs(real).max()))
