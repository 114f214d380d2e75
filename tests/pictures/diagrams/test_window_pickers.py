"""The pictures that a reader chooses the window from: what stands where, and what a click tells."""

from xml.etree import ElementTree

import numpy as np
from loops import over
from passes import Scene
from pictures.diagrams.drawn import SVG, parsed, pixels_of, texts
from states import State

from mnistgrad.network.data import load_batch
from mnistgrad.pictures.diagrams.images.window_pickers import pixel_picker, thumbnails
from mnistgrad.pictures.palette import PALETTES, brightness_colours
from mnistgrad.trace.window import Pick

THEMES = over("theme", PALETTES)
FIRST, COUNT = 30, 24


def grid(theme: str = "light", count: int = COUNT, chosen: tuple[int, ...] = (33, 41, 2)) -> ElementTree.Element:
    batch = load_batch(FIRST + count)
    labels = batch.labels[FIRST:].tolist()
    return parsed(thumbnails(batch.images[FIRST:], labels, FIRST, chosen, PALETTES[theme]).svg)


def clickable(root: ElementTree.Element) -> dict[int, ElementTree.Element]:
    found = [rect for rect in root.iter(f"{SVG}rect") if rect.get("data-row") is not None]
    assert len({rect.get("data-row") for rect in found}) == len(found)
    return {int(rect.get("data-row", "")): rect for rect in found}


def corner(element: ElementTree.Element) -> tuple[float, float]:
    return float(element.get("x", "nan")), float(element.get("y", "nan"))


@THEMES
@over("count", [1, 7, 8, 24])
def test_each_image_is_drawn_where_a_click_tells_it(theme: str, count: int) -> None:
    root, batch = grid(theme, count), load_batch(FIRST + count)
    shown = {corner(image): pixels_of(image) for image in root.iter(f"{SVG}image")}
    assert set(clickable(root)) == set(range(FIRST, FIRST + count)) and len(shown) == count
    for image, rect in clickable(root).items():
        drawn = shown[corner(rect)]
        step = len(drawn) // 28
        wanted = brightness_colours(batch.images[image].numpy(), 256, PALETTES[theme])
        assert np.array_equal(drawn[::step, ::step], wanted)
        title = rect.find(f"{SVG}title")
        assert title is not None and title.text == f"image {image}, a handwritten {batch.labels[image]}"


@THEMES
def test_chosen_images_are_framed_and_numbered_in_the_order_of_the_tables(theme: str) -> None:
    palette = PALETTES[theme]
    root = grid(theme, chosen=(41, 33, 2))
    frames = [rect for rect in root.iter(f"{SVG}rect") if rect.get("stroke") == palette.axis["n"]]
    rects = clickable(root)
    wanted = [(corner(rects[image])[0] - 2, corner(rects[image])[1] - 2) for image in (33, 41)]
    assert sorted(map(corner, frames)) == sorted(wanted)
    for image, number in ((41, "1"), (33, "2")):
        x, y = corner(rects[image])
        assert [t.words for t in texts(root) if x + 40 < t.x < x + 60 and abs(t.y - y) < 12] == [number]
        assert (str(image), palette.axis_text["n"]) in {(t.words, t.fill) for t in texts(root)}


def test_the_images_file_tells_label_and_choice() -> None:
    batch = load_batch(FIRST + COUNT)
    frame = thumbnails(batch.images[FIRST:], batch.labels[FIRST:].tolist(), FIRST, (33, 41, 2), PALETTES["light"]).frame
    assert frame["image"].tolist() == list(range(FIRST, FIRST + COUNT))
    assert frame["label"].tolist() == batch.labels[FIRST:].tolist()
    assert frame.query("chosen")["image"].tolist() == [33, 41]


@THEMES
@over("pixel", [0, 300, 779, 783])
def test_every_pixel_can_be_clicked_and_those_of_the_window_are_framed(theme: str, pixel: int) -> None:
    scene = Scene(State(3, 2), pick=Pick(pixel=pixel))
    mean = load_batch(3).images.flatten(1).float().mean(0)
    diagram = pixel_picker(mean, scene.window, PALETTES[theme])
    root = parsed(diagram.svg)
    rects = clickable(root)
    assert set(rects) == set(range(784))
    corners = np.array([corner(rects[k]) for k in range(784)]).reshape(28, 28, 2)
    assert (np.diff(corners[..., 0], axis=1) == 10).all() and (np.diff(corners[..., 1], axis=0) == 10).all()
    (frame,) = [rect for rect in root.iter(f"{SVG}rect") if rect.get("stroke") == PALETTES[theme].axis["i"]]
    left, top = corner(frame)
    covered = [
        k
        for k in range(784)
        if left <= corners[k // 28, k % 28, 0]
        and top <= corners[k // 28, k % 28, 1]
        and corners[k // 28, k % 28, 0] + 10 <= left + float(frame.get("width", 0))
        and corners[k // 28, k % 28, 1] + 10 <= top + float(frame.get("height", 0))
    ]
    assert covered == list(scene.window.pixels) == diagram.frame.query("shown")["pixel"].tolist()
    assert pixel in covered


def test_the_map_tells_the_mean_brightness() -> None:
    mean = load_batch(50).images.flatten(1).float().mean(0)
    diagram = pixel_picker(mean, Scene(State(3, 2)).window, PALETTES["light"])
    np.testing.assert_allclose(diagram.frame["mean_brightness"], mean.numpy() / 256)
    rect = clickable(parsed(diagram.svg))[406]
    title = rect.find(f"{SVG}title")
    assert title is not None and title.text == f"pixel 406, row 14, column 14: mean brightness {mean[406] / 256:.2f}"


def test_a_black_batch_is_drawn_too() -> None:
    mean = load_batch(1).images.flatten(1).float().mean(0) * 0
    assert pixel_picker(mean, Scene(State(1, 2)).window, PALETTES["light"]).frame["mean_brightness"].sum() == 0
