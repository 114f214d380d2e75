"""The shape diagram of every operation of the pass, read back from its SVG: what holds for all of them."""

import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from loops import over
from passes import Scene
from pictures.diagrams.drawn import SVG, overlap, points_of, texts
from pictures.diagrams.shape_places import STATES, Place, drawn_shapes, each_state, few_states, places
from states import State

from mnistgrad.pictures.diagrams.shapes.diagram import shape_diagram
from mnistgrad.pictures.palette import PALETTES

RECEDES = np.array([0.8, -0.6])
each_theme = over("theme", PALETTES)


def named(place: Place, *what: object) -> str:
    return f"{place.scene} {place.place} {place.step.expression}: {', '.join(map(str, what))}"


def is_product_of_matrices(place: Place) -> bool:
    return place.step.name in ("matmul", "einsum")


def shapes_in(root: ElementTree.Element) -> list[np.ndarray]:
    """The points of every drawn element but the texts and the paper."""
    found = [points_of(e) for e in root.iter() if e.tag in (f"{SVG}polyline", f"{SVG}polygon")]
    for element in root.iter():
        if element.tag in (f"{SVG}rect", f"{SVG}image") and element.get("width") != "100%":
            x, y, width, height = (float(element.get(key, "nan")) for key in ("x", "y", "width", "height"))
            found.append(np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)]))
        if element.tag == f"{SVG}circle":
            x, y, r = (float(element.get(key, "nan")) for key in ("cx", "cy", "r"))
            found.append(np.array([(x - r, y - r), (x + r, y + r)]))
    return found


@each_state
def test_every_operation_has_a_picture_of_finite_numbers(state: State) -> None:
    for place in places(state):
        svg = place.diagram().svg
        assert not re.search(r"\b(nan|inf|None)\b", svg), named(place)
        assert len(shapes_in(place.picture())) > 5, named(place)


@each_state
def test_no_two_words_lie_on_each_other(state: State) -> None:
    touching = [
        named(place, a.words, b.words)
        for place in places(state)
        for a, b in combinations(texts(place.picture()), 2)
        if may_touch(a.box, b.box) and overlap(a.corners, b.corners) > (0.5 if a.mono and b.mono else -3)
    ]
    assert not touching


def may_touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(min(one[k + 2], other[k + 2]) > max(one[k], other[k]) - (4, 0)[k] for k in (0, 1))


@each_state
def test_no_line_and_no_cell_lies_on_a_word(state: State) -> None:
    """But for words with a halo."""
    crossed = []
    for place in places(state):
        root = place.picture()
        drawn = [points_of(e) for e in root.iter(f"{SVG}polygon") if e.get("fill") != "none"] + [
            np.array(pair) for e in root.iter(f"{SVG}polyline") for pair in zip(points_of(e)[:-1], points_of(e)[1:], strict=True)
        ]
        low, high = (np.array([end(points, axis=0) for points in drawn]) for end in (np.min, np.max))
        for text in texts(root):
            if not text.halo:
                left, top, right, bottom = text.box
                near = (low < (right, bottom)).all(1) & (high > (left, top)).all(1)
                crossed += [named(place, text.words) for k in np.flatnonzero(near) if overlap(text.corners, drawn[k]) > 0.5]
    assert not crossed


@few_states
@each_theme
def test_each_tensor_is_named_with_its_shape_in_the_colours_of_its_axes(state: State, theme: str) -> None:
    colours = PALETTES[theme].axis_text
    for place in places(state):
        result = place.step.target or place.step.sets
        found = [(name, sizes) for name, sizes, _ in drawn_shapes(place.picture(theme))]
        expected = [
            [(str(size), colours[axis]) for size, axis in zip(shape, axes, strict=True)] for _, shape, axes in place.tensors
        ]
        assert sorted(sizes for _, sizes in found) == sorted(expected), named(place)
        for text, (name, _) in zip([t for t, *_ in place.tensors], in_order(found, expected), strict=True):
            assert is_short_for(name, text) or (text == place.step.expression and name == result), named(place, name)


def in_order(found: list, expected: list) -> list:
    """What is found, in the order of what is expected; those alike in the order they are drawn."""
    rest = list(found)
    return [rest.pop(next(k for k, (_, sizes) in enumerate(rest) if sizes == wanted)) for wanted in expected]


def is_short_for(name: str, text: str) -> bool:
    if len(text) <= 26:
        return name == text
    return name == "product" if " * " in text else name.startswith("….") and text.endswith(name[1:])


@few_states
@each_theme
def test_edges_have_the_colours_of_the_axes_they_run_along(state: State, theme: str) -> None:
    palette = PALETTES[theme]
    for place in places(state):
        if is_product_of_matrices(place) or place.step.name == "t":
            continue
        depth, down, right = place.roles
        captions = np.array([middle for *_, middle in drawn_shapes(place.picture(theme))])
        found: list[set[tuple[str, str]]] = [set() for _ in captions]
        for line in place.picture(theme).iter(f"{SVG}polyline"):
            points = points_of(line)
            if line.get("stroke-width") != "2" or line.get("stroke-dasharray"):
                continue
            nearest = int(np.abs(captions - points[:, 0].mean()).argmin())
            found[nearest].add((direction_of(points), line.get("stroke", "")))
        ways = {depth: "recedes", down: "down", right: "right"}
        for (text, shape, axes), edges in zip(place.tensors, found, strict=True):
            stack = {"mul": place.tensors[-1][0], "sum": place.tensors[0][0]}.get(place.step.name)
            stacked = len(shape) == 3 and text == stack
            solid = [axis for axis in axes if axis != "n" or not stacked]
            assert edges == {(ways[axis], palette.axis[axis]) for axis in solid}, named(place, text)


def direction_of(points: np.ndarray) -> str:
    (across, down) = points[-1] - points[0]
    if abs(across) < 0.02 or abs(down) < 0.02:
        return "down" if abs(across) < 0.02 else "right"
    assert across * RECEDES[1] - down * RECEDES[0] == pytest.approx(0, abs=0.05)
    return "recedes"


@each_state
def test_table_lists_every_axis_of_every_tensor(state: State) -> None:
    for place in places(state):
        frame = place.diagram().frame
        listed = list(frame.itertuples(index=False, name=None))
        assert listed == [
            (text, at, axis, size)
            for text, shape, axes in place.tensors
            for at, (axis, size) in enumerate(zip(axes, shape, strict=True))
        ]


@each_state
def test_description_tells_what_goes_in_and_what_comes_out(state: State) -> None:
    for place in places(state):
        said = place.diagram().description
        assert all(str(shape) in said for _, shape, _ in place.tensors), named(place, said)
        assert said.endswith(".") and "?:" not in said and "  " not in said, named(place, said)


def test_pictures_of_different_operations_have_different_file_names() -> None:
    names = [place.diagram().name for place in places(STATES[0]) if place.scene.form == "broadcast"]
    by_expression = {(p.step.name, p.step.expression) for p in places(STATES[0]) if p.scene.form == "broadcast"}
    assert len(set(names)) == len(by_expression)


def test_operation_without_a_picture_of_its_own_is_drawn_with_its_shapes() -> None:
    scene = Scene(STATES[3])
    first, *others = scene.operations
    drawn = shape_diagram([replace(first, name="cumsum"), *others], 0, scene.paint, scene.window, PALETTES["light"])
    shown = " ".join(ElementTree.fromstring(drawn.svg).itertext())
    for shape in (*(operand.shape for operand in first.operands), first.shape):
        assert str(shape) in drawn.description
    assert "cumsum" in shown and all(operand.text in shown for operand in first.operands)
