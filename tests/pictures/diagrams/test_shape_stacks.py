"""What broadcasting stretches and what a sum lets fall: dashes, sheets, arrows and the frame on the front sheet."""

import re
from bisect import bisect_right
from xml.etree import ElementTree

import numpy as np
import pytest
from loops import over
from pictures.diagrams.drawn import SVG, points_of, tips, words
from pictures.diagrams.shape_places import Place, drawn_shapes, each_state, few_states, places
from states import State

from mnistgrad.pictures.palette import PALETTES

PALETTE = PALETTES["light"]
AXIS_OF = {colour: axis for axis, colour in PALETTE.axis.items()}


def find(state: State, name: str, layer: int, rank: int = 3) -> list[Place]:
    return [p for p in places(state) if (p.step.name, p.layer, p.step.rank) == (name, layer, rank)]


def dashes(place: Place) -> list[ElementTree.Element]:
    """What is dashed in an axis' colour."""
    drawn = (e for e in place.picture().iter() if e.get("stroke-dasharray"))
    return [element for element in drawn if element.get("stroke") in AXIS_OF]


def dashed_axes(place: Place) -> list[set[str]]:
    """The axes dashed around each tensor, from left to right; a tensor begins 95 px left of the middle of its shape."""
    begins = [middle - 95 for *_, middle in drawn_shapes(place.picture())]
    found: list[set[str]] = [set() for _ in begins]
    for element in dashes(place):
        left = float(element.get("x", 0)) if element.tag == f"{SVG}rect" else points_of(element)[:, 0].min()
        found[bisect_right(begins, left) - 1].add(AXIS_OF[element.get("stroke", "")])
    return found


def arrows(place: Place) -> int:
    return sum(len(points_of(polygon)) == 3 for polygon in place.picture().iter(f"{SVG}polygon"))


def front(place: Place, name: str = "product[0]") -> tuple[float, float, float, float]:
    """Where the front of a tensor, image 0, is drawn: left, top, width, height."""
    (image,) = (i for i in place.picture().iter(f"{SVG}image") if (i.findtext(f"{SVG}title") or "").startswith(name))
    x, y, width, height = (float(image.get(key, "nan")) for key in ("x", "y", "width", "height"))
    return x, y, width, height


def stretched(place: Place) -> list[set[str]]:
    """For each tensor, the axes along which it has length 1, or none, and others of the picture are longer."""
    at_end, in_middle = ({"j"}, {"i"}) if place.layer == 1 else (set(), {"j"})  # the one output stays 1 long
    n = {"n"} if place.state.n > 1 else set()
    match place.step.name, place.step.rank:
        case "mul", 3:
            return [at_end, in_middle, n]
        case "unsqueeze", 3:
            return [set(), at_end if place.step.arguments == (-1,) else in_middle]
        case "add", 2:
            return [set(), n, set()]
        case "sum", 3:
            return [n, n]
        case "sum" | "mean", _:
            return [set(), n]
    return [set()] * len(place.tensors)


@each_state
def test_dashes_run_along_the_axes_that_are_stretched_or_added_up_and_nowhere_else(state: State) -> None:
    for place in places(state):
        if place.step.name in ("matmul", "einsum"):
            assert not dashes(place)
        else:
            assert dashed_axes(place) == stretched(place), place.step.expression


@each_state
def test_ghosts_reach_as_far_as_the_product(state: State) -> None:
    (place,) = find(state, "mul", 1)
    product = front(place, "product[0]")
    for axis, operand, along in (("j", "inp.unsqueeze(-1)[0]", 0), ("i", "out.g.unsqueeze(1)[0]", 1)):
        ghosts = [points_of(e) for e in dashes(place) if AXIS_OF[e.get("stroke", "")] == axis]
        outlines = [points for points in ghosts if len(points) > 2]
        begins, lines = front(place, operand), [points for points in ghosts if len(points) == 2]
        assert max(points[0][along] for points in outlines) - begins[along] == pytest.approx(product[2 + along])
        steps = [np.abs(end - start) for start, end in lines]
        assert {round(step[along]) for step in steps} == {round(product[2 + along] - begins[2 + along])}


@each_state
def test_stretched_axis_says_from_1_to_how_many(state: State) -> None:
    (one,), (two,) = find(state, "mul", 1), find(state, "mul", 2)
    assert {f"1 → {state.nh}, by repeating", "1 → 784, by repeating"} <= set(words(one.picture()))
    assert [w for w in words(two.picture()) if "→" in w] == [f"1 → {state.nh}, by repeating"]
    for place in [*find(state, "add", 1, 2), *find(state, "add", 2, 2)]:
        assert (f"repeated {state.n:,} times" in words(place.picture())) == (state.n > 1)


@each_state
@over("name", ["mul", "sum"])
@over("layer", [1, 2])
def test_stack_shows_the_nearest_sheets_and_the_last(state: State, name: str, layer: int) -> None:
    n = state.n
    (place,) = find(state, name, layer)
    found = [re.match(r"product\[(\d+)\]: the row of image (\d+) ", tip) for tip in tips(place.picture())]
    images = [int(match[1]) for match in found if match]
    assert images == [int(match[2]) for match in found if match]
    assert images == (list(range(n))[::-1] if n <= 5 else [n - 1, 3, 2, 1, 0])
    assert (f"{n:,} sheets" if n > 1 else "1 sheet") in words(place.picture())
    dots = len(list(place.picture().iter(f"{SVG}circle")))
    assert dots == (3 if n > 5 else 0)


@each_state
def test_pluses_stand_between_the_sheets_that_are_added(state: State) -> None:
    for layer in (1, 2):
        (product,), (added,) = find(state, "mul", layer), find(state, "sum", layer)
        assert words(added.picture()).count("+") == (state.n - 1 if state.n <= 5 else 3)
        assert "+" not in words(product.picture())


@each_state
def test_arrows_let_fall_only_what_is_several(state: State) -> None:
    for place in places(state):
        falls = {("sum", 3): 3, ("sum", 2): 2, ("mean", 1): 2}.get((place.step.name, place.step.rank), 0)
        onward = place.step.name not in ("matmul", "einsum") and len(place.tensors) == 2
        assert arrows(place) == onward + (falls if state.n > 1 else 0), place.step.expression


@each_state
def test_n_axis_is_gone_where_it_is_added_up_with_the_picture_of_it(state: State) -> None:
    for place in places(state):
        said = words(place.picture())
        ends = place.step.name in ("sum", "mean")
        assert ("the n axis" in said and "is gone" in said) == ends, place.step.expression


@few_states
@over("layer", [1, 2])
def test_frame_marks_the_numbers_of_the_window(state: State, layer: int) -> None:
    for name in ("mul", "sum"):
        (place,) = find(state, name, layer)
        x, y, width, height = front(place)
        pixel, unit, units = place.window.pixels[0] // 28, place.window.units[0], len(place.window.units)
        across, down = (
            ((unit / state.nh, units / state.nh), (pixel / 28, 1 / 28))
            if layer == 1
            else (
                (0, 1),
                (unit / state.nh, units / state.nh),
            )
        )
        expected = [x + across[0] * width, y + down[0] * height, across[1] * width, down[1] * height]
        frames = [
            [float(rect.get(key, "nan")) for key in ("x", "y", "width", "height")]
            for rect in place.picture().iter(f"{SVG}rect")
            if rect.get("stroke") == PALETTE.ink
        ]
        assert len(frames) == (2 if name == "sum" else 1)
        assert np.array(frames[0]) + np.array([1.5, 1.5, -3, -3]) == pytest.approx(expected, abs=0.02)
        assert all(frame[1:] == pytest.approx(frames[0][1:]) for frame in frames)
