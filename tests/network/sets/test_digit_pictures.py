"""Pictures of digits: made as MNIST's were."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mnistgrad import load_batch
from mnistgrad.network.sets.files import OwnFile, read_files
from mnistgrad.network.sets.image_set import ImageSet
from mnistgrad.network.sets.parts import UnusableFile

Grey = NDArray[np.uint8]


def saved(picture: Image.Image, form: str = "PNG", **how: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **how)
    return file.getvalue()


def read(*contents: bytes, labels: list[int] | None = None, name: str = "a 7 of mine.png") -> ImageSet:
    return read_files([OwnFile(name, content) for content in contents], labels)


def drawn(height: int, width: int, box: tuple[int, int, int, int], ink: int = 0, paper: int = 255) -> Image.Image:
    picture = Image.new("L", (width, height), paper)
    ImageDraw.Draw(picture).rectangle(box, fill=ink)
    return picture


def extent(image: Grey) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


def test_mnists_own_images_come_out_as_they_are() -> None:
    images = load_batch(60).images.numpy()
    light = read(*(saved(Image.fromarray(image)) for image in images)).images.numpy()
    dark = read(*(saved(Image.fromarray(255 - image)) for image in images)).images.numpy()
    for found in (light, dark):
        differs = [np.abs(one.astype(int) - other).max() > 1 for one, other in zip(found, images, strict=True)]
        assert sum(differs) <= 2  # of 5,000 two are not 20 pixels long
    assert np.array_equal(light, dark)


@settings(max_examples=40, derandomize=True)
@given(st.integers(30, 300), st.integers(30, 300), st.data())
def test_any_stroke_is_20_pixels_long_and_centred(height: int, width: int, data: st.DataObject) -> None:
    top, left = data.draw(st.integers(1, height - 12)), data.draw(st.integers(1, width - 12))
    bottom, right = data.draw(st.integers(top + 5, height - 3)), data.draw(st.integers(left + 5, width - 3))
    found = read(saved(drawn(height, width, (left, top, right, bottom)))).images[0].numpy()
    first, last, begin, end = extent(found)
    assert max(last - first, end - begin) == 19
    mass = found.astype(float)
    for axis in (0, 1):
        centre = (mass.sum(1 - axis) * np.arange(28)).sum() / mass.sum()
        assert centre == pytest.approx(14, abs=0.51)
    assert found.max() == 255 and not found[0].any() and not found[:, -1].any()


def test_either_ground_gives_the_same_and_it_is_said() -> None:
    dark, light = drawn(90, 60, (20, 20, 30, 70)), drawn(90, 60, (20, 20, 30, 70), 255, 0)
    of_dark, of_light, of_both = read(saved(dark)), read(saved(light)), read(saved(dark), saved(light))
    assert np.array_equal(of_dark.images, of_light.images)
    assert of_dark.told.startswith("Dark on light, so turned") and of_light.told.startswith("Taken as light on dark")
    assert of_both.told.startswith("1 of 2 dark on light")


def test_a_photograph_has_black_paper() -> None:
    """The paper is grey and uneven, and JPEG adds its own."""
    noise = np.random.default_rng(0).normal(0, 4, (200, 150))
    paper = np.linspace(180, 200, 150)[None] + noise
    ink = np.asarray(drawn(200, 150, (70, 40, 80, 160)), float) / 255
    photo = Image.fromarray((paper * (0.2 + 0.8 * ink)).clip(0, 255).astype(np.uint8))
    found = read(saved(photo, "JPEG", quality=80)).images[0].numpy()
    assert (found > 0).mean() < 0.12 and not found[[0, 0, -1, -1], [0, -1, 0, -1]].any()


@over("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_each_kind_of_png_is_read(mode: str) -> None:
    grey = drawn(80, 80, (30, 10, 45, 70))
    picture = Image.fromarray(np.asarray(grey, np.uint16) * 257) if mode == "I;16" else grey.convert(mode)
    assert extent(read(saved(picture)).images[0].numpy()) == extent(read(saved(grey)).images[0].numpy())


def test_what_is_transparent_is_paper() -> None:
    picture = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((20, 10, 30, 50), fill=(0, 0, 0, 255))
    first, last, begin, end = extent(read(saved(picture)).images[0].numpy())
    assert (last - first, end - begin) == (19, 4)


def test_a_phones_turn_is_followed() -> None:
    lying = drawn(60, 100, (10, 25, 90, 32))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    first, last, begin, end = extent(read(saved(lying, "JPEG", exif=exif)).images[0].numpy())
    assert last - first > end - begin


def test_labels_are_given_or_in_the_name() -> None:
    picture = saved(drawn(60, 60, (20, 10, 30, 50)))
    assert read(picture).labels.tolist() == [7] and read(picture, picture, labels=[3, 0]).labels.tolist() == [3, 0]
    for name, labels in (("digit.png", None), ("1 or 7.png", None), ("IMG_2034.jpg", None), ("7.png", [3, 4]), ("7.png", [11])):
        with pytest.raises(UnusableFile, match="is not known; allowed are one digit for each"):
            read(picture, labels=labels, name=name)
