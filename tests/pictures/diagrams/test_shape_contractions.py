"""WeightGradient products and einsum: printed matrices, the three faces of one box, and what is marked on both."""

from bisect import bisect_right
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
import pytest
from passes import Scene
from pictures.diagrams.drawn import SVG, Text, parsed, points_of, texts, words
from pictures.diagrams.shape_places import Place, each_state, few_states, places
from pictures.diagrams.test_shape_values import LEVEL, check_colours, grid, true_cells
from states import State

from mnistgrad.pictures.diagrams.shapes.diagram import shape_diagram
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.trace.window import Pick

PALETTE = PALETTES["light"]
BOX = 440  # px; the box stands right of it
# what is written, in which call: the axis that is added up, and the face of the box that the result is
ADDED_UP = {
    ("lin(inp, w1, b1)", "x @ w"): ("pixel", "top"),
    ("lin(l2, w2, b2)", "x @ w"): ("hidden unit", "top"),
    ("lin_grad(l2, out, w2, b2)", "out.g @ w.t()"): ("output", "side"),
    ("lin_grad(inp, l1, w1, b1)", "out.g @ w.t()"): ("hidden unit", "side"),
    ("lin_grad(l2, out, w2, b2)", "inp.t() @ out.g"): ("image", "front"),
    ("lin_grad(inp, l1, w1, b1)", "inp.t() @ out.g"): ("image", "front"),
    ("lin_grad(l2, out, w2, b2)", 'torch.einsum("ni,nj->ij", inp, out.g)'): ("image", "front"),
    ("lin_grad(inp, l1, w1, b1)", 'torch.einsum("ni,nj->ij", inp, out.g)'): ("image", "front"),
}
LETTERS = {1: {"n": "n", "i": "i", "j": "j"}, 2: {"n": "n", "i": "j", "j": "k"}}  # of the equation, by layer: their axes


def contractions(state: State, *names: str) -> list[Place]:
    return [place for place in places(state) if place.step.name in (names or ("matmul", "einsum"))]


def rect_of(element: ElementTree.Element) -> np.ndarray:
    """Left, top, width, height."""
    return np.array([float(element.get(key, "nan")) for key in ("x", "y", "width", "height")])


class Faces(NamedTuple):
    """The box: its front (left, top, width, height), its depth, and the levels of the cells on each face."""

    rect: np.ndarray
    depth: float
    front: ElementTree.Element
    side: dict[tuple[float, float], int]
    top: dict[tuple[float, float], int]


def box_of(place: Place) -> Faces:
    """Cells of the side by (depth, down), of the top by (depth, right): shares of the axes at their first corner."""
    (front,) = (image for image in place.picture().iter(f"{SVG}image") if image.find(f"{SVG}title") is None)
    x, y, width, height = rect = rect_of(front)
    cells = [p for p in place.picture().iter(f"{SVG}polygon") if p.get("fill") == p.get("stroke")]
    depth = (max(points_of(cell)[:, 0].max() for cell in cells) - x - width) / 0.8
    side, top = {}, {}
    for cell in cells:
        points, level = points_of(cell), LEVEL[tuple(bytes.fromhex(cell.get("fill", "")[1:]))]
        if abs(points[0, 0] - points[3, 0]) < 0.02:
            away = (points[0, 0] - x - width) / 0.8
            side[round(away / depth, 3), round((points[0, 1] - y + 0.6 * away) / height, 3)] = level
        else:
            away = (y - points[0, 1]) / 0.6
            top[round(away / depth, 3), round((points[0, 0] - x - 0.8 * away) / width, 3)] = level
    return Faces(rect, depth, front, side, top)


def face_of(place: Place, axes: tuple[str, ...]) -> str:
    (across,) = set(place.roles) - set(axes)
    return ("front", "top", "side")[place.roles.index(across)]


def shares(place: Place) -> dict[str, tuple[float, float]]:
    """Where the marked image, pixels, unit and output begin along their axes, and how long they are."""
    near, units = min(place.state.n, 8), place.paint.units
    unit = bisect_right(units, place.window.units[0]) - 1
    return {
        "n": (min(2, near - 1) / near, 1 / near),
        "i": (place.window.pixels[0] // 28 / 28, 1 / 28),
        "j": (unit / len(units), 1 / len(units)),
        "k": (0.0, 1.0),
    }


def marked(place: Place) -> list[np.ndarray]:
    """The frames on the printed matrices, without the line's own width."""
    frames = [r for r in place.picture().iter(f"{SVG}rect") if r.get("stroke") == PALETTE.ink]
    return [rect_of(frame) + np.array([1.5, 1.5, -3, -3]) for frame in frames]


@each_state
def test_every_product_says_which_axis_is_added_up_and_onto_which_face(state: State) -> None:
    found = contractions(state)
    assert {(p.step.caller, p.step.expression) for p in found} == set(ADDED_UP)
    for place in found:
        axis, face = ADDED_UP[place.step.caller, place.step.expression]
        assert f"The {axis} axis is added up, onto the {face}." in words(place.picture())
        assert face_of(place, place.step.axes) == face
        assert f"onto the {face}" in place.diagram().description


@few_states
def test_faces_of_the_box_have_the_colours_of_their_tensors(state: State) -> None:
    for place in contractions(state):
        box = box_of(place)
        for (_, _, axes), values in zip(place.tensors, true_cells(place), strict=True):
            face = face_of(place, axes)
            order = [axes.index(axis) for axis in place.roles if axis in axes]
            values = values.transpose(order)
            if face == "front":
                check_colours(grid(box.front, *values.shape), values)
                continue
            cells = box.side if face == "side" else box.top
            levels = np.array([cells[key] for key in sorted(cells)]).reshape(values.shape)
            check_colours(levels, values)


@each_state
def test_names_stand_at_their_faces(state: State) -> None:
    """Above the top, right of the side, and on the front or left of it; a turned matrix is the same face as the matrix."""
    for place in contractions(state):
        (x, y, width, _), found = box_of(place).rect, {}
        for text in texts(place.picture()):
            if text.mono and text.x > x - 60 and text.words[0].isalpha():
                middle = (text.box[0] + text.box[2]) / 2
                face = "top" if text.y < y else "side" if middle > x + width else "front"
                found.setdefault(face, []).append(text.words)
        result = place.step.target or ("x @ w" if place.step.function == "lin" else "")
        expected = {face_of(place, axes): [text.removesuffix(".t()")] for text, _, axes in place.tensors[:2]}
        assert found == expected | {face_of(place, place.step.axes): [result]}, place.step.expression


@each_state
def test_marked_row_and_column_meet_in_the_marked_cell(state: State) -> None:
    for place in contractions(state, "matmul"):
        rows, inner, columns = *place.step.operands[0].axes, place.step.axes[1]
        one, other, result = (rect_of(i) for i in place.picture().iter(f"{SVG}image") if i.find(f"{SVG}title") is not None)
        row, column, cell = marked(place)
        (top, height), (left, width) = shares(place)[rows], shares(place)[columns]
        assert row == pytest.approx([one[0], one[1] + top * one[3], one[2], height * one[3]], abs=0.02)
        assert column == pytest.approx([other[0] + left * other[2], other[1], width * other[2], other[3]], abs=0.02)
        assert cell == pytest.approx([column[0], row[1], column[2], row[3]], abs=0.02)
        assert result == pytest.approx([other[0], one[1], other[2], one[3]], abs=0.02), "not left of and below its operands"
        assert one[2] == pytest.approx(other[3]), f"the {inner} axis has two lengths"


def test_mark_follows_the_unit_that_a_reader_picks() -> None:
    state = State(9, 22)  # every unit is painted
    place = contractions(state, "matmul")[0]
    for unit in range(22 - 3):
        window = Scene(state, place.scene.form, Pick(unit=unit)).window
        svg = shape_diagram(place.scene.operations, place.place, place.paint, window, PALETTE).svg
        images = [rect_of(i) for i in parsed(svg).iter(f"{SVG}image") if i.find(f"{SVG}title") is not None]
        column = [rect_of(r) for r in parsed(svg).iter(f"{SVG}rect") if r.get("stroke") == PALETTE.ink][1]
        assert column[0] + 1.5 == pytest.approx(images[1][0] + unit / 22 * images[1][2], abs=0.02)


@each_state
def test_the_same_is_marked_on_the_box(state: State) -> None:
    for place in contractions(state):
        box = box_of(place)
        x, y, width, height = box.rect
        depth, down, right = place.roles
        full = {depth: box.depth, down: height, right: width}
        found = [
            {tuple(np.round(point, 0)) for point in points_of(polygon)}
            for polygon in place.picture().iter(f"{SVG}polygon")
            if polygon.get("stroke") == PALETTE.ink and polygon.get("fill") == "none"
        ]
        expected = []
        for _, _, axes in place.tensors:
            (fixed,) = set(place.roles) - set(axes)
            ends = {fixed: [full[fixed] if fixed == right else 0.0]}
            for axis in axes:
                start, share = shares(place)[axis] if axis in place.step.axes else (0.0, 1.0)
                ends[axis] = [start * full[axis], (start + share) * full[axis]]
            expected.append([(x + r + 0.8 * z, y + d - 0.6 * z) for z in ends[depth] for d in ends[down] for r in ends[right]])
        assert len(found) == 3
        for corners in expected:
            assert any(
                all(any(np.hypot(*np.subtract(corner, point)) < 1.5 for point in mark) for corner in corners) for mark in found
            ), place.step.expression


def at_height(place: Place, text: Text) -> list[Text]:
    """The other texts of its row, left of the box."""
    return [t for t in texts(place.picture()) if abs(t.y - text.y) < 4 and t.x < BOX and t != text]


@each_state
def test_letters_of_the_equation_have_the_colours_of_their_axes(state: State) -> None:
    for place in contractions(state, "einsum"):
        large = sorted((t for t in texts(place.picture()) if t.mono and t.box[3] - t.box[1] > 20), key=lambda t: t.x)
        assert "".join(text.words for text in large) == "ni,nj->ij"
        for text in large:
            axis = LETTERS[place.layer].get(text.words)
            assert text.fill == (PALETTE.axis_text[axis] if axis else PALETTE.muted)


@each_state
def test_every_letter_is_told_with_its_length_and_its_fate(state: State) -> None:
    n, nh = state.n, state.nh
    images = "1 image" if n == 1 else f"{n:,} images"
    lengths = {
        1: {"n": images, "i": "784 pixels", "j": f"{nh} units"},
        2: {"n": images, "i": f"{nh} units, the axis j", "j": "1 output, the axis k"},
    }
    for place in contractions(state, "einsum"):
        for letter, axis in LETTERS[place.layer].items():
            (text,) = (t for t in texts(place.picture()) if t.words == letter and 12 < t.box[3] - t.box[1] < 20 and t.x < 50)
            length, fate = sorted(at_height(place, text), key=lambda t: t.x)
            assert text.fill == length.fill == PALETTE.axis_text[axis]
            assert length.words == lengths[place.layer][letter]
            stays = "in both, not in the result: added up" if letter == "n" else "in the result: it stays"
            assert fate.words == stays
