"""The tables of real numbers of every operation: true, complete, clickable, and nothing on top of anything else."""

import re
from functools import lru_cache
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from passes import SCENES, Scene, cell_at, each_scene, python
from pictures.diagrams.drawn import SVG, number, parsed, says, size_of, texts, tips, words

from mnistgrad.captions.arithmetic import cell_arithmetic
from mnistgrad.pictures.diagrams.numbers.number_tables import numbers_diagram
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.trace.cells import Chosen, show_operation

UNITS = {"thousandths": -3, "millionths": -6, "thousands": 3}
INDICES = {"image": "n", "pixel": "i", "unit": "j"}


@lru_cache(maxsize=2_000)
def diagram(scene: Scene, place: int, chosen: Chosen) -> Diagram:
    return numbers_diagram(scene.operations, place, scene.window, chosen, PALETTES["light"])


@lru_cache(maxsize=2_000)
def picture(scene: Scene, place: int, chosen: Chosen) -> ElementTree.Element:
    return parsed(diagram(scene, place, chosen).svg)


def pictures(scene: Scene) -> list[tuple[int, Chosen, ElementTree.Element]]:
    chosen = scene.cells()[1]
    return [(place, chosen, picture(scene, place, chosen)) for place in scene.places]


def box(rect: ElementTree.Element) -> tuple[float, float, float, float]:
    x, y, width, height = (float(rect.get(key, 0)) for key in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def cells(root: ElementTree.Element) -> list[ElementTree.Element]:
    """What is filled with a number: each says what it is when pointed at."""
    return [rect for rect in root.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]


def inside(root: ElementTree.Element, rect: ElementTree.Element) -> str:
    left, top, right, bottom = box(rect)
    (found,) = [t.words for t in texts(root) if left < t.x < right and top < t.y < bottom]
    return found


@lru_cache(maxsize=2_000)
def clickable(scene: Scene, place: int, chosen: Chosen, only: int | None = None) -> dict[int, ElementTree.Element]:
    """The cells of the result, which tell their arithmetic; the numbers that go into one open it too.

    only: the row to look for.
    """
    shown, found = show_operation(scene.operations, place, scene.window), dict[int, ElementTree.Element]()
    for rect in cells(picture(scene, place, chosen)):
        if (row := rect.get("data-row")) is not None and only in (None, int(row)):
            cell = cell_at(scene.operations, place, scene.window, int(row), chosen)
            if rect.findtext(f"{SVG}title") == cell_arithmetic(shown, cell):
                assert int(row) not in found, "two cells with one number"
                found[int(row)] = rect
    return found


def framed(root: ElementTree.Element, width: float) -> list[tuple[float, float, float, float]]:
    ink = PALETTES["light"].ink
    return [box(r) for r in root.iter(f"{SVG}rect") if r.get("stroke") == ink and float(r.get("stroke-width", 0)) == width]


@each_scene
def test_every_cell_of_the_result_can_be_clicked_and_tells_its_arithmetic(scene: Scene) -> None:
    for place, chosen, _ in pictures(scene):
        result = show_operation(scene.operations, place, scene.window).result
        assert set(clickable(scene, place, chosen)) == set(range(result.values.size))


@each_scene
def test_clickable_cells_lie_as_the_table_is_printed(scene: Scene) -> None:
    for place, chosen, _ in pictures(scene):
        result = show_operation(scene.operations, place, scene.window).result
        if len(result.axes) != 2:
            continue
        columns = result.values.shape[1]
        corners = {row: box(rect)[:2] for row, rect in clickable(scene, place, chosen).items()}
        for row, (x, y) in corners.items():
            if row % columns:
                assert y == corners[row - 1][1] and x > corners[row - 1][0]
            if row >= columns:
                assert x == corners[row - columns][0] and y > corners[row - columns][1]


@each_scene
def test_the_result_is_written_as_it_is(scene: Scene) -> None:
    """To the digits shown, in the unit that its own tooltip tells."""
    for place, chosen, root in pictures(scene):
        step = scene.operations[place]
        result = show_operation(scene.operations, place, scene.window).result
        whole = scene.value(place, step.expression)
        for row, rect in clickable(scene, place, chosen).items():
            at = result.index(cell_at(scene.operations, place, scene.window, row, chosen))
            text, value = inside(root, rect), float(whole[at])
            if result.scale.boolean:
                assert text == ("on" if value else "off")
            else:
                largest = result.scale.limit or 1.0
                assert abs(number(text) * 10.0**result.scale.power - value) <= (
                    0.5001 * 10.0 ** (result.scale.power - len(text.partition(".")[2])) + 2e-5 * largest
                )


@each_scene
def test_every_cell_says_the_number_that_its_tooltip_works_out(scene: Scene) -> None:
    """To the digits shown, in whole units or in a power of a thousand."""
    for place, _, root in pictures(scene):
        for rect in cells(root):
            title = rect.find(f"{SVG}title")
            assert title is not None and title.text
            text, said = inside(root, rect), re.split(r" = | is | becomes ", title.text.partition("; here ")[0])[-1]
            if text in ("on", "off"):
                assert said == str(text == "on")
                continue
            shown, value = number(text), float(eval(python(said)))
            step = 10.0 ** -len(text.partition(".")[2])
            powers = [10.0**power for power in range(-12, 13, 3)]
            assert (text == "0") == (value == 0), (place, text, title.text)
            assert any(abs(shown * power - value) <= 0.52 * step * power for power in powers), (place, text, title.text)
            assert abs(shown) < step or (shown > 0) == (value > 0), (place, text, title.text)


@each_scene
def test_the_chosen_cell_is_framed_once_and_what_it_is_made_of_lightly(scene: Scene) -> None:
    for chosen in scene.cells():
        for place in scene.places:
            root = picture(scene, place, chosen)
            result = show_operation(scene.operations, place, scene.window).result
            at = result.position(chosen)
            row = int(np.ravel_multi_index(at, result.values.shape)) if at else 0
            (frame,) = framed(root, 2.2)
            left, top, right, bottom = box(clickable(scene, place, chosen, row)[row])
            assert max(abs(frame[0] - left), abs(frame[1] - top), abs(frame[2] - right), abs(frame[3] - bottom)) <= 1.01
            light = framed(root, 1.3)
            step = scene.operations[place]
            unsqueezed = step.rank == 3 and step.name == "unsqueeze"
            assert bool(light) == (step.name not in ("matmul", "einsum") and not unsqueezed)


@each_scene
def test_the_file_holds_the_real_numbers(scene: Scene) -> None:
    for place, chosen, _ in pictures(scene):
        step = scene.operations[place]
        known = {operand.text: operand.text for operand in step.operands} | {step.expression: step.expression}
        axes = {operand.text: operand.axes for operand in step.operands} | {step.expression: step.axes}
        frame = diagram(scene, place, chosen).frame
        assert list(frame.columns) == ["tensor", *INDICES, "value"]
        for row in frame.to_dict("records"):
            if row["tensor"] not in known or step.rank == 3:
                continue
            whole = scene.value(place, row["tensor"])
            given = {letter: int(row[name]) for name, letter in INDICES.items() if pd.notna(row[name])}
            at = tuple(given.get(letter, 0) for letter in axes[row["tensor"]])
            assert set(given) == set(axes[row["tensor"]]) - {"k"}
            largest = whole.double().abs().max().item() or 1.0
            assert row["value"] == pytest.approx(float(whole[at]), rel=1e-4, abs=2e-5 * largest)


@each_scene
def test_what_is_left_out_is_counted(scene: Scene) -> None:
    for place, _, root in pictures(scene):
        shown = show_operation(scene.operations, place, scene.window)
        size = {"n": scene.n, "i": 784, "j": scene.nh, "k": 1}.get(shown.letter, 0)
        kept = {"n": len(scene.window.images), "i": 8, "j": min(8, scene.nh), "k": 1}.get(shown.letter, 0)
        said = " ".join(words(root))
        step = scene.operations[place]
        if step.rank == 3:
            size, kept = scene.n, len(scene.window.images)
        found = re.findall(r"([\d,]+) more", said)
        assert found == ([f"{size - kept:,}"] if size > kept else [])
        if size <= kept and (shown.letter or step.rank == 3):
            assert not re.search(r"these (two|\d)", said)


@each_scene
def test_sums_that_are_shown_add_up_to_the_digits_they_have(scene: Scene) -> None:
    for _, _, root in pictures(scene):
        for tip in tips(root):
            found = re.fullmatch(r"\(?(−?[\d.]+(?: [+−] [\d.]+)+)\)?((?: \w+)?) = (−?[\d.]+)((?: \w+)?)", tip)
            if found:
                total = sum(number(part) for part in found[1].replace(" + ", " +").replace(" − ", " −").split(" "))
                terms = len(found[1].split(" "))
                one, other = (10.0 ** UNITS.get(unit.strip(), 0) for unit in (found[2], found[4]))
                assert abs(total * one - number(found[3]) * other) <= 0.5e-4 * (terms * one + other)


@each_scene
def test_numbers_fit_their_cells_and_no_other_word_reaches_into_one(scene: Scene) -> None:
    for place, _, root in pictures(scene):
        found = texts(root)
        for rect in cells(root):
            left, top, right, bottom = box(rect)
            own = inside(root, rect)
            for t in found:
                if t.box[0] < right and left < t.box[2] and t.box[1] + 2 < bottom and top < t.box[3] - 2:
                    assert t.words == own and t.box[0] >= left - 1 and t.box[2] <= right + 1, (place, t.words, own)


@each_scene
def test_the_picture_reaches_to_its_edges(scene: Scene) -> None:
    """No empty half: what is drawn fills the width and the height."""
    for place, _, root in pictures(scene):
        width, height = size_of(root)
        right = [t.box[2] for t in texts(root)] + [box(r)[2] for r in root.iter(f"{SVG}rect") if r.get("width") != "100%"]
        bottom = [t.box[3] for t in texts(root)] + [box(r)[3] for r in root.iter(f"{SVG}rect") if r.get("width") != "100%"]
        assert width - max(right) <= 40 and height - max(bottom) <= 40, (place, width, max(right), height, max(bottom))


@each_scene
def test_axes_are_labelled_in_their_colours(scene: Scene) -> None:
    colours = PALETTES["light"].axis_text
    for place, _, root in pictures(scene):
        result = show_operation(scene.operations, place, scene.window).result
        found = {(t.words, t.fill) for t in texts(root)}
        for letter, indices in zip(result.axes, result.indices, strict=True):
            noun = {"i": "pixel", "j": "unit", "k": "output"}
            if scene.operations[place].rank == 3 and len(indices) == 1 and letter != "n":
                continue  # unsqueeze's axis, which the next step fills
            for index in indices:
                names = {f"image {index}", str(index)} if letter == "n" else {str(index)}
                assert {(name, colours[letter]) for name in names} & found, (place, letter, index)
            assert letter == "n" or (noun[letter], colours[letter]) in found


@each_scene
def test_units_are_told_where_numbers_are_small_or_large(scene: Scene) -> None:
    for place, _, root in pictures(scene):
        said = " ".join(words(root))
        shown = show_operation(scene.operations, place, scene.window)
        told = {unit for unit in UNITS if f"in {unit}" in said}
        tables = [shown.result] if shown.letter and len(shown.operands) > 1 else [*shown.operands, shown.result]
        wanted = {unit for unit, power in UNITS.items() for table in tables if table.scale.power == power}
        if scene.operations[place].name != "unsqueeze" or scene.operations[place].rank == 2:
            assert wanted <= told, (place, wanted, told)


def test_a_bias_is_repeated_for_every_further_image() -> None:
    for scene in SCENES:
        for place in scene.places:
            step = scene.operations[place]
            if step.name != "add":
                continue
            root = picture(scene, place, scene.cells()[1])
            ghosts = [rect for rect in root.iter(f"{SVG}rect") if rect.get("stroke-dasharray")]
            width = show_operation(scene.operations, place, scene.window).operands[1].values.size
            assert len(ghosts) == (len(scene.window.images) - 1) * width
            assert ("the same for each image" in words(root)) == bool(ghosts)


def test_the_mean_shows_the_sum_and_the_division() -> None:
    for scene in SCENES:
        (place,) = [p for p in scene.places if scene.operations[p].name == "mean"]
        chosen = scene.cells()[1]
        frame = diagram(scene, place, chosen).frame.set_index("tensor")["value"]
        assert f"/ {scene.n:,}" in words(picture(scene, place, chosen))
        assert frame["all added"] == pytest.approx(scene.n * scene.real["loss"].item(), rel=1e-4)
        root = picture(scene, place, chosen)
        assert says(
            inside(root, clickable(scene, place, chosen)[0]),
            scene.real["loss"].item() / 10.0 ** show_operation(scene.operations, place, scene.window).result.scale.power,
        )
