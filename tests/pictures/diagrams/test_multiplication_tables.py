"""The multiplication tables of a w.g line: what each step fills in, in both layers, and how it is added up."""

import re
from functools import cache
from xml.etree import ElementTree

import pytest
from loops import over
from passes import SCENES, Scene
from pictures.diagrams.drawn import SVG, parsed, texts, tips, words
from states import State

from mnistgrad.network.data import load_batch
from mnistgrad.pictures.diagrams.numbers.multiplication_table import multiplication_table
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.trace.cells import Chosen
from mnistgrad.trace.passes import is_outer_product, statement_of

BROADCAST = [scene for scene in SCENES if scene.form == "broadcast"]
each_scene = over("scene", BROADCAST)
each_line = over("name", ["w1.g", "w2.g"])
each_stage = over("stage", [1, 2, 3, 4])


def place_of(scene: Scene, name: str, stage: int) -> int:
    return [place for place in scene.places if scene.operations[place].sets == name][stage - 1]


@cache
def table(scene: Scene, name: str, stage: int) -> Diagram:
    chosen = scene.cells()[1]
    return multiplication_table(scene.operations, place_of(scene, name, stage), scene.window, chosen, PALETTES["light"])


@cache
def picture(scene: Scene, name: str, stage: int) -> ElementTree.Element:
    return parsed(table(scene, name, stage).svg)


def sizes(scene: Scene, name: str) -> tuple[int, int, int]:
    units = min(scene.nh, 4)
    return (len(scene.window.images), 5, units) if name == "w1.g" else (len(scene.window.images), units, 1)


def made(scene: Scene, name: str) -> list[tuple[str, int]]:
    """What the steps make, and how many numbers of it are shown; the sums of the shown images only beside the whole."""
    m, rows, columns = sizes(scene, name)
    added = [("added", rows * columns)] if scene.n > m else []
    return [("inp", m * rows), ("out.g", m * columns), ("product", m * rows * columns), *added, ("w.g", rows * columns)]


@each_scene
@each_line
@each_stage
def test_each_step_fills_in_one_more_tensor_and_leaves_the_rest_open(scene: Scene, name: str, stage: int) -> None:
    all_made = made(scene, name)
    filled = dict(all_made if stage == 4 else all_made[:stage])
    assert table(scene, name, stage).frame["tensor"].value_counts().to_dict() == filled
    dashed = [rect for rect in picture(scene, name, stage).iter(f"{SVG}rect") if rect.get("stroke-dasharray")]
    assert len(dashed) == sum(count for _, count in all_made) - sum(filled.values())


@each_scene
@each_line
def test_numbers_are_those_of_an_independent_computation(scene: Scene, name: str) -> None:
    layer = {"w1.g": ("inp", "l1.g"), "w2.g": ("l2", "out.g")}[name]
    inp, out_g = (scene.real[part] for part in layer)
    down, right = ("pixel", "unit") if name == "w1.g" else ("unit", None)
    for row in table(scene, name, 4).frame.to_dict("records"):
        images = slice(None) if row["tensor"] == "w.g" else list(scene.window.images)
        if row["tensor"] in ("inp", "out.g", "product"):
            images = [int(row["image"])]
        i = None if row["tensor"] == "out.g" else int(row[down])
        j = 0 if right is None else None if row["tensor"] == "inp" else int(row[right])
        left = 1.0 if i is None else inp[images, i]
        above = 1.0 if row["tensor"] == "inp" else out_g[images, j]
        expected = float((left * above).sum())
        largest = float(inp.abs().max() * out_g.abs().max()) if row["tensor"] != "inp" else 1.0
        assert row["value"] == pytest.approx(expected, rel=1e-3, abs=1e-4 * largest)


@each_scene
@each_line
@each_stage
def test_images_left_out_are_counted(scene: Scene, name: str, stage: int) -> None:
    found = [text for text in texts(picture(scene, name, stage)) if text.words == "more"]
    left_out = scene.n - len(scene.window.images)
    assert len(found) == (left_out > 0)
    for text in found:
        above = [t.words for t in texts(picture(scene, name, stage)) if t.x == text.x and 0 < text.y - t.y < 25]
        assert above == [f"{left_out:,}"]


@each_scene
@each_line
def test_headings_name_images_and_their_digits(scene: Scene, name: str) -> None:
    shown, labels = words(picture(scene, name, 4)), load_batch(scene.n).labels.tolist()
    assert [word for word in shown if word.startswith("image ")] == [f"image {k}" for k in scene.window.images]
    digits = [word.removeprefix("a handwritten ") for word in shown if word.startswith("a handwritten ")]
    assert digits == [str(labels[k]) for k in scene.window.images]
    assert {1: "the sum of one", 2: "both added"}.get(scene.n, f"all {scene.n:,} added") in shown


@each_scene
@each_line
def test_names_of_the_layer_are_told(scene: Scene, name: str) -> None:
    shown = words(picture(scene, name, 4))
    assert f"= {name}" in shown
    assert ("= l2" in shown) == (name == "w2.g") and ("= l1.g" in shown) == (name == "w1.g")


@each_scene
@each_line
def test_every_image_has_its_product_and_those_that_are_not_the_first_are_no_slice(scene: Scene, name: str) -> None:
    shown, images = words(picture(scene, name, 4)), scene.window.images
    assert [word for word in shown if re.fullmatch(r"product\[\d+\]", word)] == [f"product[{k}]" for k in images]
    if scene.n > len(images):
        first = images == tuple(range(len(images)))
        assert (f"product[:{len(images)}].sum(0)" in shown) == first and ("product[images].sum(0)" in shown) == (not first)


@over("scene", SCENES)
def test_only_the_broadcast_lines_are_drawn_so(scene: Scene) -> None:
    drawn = {place for place in scene.places if is_outer_product(scene.operations, place)}
    if scene.form != "broadcast":
        assert not drawn
        return
    for name in ("w1.g", "w2.g"):
        assert set(statement_of(scene.operations, place_of(scene, name, 1))) <= drawn
    assert len(drawn) == 8


def test_all_off_window_is_all_zero() -> None:
    scene = SCENES[0]
    frame = table(scene, "w1.g", 4).frame
    assert (frame.query("tensor != 'inp'")["value"] == 0).all() and (frame.query("tensor == 'inp'")["value"] != 0).any()
    assert (table(scene, "w2.g", 4).frame["value"] != 0).all()  # l2 is -0.5 there, and out.g is not 0


@each_scene
def test_the_windows_pixels_are_framed_on_the_pictures_of_the_first_layer_alone(scene: Scene) -> None:
    for name, wanted in (("w1.g", len(scene.window.images)), ("w2.g", 0)):
        root = picture(scene, name, 4)
        marks = [rect for rect in root.iter(f"{SVG}rect") if rect.get("stroke-width") == "1.6"]
        assert len(marks) == wanted


def test_a_tooltip_of_the_shown_sum_adds_what_the_images_give() -> None:
    scene = Scene(State(9))
    cell = Chosen(0, scene.window.pixels[0], scene.window.units[0])
    place = place_of(scene, "w1.g", 4)
    root = parsed(multiplication_table(scene.operations, place, scene.window, cell, PALETTES["dark"]).svg)
    sums = [tip for tip in tips(root) if re.match(r"\(?−?[\d.]+ [+−]", tip)]
    assert len(sums) == 20 and all(len(re.findall(r" [+−] ", tip.partition(" = ")[0])) == 2 for tip in sums)
